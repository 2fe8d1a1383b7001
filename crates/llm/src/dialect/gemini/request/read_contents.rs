//! Reads contents: turns and their parts.

use std::collections::{HashMap, VecDeque};

use serde_json::{Map, Value, json};

use super::super::{base64, fields, ids, signature};
use crate::BodyError;
use crate::dialect::Dialect;
use crate::generation::object::Object;
use crate::generation::{
    Media, MediaKind, Message, Native, Part, Role, Signature, Source, Text, Thought, ToolCall, ToolResult,
    call_id,
};

/// Parts that only this dialect understands: work of the provider's own tools.
const NATIVE: [&str; 4] = ["executableCode", "codeExecutionResult", "toolCall", "toolResponse"];

/// Where files lie that were given to Gemini's API.
const FILES: &str = "https://generativelanguage.googleapis.com/";

/// Reads `systemInstruction` and `contents`.
pub(super) fn read(object: &mut Object) -> Result<Vec<Message>, BodyError> {
    let mut messages: Vec<_> = system(object)?.into_iter().collect();
    let contents = fields::messages(object, "contents")?;
    if contents.is_empty() {
        return Err(object.missing("contents"));
    }
    let mut calls = Calls::default();
    for content in contents {
        if let Some(message) = turn(content, &mut calls)? {
            push(&mut messages, message);
        }
    }
    Ok(messages)
}

/// Adds a turn; what a model said in one turn comes back from streaming clients as many contents.
fn push(messages: &mut Vec<Message>, message: Message) {
    if message.role != Role::Assistant {
        messages.push(message);
        return;
    }
    let goes_on = messages.pop_if(|last| last.role == Role::Assistant);
    let mut turn =
        goes_on.unwrap_or_else(|| Message::new(Role::Assistant, Vec::with_capacity(message.parts.len())));
    for part in message.parts {
        add(&mut turn.parts, part);
    }
    if !turn.parts.is_empty() {
        messages.push(turn);
    }
}

/// Adds what a model said; pieces of one text or thought become whole again, and a signature ends both.
fn add(parts: &mut Vec<Part>, part: Part) {
    match (parts.last_mut(), part) {
        (Some(Part::Text(last)), Part::Text(next)) if last.signature.is_none() => {
            last.text.push_str(&next.text);
            last.signature = next.signature;
        }
        (Some(Part::Thought(last)), Part::Thought(next)) if last.signature.is_none() && !next.is_redacted => {
            last.text.push_str(&next.text);
            last.signature = next.signature;
        }
        // The last part of a stream is empty.
        (_, Part::Text(next)) if next.text.is_empty() && next.signature.is_none() => {}
        (_, part) => parts.push(part),
    }
}

fn system(object: &mut Object) -> Result<Option<Message>, BodyError> {
    if object.get("systemInstruction").is_some_and(Value::is_string) {
        let text = object.text("systemInstruction")?;
        return Ok(text.map(|text| Message::new(Role::System, vec![Part::text(text)])));
    }
    let Some(mut content) = fields::inner(object, "systemInstruction")? else { return Ok(None) };
    let mut parts = Vec::new();
    for mut part in fields::messages(&mut content, "parts")? {
        parts.push(Part::text(part.required_text("text")?));
    }
    Ok((!parts.is_empty()).then(|| Message::new(Role::System, parts)))
}

/// The calls of the history that have no result yet.
#[derive(Default)]
struct Calls {
    made: u64,
    /// The id of each call, until its result has come.
    open: Vec<Option<String>>,
    /// The numbers of the calls of each id and of each function, in order.
    by_id: HashMap<String, VecDeque<usize>>,
    by_name: HashMap<String, VecDeque<usize>>,
}

impl Calls {
    fn id(&mut self) -> String {
        self.made += 1;
        ids::made(self.made)
    }

    fn open(&mut self, id: &str, name: &str) {
        self.by_id.entry(id.to_owned()).or_default().push_back(self.open.len());
        self.by_name.entry(name.to_owned()).or_default().push_back(self.open.len());
        self.open.push(Some(id.to_owned()));
    }

    /// The call that a result belongs to, which may name it by its function alone.
    fn close(&mut self, id: Option<String>, name: &str) -> String {
        let mut numbers = match &id {
            Some(id) => self.by_id.get_mut(id),
            None => self.by_name.get_mut(name),
        };
        let mut numbers = std::iter::from_fn(|| numbers.as_mut()?.pop_front());
        let open = numbers.find_map(|number| self.open[number].take());
        open.or(id).unwrap_or_else(|| self.id())
    }
}

fn turn(mut content: Object, calls: &mut Calls) -> Result<Option<Message>, BodyError> {
    let role = match content.text("role")?.as_deref() {
        None | Some("" | "user" | "function" | "tool") => Role::User,
        Some("model" | "assistant") => Role::Assistant,
        Some("system") => Role::System,
        Some(_) => return Err(content.invalid("role", "`user` or `model`")),
    };
    let mut parts = Vec::new();
    for object in fields::messages(&mut content, "parts")? {
        parts.extend(part(object, calls)?);
    }
    if role == Role::User {
        parts.sort_by_key(|part| !matches!(part, Part::ToolResult(_)));
    }
    Ok((!parts.is_empty()).then(|| Message::new(role, parts)))
}

fn part(mut object: Object, calls: &mut Calls) -> Result<Option<Part>, BodyError> {
    if NATIVE.iter().any(|name| object.get(name).is_some()) {
        return Ok(Some(native(object.rest())));
    }
    let is_thought = object.flag("thought")?.unwrap_or(false);
    let proof = object.text("thoughtSignature")?.map(signature::read);
    if let Some(text) = object.text("text")? {
        return Ok(Some(if is_thought { thought(text, proof) } else { plain(text, proof) }));
    }
    let proof = proof.map(|(proof, _)| proof);
    if let Some(inner) = fields::inner(&mut object, "functionCall")? {
        return call(inner, proof, calls).map(Some);
    }
    if let Some(inner) = fields::inner(&mut object, "functionResponse")? {
        return result(inner, calls).map(Some);
    }
    if let Some(media) = media(&mut object)? {
        return Ok(Some(Part::Media(Media { signature: proof, extra: object.rest(), ..media })));
    }
    if let Some(proof) = proof {
        // Proof alone, as streams have it in their last part.
        return Ok(Some(plain(String::new(), Some((proof, false)))));
    }
    let rest = object.rest();
    Ok((!rest.is_empty()).then(|| native(rest)))
}

fn native(value: Map<String, Value>) -> Part {
    Part::Native(Native { dialect: Dialect::Gemini, value: Value::Object(value) })
}

fn plain(text: String, proof: Option<(Signature, bool)>) -> Part {
    Part::Text(Text { text, signature: proof.map(|(proof, _)| proof), ..Text::default() })
}

fn thought(text: String, proof: Option<(Signature, bool)>) -> Part {
    let (signature, is_redacted) =
        proof.map_or((None, false), |(proof, is_redacted)| (Some(proof), is_redacted));
    Part::Thought(Thought { text, signature, is_redacted, id: None })
}

fn call(mut call: Object, proof: Option<Signature>, calls: &mut Calls) -> Result<Part, BodyError> {
    let name = call.required_text("name")?;
    let (id, carried) = match call.text("id")?.filter(|id| !id.is_empty()) {
        Some(id) => call_id::unpack(&id),
        None => (calls.id(), None),
    };
    let arguments = match call.take("args") {
        None => "{}".to_owned(),
        Some(args @ Value::Object(_)) => args.to_string(),
        Some(_) => return Err(call.invalid("args", "an object")),
    };
    calls.open(&id, &name);
    Ok(Part::ToolCall(ToolCall { id, name, arguments, signature: proof.or(carried), ..ToolCall::default() }))
}

fn result(mut result: Object, calls: &mut Calls) -> Result<Part, BodyError> {
    let name = result.required_text("name")?;
    let id = result.text("id")?.filter(|id| !id.is_empty()).map(|id| call_id::unpack(&id).0);
    let response = result.object("response")?.map_or_else(Map::new, Object::rest);
    let (text, is_error) = spoken(&response);
    let mut parts = vec![Part::text(text)];
    for mut part in fields::messages(&mut result, "parts")? {
        if let Some(media) = media(&mut part)? {
            parts.push(Part::Media(Media { extra: part.rest(), ..media }));
        }
    }
    let call_id = calls.close(id, &name);
    let structured = Some(Value::Object(response));
    Ok(Part::ToolResult(ToolResult {
        call_id,
        name: Some(name),
        parts,
        is_error,
        structured,
        ..ToolResult::default()
    }))
}

/// What a function answered, as text: the value of the one field that Google's clients put it into, else all of it.
///
/// Source: <https://ai.google.dev/api/caching#FunctionResponse>, 2026-11.
fn spoken(response: &Map<String, Value>) -> (String, bool) {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut fields = response.iter();
    match (fields.next(), fields.next()) {
        (Some((name, value)), None) if name == "error" => (text(value), true),
        (Some((name, value)), None) if matches!(name.as_str(), "output" | "result" | "content") => {
            (text(value), false)
        }
        _ => (json!(response).to_string(), false),
    }
}

fn media(part: &mut Object) -> Result<Option<Media>, BodyError> {
    let mut media = if let Some(mut blob) = fields::inner(part, "inlineData")? {
        let mime = blob.required_text("mimeType")?;
        let data = base64::standard(blob.required_text("data")?);
        let name = blob.text("displayName")?;
        Media { name, ..Media::new(MediaKind::of(&mime), Source::Bytes { mime, data }) }
    } else if let Some(mut file) = fields::inner(part, "fileData")? {
        let (uri, mime) = (file.required_text("fileUri")?, file.text("mimeType")?);
        let name = file.text("displayName")?;
        Media { name, ..file_of(uri, mime) }
    } else {
        return Ok(None);
    };
    let level = part.get("mediaResolution").and_then(|resolution| resolution["level"].as_str());
    media.detail = level.and_then(detail).map(str::to_owned);
    Ok(Some(media))
}

fn file_of(uri: String, mime: Option<String>) -> Media {
    let kind = mime.as_deref().map(MediaKind::of);
    if uri.starts_with(FILES) {
        return Media::new(kind.unwrap_or(MediaKind::Document), Source::File { id: uri, mime });
    }
    let kind =
        kind.unwrap_or(if super::media::is_youtube(&uri) { MediaKind::Video } else { MediaKind::Document });
    Media::new(kind, Source::Url { url: uri, mime })
}

fn detail(level: &str) -> Option<&'static str> {
    match level {
        "MEDIA_RESOLUTION_LOW" => Some("low"),
        "MEDIA_RESOLUTION_MEDIUM" => Some("auto"),
        "MEDIA_RESOLUTION_HIGH" | "MEDIA_RESOLUTION_ULTRA_HIGH" => Some("high"),
        _ => None,
    }
}
