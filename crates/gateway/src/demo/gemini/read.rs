//! Reads Google's requests; every name may come in snake case too, as in Google's own JSON mapping.

use serde_json::Value;

use super::super::ask::{Ask, Format};
use super::super::content::Content;
use super::super::fields::{Fields, Read, wrong};
use super::super::tools::{Choice, Tool};

/// More candidates at once than this are refused.
const MOST_CANDIDATES: u64 = 8;

/// What is said and offered: all that is counted.
pub(super) fn conversation(fields: &Fields<'_>) -> Read<Ask> {
    let mut ask = Ask::default();
    if let Some(system) = fields.fields("systemInstruction")? {
        ask.system(&content(&system)?);
    }
    fields.required("contents", fields.value("contents"))?;
    let contents = fields.items("contents")?;
    if contents.is_empty() {
        return Err(wrong("contents", "at least one content"));
    }
    for said in &contents {
        let content = content(said)?;
        match said.text("role")?.unwrap_or("user") {
            "user" | "function" | "tool" => ask.user(content),
            "model" => ask.assistant(&content),
            "system" => ask.system(&content),
            _ => return Err(wrong(&said.path("role"), "user or model")),
        }
    }
    ask.offer(tools(fields)?);
    Ok(ask)
}

/// The parts of one content.
pub(in super::super) fn content(fields: &Fields<'_>) -> Read<Content> {
    let mut content = Content::default();
    for part in fields.items("parts")? {
        if let Some(text) = part.text("text")? {
            content.push(text);
        } else if let Some(response) = part.fields("functionResponse")? {
            response.required("name", response.text("name")?)?;
            content.results.push(response.value("response").map(result).unwrap_or_default());
        } else if let Some(call) = part.value("functionCall") {
            content.other.push_str(&call.to_string());
        } else {
            content.attachments += 1;
        }
    }
    Ok(content)
}

/// The words of a function's response: the one string in it, or all of it.
fn result(response: &Value) -> String {
    let only =
        response.as_object().filter(|map| map.len() == 1).and_then(|map| map.values().next()?.as_str());
    only.map_or_else(|| response.to_string(), str::to_owned)
}

fn tools(fields: &Fields<'_>) -> Read<Vec<Tool>> {
    let mut tools = Vec::new();
    for group in fields.items("tools")? {
        for function in group.items("functionDeclarations")? {
            tools.push(Tool::read(&function, &["parametersJsonSchema", "parameters"])?);
        }
    }
    Ok(tools)
}

/// How to go on.
pub(super) fn options(ask: &mut Ask, fields: &Fields<'_>) -> Read<()> {
    if let Some(config) = fields.fields("generationConfig")? {
        ask.max_tokens = config.whole("maxOutputTokens", 1..=u64::MAX)?;
        ask.stop = config.texts("stopSequences")?;
        let n = config.whole("candidateCount", 1..=MOST_CANDIDATES)?.unwrap_or(1);
        ask.n = usize::try_from(n).unwrap_or(1);
        config.number("temperature", 0.0..=2.0)?;
        config.number("topP", 0.0..=1.0)?;
        ask.format = format(&config)?;
        if let Some(thinking) = config.fields("thinkingConfig")? {
            ask.thinking = thinking.flag("includeThoughts")?.unwrap_or(false);
        }
    }
    choose(ask, fields)
}

fn format(config: &Fields<'_>) -> Read<Format> {
    let schema = config.value("responseJsonSchema").or(config.value("responseSchema"));
    match (config.text("responseMimeType")?, schema) {
        (_, Some(schema)) => Ok(Format::Schema(schema.clone())),
        (Some("application/json"), None) => Ok(Format::Json),
        _ => Ok(Format::Text),
    }
}

fn choose(ask: &mut Ask, fields: &Fields<'_>) -> Read<()> {
    let config =
        fields.fields("toolConfig")?.map(|config| config.fields("functionCallingConfig")).transpose()?;
    let Some(config) = config.flatten() else { return Ok(()) };
    let allowed = config.texts("allowedFunctionNames")?;
    let at = config.path("allowedFunctionNames");
    match config.text("mode")?.unwrap_or("AUTO").to_ascii_uppercase().as_str() {
        "ANY" => match allowed.into_iter().next() {
            Some(name) => ask.choose(Choice::Named(name), &at),
            None => ask.choose(Choice::Required, &at),
        },
        "NONE" => ask.choose(Choice::None, &at),
        "AUTO" | "VALIDATED" | "MODE_UNSPECIFIED" => Ok(()),
        _ => Err(wrong(&config.path("mode"), "AUTO, ANY, NONE or VALIDATED")),
    }
}
