//! What tasks share of Gemini's format: content parts, and answers of `generateContent` that are images, sound or text.
//!
//! Sources: <https://ai.google.dev/api/caching#Part>, <https://ai.google.dev/api/generate-content>; 2026-11.

use serde::{Deserialize, Serialize};

use super::json::{broken, failure, lenient};
use crate::generation::object::Object;
use crate::generation::{Media, MediaKind, Part, Source, Unsupported, Usage};
use crate::{BodyError, UpstreamError};

/// A part as it is written.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum GeminiPart<'a> {
    Text(&'a str),
    InlineData(InlineData<'a>),
    FileData(FileData<'a>),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InlineData<'a> {
    pub(super) mime_type: &'a str,
    pub(super) data: &'a str,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileData<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    mime_type: Option<&'a str>,
    file_uri: &'a str,
}

/// The parts of a `Content`.
pub(super) fn read_parts(mut content: Object) -> Result<Vec<Part>, BodyError> {
    let parts = content.objects("parts")?;
    if parts.is_empty() {
        return Err(content.missing("parts"));
    }
    parts.into_iter().map(read_part).collect()
}

fn read_part(mut part: Object) -> Result<Part, BodyError> {
    if let Some(text) = part.text("text")? {
        return Ok(Part::text(text));
    }
    for name in ["inlineData", "inline_data"] {
        if let Some(mut inline) = part.object(name)? {
            let mime = mime(&mut inline)?.ok_or_else(|| inline.missing("mimeType"))?;
            let data = inline.required_text("data")?;
            return Ok(Part::Media(Media::new(MediaKind::of(&mime), Source::Bytes { mime, data })));
        }
    }
    for name in ["fileData", "file_data"] {
        if let Some(mut file) = part.object(name)? {
            let mime = mime(&mut file)?;
            let url = match file.text("fileUri")? {
                Some(url) => url,
                None => file.required_text("file_uri")?,
            };
            let kind = MediaKind::of(mime.as_deref().unwrap_or_default());
            return Ok(Part::Media(Media::new(kind, Source::Url { url, mime })));
        }
    }
    Err(part.invalid("text", "there, or `inlineData` or `fileData`"))
}

fn mime(object: &mut Object) -> Result<Option<String>, BodyError> {
    Ok(match object.text("mimeType")? {
        Some(mime) => Some(mime),
        None => object.text("mime_type")?,
    })
}

/// A part to be written; `field` is where it stands in the caller's request.
pub(super) fn write_part<'a>(part: &'a Part, field: &str) -> Result<GeminiPart<'a>, Unsupported> {
    match part {
        Part::Text(text) => Ok(GeminiPart::Text(&text.text)),
        Part::Media(media) => write_media(media, field),
        _ => Err(Unsupported::new(field, "Gemini takes text and media alone here")),
    }
}

/// Media to be written; `field` is where they stand in the caller's request.
pub(super) fn write_media<'a>(media: &'a Media, field: &str) -> Result<GeminiPart<'a>, Unsupported> {
    match &media.source {
        Source::Bytes { mime, data } => Ok(GeminiPart::InlineData(InlineData { mime_type: mime, data })),
        Source::Url { url, mime } => {
            Ok(GeminiPart::FileData(FileData { mime_type: mime.as_deref(), file_uri: url }))
        }
        Source::Text(text) => Ok(GeminiPart::Text(text)),
        Source::File { .. } => Err(Unsupported::new(
            field,
            "Gemini does not know files of another provider; give the file itself",
        )),
    }
}

/// A user's turn.
#[derive(Debug, Serialize)]
pub(super) struct Turn<'a> {
    role: &'static str,
    parts: Vec<GeminiPart<'a>>,
}

/// A user's turn of `parts`.
pub(super) fn turn(parts: Vec<GeminiPart<'_>>) -> Turn<'_> {
    Turn { role: "user", parts }
}

/// An answer of `generateContent`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Generated {
    #[serde(deserialize_with = "lenient")]
    pub(super) candidates: Vec<Candidate>,
    #[serde(deserialize_with = "lenient")]
    prompt_feedback: Feedback,
    #[serde(deserialize_with = "lenient")]
    usage_metadata: UsageMetadata,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Candidate {
    #[serde(deserialize_with = "lenient")]
    pub(super) content: Content,
    #[serde(deserialize_with = "lenient")]
    finish_reason: Option<String>,
    #[serde(deserialize_with = "lenient")]
    finish_message: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Content {
    #[serde(deserialize_with = "lenient")]
    pub(super) parts: Vec<AnswerPart>,
}

/// A part of an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct AnswerPart {
    #[serde(deserialize_with = "lenient")]
    pub(super) text: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) inline_data: Option<Blob>,
    #[serde(deserialize_with = "lenient")]
    pub(super) thought: bool,
}

/// Bytes in an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Blob {
    #[serde(deserialize_with = "lenient")]
    pub(super) mime_type: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) data: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Feedback {
    #[serde(deserialize_with = "lenient")]
    block_reason: Option<String>,
    #[serde(deserialize_with = "lenient")]
    block_reason_message: Option<String>,
}

/// Token counts of an answer, also of embeddings.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct UsageMetadata {
    #[serde(deserialize_with = "lenient")]
    pub(super) prompt_token_count: u64,
    #[serde(deserialize_with = "lenient")]
    candidates_token_count: u64,
    #[serde(deserialize_with = "lenient")]
    thoughts_token_count: u64,
    #[serde(deserialize_with = "lenient")]
    cached_content_token_count: u64,
    #[serde(deserialize_with = "lenient")]
    prompt_tokens_details: Vec<ModalityCount>,
    #[serde(deserialize_with = "lenient")]
    candidates_tokens_details: Vec<ModalityCount>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ModalityCount {
    #[serde(deserialize_with = "lenient")]
    modality: String,
    #[serde(deserialize_with = "lenient")]
    token_count: u64,
}

impl Generated {
    /// Reads an answer; `wanted` says in an error what it was to hold.
    pub(super) fn read(body: &[u8], wanted: &str) -> Result<Self, UpstreamError> {
        let generated: Self = serde_json::from_slice(body).map_err(|_| failure(body, wanted))?;
        if generated.candidates.is_empty() && generated.prompt_feedback.block_reason.is_none() {
            return Err(failure(body, wanted));
        }
        Ok(generated)
    }

    /// All parts that are not thoughts.
    pub(super) fn parts(&self) -> impl Iterator<Item = &AnswerPart> {
        let parts = self.candidates.iter().flat_map(|candidate| &candidate.content.parts);
        parts.filter(|part| !part.thought)
    }

    /// Takes what is not text out of all parts that are not thoughts.
    pub(super) fn take_blobs(&mut self) -> Vec<Blob> {
        let parts = self.candidates.iter_mut().flat_map(|candidate| &mut candidate.content.parts);
        let blobs = parts.filter(|part| !part.thought).filter_map(|part| part.inline_data.take());
        blobs.filter(|blob| !blob.data.is_empty()).collect()
    }

    /// Why there is nothing of what was wanted: a filter's word where it gives one.
    pub(super) fn absence(&self, wanted: &str) -> UpstreamError {
        let feedback = &self.prompt_feedback;
        let candidate = self.candidates.first();
        let finish = candidate.and_then(|candidate| candidate.finish_reason.as_deref());
        let finish = finish.filter(|reason| !matches!(*reason, "STOP" | "MAX_TOKENS" | "OTHER"));
        let Some(reason) = feedback.block_reason.as_deref().or(finish) else { return broken(wanted) };
        let said = feedback.block_reason_message.as_deref();
        let said = said.or_else(|| candidate.and_then(|candidate| candidate.finish_message.as_deref()));
        let message = said.map_or_else(|| format!("the provider made no {wanted}: {reason}"), str::to_owned);
        UpstreamError {
            status: Some(400),
            message,
            code: Some("content_policy_violation".to_owned()),
            kind: Some(reason.to_owned()),
        }
    }

    /// What it took.
    pub(super) fn usage(&self) -> Usage {
        let told = &self.usage_metadata;
        let of = |details: &[ModalityCount], modality: &str| {
            details.iter().filter(|detail| detail.modality == modality).map(|detail| detail.token_count).sum()
        };
        Usage {
            tokens: roundhouse_domain::TokenUsage {
                input: told.prompt_token_count,
                output: told.candidates_token_count.saturating_add(told.thoughts_token_count),
                cached: told.cached_content_token_count,
                reasoning: told.thoughts_token_count,
                ..Default::default()
            },
            audio_input: of(&told.prompt_tokens_details, "AUDIO"),
            audio_output: of(&told.candidates_tokens_details, "AUDIO"),
            image_input: of(&told.prompt_tokens_details, "IMAGE"),
            image_output: of(&told.candidates_tokens_details, "IMAGE"),
            ..Usage::default()
        }
    }
}
