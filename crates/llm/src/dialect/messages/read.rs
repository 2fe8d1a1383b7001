//! Reads requests.

mod blocks;
mod client_tools;
mod tools;

use serde_json::Value;

pub(super) use self::blocks::is_plain_call;
use super::citation;
use crate::BodyError;
use crate::dialect::Dialect;
use crate::generation::object::Object;
use crate::generation::{Effort, Format, Message, Reasoning, Request, Role};

/// Reads a body of `POST /v1/messages`, or of `/v1/messages/count_tokens`, which has no `max_tokens`.
pub(crate) fn read_request(body: Value) -> Result<Request, BodyError> {
    let mut body = Object::new(body, "")?;
    let mut request = Request::new(Dialect::Messages);
    request.model = body.required_text("model")?;
    if body.get("messages").is_none() {
        return Err(body.missing("messages"));
    }
    if let Some(system) = body.take("system") {
        let parts = blocks::content(system, || "system".to_owned())?;
        if !parts.is_empty() {
            request.messages.push(Message::new(Role::System, parts));
        }
    }
    for message in body.objects("messages")? {
        request.messages.push(read_message(message)?);
    }
    for tool in body.objects("tools")? {
        request.tools.push(tools::read(tool)?);
    }
    tools::choice(&mut body, &mut request)?;
    options(&mut body, &mut request)?;
    output(&mut body, &mut request)?;
    thinking(&mut body, &mut request)?;
    request.extra.extend(body.rest());
    Ok(request)
}

fn read_message(mut message: Object) -> Result<Message, BodyError> {
    let role = match message.required_text("role")?.as_str() {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "system" => Role::System,
        _ => return Err(message.invalid("role", "`user`, `assistant` or `system`")),
    };
    let content = message.take("content").ok_or_else(|| message.missing("content"))?;
    Ok(Message::new(role, blocks::content(content, || message.path("content"))?))
}

fn options(body: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    request.max_tokens = body.count("max_tokens")?;
    request.stream = body.flag("stream")?.unwrap_or_default();
    request.wants_usage = true;
    request.stop = body.texts("stop_sequences")?;
    request.sampling.temperature = body.number("temperature")?;
    request.sampling.top_p = body.number("top_p")?;
    request.sampling.top_k = body.count("top_k")?;
    request.service_tier = body.text("service_tier")?;
    if let Some(mut metadata) = body.object("metadata")? {
        request.user = metadata.text("user_id")?;
        request.metadata = metadata.rest();
    }
    Ok(())
}

/// The format of the text and the effort; `output_format` is where the format stood before.
fn output(body: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    let mut format = body.object("output_format")?;
    if let Some(mut config) = body.object("output_config")? {
        format = config.object("format")?.or(format);
        if let Some(word) = config.text("effort")? {
            let effort = Effort::parse(&word).filter(|effort| *effort != Effort::None);
            let effort = effort.ok_or_else(|| config.invalid("effort", "`low` to `max`"))?;
            request.reasoning.get_or_insert_default().effort = Some(effort);
        }
        let rest = config.rest().into_iter().map(|(name, value)| (format!("output_config.{name}"), value));
        request.extra.extend(rest);
    }
    let Some(mut format) = format else { return Ok(()) };
    if format.required_text("type")? != "json_schema" {
        return Err(format.invalid("type", "`json_schema`"));
    }
    let schema = format.take("schema").ok_or_else(|| format.missing("schema"))?;
    let name = format.text("name")?;
    request.format = Some(Format::JsonSchema { name, description: None, schema, strict: Some(true) });
    Ok(())
}

/// <https://platform.claude.com/docs/en/build-with-claude/thinking>, 2026-11. Kinds that nobody else has stay as they are.
fn thinking(body: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    let kind = body.get("thinking").and_then(|thinking| thinking["type"].as_str()).map(str::to_owned);
    let reasoning = match kind.as_deref() {
        Some("enabled" | "disabled" | "adaptive") => request.reasoning.get_or_insert_default(),
        Some(_) => {
            request.reasoning.get_or_insert_default().is_adaptive = true;
            return Ok(());
        }
        None => return body.object("thinking")?.map_or(Ok(()), |thinking| Err(thinking.missing("type"))),
    };
    let Some(mut thinking) = body.object("thinking")? else { return Ok(()) };
    reasoning.summary = thinking.text("display")?;
    let budget = thinking.count("budget_tokens")?;
    match kind.as_deref() {
        Some("enabled") => {
            reasoning.budget_tokens = Some(budget.ok_or_else(|| thinking.missing("budget_tokens"))?);
        }
        Some("adaptive") => reasoning.is_adaptive = true,
        _ => {
            *reasoning =
                Reasoning { budget_tokens: Some(0), effort: reasoning.effort, ..Reasoning::default() }
        }
    }
    Ok(())
}
