//! Why an answer ended (<https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons>, 2026-11).

use crate::generation::{Finish, Part};

/// The finish that a `stop_reason` stands for; `has_calls` says whether the caller's tools are called.
pub(super) fn read(reason: &str, sequence: Option<String>, has_calls: bool) -> Finish {
    match reason {
        "end_turn" | "tool_use" if has_calls => Finish::ToolCalls,
        // Without a call nothing waits for a result.
        "end_turn" | "tool_use" => Finish::Stop,
        "stop_sequence" => Finish::StopSequence(sequence),
        "max_tokens" => Finish::Length,
        "model_context_window_exceeded" => Finish::ContextFull,
        "refusal" => Finish::Refusal,
        "pause_turn" => Finish::Pause,
        other => Finish::Other(other.to_owned()),
    }
}

/// The `stop_reason` and `stop_sequence` of a finish.
pub(super) fn written(finish: Option<&Finish>, said: Said) -> (&str, Option<&str>) {
    match finish {
        Some(Finish::StopSequence(sequence)) => ("stop_sequence", sequence.as_deref()),
        Some(Finish::Length) => ("max_tokens", None),
        Some(Finish::ContextFull) => ("model_context_window_exceeded", None),
        Some(Finish::ContentFilter | Finish::Refusal) => ("refusal", None),
        Some(Finish::Pause) => ("pause_turn", None),
        Some(Finish::Other(reason)) if reason == "compaction" => (reason, None),
        _ if said.calls => ("tool_use", None),
        _ if said.refusal => ("refusal", None),
        _ => ("end_turn", None),
    }
}

/// What an answer has that its finish must agree with.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    /// Calls of the caller's tools.
    pub(super) calls: bool,
    /// A refusal.
    pub(super) refusal: bool,
}

impl Said {
    pub(super) fn of(parts: &[Part]) -> Self {
        Self {
            calls: parts.iter().any(is_call),
            refusal: parts.iter().any(|part| matches!(part, Part::Refusal(_))),
        }
    }
}

/// Whether a part waits for a result of the caller's; some calls are only understood here.
pub(super) fn is_call(part: &Part) -> bool {
    match part {
        Part::ToolCall(_) => true,
        Part::Native(native) => native.value["type"] == "tool_use",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_comes_back_as_it_was() {
        for (reason, calls) in [
            ("end_turn", false),
            ("tool_use", true),
            ("stop_sequence", false),
            ("max_tokens", true),
            ("model_context_window_exceeded", false),
            ("refusal", false),
            ("pause_turn", false),
            ("compaction", false),
        ] {
            let finish = read(reason, Some("x".to_owned()), calls);
            let said = Said { calls, refusal: false };
            let sequence = (reason == "stop_sequence").then_some("x");
            assert_eq!(written(Some(&finish), said), (reason, sequence));
        }
    }

    #[test]
    fn calls_end_an_answer_whatever_the_provider_says() {
        assert_eq!(read("end_turn", None, true), Finish::ToolCalls);
        let said = Said { calls: true, refusal: false };
        assert_eq!(written(Some(&Finish::Stop), said).0, "tool_use");
        assert_eq!(written(None, Said::default()).0, "end_turn");
    }
}
