//! The providers' forms.

use super::Input;
use super::request::Content;
use crate::{Operation, target};

/// A provider's form of embeddings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wire {
    /// `OpenAI`'s `POST /embeddings`.
    Openai {
        /// Whether the provider is known to send base64, a third of the bytes of numbers: `OpenAI` and Azure.
        base64: bool,
    },
    /// Mistral's `POST /v1/embeddings`.
    Mistral,
    /// Voyage's `POST /v1/embeddings`.
    Voyage,
    /// Jina's `POST /v1/embeddings`.
    Jina,
    /// Gemini's `batchEmbedContents`.
    Gemini,
    /// Vertex's `predict`, for models before gemini-embedding-2.
    VertexPredict,
    /// Vertex's `embedContent`, for gemini-embedding-2 and later.
    VertexEmbed,
    /// Cohere's `POST /v2/embed`.
    Cohere,
    /// Cohere's models on Bedrock.
    BedrockCohere,
    /// Amazon's Titan models on Bedrock.
    BedrockTitan,
    /// Amazon's Nova models on Bedrock.
    BedrockNova,
}

impl Wire {
    /// The form of a model on Vertex.
    pub fn vertex(model: &str) -> Self {
        let is_new = model.contains("gemini-embedding-") && !model.contains("gemini-embedding-001");
        if is_new { Self::VertexEmbed } else { Self::VertexPredict }
    }

    /// The form of a model on Bedrock, by its id, inference profile or ARN; none where it makes no embeddings.
    pub fn bedrock(model: &str) -> Option<Self> {
        let forms = [
            ("cohere.embed", Self::BedrockCohere),
            ("amazon.titan-embed", Self::BedrockTitan),
            ("amazon.nova", Self::BedrockNova),
        ];
        let form = forms.into_iter().find(|(part, _)| model.contains(part)).map(|(_, form)| form);
        form.filter(|_| model.contains("embed"))
    }

    /// What is called.
    pub(super) const fn call(self) -> target::Wire {
        match self {
            Self::Openai { .. } | Self::Mistral | Self::Voyage | Self::Jina => {
                target::Wire::Operation(Operation::Embeddings)
            }
            Self::Gemini => target::Wire::Operation(Operation::BatchEmbedContents),
            Self::VertexPredict => target::Wire::Predict,
            Self::VertexEmbed => target::Wire::Operation(Operation::EmbedContent),
            Self::Cohere => target::Wire::CohereEmbed,
            Self::BedrockCohere | Self::BedrockTitan | Self::BedrockNova => {
                target::Wire::Invoke { stream: false }
            }
        }
    }

    /// How many inputs one call takes.
    ///
    /// Sources: <https://platform.openai.com/docs/api-reference/embeddings/create>, <https://ai.google.dev/api/embeddings>,
    /// <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/embeddings/get-text-embeddings>,
    /// <https://docs.cohere.com/reference/embed>, <https://docs.voyageai.com/reference/embeddings-api>,
    /// <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html>; 2026-11. Mistral and Jina name a limit of
    /// tokens alone.
    pub(super) fn limit(self, model: &str, first: &Input) -> usize {
        match self {
            Self::Openai { .. } | Self::Mistral | Self::Jina => 2_048,
            Self::Voyage => 1_000,
            Self::Gemini => 100,
            Self::VertexPredict if model.contains("gemini-embedding") => 1,
            Self::VertexPredict => 250,
            Self::Cohere | Self::BedrockCohere if is_lone_image(model, first) => 1,
            Self::Cohere | Self::BedrockCohere => 96,
            Self::VertexEmbed | Self::BedrockTitan | Self::BedrockNova => 1,
        }
    }
}

/// Whether an input must go alone, as `images`: Cohere's models before version 4 take one image and nothing else.
pub(super) fn is_lone_image(model: &str, input: &Input) -> bool {
    matches!(input.content, Content::Parts(_)) && model.contains("-v3")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clouds_choose_the_form_by_the_model() {
        for (model, wire) in [
            ("text-embedding-005", Wire::VertexPredict),
            ("gemini-embedding-001", Wire::VertexPredict),
            ("gemini-embedding-2", Wire::VertexEmbed),
        ] {
            assert_eq!(Wire::vertex(model), wire, "{model}");
        }
        for (model, wire) in [
            ("us.cohere.embed-v4:0", Some(Wire::BedrockCohere)),
            ("amazon.titan-embed-text-v2:0", Some(Wire::BedrockTitan)),
            ("amazon.nova-2-multimodal-embeddings-v1:0", Some(Wire::BedrockNova)),
            ("amazon.nova-lite-v1:0", None),
            ("anthropic.claude-3", None),
        ] {
            assert_eq!(Wire::bedrock(model), wire, "{model}");
        }
    }
}
