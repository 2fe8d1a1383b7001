use serde_json::{Value, json};

use super::*;
use crate::dialect::Dialect;
use crate::generation::{Role, Text, ToolCall};

/// Texts with what o200k makes of them (tiktoken-rs 0.12.1).
const SAMPLES: [(u64, &str); 6] = [
    (
        125,
        r#"The committee met on Thursday morning to discuss the plans for the new library. Several members were worried about the cost, which has risen by almost a third since the first proposal was published, but most agreed that the old building can no longer be repaired. After two hours of discussion they decided to ask the architects for a smaller design, and to invite the people who live nearby to comment on it before the end of March. "We would rather be a little late than build something that nobody wants," said the chair. The council will vote on the final version in the summer, and work could begin as early as next October."#,
    ),
    (
        134,
        "委员会在星期四上午开会，讨论新图书馆的计划。几位委员担心费用太高，因为和第一次公布的方案相比，预算已经增加了将近三分之一，但是大多数人都认为旧的建筑已经没有办法再修理了。经过两个小时的讨论，他们决定请设计师提供一个规模小一些的方案，并且邀请附近的居民在三月底之前提出意见。主席说：“我们宁可晚一点，也不要建一座没有人想要的房子。”市议会将在夏天对最后的方案进行表决，工程最早可能在明年十月开始。",
    ),
    (
        150,
        "/// Joins neighbours that overlap; the ranges must be sorted by their start.
pub fn merge_ranges(ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if last.end >= range.start => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

#[test]
fn overlapping_ranges_are_joined() {
    assert_eq!(merge_ranges(vec![0..3, 2..5, 7..9]), vec![0..5, 7..9]);
}",
    ),
    (
        148,
        r#"import asyncio
from dataclasses import dataclass, field


@dataclass
class RateLimiter:
    """Allows at most `limit` calls in every `window_seconds`."""

    limit: int
    window_seconds: float = 60.0
    _calls: list[float] = field(default_factory=list)

    async def acquire(self) -> None:
        while True:
            now = asyncio.get_running_loop().time()
            self._calls = [t for t in self._calls if now - t < self.window_seconds]
            if len(self._calls) < self.limit:
                self._calls.append(now)
                return
            await asyncio.sleep(self._calls[0] + self.window_seconds - now)"#,
    ),
    (
        94,
        r#"{"type":"function","function":{"name":"get_weather_forecast","description":"Returns the forecast for a city over the next days.","parameters":{"type":"object","properties":{"city":{"type":"string","description":"Name of the city, for example Paris"},"days":{"type":"integer","minimum":1,"maximum":14},"unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["city"],"additionalProperties":false}}}"#,
    ),
    (
        75,
        "请把下面这段 Python 代码改成 async 版本，并解释为什么 `requests.get()` 会阻塞 event loop：
1. 使用 httpx.AsyncClient，超时设为 30 秒；
2. 失败时最多重试 3 次，每次等待 2 秒；
3. 返回值的类型保持 dict[str, Any] 不变。",
    ),
];

fn request(parts: Vec<Part>) -> Request {
    Request { messages: vec![Message::new(Role::User, parts)], ..Request::new(Dialect::Chat) }
}

#[test]
fn texts_come_within_a_tenth_of_a_tokenizers_count() {
    for (tokens, text) in SAMPLES {
        let estimate = of_text(text);
        assert!(estimate.abs_diff(tokens) * 10 <= tokens, "{estimate} instead of {tokens} for {text}");
    }
}

#[test]
fn everything_of_a_request_is_counted() {
    let text = SAMPLES[0].1;
    let words = of_text(text);
    let plain = estimate(&request(vec![Part::text(text)]));
    assert_eq!(plain, words + MESSAGE_TOKENS);
    let call = ToolCall { name: "get_weather".into(), arguments: text.into(), ..ToolCall::default() };
    let result = ToolResult { parts: vec![Part::text(text)], ..ToolResult::default() };
    for part in [Part::ToolCall(call), Part::ToolResult(result), Part::Refusal(text.into())] {
        assert!(estimate(&request(vec![part])) >= words);
    }
    let function = Function {
        name: "f".into(),
        parameters: Some(json!({ "description": text })),
        ..Function::default()
    };
    let mut tools = request(vec![Part::Text(Text::default())]);
    tools.tools.push(Tool::Function(function));
    tools.format =
        Some(Format::JsonSchema { name: None, description: None, schema: Value::from(text), strict: None });
    assert!(estimate(&tools) >= 2 * words);
}

#[test]
fn media_are_counted_by_kind_and_size() {
    let bytes = |kind, mime: &str, bytes: usize| {
        let data = "A".repeat(bytes / 3 * 4);
        of_media(&Media::new(kind, Source::Bytes { mime: mime.into(), data }))
    };
    assert_eq!(bytes(MediaKind::Image, "image/png", 3_000_000), IMAGE_TOKENS);
    assert_eq!(bytes(MediaKind::Audio, "audio/mpeg", 48_000), 96);
    assert_eq!(bytes(MediaKind::Document, "application/pdf", 60_000), 3_000);
    assert_eq!(bytes(MediaKind::Document, "text/csv", 6_000), 1_500);
    let url = |kind| of_media(&Media::new(kind, Source::Url { url: "https://x".into(), mime: None }));
    assert_eq!((url(MediaKind::Image), url(MediaKind::Document)), (IMAGE_TOKENS, UNSEEN_TOKENS));
}

proptest::proptest! {
    #[test]
    fn any_text_is_counted_without_panic(text in "\\PC{0,200}") {
        let bytes = u64::try_from(text.len()).unwrap();
        proptest::prop_assert!(of_text(&text) <= bytes * 4 + 1);
    }
}
