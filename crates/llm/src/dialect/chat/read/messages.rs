//! Messages.

use std::collections::HashMap;

use serde_json::Value;

use super::{cache, content};
use crate::BodyError;
use crate::dialect::Dialect;
use crate::dialect::chat::{details, media};
use crate::generation::object::Object;
use crate::generation::{
    CacheHint, Issuer, Media, MediaKind, Message, Native, Part, Role, Signature, Source, Thought, ToolCall,
    ToolResult, call_id,
};

/// What is known of the calls so far.
#[derive(Default)]
struct Calls {
    /// Whether a call was of a free-form tool.
    is_custom: HashMap<String, bool>,
    /// The ids of calls in their first form, which had none.
    legacy: HashMap<String, String>,
}

/// Reads messages.
pub(super) fn read(items: Vec<Object>) -> Result<Vec<Message>, BodyError> {
    let mut calls = Calls::default();
    items.into_iter().enumerate().map(|(index, item)| message(index, item, &mut calls)).collect()
}

fn message(index: usize, mut item: Object, calls: &mut Calls) -> Result<Message, BodyError> {
    let role = item.required_text("role")?;
    let hint = cache(&mut item)?;
    let name = item.text("name")?;
    let mut message = match role.as_str() {
        "system" => Message::new(Role::System, content::read(&mut item)?),
        "developer" => Message::new(Role::Developer, content::read(&mut item)?),
        "user" => Message::new(Role::User, content::read(&mut item)?),
        "assistant" => Message::new(Role::Assistant, assistant(index, &mut item, calls)?),
        "tool" => return result(&mut item, name, hint, calls),
        "function" => return legacy_result(&mut item, name, hint, calls),
        _ => return Err(item.invalid("role", "`system`, `developer`, `user`, `assistant` or `tool`")),
    };
    message.name = name;
    if let Some(hint) = hint {
        hint_at_end(&mut message.parts, hint);
    }
    Ok(message)
}

/// A hint on a message is one on its last part.
fn hint_at_end(parts: &mut [Part], hint: CacheHint) {
    match parts.last_mut() {
        Some(Part::Text(text)) => text.cache = Some(hint),
        Some(Part::Media(media)) => media.cache = Some(hint),
        Some(Part::ToolCall(call)) => call.cache = Some(hint),
        _ => {}
    }
}

fn assistant(index: usize, item: &mut Object, calls: &mut Calls) -> Result<Vec<Part>, BodyError> {
    let mut made = tool_calls(index, item, calls)?;
    let mut parts = thoughts(item, &mut made)?;
    parts.extend(content::read(item)?);
    parts.extend(item.text("refusal")?.filter(|text| !text.is_empty()).map(Part::Refusal));
    if let Some(mut audio) = item.object("audio")? {
        let mut sound =
            Media::new(MediaKind::Audio, Source::File { id: audio.required_text("id")?, mime: None });
        sound.extra = audio.rest();
        parts.push(Part::Media(sound));
    }
    for mut image in item.objects("images")? {
        parts.extend(content::image(&mut image)?.map(Part::Media));
    }
    parts.extend(made.into_iter().map(Part::ToolCall));
    Ok(parts)
}

/// Takes thoughts; a signature that names a call goes to that.
fn thoughts(item: &mut Object, made: &mut [ToolCall]) -> Result<Vec<Part>, BodyError> {
    let other = item.text("reasoning")?;
    let text = item.text("reasoning_content")?.or(other).filter(|text| !text.is_empty());
    let mut thoughts: Vec<(Option<u64>, Thought)> = Vec::new();
    let details = item.objects("reasoning_details")?;
    let calls = made.iter().enumerate().rev().filter(|_| !details.is_empty());
    let places: HashMap<_, _> = calls.map(|(at, call)| (call.id.clone(), at)).collect();
    for mut detail in details {
        let format = detail.text("format")?;
        let issuer = details::issuer_of(format.as_deref());
        let (id, index) = (detail.text("id")?, detail.count("index")?);
        let opened = |text: Option<String>| Some(Signature::opened(&text?, issuer?));
        let data = opened(detail.text("data")?);
        if let Some(at) = id.as_ref().filter(|_| data.is_some()).and_then(|id| places.get(id)) {
            made[*at].signature = data;
            continue;
        }
        let summary = detail.text("summary")?;
        let proof = opened(detail.text("signature")?);
        let is_redacted = data.as_ref().is_some_and(|data| data.issuer == Issuer::Anthropic);
        let text = detail.text("text")?.or(summary).unwrap_or_default();
        let signature = proof.or(data);
        if !text.is_empty() || signature.is_some() {
            join(&mut thoughts, index, Thought { text, signature, is_redacted, id });
        }
    }
    let mut thoughts: Vec<_> = thoughts.into_iter().map(|(_, thought)| thought).collect();
    if let Some(text) = text.filter(|_| thoughts.iter().all(|thought| thought.text.is_empty())) {
        match thoughts.iter_mut().find(|thought| !thought.is_redacted) {
            Some(signed) => signed.text = text,
            None => thoughts.insert(0, Thought { text, ..Thought::default() }),
        }
    }
    Ok(thoughts.into_iter().map(Part::Thought).collect())
}

/// Details of one index are one thought, unless both are signed.
fn join(thoughts: &mut Vec<(Option<u64>, Thought)>, index: Option<u64>, thought: Thought) {
    let last = thoughts.last_mut().filter(|(known, last)| {
        index.is_some() && *known == index && !(last.signature.is_some() && thought.signature.is_some())
    });
    let Some((_, last)) = last else { return thoughts.push((index, thought)) };
    last.text.push_str(&thought.text);
    last.signature = last.signature.take().or(thought.signature);
    // A summary beside it tells that nothing is kept secret.
    last.is_redacted = thought.is_redacted && last.text.is_empty();
    last.id = last.id.take().or(thought.id);
}

fn tool_calls(index: usize, item: &mut Object, calls: &mut Calls) -> Result<Vec<ToolCall>, BodyError> {
    let mut made = Vec::new();
    for call in item.objects("tool_calls")? {
        made.push(tool_call(call)?);
    }
    if let Some(call) = item.object("function_call")? {
        let id = format!("call_{index}");
        let call = called(call, id, "arguments")?;
        calls.legacy.insert(call.name.clone(), call.id.clone());
        made.push(call);
    }
    calls.is_custom.extend(made.iter().map(|call| (call.id.clone(), call.is_custom)));
    Ok(made)
}

fn tool_call(mut item: Object) -> Result<ToolCall, BodyError> {
    let (id, mut signature) = call_id::unpack(&item.text("id")?.unwrap_or_default());
    if let Some(extra) = item.take("extra_content") {
        let google = extra.pointer("/google/thought_signature").and_then(Value::as_str);
        signature = signature.or(google.map(|text| Signature::opened(text, Issuer::Gemini)));
    }
    let cache = cache(&mut item)?;
    let call = if let Some(custom) = item.object("custom")? {
        ToolCall { is_custom: true, ..called(custom, id, "input")? }
    } else {
        let function = item.object("function")?.ok_or_else(|| item.missing("function"))?;
        called(function, id, "arguments")?
    };
    Ok(ToolCall { signature, cache, ..call })
}

/// A call whose arguments are text, or the JSON that some clients send instead.
fn called(mut item: Object, id: String, field: &str) -> Result<ToolCall, BodyError> {
    let name = item.required_text("name")?;
    let arguments = match item.take(field) {
        None => String::new(),
        Some(Value::String(text)) => text,
        Some(other) => other.to_string(),
    };
    Ok(ToolCall { id, name, arguments, ..ToolCall::default() })
}

fn result(
    item: &mut Object,
    name: Option<String>,
    cache: Option<CacheHint>,
    calls: &Calls,
) -> Result<Message, BodyError> {
    let (call_id, _) = call_id::unpack(&item.required_text("tool_call_id")?);
    let is_custom = calls.is_custom.get(&call_id).copied().unwrap_or(false);
    Ok(answered(ToolResult {
        call_id,
        name,
        parts: content::read(item)?,
        is_custom,
        cache,
        ..ToolResult::default()
    }))
}

fn legacy_result(
    item: &mut Object,
    name: Option<String>,
    cache: Option<CacheHint>,
    calls: &Calls,
) -> Result<Message, BodyError> {
    let name = name.ok_or_else(|| item.missing("name"))?;
    let call_id = calls.legacy.get(&name).cloned().unwrap_or_else(|| format!("call_{name}"));
    let parts = content::read(item)?;
    Ok(answered(ToolResult { call_id, name: Some(name), parts, cache, ..ToolResult::default() }))
}

fn answered(result: ToolResult) -> Message {
    Message::new(Role::User, vec![Part::ToolResult(result)])
}

/// A part that only this dialect knows.
pub(super) fn native(value: Value) -> Part {
    Part::Native(Native { dialect: Dialect::Chat, value })
}

/// Media of a URL that a field holds, as text or as `{"url":…}`.
pub(super) fn of_url(item: &mut Object, field: &str, kind: MediaKind) -> Result<Media, BodyError> {
    if item.get(field).is_some_and(Value::is_string) {
        let url = item.required_text(field)?;
        return Ok(media::media_of_url(url.into(), kind));
    }
    let mut inner = item.object(field)?.ok_or_else(|| item.missing(field))?;
    let mut media = media::media_of_url(inner.required_text("url")?.into(), kind);
    media.detail = inner.text("detail")?;
    media.extra = inner.rest();
    Ok(media)
}
