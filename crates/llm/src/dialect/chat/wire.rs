//! What messages of requests and of answers are both made of; everything borrowed.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::media;
use crate::convert::Asked;
use crate::generation::{CacheHint, Issuer, Media, Signature, Source, call_id};

/// A call of a tool, or a piece of one.
#[derive(Debug, Default, Serialize)]
pub(crate) struct CallOut<'a> {
    /// Which call of the answer it is, in streams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) index: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) function: Option<FunctionOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) custom: Option<CustomOut<'a>>,
    /// Where Google's server of this dialect has its signatures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) extra_content: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cache_control: Option<CacheOut<'a>>,
}

/// A function's name and its arguments.
#[derive(Debug, Default, Serialize)]
pub(crate) struct FunctionOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<&'a str>,
    pub(crate) arguments: Cow<'a, str>,
}

/// A free-form tool's name and its input.
#[derive(Debug, Default, Serialize)]
pub(crate) struct CustomOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<&'a str>,
    pub(crate) input: Cow<'a, str>,
}

impl<'a> CallOut<'a> {
    /// A whole call of a function.
    pub(crate) fn function(id: Cow<'a, str>, name: &'a str, arguments: Cow<'a, str>) -> Self {
        let function = Some(FunctionOut { name: Some(name), arguments });
        Self { id: Some(id), r#type: Some("function"), function, ..Self::default() }
    }

    /// A whole call of a free-form tool.
    pub(crate) fn custom(id: Cow<'a, str>, name: &'a str, input: Cow<'a, str>) -> Self {
        let custom = Some(CustomOut { name: Some(name), input });
        Self { id: Some(id), r#type: Some("custom"), custom, ..Self::default() }
    }

    /// The function alone.
    pub(crate) fn into_function(self) -> Option<FunctionOut<'a>> {
        self.function
    }
}

/// Google's signature of a call, as its own server of this dialect has it.
pub(crate) fn google(signature: &Signature) -> Value {
    json!({ "google": { "thought_signature": signature.sealed(Issuer::Gemini) } })
}

/// Anthropic's `cache_control`.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct CacheOut<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<&'a str>,
}

impl<'a> From<&'a CacheHint> for CacheOut<'a> {
    fn from(hint: &'a CacheHint) -> Self {
        Self { r#type: "ephemeral", ttl: hint.ttl.as_deref() }
    }
}

/// Sound in an answer.
#[derive(Debug, Default, Serialize)]
pub(crate) struct AudioOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transcript: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<u64>,
}

impl<'a> AudioOut<'a> {
    /// The sound of media that have their bytes.
    pub(crate) fn of(media: &'a Media) -> Option<Self> {
        let Source::Bytes { data, .. } = &media.source else { return None };
        let text = |name| media.extra.get(name).and_then(Value::as_str);
        Some(Self {
            id: Some(text("id").unwrap_or_default()),
            data: Some(data),
            transcript: Some(text("transcript").unwrap_or_default()),
            expires_at: Some(media.extra.get("expires_at").and_then(Value::as_u64).unwrap_or_default()),
        })
    }
}

/// An image in an answer, in `OpenRouter`'s form.
#[derive(Debug, Serialize)]
pub(crate) struct ImageOut<'a> {
    r#type: &'static str,
    image_url: UrlOut<'a>,
}

/// A URL.
#[derive(Debug, Serialize)]
pub(crate) struct UrlOut<'a> {
    pub(crate) url: Url<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<&'a str>,
}

impl<'a> ImageOut<'a> {
    /// The image of media that have an address or bytes.
    pub(crate) fn of(media: &'a Media) -> Option<Self> {
        let url = Url::of(&media.source)?;
        Some(Self { r#type: "image_url", image_url: UrlOut { url, detail: None } })
    }
}

/// An address, or bytes as one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Url<'a> {
    /// As it is.
    Plain(&'a str),
    /// A data URL.
    Data {
        /// The MIME type.
        mime: &'a str,
        /// Base64.
        data: &'a str,
    },
}

impl<'a> Url<'a> {
    /// The address of what has one, or its bytes.
    pub(crate) fn of(source: &'a Source) -> Option<Self> {
        match source {
            Source::Url { url, .. } => Some(Self::Plain(url)),
            Source::Bytes { mime, data } => Some(Self::Data { mime, data }),
            Source::File { .. } | Source::Text(_) => None,
        }
    }
}

impl fmt::Display for Url<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(url) => f.write_str(url),
            Self::Data { mime, data } => write!(f, "data:{mime};base64,{data}"),
        }
    }
}

impl Serialize for Url<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(url) => serializer.serialize_str(url),
            Self::Data { .. } => serializer.collect_str(self),
        }
    }
}

/// Sound that a user sends.
#[derive(Debug, Serialize)]
pub(crate) struct SoundOut<'a> {
    pub(crate) data: &'a str,
    pub(crate) format: &'a str,
}

impl<'a> SoundOut<'a> {
    /// The sound of media that have their bytes.
    pub(crate) fn of(source: &'a Source) -> Option<Self> {
        let Source::Bytes { mime, data } = source else { return None };
        Some(Self { data, format: media::format_of_sound(mime) })
    }
}

/// An answer's id: the provider's, or one of our own.
pub(crate) fn id<'a>(told: Option<&'a str>, asked: &Asked) -> Cow<'a, str> {
    told.map_or_else(|| Cow::Owned(format!("chatcmpl-{}", asked.id)), Cow::Borrowed)
}

/// Whether the caller asked with `functions`, and so wants a `function_call`.
pub(crate) fn is_legacy(asked: &Asked) -> bool {
    asked.echo.contains_key("functions")
}

/// A call's id for a client, with its signature in it.
pub(crate) fn packed<'a>(id: &'a str, signature: Option<&Signature>) -> Cow<'a, str> {
    call_id::pack(id, signature)
}

/// The text that is the input of a free-form tool which was called as a function.
pub(crate) fn input_of(arguments: &str) -> Cow<'_, str> {
    match serde_json::from_str(arguments) {
        Ok(Value::Object(mut object)) => match object.swap_remove("input") {
            Some(Value::String(input)) if object.is_empty() => Cow::Owned(input),
            _ => Cow::Borrowed(arguments),
        },
        _ => Cow::Borrowed(arguments),
    }
}

/// The arguments of a function that stands for a free-form tool.
pub(crate) fn arguments_of(input: &str) -> String {
    json!({ "input": input }).to_string()
}
