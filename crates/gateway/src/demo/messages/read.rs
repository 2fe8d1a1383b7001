//! Reads a messages request.

use super::super::ask::{Ask, Format};
use super::super::content::Content;
use super::super::fields::{Fields, Read, missing, wrong};
use super::super::tools::{Choice, Tool};

/// What is said and offered: all that is counted.
pub(super) fn conversation(fields: &Fields<'_>) -> Read<Ask> {
    let mut ask = Ask::default();
    if let Some(system) = fields.value("system") {
        ask.system(&Content::read(system, "system")?);
    }
    fields.required("messages", fields.value("messages"))?;
    let messages = fields.items("messages")?;
    if messages.is_empty() {
        return Err(wrong("messages", "at least one message"));
    }
    for message in &messages {
        let content = message.required("content", message.value("content"))?;
        let content = Content::read(content, &message.path("content"))?;
        match message.required("role", message.text("role")?)? {
            "user" => ask.user(content),
            "assistant" => ask.assistant(&content),
            "system" => ask.system(&content),
            _ => return Err(wrong(&message.path("role"), "user or assistant")),
        }
    }
    ask.offer(tools(fields)?);
    Ok(ask)
}

/// How to go on.
pub(super) fn options(ask: &mut Ask, fields: &Fields<'_>) -> Read<()> {
    let limit = fields.whole("max_tokens", 1..=u64::MAX)?;
    ask.max_tokens = Some(fields.required("max_tokens", limit)?);
    ask.stop = fields.texts("stop_sequences")?;
    ask.stream = fields.flag("stream")?.unwrap_or(false);
    fields.number("temperature", 0.0..=1.0)?;
    fields.number("top_p", 0.0..=1.0)?;
    ask.thinking = match fields.fields("thinking")? {
        Some(thinking) => thinking.required("type", thinking.text("type")?)? != "disabled",
        None => false,
    };
    ask.format = format(fields)?;
    choose(ask, fields)
}

/// Tools with a schema; those that Anthropic runs itself have none.
fn tools(fields: &Fields<'_>) -> Read<Vec<Tool>> {
    let mut tools = Vec::new();
    for tool in fields.items("tools")? {
        if tool.fields("input_schema")?.is_some() {
            tools.push(Tool::read(&tool, &["input_schema"])?);
        } else if matches!(tool.text("type")?, None | Some("custom")) {
            return Err(missing(&tool.path("input_schema")));
        }
    }
    Ok(tools)
}

fn choose(ask: &mut Ask, fields: &Fields<'_>) -> Read<()> {
    let Some(choice) = fields.fields("tool_choice")? else { return Ok(()) };
    ask.parallel = !choice.flag("disable_parallel_tool_use")?.unwrap_or(false);
    let chosen = match choice.required("type", choice.text("type")?)? {
        "auto" => Choice::Auto,
        "any" => Choice::Required,
        "none" => Choice::None,
        "tool" => Choice::Named(choice.required("name", choice.text("name")?)?.to_owned()),
        _ => return Err(wrong(&choice.path("type"), "auto, any, tool or none")),
    };
    ask.choose(chosen, "tool_choice.name")
}

fn format(fields: &Fields<'_>) -> Read<Format> {
    let named = fields.fields("output_config")?.map(|config| config.fields("format")).transpose()?.flatten();
    let Some(format) = named.or(fields.fields("output_format")?) else { return Ok(Format::Text) };
    match format.required("type", format.text("type")?)? {
        "json_schema" => {
            let schema = format.required("schema", format.value("schema"))?;
            Ok(Format::Schema(schema.clone()))
        }
        _ => Err(wrong(&format.path("type"), "json_schema")),
    }
}
