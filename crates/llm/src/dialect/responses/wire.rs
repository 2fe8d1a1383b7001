//! Items as they stand in requests and answers.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses/object>, 2026-11.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// How far an item has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    InProgress,
    Completed,
    Incomplete,
}

/// An item.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Item<'a> {
    Message {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<Cow<'a, str>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<Status>,
        role: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        phase: Option<&'a str>,
        content: Vec<Content<'a>>,
    },
    Reasoning {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<Cow<'a, str>>,
        summary: Vec<Summary<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        encrypted_content: Option<Cow<'a, str>>,
    },
    FunctionCall(Called<'a>),
    FunctionCallOutput {
        call_id: Cow<'a, str>,
        output: Output<'a>,
    },
    CustomToolCall(Called<'a>),
    CustomToolCallOutput {
        call_id: Cow<'a, str>,
        output: Output<'a>,
    },
    ImageGenerationCall {
        id: Cow<'a, str>,
        status: Status,
        #[serde(flatten)]
        told: Map<String, Value>,
        result: Option<&'a str>,
    },
    #[serde(untagged)]
    Native(&'a Value),
}

impl Item<'_> {
    /// An image's item before its bytes are told.
    pub(super) fn begun(&self) -> Option<Item<'_>> {
        let Self::ImageGenerationCall { id, .. } = self else { return None };
        let id = Cow::Borrowed(id.as_ref());
        Some(Item::ImageGenerationCall { id, status: Status::InProgress, told: Map::new(), result: None })
    }
}

/// A call of a function or of a custom tool.
#[derive(Debug, Serialize)]
pub(super) struct Called<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<Status>,
    pub(super) call_id: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) namespace: Option<&'a str>,
    pub(super) name: &'a str,
    #[serde(flatten)]
    pub(super) input: Input<'a>,
}

/// What a tool is called with, under the field's name.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Input<'a> {
    Arguments(Cow<'a, str>),
    Input(Cow<'a, str>),
}

/// What a tool answered.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Output<'a> {
    Text(Cow<'a, str>),
    Parts(Vec<Content<'a>>),
}

/// A paragraph of a thought.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "summary_text")]
pub(super) struct Summary<'a> {
    pub(super) text: Cow<'a, str>,
}

/// A part of a message.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Content<'a> {
    InputText {
        text: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        prompt_cache_breakpoint: Option<Value>,
    },
    OutputText {
        text: Cow<'a, str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        annotations: Option<Cow<'a, [Value]>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        logprobs: Option<Cow<'a, [Value]>>,
    },
    Refusal {
        refusal: Cow<'a, str>,
    },
    InputImage {
        #[serde(flatten)]
        source: Place<'a>,
        detail: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        prompt_cache_breakpoint: Option<Value>,
    },
    InputFile {
        #[serde(skip_serializing_if = "Option::is_none")]
        filename: Option<Cow<'a, str>>,
        #[serde(flatten)]
        source: Place<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        prompt_cache_breakpoint: Option<Value>,
    },
    InputAudio {
        input_audio: Audio<'a>,
    },
    #[serde(untagged)]
    Native(&'a Value),
}

/// Where an image or a file is, under the field's name.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place<'a> {
    ImageUrl(Data<'a>),
    FileData(Data<'a>),
    FileUrl(&'a str),
    FileId(&'a str),
}

/// An address, or the bytes themselves.
#[derive(Clone, Copy, Debug)]
pub(super) enum Data<'a> {
    Url(&'a str),
    Bytes { mime: &'a str, data: &'a str },
}

/// Sound.
#[derive(Debug, Serialize)]
pub(super) struct Audio<'a> {
    pub(super) data: &'a str,
    pub(super) format: &'static str,
}

impl Serialize for Data<'_> {
    /// Written piece by piece: the bytes can be many.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Url(url) => serializer.serialize_str(url),
            Self::Bytes { mime, data } => serializer.collect_str(&format_args!("data:{mime};base64,{data}")),
        }
    }
}
