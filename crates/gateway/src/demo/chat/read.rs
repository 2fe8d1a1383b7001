//! Reads a chat completion request.

use serde_json::Value;

use super::super::ask::{Ask, Format};
use super::super::content::Content;
use super::super::fields::{Bad, Fields, Read, wrong};
use super::super::tools::{Choice, Tool};

/// More answers at once than this are refused.
const MOST_ANSWERS: u64 = 128;

pub(super) fn ask(fields: &Fields<'_>) -> Read<Ask> {
    let mut ask = Ask::default();
    let messages = fields.items("messages")?;
    fields.required("messages", fields.value("messages"))?;
    if messages.is_empty() {
        return Err(wrong("messages", "at least one message"));
    }
    for message in &messages {
        hear(&mut ask, message)?;
    }
    ask.offer(tools(fields)?);
    choose(&mut ask, fields)?;
    ask.format = format(fields)?;
    options(&mut ask, fields)?;
    Ok(ask)
}

fn hear(ask: &mut Ask, message: &Fields<'_>) -> Read<()> {
    let role = message.required("role", message.text("role")?)?;
    let calls = message.items("tool_calls")?;
    let content = match message.value("content") {
        Some(value) => Content::read(value, &message.path("content"))?,
        None if role == "assistant" => Content::default(),
        None => return Err(super::super::fields::missing(&message.path("content"))),
    };
    match role {
        "system" | "developer" => ask.system(&content),
        "user" => ask.user(content),
        "assistant" => {
            let other =
                calls.iter().filter_map(|call| call.value("function").map(Value::to_string)).collect();
            ask.assistant(&Content { other, ..content });
        }
        "tool" => {
            message.required("tool_call_id", message.text("tool_call_id")?)?;
            ask.result(content);
        }
        "function" => ask.result(content),
        _ => return Err(wrong(&message.path("role"), "system, developer, user, assistant or tool")),
    }
    Ok(())
}

fn tools(fields: &Fields<'_>) -> Read<Vec<Tool>> {
    let mut tools = Vec::new();
    for tool in fields.items("tools")? {
        let kind = tool.required("type", tool.text("type")?)?;
        if kind == "function" {
            let function = tool.required("function", tool.fields("function")?)?;
            tools.push(Tool::read(&function, &["parameters"])?);
        }
    }
    Ok(tools)
}

fn choose(ask: &mut Ask, fields: &Fields<'_>) -> Read<()> {
    let choice = match fields.value("tool_choice") {
        None => Choice::Auto,
        Some(Value::String(word)) => choice(word)?,
        Some(Value::Object(_)) => match named(fields)? {
            Some(name) => Choice::Named(name),
            None => Choice::Auto,
        },
        Some(_) => return Err(wrong("tool_choice", "a string or an object")),
    };
    ask.choose(choice, "tool_choice")
}

/// The choice that a word of OpenAI's makes.
pub(in super::super) fn choice(word: &str) -> Read<Choice> {
    match word {
        "auto" => Ok(Choice::Auto),
        "none" => Ok(Choice::None),
        "required" => Ok(Choice::Required),
        _ => Err(wrong("tool_choice", "none, auto, required or a tool")),
    }
}

fn named(fields: &Fields<'_>) -> Read<Option<String>> {
    let Some(choice) = fields.fields("tool_choice")? else { return Ok(None) };
    match choice.fields("function")? {
        Some(function) => {
            let name = function.required("name", function.text("name")?)?;
            Ok(Some(name.to_owned()))
        }
        None => Ok(None),
    }
}

fn format(fields: &Fields<'_>) -> Read<Format> {
    let Some(format) = fields.fields("response_format")? else { return Ok(Format::Text) };
    match format.required("type", format.text("type")?)? {
        "text" => Ok(Format::Text),
        "json_object" => Ok(Format::Json),
        "json_schema" => {
            let named = format.required("json_schema", format.fields("json_schema")?)?;
            named.required("name", named.text("name")?)?;
            Ok(named.value("schema").map_or(Format::Json, |schema| Format::Schema(schema.clone())))
        }
        _ => Err(wrong(&format.path("type"), "text, json_object or json_schema")),
    }
}

fn options(ask: &mut Ask, fields: &Fields<'_>) -> Read<()> {
    let limit = fields.whole("max_completion_tokens", 1..=u64::MAX)?;
    ask.max_tokens = limit.or(fields.whole("max_tokens", 1..=u64::MAX)?);
    ask.stop = stop(fields)?;
    ask.n = answers(fields)?;
    ask.stream = fields.flag("stream")?.unwrap_or(false);
    ask.parallel = fields.flag("parallel_tool_calls")?.unwrap_or(true);
    sampling(fields)
}

/// Stop sequences, at most four as at OpenAI.
pub(in super::super) fn stop(fields: &Fields<'_>) -> Read<Vec<String>> {
    let stop = fields.texts("stop")?;
    if stop.len() > 4 {
        return Err(wrong("stop", "at most 4 sequences"));
    }
    Ok(stop)
}

/// How many answers are asked for.
pub(in super::super) fn answers(fields: &Fields<'_>) -> Read<usize> {
    let n = fields.whole("n", 1..=MOST_ANSWERS)?.unwrap_or(1);
    usize::try_from(n)
        .map_err(|_| Bad { message: "Too many answers.".to_owned(), param: Some("n".to_owned()) })
}

/// Checks what the demo model has no use for.
pub(in super::super) fn sampling(fields: &Fields<'_>) -> Read<()> {
    fields.number("temperature", 0.0..=2.0)?;
    fields.number("top_p", 0.0..=1.0)?;
    fields.number("presence_penalty", -2.0..=2.0)?;
    fields.number("frequency_penalty", -2.0..=2.0)?;
    Ok(())
}
