//! Counts of tokens, as this dialect tells them.

use serde::Serialize;

use crate::Protocol;
use crate::generation::Usage;
use crate::json::{Scanner, Step};
use crate::usage::Counts;

/// Puts together what an answer's documents tell of its tokens.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: Counts,
    usage: Usage,
}

impl Tally {
    /// Takes a `usage` object; tells the sum where it is news.
    ///
    /// Source: <https://platform.openai.com/docs/api-reference/chat/object>, and for searches
    /// <https://openrouter.ai/docs/use-cases/usage-accounting>,
    /// <https://docs.perplexity.ai/api-reference/chat-completions-post>; 2026-11.
    pub(crate) fn take(&mut self, raw: &[u8]) -> Option<Usage> {
        let mut usage = self.usage;
        self.counts.read(&mut Scanner::new(raw)).ok()?;
        Scanner::new(raw).fields(|scanner, key| beside(&mut usage, scanner, key.inner())).ok()?;
        if !self.counts.is_told() {
            return None;
        }
        usage.tokens = self.counts.usage(Protocol::Openai);
        let is_news = usage != self.usage;
        self.usage = usage;
        is_news.then_some(usage)
    }
}

/// Takes what is counted beside the tokens that are paid for.
fn beside(usage: &mut Usage, scanner: &mut Scanner<'_>, name: &[u8]) -> Step<()> {
    match name {
        b"prompt_tokens_details" => scanner.fields(|scanner, key| match key.inner() {
            b"audio_tokens" => raise(&mut usage.audio_input, scanner),
            b"image_tokens" => raise(&mut usage.image_input, scanner),
            _ => scanner.skip(),
        }),
        b"completion_tokens_details" => scanner.fields(|scanner, key| match key.inner() {
            b"audio_tokens" => raise(&mut usage.audio_output, scanner),
            b"image_tokens" => raise(&mut usage.image_output, scanner),
            b"accepted_prediction_tokens" => raise(&mut usage.accepted_prediction, scanner),
            b"rejected_prediction_tokens" => raise(&mut usage.rejected_prediction, scanner),
            _ => scanner.skip(),
        }),
        b"num_search_queries" => raise(&mut usage.web_searches, scanner),
        b"server_tool_use" => scanner.fields(|scanner, key| match key.inner() {
            b"web_search_requests" => raise(&mut usage.web_searches, scanner),
            _ => scanner.skip(),
        }),
        _ => scanner.skip(),
    }
}

fn raise(count: &mut u64, scanner: &mut Scanner<'_>) -> Step<()> {
    *count = scanner.count()?.unwrap_or(0).max(*count);
    Ok(())
}

/// A `usage` object.
#[derive(Debug, Serialize)]
pub(crate) struct Wire {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
    prompt_tokens_details: Prompt,
    completion_tokens_details: Completion,
}

#[derive(Debug, Serialize)]
#[allow(clippy::struct_field_names, reason = "the names of the wire")]
struct Prompt {
    cached_tokens: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    cache_write_tokens: u64,
    audio_tokens: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    image_tokens: u64,
}

#[derive(Debug, Serialize)]
#[allow(clippy::struct_field_names, reason = "the names of the wire")]
struct Completion {
    reasoning_tokens: u64,
    audio_tokens: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    image_tokens: u64,
    accepted_prediction_tokens: u64,
    rejected_prediction_tokens: u64,
}

impl From<&Usage> for Wire {
    fn from(usage: &Usage) -> Self {
        let tokens = usage.tokens;
        Self {
            prompt_tokens: tokens.input,
            completion_tokens: tokens.output,
            total_tokens: tokens.input.saturating_add(tokens.output),
            prompt_tokens_details: Prompt {
                cached_tokens: tokens.cached,
                cache_write_tokens: tokens.cache_write,
                audio_tokens: usage.audio_input,
                image_tokens: usage.image_input,
            },
            completion_tokens_details: Completion {
                reasoning_tokens: tokens.reasoning,
                audio_tokens: usage.audio_output,
                image_tokens: usage.image_output,
                accepted_prediction_tokens: usage.accepted_prediction,
                rejected_prediction_tokens: usage.rejected_prediction,
            },
        }
    }
}

/// Whether a field says nothing.
fn is_nothing<T: Default + PartialEq>(field: &T) -> bool {
    *field == T::default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn counts_come_back_as_they_were_told() {
        let told = json!({
            "prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150,
            "prompt_tokens_details": {"cached_tokens": 40, "cache_write_tokens": 5, "audio_tokens": 7},
            "completion_tokens_details": {"reasoning_tokens": 20, "audio_tokens": 3,
                "accepted_prediction_tokens": 2, "rejected_prediction_tokens": 1},
        });
        let usage = Tally::default().take(told.to_string().as_bytes()).unwrap();
        assert_eq!(serde_json::to_value(Wire::from(&usage)).unwrap(), told);
    }

    #[test]
    fn counts_are_told_once_and_add_up_over_documents() {
        let mut tally = Tally::default();
        let first = json!({"prompt_tokens": 9, "completion_tokens": 0}).to_string();
        let last = json!({"prompt_tokens": 9, "completion_tokens": 4, "cached_tokens": 3}).to_string();
        assert!(tally.take(first.as_bytes()).is_some());
        assert_eq!(tally.take(first.as_bytes()), None);
        let usage = tally.take(last.as_bytes()).unwrap().tokens;
        assert_eq!((usage.input, usage.output, usage.cached), (9, 4, 3));
        assert_eq!(tally.take(Value::Null.to_string().as_bytes()), None);
    }
}
