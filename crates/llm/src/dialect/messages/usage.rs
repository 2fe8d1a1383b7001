//! Token counts: Anthropic counts what was cached beside the input.
//!
//! Source: <https://platform.claude.com/docs/en/api/messages#usage>, 2026-11.

use roundhouse_domain::TokenUsage;
use serde::Serialize;
use serde_json::Value;

use crate::generation::Usage;
use crate::number;

/// Counts as they were told, merged over the events of a stream: all are cumulative, so a zero only says that a part was
/// not counted there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    is_told: bool,
    input: u64,
    cached: u64,
    cache_write: u64,
    cache_write_1h: u64,
    output: u64,
    thinking: u64,
    web_searches: u64,
}

impl Counts {
    /// Takes what a usage object tells.
    pub(super) fn update(&mut self, told: &Value) {
        let counts: [(&str, &mut u64); 7] = [
            ("/input_tokens", &mut self.input),
            ("/cache_read_input_tokens", &mut self.cached),
            ("/cache_creation_input_tokens", &mut self.cache_write),
            ("/cache_creation/ephemeral_1h_input_tokens", &mut self.cache_write_1h),
            ("/output_tokens", &mut self.output),
            ("/output_tokens_details/thinking_tokens", &mut self.thinking),
            ("/server_tool_use/web_search_requests", &mut self.web_searches),
        ];
        for (place, count) in counts {
            let Some(told) = told.pointer(place).and_then(number::count) else { continue };
            self.is_told = true;
            if told > 0 {
                *count = told;
            }
        }
    }

    /// What they come to; none where nothing was told.
    pub(super) fn usage(&self) -> Option<Usage> {
        self.is_told.then(|| Usage {
            tokens: TokenUsage {
                input: self.input.saturating_add(self.cached).saturating_add(self.cache_write),
                output: self.output,
                cached: self.cached,
                cache_write: self.cache_write,
                reasoning: self.thinking,
                ..TokenUsage::default()
            },
            cache_write_1h: self.cache_write_1h,
            web_searches: self.web_searches,
            ..Usage::default()
        })
    }
}

/// A usage object as it is written.
#[derive(Debug, Serialize)]
pub(super) struct Written {
    input_tokens: u64,
    cache_creation_input_tokens: u64,
    cache_read_input_tokens: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_creation: Option<CacheCreation>,
    output_tokens: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_tokens_details: Option<OutputDetails>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_tool_use: Option<ServerTools>,
}

#[derive(Debug, Serialize)]
struct CacheCreation {
    ephemeral_5m_input_tokens: u64,
    ephemeral_1h_input_tokens: u64,
}

#[derive(Debug, Serialize)]
struct OutputDetails {
    thinking_tokens: u64,
}

#[derive(Debug, Serialize)]
struct ServerTools {
    web_search_requests: u64,
    web_fetch_requests: u64,
}

impl Written {
    pub(super) fn of(usage: Option<&Usage>) -> Self {
        let usage = usage.copied().unwrap_or_default();
        let TokenUsage { input, output, cached, cache_write, reasoning, .. } = usage.tokens;
        Self {
            input_tokens: input.saturating_sub(cached).saturating_sub(cache_write),
            cache_creation_input_tokens: cache_write,
            cache_read_input_tokens: cached,
            cache_creation: (cache_write > 0).then(|| CacheCreation {
                ephemeral_5m_input_tokens: cache_write.saturating_sub(usage.cache_write_1h),
                ephemeral_1h_input_tokens: usage.cache_write_1h,
            }),
            output_tokens: output,
            output_tokens_details: (reasoning > 0).then_some(OutputDetails { thinking_tokens: reasoning }),
            server_tool_use: (usage.web_searches > 0)
                .then_some(ServerTools { web_search_requests: usage.web_searches, web_fetch_requests: 0 }),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cached_tokens_are_part_of_the_input_and_come_out_of_it_again() {
        let told = json!({
            "input_tokens": 1, "cache_read_input_tokens": 300, "cache_creation_input_tokens": 20,
            "cache_creation": {"ephemeral_5m_input_tokens": 15, "ephemeral_1h_input_tokens": 5},
            "output_tokens": 4, "output_tokens_details": {"thinking_tokens": 2},
            "server_tool_use": {"web_search_requests": 1, "web_fetch_requests": 0},
        });
        let mut counts = Counts::default();
        counts.update(&told);
        counts.update(&json!({"input_tokens": 0, "output_tokens": "4", "cache_read_input_tokens": null}));
        let usage = counts.usage().unwrap();
        assert_eq!(usage.tokens.input, 321);
        assert_eq!(serde_json::to_value(Written::of(Some(&usage))).unwrap(), told);
    }

    #[test]
    fn nothing_told_is_no_usage() {
        let mut counts = Counts::default();
        counts.update(&json!({"input_tokens": null, "x": 1}));
        assert_eq!(counts.usage(), None);
    }
}
