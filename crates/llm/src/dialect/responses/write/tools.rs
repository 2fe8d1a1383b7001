//! Tools and which of them must be called.
//!
//! Sources: <https://platform.openai.com/docs/api-reference/responses/create#responses-create-tools>,
//! <https://platform.openai.com/docs/guides/function-calling#strict-mode>; 2026-11.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::dialect::Dialect;
use crate::generation::{
    Function, Losses, Request, ServerTool, ServerToolKind, Tool, ToolChoice, Unsupported,
};

/// A tool of the request's body.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Written<'a> {
    Function {
        name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<&'a str>,
        parameters: Cow<'a, Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        strict: Option<bool>,
        #[serde(flatten)]
        extra: Option<&'a Map<String, Value>>,
    },
    Custom {
        name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        format: Option<Cow<'a, Value>>,
    },
    #[serde(untagged)]
    Native(Cow<'a, Value>),
}

/// Writes the tools of a request.
pub(super) fn tools<'a>(request: &'a Request, losses: &mut Losses) -> Result<Vec<Written<'a>>, Unsupported> {
    let write = |(index, tool)| write_tool(tool, &format!("tools[{index}]"), request.dialect, losses);
    let mut tools = request.tools.iter().enumerate().map(write).collect::<Result<Vec<_>, _>>()?;
    let kept =
        request.extra.iter().filter(|(path, _)| request.dialect == Dialect::Responses && is_tool(path));
    tools.extend(kept.map(|(_, tool)| Written::Native(Cow::Borrowed(tool))));
    Ok(tools)
}

/// True for the path of a tool that the request keeps as it came.
pub(super) fn is_tool(path: &str) -> bool {
    path.starts_with("tools[") && path.ends_with(']')
}

/// Writes which tool must be called.
pub(super) fn choice(request: &Request) -> Option<Value> {
    let named = |name: &String| {
        let is_custom = |tool: &Tool| matches!(tool, Tool::Custom { name: known, .. } if known == name);
        let kind = if request.tools.iter().any(is_custom) { "custom" } else { "function" };
        json!({ "type": kind, "name": name })
    };
    Some(match request.tool_choice.as_ref().filter(|_| !request.tools.is_empty())? {
        ToolChoice::Auto => "auto".into(),
        ToolChoice::None => "none".into(),
        ToolChoice::Required => "required".into(),
        ToolChoice::Named(name) => named(name),
        ToolChoice::Allowed { names, required } => json!({
            "type": "allowed_tools",
            "mode": if *required { "required" } else { "auto" },
            "tools": names.iter().map(named).collect::<Vec<_>>(),
        }),
    })
}

fn write_tool<'a>(
    tool: &'a Tool,
    path: &str,
    dialect: Dialect,
    losses: &mut Losses,
) -> Result<Written<'a>, Unsupported> {
    match tool {
        Tool::Function(written) => Ok(function(written, path, dialect, losses)),
        Tool::Custom { name, description, format } => Ok(Written::Custom {
            name,
            description: description.as_deref(),
            format: format.as_ref().map(flat_grammar),
        }),
        Tool::Server(server) => server_tool(server, path, losses),
        Tool::Native(native) if native.dialect == Dialect::Responses => {
            Ok(Written::Native(Cow::Borrowed(&native.value)))
        }
        Tool::Native(native) => {
            let kind = native.value["type"].as_str().unwrap_or("this");
            Err(Unsupported::new(
                path,
                format!("the tool `{kind}` is not known to this model's provider; leave it out"),
            ))
        }
    }
}

/// This dialect holds calls to the schema unless it is told not to; all others the other way round.
fn function<'a>(function: &'a Function, path: &str, dialect: Dialect, losses: &mut Losses) -> Written<'a> {
    let is_own = dialect == Dialect::Responses;
    if !is_own {
        for name in function.extra.keys() {
            losses.note(format!("{path}.{name}"), "unknown to this model's provider");
        }
    }
    Written::Function {
        name: &function.name,
        description: function.description.as_deref(),
        parameters: parameters(function.parameters.as_ref()),
        strict: function.strict.or(if is_own { None } else { Some(false) }),
        extra: Some(&function.extra).filter(|extra| is_own && !extra.is_empty()),
    }
}

/// The dialect wants an object with properties, if only none.
fn parameters(schema: Option<&Value>) -> Cow<'_, Value> {
    let is_whole = |schema: &Value| {
        schema["type"] != "object" && schema.get("type").is_some() || schema.get("properties").is_some()
    };
    match schema {
        Some(schema) if is_whole(schema) => Cow::Borrowed(schema),
        Some(Value::Object(fields)) => {
            let mut fields = fields.clone();
            fields.entry("type").or_insert_with(|| "object".into());
            fields.entry("properties").or_insert_with(|| json!({}));
            Cow::Owned(Value::Object(fields))
        }
        _ => Cow::Owned(json!({ "type": "object", "properties": {} })),
    }
}

/// Chat has the grammar one object deeper.
fn flat_grammar(format: &Value) -> Cow<'_, Value> {
    let Some(Value::Object(grammar)) = format.get("grammar") else { return Cow::Borrowed(format) };
    let mut flat = grammar.clone();
    flat.insert("type".to_owned(), "grammar".into());
    Cow::Owned(Value::Object(flat))
}

fn server_tool<'a>(
    tool: &'a ServerTool,
    path: &str,
    losses: &mut Losses,
) -> Result<Written<'a>, Unsupported> {
    if tool.native.dialect == Dialect::Responses {
        return Ok(Written::Native(Cow::Borrowed(&tool.native.value)));
    }
    if tool.max_uses.is_some() {
        losses.note(format!("{path}.max_uses"), "the provider has no limit for one tool");
    }
    let written = match tool.kind {
        ServerToolKind::WebSearch => web_search(tool),
        ServerToolKind::CodeExecution => {
            json!({ "type": "code_interpreter", "container": { "type": "auto" } })
        }
        ServerToolKind::WebFetch => {
            let why = "this model's provider has no tool that fetches pages; its web search opens them";
            return Err(Unsupported::new(path, why));
        }
    };
    Ok(Written::Native(Cow::Owned(written)))
}

fn web_search(tool: &ServerTool) -> Value {
    let mut written = json!({ "type": "web_search" });
    let lists = [("allowed_domains", &tool.allowed_domains), ("blocked_domains", &tool.blocked_domains)];
    for (name, domains) in lists.into_iter().filter(|(_, domains)| !domains.is_empty()) {
        written["filters"][name] = json!(domains);
    }
    if let Some(place) = &tool.user_location {
        written["user_location"] = place.clone();
    }
    if let Some(size) = tool.native.value.get("search_context_size").filter(|size| size.is_string()) {
        written["search_context_size"] = size.clone();
    }
    written
}
