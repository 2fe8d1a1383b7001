//! Which form of a task belongs to which provider.

use roundhouse_domain::spec::{Family, ProviderKind};

use super::{embeddings, images, rerank, speech};
use crate::Operation;
use crate::target::is_google;

/// A provider's form of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Of embeddings.
    Embeddings(embeddings::Wire),
    /// Of ranks.
    Rerank(rerank::Wire),
    /// Mistral's of moderation.
    Moderations,
    /// Of images.
    Images(images::Wire),
    /// Of speech.
    Speech(speech::Wire),
    /// Gemini's of transcripts.
    Transcriptions,
}

impl Form {
    /// The form in which `kind` does the work of `operation` with `model`; none where it does not.
    pub fn of(operation: Operation, kind: ProviderKind, model: &str) -> Option<Self> {
        match kind.family() {
            Family::Vertex if operation == Operation::Rerank => Some(Self::Rerank(rerank::Wire::Vertex)),
            Family::Vertex if !is_google(model) => None,
            Family::Vertex if embeds(operation) => Some(Self::Embeddings(embeddings::Wire::vertex(model))),
            Family::Gemini | Family::Vertex => google(operation, model),
            Family::Bedrock if embeds(operation) => embeddings::Wire::bedrock(model).map(Self::Embeddings),
            Family::Bedrock => one(operation, rerank::Wire::Bedrock).filter(|_| model.contains("rerank")),
            Family::Cohere if embeds(operation) => Some(Self::Embeddings(embeddings::Wire::Cohere)),
            Family::Cohere => one(operation, rerank::Wire::Cohere),
            Family::Voyage if embeds(operation) => Some(Self::Embeddings(embeddings::Wire::Voyage)),
            Family::Voyage => one(operation, rerank::Wire::Voyage),
            Family::Jina if embeds(operation) => Some(Self::Embeddings(embeddings::Wire::Jina)),
            Family::Jina => one(operation, rerank::Wire::Jina),
            Family::Openai | Family::Azure | Family::OpenaiCompatible => {
                Self::own(kind, operation).or_else(|| {
                    let base64 = kind.family() != Family::OpenaiCompatible;
                    embeds(operation).then_some(Self::Embeddings(embeddings::Wire::Openai { base64 }))
                })
            }
            Family::OpenaiResponses | Family::Anthropic | Family::Demo => None,
        }
    }

    /// Whether media may be named by their addresses.
    pub(super) const fn takes_addresses(self) -> bool {
        match self {
            Self::Embeddings(wire) => {
                matches!(wire, embeddings::Wire::Jina | embeddings::Wire::Openai { .. })
            }
            Self::Images(wire) => !matches!(wire, images::Wire::Gemini | images::Wire::Imagen),
            _ => true,
        }
    }

    /// The form of a provider that has OpenAI's path, and fields of its own.
    pub(crate) fn own(kind: ProviderKind, operation: Operation) -> Option<Self> {
        match (kind, operation) {
            (ProviderKind::Mistral, _) if embeds(operation) => {
                Some(Self::Embeddings(embeddings::Wire::Mistral))
            }
            (ProviderKind::Mistral, Operation::Moderations) => Some(Self::Moderations),
            (ProviderKind::Minimax, Operation::Speech) => Some(Self::Speech(speech::Wire::Minimax)),
            (_, Operation::ImagesGenerations | Operation::ImagesEdits) => {
                images::Wire::own(kind).map(Self::Images)
            }
            _ => None,
        }
    }
}

const fn embeds(operation: Operation) -> bool {
    matches!(operation, Operation::Embeddings | Operation::EmbedContent | Operation::BatchEmbedContents)
}

fn one(operation: Operation, wire: rerank::Wire) -> Option<Form> {
    (operation == Operation::Rerank).then_some(Form::Rerank(wire))
}

fn google(operation: Operation, model: &str) -> Option<Form> {
    match operation {
        _ if embeds(operation) => Some(Form::Embeddings(embeddings::Wire::Gemini)),
        Operation::ImagesGenerations | Operation::ImagesEdits => {
            Some(Form::Images(images::Wire::google(model)))
        }
        Operation::Speech => Some(Form::Speech(speech::Wire::Gemini)),
        Operation::Transcriptions | Operation::Translations => Some(Form::Transcriptions),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use roundhouse_domain::spec::ProviderKind::{
        Anthropic, Azure, Bedrock, Cohere, Deepseek, Gemini, Jina, Minimax, Mistral, Openai, OpenaiResponses,
        Siliconflow, Together, Vertex, Volcengine, Voyage, Xai, Zhipu,
    };

    use super::*;
    use crate::target::native;

    fn form(operation: Operation, kind: ProviderKind, model: &str) -> Option<Form> {
        Form::of(operation, kind, model)
    }

    #[test]
    fn all_who_embed_are_asked_in_their_form() {
        use embeddings::Wire;
        for (kind, model, wire) in [
            (Openai, "m", Wire::Openai { base64: true }),
            (Azure, "m", Wire::Openai { base64: true }),
            (Deepseek, "m", Wire::Openai { base64: false }),
            (Mistral, "m", Wire::Mistral),
            (Gemini, "models/gemini-embedding-001", Wire::Gemini),
            (Vertex, "google/gemini-embedding-001", Wire::VertexPredict),
            (Vertex, "publishers/google/models/gemini-embedding-2", Wire::VertexEmbed),
            (Cohere, "m", Wire::Cohere),
            (Voyage, "m", Wire::Voyage),
            (Jina, "m", Wire::Jina),
            (Bedrock, "amazon.titan-embed-text-v2:0", Wire::BedrockTitan),
        ] {
            for operation in [Operation::Embeddings, Operation::EmbedContent, Operation::BatchEmbedContents] {
                assert_eq!(form(operation, kind, model), Some(Form::Embeddings(wire)), "{kind}");
            }
        }
        for (kind, model) in [
            (Anthropic, "m"),
            (OpenaiResponses, "m"),
            (Vertex, "claude-opus-4"),
            (Bedrock, "anthropic.claude"),
        ] {
            assert_eq!(form(Operation::Embeddings, kind, model), None, "{kind}");
        }
    }

    #[test]
    fn work_that_only_some_do_is_asked_of_them() {
        use Operation as Op;
        for (operation, kinds) in [
            (Op::Rerank, [Cohere, Jina, Voyage, Vertex].as_slice()),
            (Op::Moderations, &[Mistral]),
            (Op::ImagesGenerations, &[Gemini, Vertex, Xai, Siliconflow, Zhipu, Volcengine, Together]),
            (Op::ImagesEdits, &[Gemini, Vertex, Xai, Siliconflow, Zhipu, Volcengine, Together]),
            (Op::Speech, &[Gemini, Vertex, Minimax]),
            (Op::Transcriptions, &[Gemini, Vertex]),
            (Op::Translations, &[Gemini, Vertex]),
            (Op::ChatCompletions, &[]),
        ] {
            for kind in ProviderKind::all() {
                let does = form(operation, kind, "m").is_some();
                assert_eq!(does, kinds.contains(&kind), "{} {kind}", operation.name());
            }
        }
        assert!(form(Op::Rerank, Bedrock, "amazon.rerank-v1:0").is_some());
    }

    #[test]
    fn what_a_provider_has_a_form_of_its_own_for_does_not_pass_through() {
        let passes = |kind: ProviderKind, operation| native(kind, kind.dialects(), "m", operation);
        for (kind, operation) in [
            (Mistral, Operation::Embeddings),
            (Mistral, Operation::Moderations),
            (Minimax, Operation::Speech),
            (Together, Operation::ImagesGenerations),
        ] {
            assert!(!passes(kind, operation), "{kind} {}", operation.name());
            assert!(passes(Openai, operation) && passes(Deepseek, operation));
        }
        assert!(passes(Mistral, Operation::Transcriptions) && passes(Together, Operation::Embeddings));
    }
}
