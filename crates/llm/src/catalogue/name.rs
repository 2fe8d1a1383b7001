//! Model names without what providers put around them: vendors, regions, dates, tags.
//!
//! Sources: Bedrock's model ids and inference profiles
//! (<https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html>), `OpenRouter`'s variants
//! (<https://openrouter.ai/docs/guides/routing/model-variants>), Vertex' `@` versions
//! (<https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude>); 2026-11.

/// What stands before a dot in Bedrock's names: where it runs, and who made it.
const DOTTED: [&str; 30] = [
    "us",
    "eu",
    "apac",
    "ap",
    "jp",
    "au",
    "ca",
    "sa",
    "global",
    "us-gov",
    "ai21",
    "amazon",
    "anthropic",
    "cohere",
    "deepseek",
    "google",
    "meta",
    "minimax",
    "mistral",
    "moonshot",
    "moonshotai",
    "nvidia",
    "openai",
    "qwen",
    "stability",
    "twelvelabs",
    "writer",
    "xai",
    "zai",
    "databricks",
];

/// What stands at the end of a name and makes no other model of it.
const TAGS: [&str; 18] = [
    "latest",
    "preview",
    "exp",
    "experimental",
    "beta",
    "free",
    "nitro",
    "floor",
    "online",
    "exacto",
    "extended",
    "instruct",
    "it",
    "hf",
    "fp8",
    "maas",
    "default",
    "customtools",
];

/// A name in its normal form, and shorter and shorter forms of it without version and tags.
#[derive(Debug)]
pub(super) struct Names(String);

impl Names {
    pub(super) fn of(name: &str) -> Self {
        Self(normal(name))
    }

    /// The whole name in its normal form.
    pub(super) fn whole(&self) -> &str {
        &self.0
    }

    /// True for a variant that costs nothing, whatever the model costs elsewhere.
    pub(super) fn is_free(&self) -> bool {
        self.0.ends_with("-free")
    }

    /// The forms of the name, longest first.
    pub(super) fn forms(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(Some(self.whole()), |name| shorter(name))
    }
}

/// Lower case; without the path, vendor and region before it; `-` for every separator, and for the `p` of `v3p1`.
pub(super) fn normal(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let mut rest = name.as_str();
    while let Some((_, after)) = rest.split_once('.').filter(|(before, _)| DOTTED.contains(before)) {
        rest = after;
    }
    let bytes = rest.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    rest.char_indices()
        .map(|(at, c)| match c {
            '.' | ':' | '@' | '_' | ' ' => '-',
            'p' if digit(at.checked_sub(1)) && digit(Some(at + 1)) => '-',
            c => c,
        })
        .collect()
}

/// The name without the version or tag at its end, if it has one there.
fn shorter(name: &str) -> Option<&str> {
    let (rest, last) = name.rsplit_once('-')?;
    if TAGS.contains(&last) || is_version(last) {
        return Some(rest);
    }
    let (before, middle) = rest.rsplit_once('-')?;
    match (digits(middle), digits(last)) {
        // 2025-08-07, preview-05-20.
        (Some(2), Some(2)) => {
            let (first, year) = before.rsplit_once('-')?;
            match digits(year) {
                Some(4) => Some(first),
                _ => TAGS.contains(&year).then_some(before),
            }
        }
        // 08-2024.
        (Some(2), Some(4)) if last.starts_with("20") && middle <= "12" => Some(before),
        // v1:0.
        (None, Some(1)) if is_version(middle) => Some(before),
        (_, Some(3 | 4 | 6 | 8)) => Some(rest),
        _ => None,
    }
}

/// `v1`, `v2` and so on.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|number| digits(number).is_some_and(|count| count <= 2))
}

/// How many digits it is, when it is nothing else.
fn digits(segment: &str) -> Option<usize> {
    (!segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit())).then_some(segment.len())
}

/// A name with `*` for any characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob(String);

impl Glob {
    pub(super) fn new(pattern: &str) -> Self {
        Self(normal(pattern))
    }

    /// True when nothing is left open.
    pub(super) fn is_plain(&self) -> bool {
        !self.0.contains('*')
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// How much of the name it says: more is better.
    pub(super) fn rank(&self) -> usize {
        self.0.bytes().filter(|byte| *byte != b'*').count()
    }

    /// True when it stands for the name, or for a shorter form of it.
    pub(super) fn fits(&self, names: &Names) -> bool {
        if self.is_plain() { names.forms().any(|form| form == self.0) } else { self.covers(names.whole()) }
    }

    fn covers(&self, name: &str) -> bool {
        let mut pieces = self.0.split('*');
        let Some(mut rest) = pieces.next().and_then(|first| name.strip_prefix(first)) else { return false };
        let mut pieces = pieces.peekable();
        while let Some(piece) = pieces.next() {
            if pieces.peek().is_none() {
                return rest.ends_with(piece);
            }
            let Some(at) = rest.find(piece) else { return false };
            rest = rest.get(at + piece.len()..).unwrap_or_default();
        }
        rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends_at(name: &str, form: &str) -> bool {
        Names::of(name).forms().any(|known| known == form)
    }

    #[test]
    fn what_providers_put_around_a_name_is_taken_off() {
        for (name, form) in [
            ("openai/gpt-4o", "gpt-4o"),
            ("models/gemini-2.5-flash", "gemini-2-5-flash"),
            ("publishers/google/models/gemini-2.0-flash-001", "gemini-2-0-flash"),
            ("us.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5"),
            ("anthropic.claude-3-haiku-20240307-v1", "claude-3-haiku"),
            (
                "arn:aws:bedrock:us-east-1:012345678901:inference-profile/us.anthropic.claude-3-7-sonnet-20250219-v1:0",
                "claude-3-7-sonnet",
            ),
            ("claude-3-7-sonnet@20250219", "claude-3-7-sonnet"),
            ("@cf/meta/llama-3.1-8b-instruct-fp8", "llama-3-1-8b"),
            ("accounts/fireworks/models/kimi-k2p5", "kimi-k2-5"),
            ("accounts/fireworks/models/llama-v3p1-70b-instruct", "llama-v3-1-70b"),
            ("gpt-5-2025-08-07", "gpt-5"),
            ("gemini-2.5-flash-preview-05-20", "gemini-2-5-flash"),
            ("gemini-2.5-flash-preview-09-2025", "gemini-2-5-flash"),
            ("command-a-03-2025", "command-a"),
            ("moonshotai/Kimi-K2-Instruct-0905", "kimi-k2"),
            ("deepseek/deepseek-r1:free", "deepseek-r1"),
            ("gpt-oss:20b", "gpt-oss-20b"),
            ("us-gov.amazon.nova-lite-v1:0", "nova-lite"),
        ] {
            assert!(ends_at(name, form), "{name} -> {:?}", Names::of(name).forms().collect::<Vec<_>>());
        }
    }

    #[test]
    fn another_version_is_another_model() {
        for (name, form) in [
            ("gpt-4.1", "gpt-4"),
            ("claude-opus-4-1-20250805", "claude-opus-4"),
            ("gpt-4-32k", "gpt-4"),
            ("grok-3-mini", "grok-3"),
            ("qwen3-coder-480b", "qwen3-coder"),
            ("grok-4.20-0309-reasoning", "grok-4"),
            ("grok-4.20-0309", "grok-4"),
        ] {
            assert!(!ends_at(name, form), "{name}");
        }
    }

    #[test]
    fn globs_cover_names_from_end_to_end() {
        let fits = |pattern: &str, name: &str| Glob::new(pattern).fits(&Names::of(name));
        assert!(fits("llama-3.3-70b*", "meta-llama/Llama-3.3-70B-Instruct-Turbo"));
        assert!(fits("*llama*70b*", "my-llama-3-70b"));
        assert!(fits("*-70b", "llama-3-70b"));
        assert!(!fits("llama-3*8b", "llama-3-70b"));
        assert!(!fits("llama", "llama-3"));
        assert!(fits("gpt-4o", "openai/gpt-4o-2024-08-06"));
    }

    #[test]
    fn odd_names_do_no_harm() {
        for name in ["", "/", "-", "--", "a-", "é-2024", "20240101", "-2024-01-01", "*", "us.", "v1:0", "8p8"]
        {
            assert!(Names::of(name).forms().count() <= 4, "{name}");
        }
    }
}
