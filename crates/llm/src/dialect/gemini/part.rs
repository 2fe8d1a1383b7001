//! Parts of contents as they are written.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::signature;
use crate::generation::{Media, Signature, Source, ToolCall};

/// The MIME type of sound without a container, as Gemini names what it speaks
/// (<https://ai.google.dev/gemini-api/docs/speech-generation>, 2026-11).
pub(super) const PCM: &str = "audio/L16;codec=pcm;rate=24000";

/// A turn.
#[derive(Debug, Serialize)]
pub(super) struct Content<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<&'static str>,
    pub(super) parts: Vec<Out<'a>>,
}

/// A part.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub(super) enum Out<'a> {
    /// Text or a thought.
    Text {
        text: Cow<'a, str>,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        thought: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        thought_signature: Option<Cow<'a, str>>,
    },
    /// A call of a function.
    Call {
        function_call: Call<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        thought_signature: Option<Cow<'a, str>>,
    },
    /// What a function answered.
    Answered { function_response: Answered<'a> },
    /// Media that are here.
    Inline {
        inline_data: Blob<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        thought_signature: Option<Cow<'a, str>>,
        #[serde(flatten)]
        beside: Beside<'a>,
    },
    /// Media that are elsewhere.
    File {
        file_data: FileData<'a>,
        #[serde(flatten)]
        beside: Beside<'a>,
    },
    /// What came from this dialect.
    Native(&'a Value),
}

/// A call of a function.
#[derive(Debug, Serialize)]
pub(super) struct Call<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) name: &'a str,
    pub(super) args: Args<'a>,
}

/// The arguments of a call: an object.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Args<'a> {
    /// As the model wrote them.
    Object(&'a RawValue),
    /// Text that is no object.
    Input { input: &'a str },
    /// None.
    Empty {},
}

/// What a function answered.
#[derive(Debug, Serialize)]
pub(super) struct Answered<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) name: &'a str,
    pub(super) response: Response<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) parts: Vec<Out<'a>>,
}

/// The object that a function answered.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Response<'a> {
    /// As it came from this dialect.
    Structured(&'a Value),
    /// An object that says what it is.
    Object(Box<RawValue>),
    /// Good.
    Output { output: Cow<'a, str> },
    /// An object that looks like one of the others.
    Wrapped { output: Box<RawValue> },
    /// Bad.
    Error { error: Cow<'a, str> },
}

/// Bytes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Blob<'a> {
    pub(super) mime_type: &'a str,
    pub(super) data: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) display_name: Option<&'a str>,
}

/// A file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileData<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mime_type: Option<&'a str>,
    pub(super) file_uri: &'a str,
}

/// What stands beside media.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Beside<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) media_resolution: Option<Value>,
    #[serde(flatten)]
    pub(super) extra: Option<&'a Map<String, Value>>,
}

impl<'a> Out<'a> {
    /// Plain text.
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text { text: text.into(), thought: false, thought_signature: None }
    }

    /// Text with the proof of what was thought before it.
    pub(super) fn signed(text: &'a str, proof: Option<&'a Signature>) -> Self {
        let thought_signature = proof.map(|proof| signature::write(proof, false));
        Self::Text { text: text.into(), thought: false, thought_signature }
    }

    /// A thought.
    pub(super) fn thought(text: &'a str, proof: Option<&'a Signature>, is_redacted: bool) -> Self {
        let thought_signature = proof.map(|proof| signature::write(proof, is_redacted));
        Self::Text { text: text.into(), thought: true, thought_signature }
    }

    /// A call; `id` is the one to write.
    pub(super) fn call(call: &'a ToolCall, id: Option<Cow<'a, str>>) -> Self {
        let thought_signature = call.signature.as_ref().map(|proof| signature::write(proof, false));
        let args =
            if call.is_custom { Args::Input { input: &call.arguments } } else { Args::of(&call.arguments) };
        Self::Call { function_call: Call { id, name: &call.name, args }, thought_signature }
    }

    /// Media of an answer, wherever they are.
    pub(super) fn media(media: &'a Media) -> Self {
        let thought_signature = media.signature.as_ref().map(|proof| signature::write(proof, false));
        let beside = Beside::default();
        match &media.source {
            Source::Bytes { mime, data } => {
                // Sound that came in pieces has lost its rate, without which nobody can play it.
                let mime_type = if mime == "audio/pcm" { PCM } else { mime };
                let inline_data = Blob { mime_type, data, display_name: None };
                Self::Inline { inline_data, thought_signature, beside }
            }
            Source::Url { url, mime } | Source::File { id: url, mime } => {
                let file_data = FileData { mime_type: mime.as_deref(), file_uri: url };
                Self::File { file_data, beside }
            }
            Source::Text(text) => Self::text(text.as_str()),
        }
    }
}

impl<'a> Args<'a> {
    /// Arguments as a model wrote them, which may be cut off.
    pub(super) fn of(arguments: &'a str) -> Self {
        let text = arguments.trim();
        if text.is_empty() {
            return Self::Empty {};
        }
        match serde_json::from_str::<&RawValue>(text) {
            Ok(object) if text.starts_with('{') => Self::Object(object),
            _ => Self::Input { input: arguments },
        }
    }
}
