//! Checks of guardrails.

use regex::RegexBuilder;
use roundhouse_domain::spec::GuardrailSpec;

use super::{Placed, require_time};
use crate::base_url::http_url;
use crate::report::Report;

/// Bytes that a compiled expression may take; the data plane allows as many.
const SIZE_LIMIT: usize = 1 << 20;

/// Reports expressions that cannot be used, and guardrails with no check or several.
pub(super) fn check(guardrail: &Placed<GuardrailSpec>, report: &mut Report) {
    let Placed { pointer, spec } = guardrail;
    let checks =
        [!spec.patterns.is_empty(), spec.moderation.is_some(), spec.endpoint.is_some()].map(usize::from);
    if checks.iter().sum::<usize>() != 1 {
        report.problem(pointer, "needs exactly one of `patterns`, `moderation` and `endpoint`");
    }
    for (index, pattern) in spec.patterns.iter().enumerate() {
        let built = RegexBuilder::new(&pattern.pattern).size_limit(SIZE_LIMIT).build();
        if let Err(error) = built {
            // The error shows the expression over several lines; its last one says what is wrong.
            let text = error.to_string();
            let what = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
            report.problem(&format!("{pointer}/patterns/{index}/pattern"), format!("cannot be used: {what}"));
        }
    }
    if let Some(endpoint) = &spec.endpoint {
        let place = format!("{pointer}/endpoint");
        if let Err(message) = http_url(&endpoint.url) {
            report.problem(&format!("{place}/url"), message);
        }
        let is_sendable = |token: &str| token.bytes().all(|byte| byte.is_ascii_graphic());
        if endpoint.token.as_ref().is_some_and(|token| !is_sendable(token.expose())) {
            let message = "takes printable ASCII characters only, without spaces";
            report.problem(&format!("{place}/token"), message);
        }
    }
    require_time(Some(spec.timeout), &format!("{pointer}/timeout"), report);
}
