//! Reads a responses request.

use serde_json::Value;

use super::super::ask::{Ask, Format};
use super::super::chat::read::choice;
use super::super::content::Content;
use super::super::fields::{Fields, Read, missing, wrong};
use super::super::tools::{Choice, Tool};

pub(super) fn ask(fields: &Fields<'_>) -> Read<Ask> {
    let mut ask = Ask::default();
    if let Some(instructions) = fields.text("instructions")? {
        ask.system(&Content::plain(instructions));
    }
    match fields.value("input") {
        Some(Value::String(text)) => ask.user(Content::plain(text.as_str())),
        Some(_) => {
            for item in fields.items("input")? {
                hear(&mut ask, &item)?;
            }
        }
        None if fields.value("prompt").is_some() || fields.value("previous_response_id").is_some() => {}
        None => return Err(missing("input")),
    }
    ask.offer(tools(fields)?);
    choose(&mut ask, fields)?;
    ask.format = format(fields)?;
    ask.max_tokens = fields.whole("max_output_tokens", 1..=u64::MAX)?;
    ask.stream = fields.flag("stream")?.unwrap_or(false);
    ask.parallel = fields.flag("parallel_tool_calls")?.unwrap_or(true);
    ask.thinking = thinks(fields)?;
    fields.number("temperature", 0.0..=2.0)?;
    fields.number("top_p", 0.0..=1.0)?;
    Ok(ask)
}

fn hear(ask: &mut Ask, item: &Fields<'_>) -> Read<()> {
    match item.text("type")?.unwrap_or("message") {
        "message" => message(ask, item),
        "function_call_output" => {
            item.required("call_id", item.text("call_id")?)?;
            let output = item.required("output", item.value("output"))?;
            ask.result(Content::read(output, &item.path("output"))?);
            Ok(())
        }
        "function_call" => {
            let other = item.text("arguments")?.unwrap_or_default().to_owned();
            ask.assistant(&Content { other, ..Content::default() });
            Ok(())
        }
        // What else stands in a conversation, such as reasoning, was not said to the model by anyone.
        _ => Ok(()),
    }
}

fn message(ask: &mut Ask, item: &Fields<'_>) -> Read<()> {
    let content = item.required("content", item.value("content"))?;
    let content = Content::read(content, &item.path("content"))?;
    match item.required("role", item.text("role")?)? {
        "system" | "developer" => ask.system(&content),
        "user" => ask.user(content),
        "assistant" => ask.assistant(&content),
        _ => return Err(wrong(&item.path("role"), "system, developer, user or assistant")),
    }
    Ok(())
}

fn tools(fields: &Fields<'_>) -> Read<Vec<Tool>> {
    let mut tools = Vec::new();
    for tool in fields.items("tools")? {
        if tool.required("type", tool.text("type")?)? == "function" {
            tools.push(Tool::read(&tool, &["parameters"])?);
        }
    }
    Ok(tools)
}

fn choose(ask: &mut Ask, fields: &Fields<'_>) -> Read<()> {
    let choice = match fields.value("tool_choice") {
        None => Choice::Auto,
        Some(Value::String(word)) => choice(word)?,
        Some(_) => {
            let choice = fields.required("tool_choice", fields.fields("tool_choice")?)?;
            match (choice.text("type")?, choice.text("name")?) {
                (Some("function"), Some(name)) => Choice::Named(name.to_owned()),
                (Some("function"), None) => return Err(missing(&choice.path("name"))),
                (Some("allowed_tools"), _) if choice.text("mode")? == Some("required") => Choice::Required,
                _ => Choice::Auto,
            }
        }
    };
    ask.choose(choice, "tool_choice")
}

fn format(fields: &Fields<'_>) -> Read<Format> {
    let Some(format) = fields.fields("text")?.map(|text| text.fields("format")).transpose()?.flatten() else {
        return Ok(Format::Text);
    };
    match format.required("type", format.text("type")?)? {
        "text" => Ok(Format::Text),
        "json_object" => Ok(Format::Json),
        "json_schema" => {
            format.required("name", format.text("name")?)?;
            let schema = format.required("schema", format.value("schema"))?;
            Ok(Format::Schema(schema.clone()))
        }
        _ => Err(wrong(&format.path("type"), "text, json_object or json_schema")),
    }
}

/// Thoughts are told where a summary of them is asked for.
fn thinks(fields: &Fields<'_>) -> Read<bool> {
    match fields.fields("reasoning")? {
        Some(reasoning) => Ok(reasoning.text("summary")?.is_some()),
        None => Ok(false),
    }
}
