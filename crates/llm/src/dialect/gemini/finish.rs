//! Why an answer ended.

use crate::generation::Finish;

/// Reasons that a filter gives.
const FILTERED: [&str; 10] = [
    "SAFETY",
    "RECITATION",
    "LANGUAGE",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
    "MODEL_ARMOR",
];

/// All other reasons: something went wrong.
const FAILED: [&str; 10] = [
    "OTHER",
    "MALFORMED_FUNCTION_CALL",
    "IMAGE_OTHER",
    "NO_IMAGE",
    "UNEXPECTED_TOOL_CALL",
    "TOO_MANY_TOOL_CALLS",
    "MISSING_THOUGHT_SIGNATURE",
    "MALFORMED_RESPONSE",
    "ESCALATION",
    "PUP_LIMITED_DISABLED",
];

/// Reads a `finishReason`; `has_calls` says whether tools were called.
///
/// Source: <https://ai.google.dev/api/generate-content#FinishReason>, 2026-11.
pub(super) fn read(reason: &str, has_calls: bool) -> Finish {
    match reason {
        "STOP" if has_calls => Finish::ToolCalls,
        "STOP" => Finish::Stop,
        "MAX_TOKENS" => Finish::Length,
        "CONTINUATION" => Finish::Pause,
        reason if FILTERED.contains(&reason) => Finish::ContentFilter,
        reason => Finish::Other(reason.to_owned()),
    }
}

/// Whether [`write()`] of what was read says the same again.
pub(super) fn is_plain(reason: &str) -> bool {
    matches!(reason, "STOP" | "MAX_TOKENS" | "SAFETY")
}

/// The `finishReason`, and words for `finishMessage` where it alone says too little.
pub(super) fn write(finish: &Finish) -> (&str, Option<&str>) {
    match finish {
        Finish::Stop | Finish::StopSequence(_) | Finish::ToolCalls => ("STOP", None),
        Finish::Length => ("MAX_TOKENS", None),
        Finish::ContextFull => ("MAX_TOKENS", Some("The context window is full.")),
        Finish::ContentFilter => ("SAFETY", None),
        Finish::Refusal => ("SAFETY", Some("The model refused.")),
        // `CONTINUATION` would make clients go on with a token that nobody has.
        Finish::Pause => ("OTHER", Some("The provider's tools need another turn.")),
        Finish::Other(reason) if FAILED.contains(&reason.as_str()) => (reason, None),
        Finish::Other(reason) => ("OTHER", Some(reason)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_apart() {
        assert_eq!(read("STOP", true), Finish::ToolCalls);
        assert_eq!(read("MAX_TOKENS", true), Finish::Length);
        for reason in FILTERED {
            assert_eq!(read(reason, false), Finish::ContentFilter);
        }
        for reason in FAILED {
            assert_eq!(write(&read(reason, false)), (reason, None));
        }
    }
}
