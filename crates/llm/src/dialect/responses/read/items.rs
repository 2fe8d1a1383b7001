//! The items of the input, as messages.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses/create>, 2026-11.

use serde_json::Value;

use super::content;
use crate::BodyError;
use crate::dialect::Dialect;
use crate::dialect::responses::{item, names};
use crate::generation::object::Object;
use crate::generation::{Message, Native, Part, Role, Thought, ToolCall, ToolResult, call_id};

/// Reads `input` behind the messages that are there already.
pub(super) fn read(body: &mut Object, messages: &mut Vec<Message>) -> Result<(), BodyError> {
    match body.take("input") {
        None => {}
        Some(Value::String(text)) => messages.push(Message::new(Role::User, vec![Part::text(text)])),
        Some(Value::Array(items)) => {
            for (index, item) in items.into_iter().enumerate() {
                read_item(item, &format!("input[{index}]"), messages)?;
            }
        }
        Some(_) => return Err(body.invalid("input", "a string or an array of items")),
    }
    Ok(())
}

fn read_item(mut value: Value, path: &str, messages: &mut Vec<Message>) -> Result<(), BodyError> {
    let kind = value["type"].as_str().unwrap_or_default();
    match kind {
        "message" => message(Object::new(value, path)?, messages)?,
        "" if value.get("role").is_some() => message(Object::new(value, path)?, messages)?,
        "function_call" => assistant(messages, call(Object::new(value, path)?, false)?),
        "custom_tool_call" => assistant(messages, call(Object::new(value, path)?, true)?),
        "function_call_output" => user(messages, result(Object::new(value, path)?, false)?),
        "custom_tool_call_output" => user(messages, result(Object::new(value, path)?, true)?),
        "reasoning" => assistant(messages, Part::Thought(item::thought(&mut value))),
        "image_generation_call" if value["result"].is_string() => {
            assistant(messages, item::image(value));
        }
        // The thought itself is with the provider that stored it: nothing is lost where another one answers.
        "item_reference" if value["id"].as_str().is_some_and(|id| id.starts_with("rs_")) => {
            let id = value["id"].as_str().map(str::to_owned);
            assistant(messages, Part::Thought(Thought { id, ..Thought::default() }));
        }
        "" => return Err(Object::new(value, path)?.missing("type")),
        _ => native(value, messages),
    }
    Ok(())
}

fn message(mut item: Object, messages: &mut Vec<Message>) -> Result<(), BodyError> {
    let role = match item.required_text("role")?.as_str() {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "system" => Role::System,
        "developer" => Role::Developer,
        _ => return Err(item.invalid("role", "`user`, `assistant`, `system` or `developer`")),
    };
    let mut parts = content::read(&mut item, "content")?;
    let phase = item.text("phase")?;
    for part in &mut parts {
        if let Part::Text(text) = part {
            text.phase.clone_from(&phase);
        }
    }
    let id = item.text("id")?;
    match messages.last_mut() {
        Some(last) if role == Role::Assistant && last.role == role => {
            let is_first = !last.parts.iter().any(|part| matches!(part, Part::Text(_) | Part::Refusal(_)));
            last.id = last.id.take().or(id.filter(|_| is_first));
            last.parts.extend(parts);
        }
        _ => messages.push(Message { id, ..Message::new(role, parts) }),
    }
    Ok(())
}

fn call(mut item: Object, is_custom: bool) -> Result<Part, BodyError> {
    let (id, signature) = call_id::unpack(&item.required_text("call_id")?);
    let namespace = item.text("namespace")?;
    let arguments = item.text(if is_custom { "input" } else { "arguments" })?;
    Ok(Part::ToolCall(ToolCall {
        id,
        name: names::joined(namespace.as_deref(), item.required_text("name")?),
        arguments: arguments.unwrap_or_default(),
        is_custom,
        signature,
        item_id: item.text("id")?,
        cache: None,
    }))
}

fn result(mut item: Object, is_custom: bool) -> Result<Part, BodyError> {
    let (call_id, _) = call_id::unpack(&item.required_text("call_id")?);
    let namespace = item.text("namespace")?;
    let name = item.text("name")?;
    Ok(Part::ToolResult(ToolResult {
        call_id,
        name: name.map(|name| names::joined(namespace.as_deref(), name)),
        parts: content::read(&mut item, "output")?,
        is_custom,
        ..ToolResult::default()
    }))
}

/// What hosted tools did belongs to the model's turn; what the caller answers to them, to the user's.
fn native(value: Value, messages: &mut Vec<Message>) {
    let kind = value["type"].as_str().unwrap_or_default();
    let is_answer = kind.ends_with("_output") || kind == "mcp_approval_response";
    let part = Part::Native(Native { dialect: Dialect::Responses, value });
    if is_answer {
        user(messages, part);
    } else {
        assistant(messages, part);
    }
}

/// The items of one turn of the model are one message, as other dialects have it.
fn assistant(messages: &mut Vec<Message>, part: Part) {
    match messages.last_mut() {
        Some(last) if last.role == Role::Assistant => last.parts.push(part),
        _ => messages.push(Message::new(Role::Assistant, vec![part])),
    }
}

/// The results of one turn's calls are one message.
fn user(messages: &mut Vec<Message>, part: Part) {
    let is_result = |part: Option<&Part>| matches!(part, None | Some(Part::ToolResult(_) | Part::Native(_)));
    match messages.last_mut() {
        // The ends tell of all: what is said stands in messages of its own.
        Some(last)
            if last.role == Role::User && is_result(last.parts.first()) && is_result(last.parts.last()) =>
        {
            last.parts.push(part);
        }
        _ => messages.push(Message::new(Role::User, vec![part])),
    }
}
