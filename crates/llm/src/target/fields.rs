//! What a provider wants otherwise in a body of the caller's own language.

use roundhouse_domain::spec::{BodyRules, Family, ProviderKind};
use serde_json::{Map, Value};

use crate::{Operation, Protocol};

/// Whether the upstream wants the model in the body: all but Gemini, where only embedding bodies repeat it, and the clouds, whose
/// paths name it; in forms and bodies for Azure's deployments it does no harm.
pub const fn model_in_body(op: Operation, kind: ProviderKind) -> bool {
    match (op, kind.family()) {
        (Operation::CountTokens, Family::Vertex) => true,
        (Operation::Messages, Family::Vertex) | (_, Family::Bedrock) => false,
        (_, Family::Vertex) => matches!(op.protocol(), Protocol::Openai),
        (Operation::EmbedContent | Operation::BatchEmbedContents | Operation::GeminiCountTokens, _) => true,
        (_, family) => !matches!(op.protocol(), Protocol::Gemini) && !matches!(family, Family::Gemini),
    }
}

/// The fields that a body in Anthropic's language needs or must not have on the clouds; none where it goes as it is.
///
/// Sources: <https://docs.claude.com/en/api/claude-on-vertex-ai>, <https://docs.claude.com/en/api/claude-on-amazon-bedrock>;
/// 2026-11.
pub fn own_fields(kind: ProviderKind, op: Operation) -> Option<BodyRules> {
    let (version, remove): (_, &[&str]) = match (kind.family(), op) {
        (Family::Vertex, Operation::Messages) => ("vertex-2023-10-16", &["model"]),
        (Family::Vertex, Operation::CountTokens) => ("vertex-2023-10-16", &[]),
        (Family::Bedrock, Operation::Messages) => ("bedrock-2023-05-31", &["model", "stream"]),
        _ => return None,
    };
    Some(BodyRules {
        set: Map::from_iter([("anthropic_version".to_owned(), Value::from(version))]),
        remove: remove.iter().map(|field| (*field).to_owned()).collect(),
    })
}
