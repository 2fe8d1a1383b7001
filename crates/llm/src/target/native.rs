//! Which calls a provider understands as they are.

use roundhouse_domain::spec::{ClientDialect, Dialects, Family, ProviderKind};

use super::vertex;
use crate::Operation;
use crate::tasks::Form;

/// Whether a call passes through as it is, but for the model's name and the fields of [`super::own_fields`]: the upstream takes
/// the operation's body, and answers in its form.
///
/// Bedrock never does: its streams are framed otherwise, and its Claude is asked by [`super::Wire::Invoke`].
pub fn native(kind: ProviderKind, dialects: Dialects, model: &str, op: Operation) -> bool {
    match (kind.family(), dialect(op)) {
        (Family::Demo, _) => true,
        (Family::Bedrock, _) => false,
        (Family::Vertex, Some(dialect)) => vertex::dialect(model) == dialect && dialects.contains(dialect),
        (_, Some(dialect)) => dialects.contains(dialect),
        (family, None) => has(family, kind, dialects, model, op),
    }
}

/// Whether there is an operation that generates nothing.
fn has(family: Family, kind: ProviderKind, dialects: Dialects, model: &str, op: Operation) -> bool {
    let shaped_like_openai = matches!(family, Family::Openai | Family::OpenaiCompatible | Family::Azure)
        && Form::own(kind, op).is_none();
    match op {
        Operation::CountTokens => counts_messages(kind, dialects, model),
        Operation::GeminiCountTokens if family == Family::Vertex => {
            vertex::dialect(model) == ClientDialect::Gemini
        }
        Operation::GeminiCountTokens | Operation::EmbedContent | Operation::BatchEmbedContents => {
            family == Family::Gemini
        }
        Operation::Embeddings => shaped_like_openai || family == Family::Jina,
        Operation::Rerank => shaped_like_openai || matches!(family, Family::Jina | Family::Cohere),
        _ => shaped_like_openai,
    }
}

/// Many take messages, few count their tokens: <https://docs.vllm.ai/en/stable/serving/online_serving.html> and
/// <https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md> say they do, 2026-11.
pub(crate) fn counts_messages(kind: ProviderKind, dialects: Dialects, model: &str) -> bool {
    let counts = match kind {
        ProviderKind::Anthropic | ProviderKind::Vllm | ProviderKind::LlamaCpp => true,
        ProviderKind::Vertex => vertex::dialect(model) == ClientDialect::Messages,
        _ => false,
    };
    counts && dialects.contains(ClientDialect::Messages)
}

/// The language of an operation that generates.
const fn dialect(op: Operation) -> Option<ClientDialect> {
    match op {
        Operation::ChatCompletions => Some(ClientDialect::Chat),
        Operation::Completions => Some(ClientDialect::Completions),
        Operation::Responses => Some(ClientDialect::Responses),
        Operation::Messages => Some(ClientDialect::Messages),
        Operation::GenerateContent | Operation::StreamGenerateContent => Some(ClientDialect::Gemini),
        _ => None,
    }
}
