//! Token counts as providers tell them, and what they come to.

use roundhouse_domain::TokenUsage;

use crate::Protocol;
use crate::json::{Scanner, Step};

/// Counts as they were told; what was not told is none.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    input: Option<u64>,
    output: Option<u64>,
    total: Option<u64>,
    cached: Option<u64>,
    cache_write: Option<u64>,
    reasoning: Option<u64>,
    /// Sound is rare, and many streams are open at once: untold is zero here.
    audio_input: u32,
    audio_output: u32,
    tool_input: Option<u64>,
}

impl Counts {
    /// Reads a usage object of any protocol.
    ///
    /// Sources: <https://platform.openai.com/docs/api-reference/chat/object>, <https://docs.claude.com/en/api/messages>,
    /// <https://ai.google.dev/api/generate-content#UsageMetadata>,
    /// <https://api-docs.deepseek.com/guides/kv_cache>, <https://openrouter.ai/docs/use-cases/usage-accounting>,
    /// <https://platform.moonshot.ai/docs/api/chat> (`cached_tokens`),
    /// <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html>,
    /// <https://docs.cohere.com/reference/chat>; 2026-11.
    pub(crate) fn read(&mut self, scanner: &mut Scanner<'_>) -> Step<()> {
        let mut told = Self::default();
        scanner.fields(|scanner, key| told.field(scanner, key.inner()))?;
        self.update(&told);
        Ok(())
    }

    /// Takes newer counts over older ones. All are cumulative, so a zero only says that a part was not counted there.
    pub(crate) fn update(&mut self, newer: &Self) {
        let take =
            |old: &mut Option<u64>, new: Option<u64>| *old = new.filter(|&count| count > 0).or(*old).or(new);
        take(&mut self.input, newer.input);
        take(&mut self.output, newer.output);
        take(&mut self.total, newer.total);
        take(&mut self.cached, newer.cached);
        take(&mut self.cache_write, newer.cache_write);
        take(&mut self.reasoning, newer.reasoning);
        self.audio_input = self.audio_input.max(newer.audio_input);
        self.audio_output = self.audio_output.max(newer.audio_output);
        take(&mut self.tool_input, newer.tool_input);
    }

    /// True when anything was told.
    pub(crate) fn is_told(&self) -> bool {
        self.input.or(self.output).or(self.total).is_some()
    }

    /// What they come to in `protocol`.
    pub(crate) fn usage(&self, protocol: Protocol) -> TokenUsage {
        let [input, output, cached, cache_write, reasoning] =
            [self.input, self.output, self.cached, self.cache_write, self.reasoning]
                .map(Option::unwrap_or_default);
        let (input, output) = match protocol {
            // Anthropic counts what was cached beside the input, Gemini what was thought beside the output.
            Protocol::Anthropic => (input.saturating_add(cached).saturating_add(cache_write), output),
            Protocol::Gemini => {
                (input.saturating_add(self.tool_input.unwrap_or_default()), output.saturating_add(reasoning))
            }
            Protocol::Openai => self.openai_totals(input, output, reasoning),
        };
        let [audio_input, audio_output] = [self.audio_input, self.audio_output].map(u64::from);
        TokenUsage { input, output, cached, cache_write, reasoning, audio_input, audio_output }
    }

    /// xAI counts reasoning beside the completion, which only its total shows; rerankers tell a total alone.
    fn openai_totals(&self, input: u64, output: u64, reasoning: u64) -> (u64, u64) {
        let Some(total) = self.total else { return (input, output) };
        if self.input.is_none() && self.output.is_none() {
            return (total, 0);
        }
        let both = output.saturating_add(reasoning);
        if input.checked_add(both) == Some(total) { (input, both) } else { (input, output) }
    }

    fn field(&mut self, scanner: &mut Scanner<'_>, name: &[u8]) -> Step<()> {
        match name {
            b"prompt_tokens" | b"input_tokens" | b"inputTokens" | b"promptTokenCount" => {
                raise(&mut self.input, scanner)
            }
            b"completion_tokens" | b"output_tokens" | b"outputTokens" | b"candidatesTokenCount" => {
                raise(&mut self.output, scanner)
            }
            b"total_tokens" | b"totalTokens" | b"totalTokenCount" => raise(&mut self.total, scanner),
            b"prompt_cache_hit_tokens"
            | b"cache_read_input_tokens"
            | b"cacheReadInputTokens"
            | b"cached_tokens"
            | b"cachedContentTokenCount" => raise(&mut self.cached, scanner),
            b"cache_creation_input_tokens" | b"cacheWriteInputTokens" => {
                raise(&mut self.cache_write, scanner)
            }
            b"thoughtsTokenCount" => raise(&mut self.reasoning, scanner),
            b"toolUsePromptTokenCount" => raise(&mut self.tool_input, scanner),
            // Cohere bills fewer tokens than the model reads and writes.
            b"tokens" | b"billed_units" => scanner.fields(|scanner, key| self.field(scanner, key.inner())),
            b"prompt_tokens_details" | b"input_tokens_details" | b"input_token_details" => {
                scanner.fields(|scanner, key| match key.inner() {
                    b"audio_tokens" => raise_small(&mut self.audio_input, scanner),
                    name => self.detail(scanner, name),
                })
            }
            b"completion_tokens_details" | b"output_tokens_details" => {
                scanner.fields(|scanner, key| match key.inner() {
                    b"audio_tokens" => raise_small(&mut self.audio_output, scanner),
                    name => self.detail(scanner, name),
                })
            }
            _ => scanner.skip(),
        }
    }

    fn detail(&mut self, scanner: &mut Scanner<'_>, name: &[u8]) -> Step<()> {
        match name {
            b"cached_tokens" => raise(&mut self.cached, scanner),
            b"cache_write_tokens" => raise(&mut self.cache_write, scanner),
            b"reasoning_tokens" | b"thinking_tokens" => raise(&mut self.reasoning, scanner),
            _ => scanner.skip(),
        }
    }
}

/// Some providers tell one count under two names: the larger one counts.
fn raise(count: &mut Option<u64>, scanner: &mut Scanner<'_>) -> Step<()> {
    *count = scanner.count()?.max(*count);
    Ok(())
}

fn raise_small(count: &mut u32, scanner: &mut Scanner<'_>) -> Step<()> {
    let told = scanner.count()?.unwrap_or_default();
    *count = u32::try_from(told).unwrap_or(u32::MAX).max(*count);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(protocol: Protocol, told: &[&str]) -> [u64; 5] {
        let mut counts = Counts::default();
        for text in told {
            counts.read(&mut Scanner::new(text.as_bytes())).unwrap();
        }
        let TokenUsage { input, output, cached, cache_write, reasoning, .. } = counts.usage(protocol);
        [input, output, cached, cache_write, reasoning]
    }

    #[test]
    fn every_dialect_comes_to_the_same_five_numbers() {
        use Protocol::{Anthropic, Gemini, Openai};
        for (protocol, told, counts) in [
            (
                Openai,
                r#"{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":4,
                    "cache_write_tokens":3},"completion_tokens_details":{"reasoning_tokens":5,"audio_tokens":0}}"#,
                [10, 20, 4, 3, 5],
            ),
            (
                Openai,
                r#"{"input_tokens":10,"output_tokens":20,"input_tokens_details":{"cached_tokens":4},
                    "output_tokens_details":{"reasoning_tokens":5}}"#,
                [10, 20, 4, 0, 5],
            ),
            (
                Openai,
                r#"{"prompt_tokens":468,"completion_tokens":82,"total_tokens":870,
                    "completion_tokens_details":{"reasoning_tokens":320}}"#,
                [468, 402, 0, 0, 320],
            ),
            (
                Openai,
                r#"{"prompt_tokens":9,"prompt_cache_hit_tokens":8,"prompt_tokens_details":{"cached_tokens":0}}"#,
                [9, 0, 8, 0, 0],
            ),
            (
                Anthropic,
                r#"{"inputTokens":4,"outputTokens":9,"totalTokens":113,"cacheReadInputTokens":80,"cacheWriteInputTokens":20,
                    "cacheDetails":[{"ttl":"1h","inputTokens":20}]}"#,
                [104, 9, 80, 20, 0],
            ),
            (
                Openai,
                r#"{"billed_units":{"input_tokens":7,"output_tokens":88},"tokens":{"input_tokens":69.0,"output_tokens":89},
                    "cached_tokens":64}"#,
                [69, 89, 64, 0, 0],
            ),
            (Openai, r#"{"total_tokens":7}"#, [7, 0, 0, 0, 0]),
            (
                Openai,
                r#"{"prompt_tokens":"12","completion_tokens":3.0,"prompt_tokens_details":null}"#,
                [12, 3, 0, 0, 0],
            ),
            (Openai, r#"{"prompt_tokens":-1,"completion_tokens":null}"#, [0; 5]),
            (Openai, "null", [0; 5]),
            (
                Anthropic,
                r#"{"input_tokens":1,"cache_creation_input_tokens":20,"cache_read_input_tokens":300,"output_tokens":4,
                    "output_tokens_details":{"thinking_tokens":2}}"#,
                [321, 4, 300, 20, 2],
            ),
            (
                Gemini,
                r#"{"promptTokenCount":5,"candidatesTokenCount":7,"thoughtsTokenCount":11,"cachedContentTokenCount":2,
                    "toolUsePromptTokenCount":100,"totalTokenCount":123}"#,
                [105, 18, 2, 0, 11],
            ),
        ] {
            assert_eq!(usage(protocol, &[told]), counts, "{told}");
        }
    }

    #[test]
    fn sound_is_counted_apart_on_either_side() {
        let mut counts = Counts::default();
        let told = r#"{"prompt_tokens":30,"completion_tokens":20,"prompt_tokens_details":{"audio_tokens":25},
            "completion_tokens_details":{"audio_tokens":12}}"#;
        counts.read(&mut Scanner::new(told.as_bytes())).unwrap();
        let usage = counts.usage(Protocol::Openai);
        assert_eq!((usage.audio_input, usage.audio_output), (25, 12));
    }

    #[test]
    fn later_counts_replace_earlier_ones_unless_they_are_zero() {
        let start = r#"{"input_tokens":9,"cache_read_input_tokens":100,"output_tokens":1}"#;
        let delta = r#"{"input_tokens":0,"output_tokens":40}"#;
        assert_eq!(usage(Protocol::Anthropic, &[start, delta]), [109, 40, 100, 0, 0]);
        assert_eq!(usage(Protocol::Anthropic, &[start, start, delta]), [109, 40, 100, 0, 0]);
    }
}
