//! Content blocks as they are written, for requests and answers.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::generation::{CacheHint, ToolCall};

/// A content block (<https://platform.claude.com/docs/en/api/messages>, 2026-11).
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Block<'a> {
    Text {
        text: Cow<'a, str>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        citations: Vec<Cow<'a, Value>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<Cache<'a>>,
    },
    Image {
        source: Source<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<Cache<'a>>,
        #[serde(flatten)]
        extra: Option<&'a Map<String, Value>>,
    },
    Document {
        source: Source<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<Cache<'a>>,
        #[serde(flatten)]
        extra: Option<&'a Map<String, Value>>,
    },
    Thinking {
        thinking: &'a str,
        signature: Cow<'a, str>,
    },
    RedactedThinking {
        data: Cow<'a, str>,
    },
    ToolUse {
        id: Cow<'a, str>,
        name: &'a str,
        input: Cow<'a, RawValue>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<Cache<'a>>,
    },
    ToolResult {
        tool_use_id: Cow<'a, str>,
        #[serde(skip_serializing_if = "Content::is_empty")]
        content: Content<'a>,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_error: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<Cache<'a>>,
    },
    #[serde(untagged)]
    Native(&'a Value),
}

/// Where an image or document is.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Source<'a> {
    Base64 { media_type: &'a str, data: &'a str },
    Text { media_type: &'static str, data: Cow<'a, str> },
    Url { url: &'a str },
    File { file_id: &'a str },
}

/// What a turn, a result or the system prompt says; a single plain text is written as a string.
#[derive(Debug, Default)]
pub(super) struct Content<'a>(pub(super) Vec<Block<'a>>);

/// `{"type":"ephemeral","ttl":"1h"}`.
#[derive(Debug, Serialize)]
pub(super) struct Cache<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<&'a str>,
}

impl<'a> Cache<'a> {
    pub(super) fn of(hint: Option<&'a CacheHint>) -> Option<Self> {
        hint.map(|hint| Self { r#type: "ephemeral", ttl: hint.ttl.as_deref() })
    }
}

impl<'a> Block<'a> {
    /// Text with nothing beside it.
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text { text: text.into(), citations: Vec::new(), cache_control: None }
    }
}

impl Content<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Content<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0[..] {
            [Block::Text { text, citations, cache_control: None }] if citations.is_empty() => {
                serializer.serialize_str(text)
            }
            blocks => serializer.collect_seq(blocks),
        }
    }
}

/// The arguments of a call, which must be an object here.
pub(super) fn input(call: &ToolCall) -> Cow<'_, RawValue> {
    let arguments = call.arguments.trim();
    if !call.is_custom {
        if arguments.is_empty() {
            return raw("{}".to_owned());
        }
        if arguments.starts_with('{')
            && let Ok(object) = serde_json::from_str::<&RawValue>(arguments)
        {
            return Cow::Borrowed(object);
        }
    }
    raw(json!({ "input": call.arguments }).to_string())
}

fn raw(object: String) -> Cow<'static, RawValue> {
    RawValue::from_string(object).map_or(Cow::Borrowed(RawValue::NULL), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_that_are_no_object_are_put_into_one() {
        for (arguments, is_custom, written) in [
            (r#" {"a":1} "#, false, r#"{"a":1}"#),
            ("", false, "{}"),
            (r#"{"a":"#, false, r#"{"input":"{\"a\":"}"#),
            ("[1]", false, r#"{"input":"[1]"}"#),
            ("{}", true, r#"{"input":"{}"}"#),
        ] {
            let call = ToolCall { arguments: arguments.to_owned(), is_custom, ..ToolCall::default() };
            assert_eq!(input(&call).get(), written);
        }
    }
}
