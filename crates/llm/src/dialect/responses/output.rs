//! What answers and streams write alike: the items of the output.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::wire::{Called, Input, Item, Status, Summary};
use super::{made_id, names};
use crate::convert::Asked;
use crate::generation::{Issuer, Media, MediaKind, Signature, Source};

/// How a call's arguments become the item's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A function's, as they are.
    Function,
    /// A custom tool's, as they are.
    Custom,
    /// A custom tool's of the caller, which the provider knows as a function with one text.
    Wrapped,
}

impl Form {
    /// The form of a call of `name`.
    pub(super) fn of(asked: &Asked, name: &str, is_custom: bool) -> Self {
        match is_custom {
            true => Self::Custom,
            false if asked.custom_tools.iter().any(|custom| custom == name) => Self::Wrapped,
            false => Self::Function,
        }
    }

    /// What stands in the item.
    pub(super) fn input(self, arguments: &str) -> Cow<'_, str> {
        match self {
            Self::Function if arguments.is_empty() => Cow::Borrowed("{}"),
            Self::Function | Self::Custom => Cow::Borrowed(arguments),
            Self::Wrapped => match serde_json::from_str::<Map<String, Value>>(arguments) {
                Ok(mut fields) => match fields.remove("input") {
                    Some(Value::String(input)) => Cow::Owned(input),
                    _ => Cow::Borrowed(arguments),
                },
                Err(_) => Cow::Borrowed(arguments),
            },
        }
    }

    /// The id of the item, where the provider calls it `given`.
    pub(super) fn item_id<'a>(self, asked: &Asked, given: Option<&'a str>, index: usize) -> Cow<'a, str> {
        let prefix = if self == Self::Function { "fc" } else { "ctc" };
        item_id(asked, given, prefix, index)
    }
}

/// The id of the item that has the number `index` of the output: the provider's, where it has one of the right kind.
pub(super) fn item_id<'a>(asked: &Asked, given: Option<&'a str>, prefix: &str, index: usize) -> Cow<'a, str> {
    let is_fit = |id: &&str| id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('_'));
    given.filter(is_fit).map_or_else(|| Cow::Owned(made_id(prefix, &asked.id, index)), Cow::Borrowed)
}

/// What is known of a call when its item is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    /// The call's id, with the signature that it carries.
    pub(super) call_id: &'a str,
    /// The tool's one name.
    pub(super) name: &'a str,
    /// How it is known.
    pub(super) form: Form,
}

/// The item of a call with `input`.
pub(super) fn call<'a>(
    asked: &'a Asked,
    known: Known<'a>,
    id: Cow<'a, str>,
    status: Status,
    input: Cow<'a, str>,
) -> Item<'a> {
    let split = names::split(asked.echo.get("tools"), known.name);
    let written = Called {
        id: Some(id),
        status: Some(status),
        call_id: Cow::Borrowed(known.call_id),
        namespace: split.map(|(namespace, _)| namespace),
        name: split.map_or(known.name, |(_, name)| name),
        input: if known.form == Form::Function { Input::Arguments(input) } else { Input::Input(input) },
    };
    if known.form == Form::Function { Item::FunctionCall(written) } else { Item::CustomToolCall(written) }
}

/// The item of a thought.
pub(super) fn reasoning<'a>(id: Cow<'a, str>, text: &'a str, signature: Option<&Signature>) -> Item<'a> {
    let summary = if text.is_empty() { Vec::new() } else { vec![Summary { text: Cow::Borrowed(text) }] };
    let encrypted_content = signature.map(|signature| Cow::Owned(signature.sealed(Issuer::Openai)));
    Item::Reasoning { id: Some(id), summary, encrypted_content }
}

/// The item of an image that the model made; none where its bytes are not here.
pub(super) fn image<'a>(asked: &Asked, media: &'a Media, index: usize) -> Option<Item<'a>> {
    let Source::Bytes { mime, data } = &media.source else { return None };
    if media.kind != MediaKind::Image {
        return None;
    }
    let mut told = media.extra.clone();
    let given = told.remove("id");
    let id = item_id(asked, given.as_ref().and_then(Value::as_str), "ig", index).into_owned();
    told.entry("output_format").or_insert_with(|| mime.rsplit('/').next().unwrap_or("png").into());
    Some(Item::ImageGenerationCall {
        id: Cow::Owned(id),
        status: Status::Completed,
        told,
        result: Some(data),
    })
}

/// What can be said in text of media that have no item of their own.
pub(super) fn spoken(media: &Media) -> Option<Cow<'_, str>> {
    match &media.source {
        Source::Url { url, .. } if media.kind == MediaKind::Image => {
            Some(Cow::Owned(format!("![image]({url})")))
        }
        Source::Url { url, .. } => Some(Cow::Borrowed(url)),
        Source::Text(text) => Some(Cow::Borrowed(text)),
        _ => media.extra.get("transcript").and_then(Value::as_str).map(Cow::Borrowed),
    }
}
