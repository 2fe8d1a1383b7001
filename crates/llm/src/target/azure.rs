//! Paths of Azure OpenAI.

use super::{encode, suffix};
use crate::Operation;

/// Azure has two surfaces: deployments, chosen by the path and dated by `api-version`, and `/openai/v1`, shaped like OpenAI's.
/// Source: <https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle>, 2026-11.
pub(super) fn path(base: &str, op: Operation, model: &str, api_version: Option<&str>) -> String {
    if base.contains("/deployments/") || base.ends_with("/v1") {
        return format!("{base}{}", suffix(op));
    }
    let base = base.strip_suffix("/openai").unwrap_or(base);
    match api_version {
        None | Some("preview" | "latest" | "v1") => format!("{base}/openai/v1{}", suffix(op)),
        // Responses were never under a deployment: the body names it.
        Some(_) if op == Operation::Responses => format!("{base}/openai{}", suffix(op)),
        Some(_) => format!("{base}/openai/deployments/{}{}", encode(model), suffix(op)),
    }
}
