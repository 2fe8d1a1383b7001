//! What a client can ask for, and in whose language.

/// Whose language a request, and so its errors, are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// OpenAI's: everything below `/v1` but messages.
    Openai,
    /// Anthropic's: `/v1/messages`.
    Anthropic,
    /// Google's: `/v1beta`.
    Gemini,
}

/// One thing that a client can ask a model for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `POST /v1/chat/completions`.
    ChatCompletions,
    /// `POST /v1/completions`.
    Completions,
    /// `POST /v1/responses`.
    Responses,
    /// `POST /v1/messages`.
    Messages,
    /// `POST /v1/messages/count_tokens`.
    CountTokens,
    /// `POST /v1/embeddings`.
    Embeddings,
    /// `POST /v1/rerank`.
    Rerank,
    /// `POST /v1/moderations`.
    Moderations,
    /// `POST /v1/images/generations`.
    ImagesGenerations,
    /// `POST /v1/images/edits`; multipart, or JSON that names images by their addresses.
    ImagesEdits,
    /// `POST /v1/audio/speech`; the answer is sound.
    Speech,
    /// `POST /v1/audio/transcriptions`; multipart.
    Transcriptions,
    /// `POST /v1/audio/translations`; multipart.
    Translations,
    /// `POST /v1beta/models/{model}:generateContent`.
    GenerateContent,
    /// `POST /v1beta/models/{model}:streamGenerateContent`.
    StreamGenerateContent,
    /// `POST /v1beta/models/{model}:countTokens`.
    GeminiCountTokens,
    /// `POST /v1beta/models/{model}:embedContent`.
    EmbedContent,
    /// `POST /v1beta/models/{model}:batchEmbedContents`.
    BatchEmbedContents,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::ChatCompletions,
        Self::Completions,
        Self::Responses,
        Self::Messages,
        Self::CountTokens,
        Self::Embeddings,
        Self::Rerank,
        Self::Moderations,
        Self::ImagesGenerations,
        Self::ImagesEdits,
        Self::Speech,
        Self::Transcriptions,
        Self::Translations,
        Self::GenerateContent,
        Self::StreamGenerateContent,
        Self::GeminiCountTokens,
        Self::EmbedContent,
        Self::BatchEmbedContents,
    ];

    /// A short stable name for logs and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChatCompletions => "chat.completions",
            Self::Completions => "completions",
            Self::Responses => "responses",
            Self::Messages => "messages",
            Self::CountTokens => "messages.count_tokens",
            Self::Embeddings => "embeddings",
            Self::Rerank => "rerank",
            Self::Moderations => "moderations",
            Self::ImagesGenerations => "images.generations",
            Self::ImagesEdits => "images.edits",
            Self::Speech => "audio.speech",
            Self::Transcriptions => "audio.transcriptions",
            Self::Translations => "audio.translations",
            Self::GenerateContent => "generateContent",
            Self::StreamGenerateContent => "streamGenerateContent",
            Self::GeminiCountTokens => "countTokens",
            Self::EmbedContent => "embedContent",
            Self::BatchEmbedContents => "batchEmbedContents",
        }
    }

    /// Whose language it is in.
    pub const fn protocol(self) -> Protocol {
        match self {
            Self::Messages | Self::CountTokens => Protocol::Anthropic,
            Self::GenerateContent
            | Self::StreamGenerateContent
            | Self::GeminiCountTokens
            | Self::EmbedContent
            | Self::BatchEmbedContents => Protocol::Gemini,
            _ => Protocol::Openai,
        }
    }

    /// Whether the answer is text made by a model, so that an empty one is a failure.
    pub const fn generates(self) -> bool {
        matches!(
            self,
            Self::ChatCompletions
                | Self::Completions
                | Self::Responses
                | Self::Messages
                | Self::GenerateContent
                | Self::StreamGenerateContent
        )
    }

    /// Whether tokens are counted, and nothing is made.
    pub const fn counts(self) -> bool {
        matches!(self, Self::CountTokens | Self::GeminiCountTokens)
    }

    /// Whether a request of `content_type` is a form with files: edits of images may be JSON too.
    pub fn is_form(self, content_type: &str) -> bool {
        match self {
            Self::Transcriptions | Self::Translations => true,
            Self::ImagesEdits => !is_json(content_type),
            _ => false,
        }
    }
}

/// Whether a content type says JSON.
fn is_json(content_type: &str) -> bool {
    let name = content_type.split(';').next().unwrap_or_default().trim();
    name.eq_ignore_ascii_case("application/json")
}
