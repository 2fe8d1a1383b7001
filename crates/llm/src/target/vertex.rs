//! Paths of Vertex AI.
//!
//! Sources: <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference>,
//! <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude> and its page on counting tokens,
//! <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/overview>,
//! <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/maas/call-open-model-apis>; 2026-11.

use roundhouse_domain::spec::ClientDialect;

use super::{Api, Wire, encode, generate, suffix, versioned};
use crate::Operation;

/// The path of a call: below the project and location, or in express mode below neither.
pub(super) fn path(api: &Api<'_>, wire: Wire, model: &str) -> String {
    let version = versioned(api.base_path, "/v1");
    let place = api.project.map_or_else(String::new, |project| {
        let location = api.location.unwrap_or("global");
        format!("/projects/{}/locations/{}", encode(project), encode(location))
    });
    let method = match wire {
        Wire::Rank => return format!("{version}{}/rankingConfigs/default_ranking_config:rank", global(api)),
        Wire::Predict => ":predict",
        Wire::Operation(Operation::CountTokens) => {
            return format!("{version}{place}/publishers/anthropic/models/count-tokens:rawPredict");
        }
        Wire::Operation(
            op @ (Operation::GenerateContent
            | Operation::StreamGenerateContent
            | Operation::GeminiCountTokens
            | Operation::EmbedContent),
        ) => suffix(op),
        Wire::Operation(Operation::Messages) => ":rawPredict",
        Wire::Operation(op) => return format!("{version}{place}/endpoints/openapi{}", suffix(op)),
        Wire::Gemini { stream } => suffix(generate(stream)),
        Wire::Invoke { stream: true } => ":streamRawPredict",
        _ => ":rawPredict",
    };
    format!("{version}{place}/{}{method}", resource(model))
}

/// Where Google ranks: <https://docs.cloud.google.com/generative-ai-app-builder/docs/ranking>, 2026-11.
fn global(api: &Api<'_>) -> String {
    let project = api.project.map(|project| format!("/projects/{}/locations/global", encode(project)));
    project.unwrap_or_default()
}

/// Whether the model is one of Google's own.
pub(crate) fn is_google(model: &str) -> bool {
    publisher(model).0 == "google"
}

/// The language in which a model is served.
pub(crate) fn dialect(model: &str) -> ClientDialect {
    match publisher(model).0 {
        "google" => ClientDialect::Gemini,
        "anthropic" => ClientDialect::Messages,
        _ => ClientDialect::Chat,
    }
}

/// Whether the model is one of Anthropic's, by the name that Vertex or Bedrock has for it.
pub fn is_claude(model: &str) -> bool {
    model.contains("claude")
}

fn resource(model: &str) -> String {
    // A tuned model is an endpoint of the project's own.
    if let Some((_, endpoint)) = model.rsplit_once("endpoints/") {
        return format!("endpoints/{}", encode(endpoint));
    }
    let (publisher, name) = publisher(model);
    format!("publishers/{}/models/{}", encode(publisher), encode(name))
}

/// Whose model it is, and its name there: `publishers/x/models/y`, `x/y`, or `y` alone.
fn publisher(model: &str) -> (&str, &str) {
    if model.contains("endpoints/") {
        return ("google", model);
    }
    let name = model.rsplit('/').next().unwrap_or(model);
    let named =
        model.strip_prefix("publishers/").unwrap_or(model).split_once('/').map(|(publisher, _)| publisher);
    let named = named.filter(|publisher| *publisher != "models");
    (named.unwrap_or(if is_claude(model) { "anthropic" } else { "google" }), name)
}
