//! Why an answer ended, in this dialect's words.

use crate::generation::Finish;

/// Reads a `finish_reason`; `has_calls` and `is_refused` tell what is in the answer, which some providers' words do not.
///
/// Sources: <https://platform.openai.com/docs/api-reference/chat/object>, <https://docs.mistral.ai/api/#tag/chat>
/// (`model_length`, `error`), <https://docs.z.ai/api-reference/llm/chat-completion> (`sensitive`, `network_error`,
/// `model_context_window_exceeded`), <https://api-docs.deepseek.com/api/create-chat-completion>
/// (`insufficient_system_resource`), <https://docs.together.ai/reference/chat-completions-1> (`eos`); 2026-11.
pub(crate) fn read(word: &str, stop: Option<&str>, has_calls: bool, is_refused: bool) -> Finish {
    match word {
        "stop" | "eos" | "end_turn" | "stop_sequence" | "STOP" if has_calls => Finish::ToolCalls,
        "stop" | "eos" | "end_turn" | "STOP" if is_refused => Finish::Refusal,
        "stop" | "eos" | "end_turn" | "STOP" => match stop {
            Some(stop) => Finish::StopSequence(Some(stop.to_owned())),
            None => Finish::Stop,
        },
        "stop_sequence" => Finish::StopSequence(stop.map(str::to_owned)),
        "length" | "max_tokens" | "model_length" => Finish::Length,
        "model_context_window_exceeded" => Finish::ContextFull,
        "tool_calls" | "function_call" | "tool_use" => Finish::ToolCalls,
        "content_filter" | "sensitive" => Finish::ContentFilter,
        other => Finish::Other(other.to_owned()),
    }
}

/// Writes a `finish_reason`; the set of words is closed, and `is_refused` tells whether a refusal is in the answer.
pub(crate) const fn write(finish: &Finish, is_refused: bool) -> &'static str {
    match finish {
        Finish::Length | Finish::ContextFull => "length",
        Finish::ToolCalls => "tool_calls",
        Finish::ContentFilter => "content_filter",
        // OpenAI's own refusals end with `stop`; without words the filter is what comes closest.
        Finish::Refusal if !is_refused => "content_filter",
        Finish::Refusal | Finish::Stop | Finish::StopSequence(_) | Finish::Pause | Finish::Other(_) => "stop",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_comes_back_in_this_dialects_words() {
        for (word, finish, written) in [
            ("stop", Finish::Stop, "stop"),
            ("length", Finish::Length, "length"),
            ("model_length", Finish::Length, "length"),
            ("model_context_window_exceeded", Finish::ContextFull, "length"),
            ("tool_calls", Finish::ToolCalls, "tool_calls"),
            ("function_call", Finish::ToolCalls, "tool_calls"),
            ("content_filter", Finish::ContentFilter, "content_filter"),
            ("sensitive", Finish::ContentFilter, "content_filter"),
            ("error", Finish::Other("error".to_owned()), "stop"),
        ] {
            assert_eq!(read(word, None, false, false), finish);
            assert_eq!(write(&finish, false), written);
        }
        assert_eq!(read("stop", None, true, false), Finish::ToolCalls);
        assert_eq!(read("stop", None, false, true), Finish::Refusal);
        assert_eq!(read("stop", Some("END"), false, false), Finish::StopSequence(Some("END".to_owned())));
        assert_eq!(write(&Finish::Refusal, true), "stop");
        assert_eq!(write(&Finish::Refusal, false), "content_filter");
        assert_eq!(write(&Finish::Pause, false), "stop");
    }
}
