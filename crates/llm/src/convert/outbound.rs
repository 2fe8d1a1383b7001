//! In which dialect a provider is asked when it does not speak the caller's.

use roundhouse_domain::spec::{ClientDialect, Dialects, Family, ProviderKind};

use crate::Operation;
use crate::catalogue::{Facts, ReasoningStyle};
use crate::dialect::Dialect;
use crate::generation::Request;
use crate::target::{Wire, counts_messages, is_claude, is_google, vertex_dialect};

/// The dialect in which `kind` is asked for what `request` wants of `model`; none where it generates nothing.
///
/// `dialects` are those of callers that the provider speaks itself.
pub fn outbound(
    kind: ProviderKind,
    dialects: Dialects,
    model: &str,
    facts: &Facts,
    request: &Request,
) -> Option<Dialect> {
    match kind.family() {
        Family::Vertex => Some(match vertex_dialect(model) {
            ClientDialect::Messages => Dialect::Messages,
            ClientDialect::Gemini => Dialect::Gemini,
            _ => Dialect::Chat,
        }),
        Family::Bedrock if is_claude(model) => Some(Dialect::Messages),
        Family::Bedrock => Some(Dialect::Converse),
        Family::Cohere => Some(Dialect::Cohere),
        Family::Voyage | Family::Jina => None,
        _ => spoken(dialects, facts, request),
    }
}

/// The dialect in which `kind` counts the tokens of a prompt for `model`; none where it counts none.
pub fn counting(kind: ProviderKind, dialects: Dialects, model: &str) -> Option<Dialect> {
    if counts_messages(kind, dialects, model) {
        return Some(Dialect::Messages);
    }
    let is_gemini = match kind.family() {
        Family::Gemini => true,
        Family::Vertex => is_google(model),
        _ => false,
    };
    is_gemini.then_some(Dialect::Gemini)
}

/// What a call looks like from outside that counts tokens in one of the dialects of [`counting`].
pub const fn count_wire(dialect: Dialect) -> Wire {
    match dialect {
        Dialect::Gemini => Wire::Operation(Operation::GeminiCountTokens),
        _ => Wire::Operation(Operation::CountTokens),
    }
}

/// What a call of `dialect` to `kind` looks like from outside.
pub fn wire(kind: ProviderKind, dialect: Dialect, stream: bool) -> Wire {
    match dialect {
        Dialect::Chat => Wire::Operation(Operation::ChatCompletions),
        Dialect::Completions => Wire::Operation(Operation::Completions),
        Dialect::Responses => Wire::Operation(Operation::Responses),
        Dialect::Messages if matches!(kind.family(), Family::Vertex | Family::Bedrock) => {
            Wire::Invoke { stream }
        }
        Dialect::Messages => Wire::Operation(Operation::Messages),
        Dialect::Gemini => Wire::Gemini { stream },
        Dialect::Converse => Wire::Converse { stream },
        Dialect::Cohere => Wire::CohereChat,
    }
}

fn spoken(dialects: Dialects, facts: &Facts, request: &Request) -> Option<Dialect> {
    let [responses, chat] = if keeps_more_in_responses(facts, request) {
        [(ClientDialect::Responses, Dialect::Responses), (ClientDialect::Chat, Dialect::Chat)]
    } else {
        [(ClientDialect::Chat, Dialect::Chat), (ClientDialect::Responses, Dialect::Responses)]
    };
    let order = [
        responses,
        chat,
        (ClientDialect::Messages, Dialect::Messages),
        (ClientDialect::Gemini, Dialect::Gemini),
        (ClientDialect::Completions, Dialect::Completions),
    ];
    order.into_iter().find(|(spoken, _)| dialects.contains(*spoken)).map(|(_, dialect)| dialect)
}

/// Thoughts of models that think survive turns in Responses alone; what Responses has no field for is kept in chat.
/// Source: <https://platform.openai.com/docs/guides/migrate-to-responses>, 2026-11.
fn keeps_more_in_responses(facts: &Facts, request: &Request) -> bool {
    let sampling = &request.sampling;
    let needs_chat = !request.stop.is_empty()
        || request.answers.is_some_and(|answers| answers > 1)
        || request.speech.is_some()
        || request.modalities.iter().any(|modality| modality == "audio")
        || sampling.logit_bias.is_some()
        || sampling.seed.is_some();
    facts.reasoning == ReasoningStyle::Effort && !needs_chat
}
