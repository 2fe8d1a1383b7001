//! What the model may call.
//!
//! Sources: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolConfiguration.html>, and for Nova's own
//! tools <https://docs.aws.amazon.com/nova/latest/nova2-userguide/using-tools.html>; 2026-11.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Value, json};

use super::content::{CachePoint, cache_point};
use super::model::{Family, native_tool};
use crate::catalogue;
use crate::generation::{
    Function, Losses, Part, Request, ServerTool, ServerToolKind, Tool, ToolChoice, Unsupported,
};
use crate::schema::{self, Rules};

/// What the model may call, and whether it must.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ToolConfig<'a> {
    tools: Vec<Entry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<Choice<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum Entry<'a> {
    ToolSpec(Spec<'a>),
    SystemTool { name: &'static str },
    CachePoint(CachePoint<'a>),
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    input_schema: Input,
    #[serde(skip_serializing_if = "Option::is_none")]
    strict: Option<bool>,
}

#[derive(Debug, Serialize)]
struct Input {
    json: Value,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum Choice<'a> {
    Auto {},
    Any {},
    Tool { name: &'a str },
}

impl ToolConfig<'_> {
    /// Whether a tool must be called.
    pub(super) const fn is_forced(&self) -> bool {
        matches!(self.tool_choice, Some(Choice::Any {} | Choice::Tool { .. }))
    }
}

/// The tools of `request`; none where nothing may be called.
///
/// Bedrock refuses calls and results in messages without tools, so that these are kept, or made up, for their sake.
pub(super) fn config<'a>(
    request: &'a Request,
    family: Family,
    facts: &catalogue::Facts,
    losses: &mut Losses,
) -> Result<Option<ToolConfig<'a>>, Unsupported> {
    let called = called(request);
    let is_none = request.tool_choice == Some(ToolChoice::None);
    if is_none && called.is_empty() {
        return Ok(None);
    }
    let mut tools = Vec::new();
    for tool in request.tools.iter().filter(|tool| is_allowed(request.tool_choice.as_ref(), tool)) {
        entries(tool, family, facts, losses, &mut tools)?;
    }
    if tools.is_empty() {
        tools.extend(called.into_iter().map(|name| Entry::ToolSpec(spec(name, None, None, false, losses))));
    }
    if request.parallel_tool_calls == Some(false) && !tools.is_empty() {
        losses.note("parallel_tool_calls", "this provider lets the model decide");
    }
    if is_none {
        losses.note("tool_choice", "tools that the conversation used cannot be forbidden");
    }
    let tool_choice = choice(request.tool_choice.as_ref());
    Ok((!tools.is_empty()).then_some(ToolConfig { tools, tool_choice }))
}

fn choice(asked: Option<&ToolChoice>) -> Option<Choice<'_>> {
    match asked? {
        ToolChoice::Auto | ToolChoice::Allowed { required: false, .. } => Some(Choice::Auto {}),
        ToolChoice::Required | ToolChoice::Allowed { required: true, .. } => Some(Choice::Any {}),
        ToolChoice::Named(name) => Some(Choice::Tool { name }),
        ToolChoice::None => None,
    }
}

fn is_allowed(asked: Option<&ToolChoice>, tool: &Tool) -> bool {
    let Some(ToolChoice::Allowed { names, .. }) = asked else { return true };
    match tool {
        Tool::Function(Function { name, .. }) | Tool::Custom { name, .. } => names.contains(name),
        Tool::Server(_) | Tool::Native(_) => true,
    }
}

/// The names of the tools that the conversation called, each once.
fn called(request: &Request) -> Vec<&str> {
    let (mut names, mut known) = (Vec::new(), HashSet::new());
    for part in request.messages.iter().flat_map(|message| &message.parts) {
        let name = match part {
            Part::ToolCall(call) => call.name.as_str(),
            Part::ToolResult(result) => result.name.as_deref().unwrap_or("unknown"),
            _ => continue,
        };
        if (name != "unknown" || names.is_empty()) && known.insert(name) {
            names.push(name);
        }
    }
    names
}

fn entries<'a>(
    tool: &'a Tool,
    family: Family,
    facts: &catalogue::Facts,
    losses: &mut Losses,
    out: &mut Vec<Entry<'a>>,
) -> Result<(), Unsupported> {
    match tool {
        Tool::Function(function) => {
            let spec = spec(
                &function.name,
                function.description.as_deref(),
                function.parameters.as_ref(),
                is_strict(function, facts, losses),
                losses,
            );
            out.push(Entry::ToolSpec(spec));
            // Nova marks no tools.
            let point = cache_point(family, function.cache.as_ref()).filter(|_| family == Family::Claude);
            out.extend(point.map(Entry::CachePoint));
        }
        Tool::Custom { name, description, .. } => {
            let input = json!({
                "type": "object",
                "properties": { "input": { "type": "string" } },
                "required": ["input"],
            });
            let input_schema = Input { json: input };
            let description = description.as_deref().filter(|text| !text.trim().is_empty());
            out.push(Entry::ToolSpec(Spec { name, description, input_schema, strict: None }));
        }
        Tool::Server(server) => out.push(system_tool(server, family)?),
        // These stand in `additionalModelRequestFields`.
        Tool::Native(_) if family == Family::Claude && native_tool(tool).is_some() => {}
        Tool::Native(_) => {
            return Err(Unsupported::new(
                "tools",
                "a tool of this type runs at its own provider only: leave it out, or ask that provider's model",
            ));
        }
    }
    Ok(())
}

fn is_strict(function: &Function, facts: &catalogue::Facts, losses: &mut Losses) -> bool {
    let is_asked = function.strict == Some(true);
    if is_asked && facts.has_json_schema != Some(true) {
        losses.note("tools", "this model is not known to keep strictly to schemas");
    }
    is_asked && facts.has_json_schema == Some(true)
}

fn spec<'a>(
    name: &'a str,
    description: Option<&'a str>,
    parameters: Option<&Value>,
    is_strict: bool,
    losses: &mut Losses,
) -> Spec<'a> {
    let json = match parameters {
        Some(parameters @ Value::Object(_)) => {
            let rules = if is_strict { Rules::Anthropic } else { Rules::Bedrock };
            let (mut schema, lost) = schema::adapt(parameters, rules);
            if !lost.is_empty() {
                losses
                    .note("tools", format!("parts of `{name}`'s schema were left out: {}", lost.join(", ")));
            }
            if let Value::Object(members) = &mut schema {
                members.entry("type").or_insert_with(|| "object".into());
            }
            schema
        }
        _ => json!({ "type": "object", "properties": {} }),
    };
    let description = description.filter(|text| !text.trim().is_empty());
    Spec { name, description, input_schema: Input { json }, strict: is_strict.then_some(true) }
}

/// Nova's own tools; no other family runs any behind Converse.
fn system_tool<'a>(server: &ServerTool, family: Family) -> Result<Entry<'a>, Unsupported> {
    let name = match (family, server.kind) {
        (Family::Nova, ServerToolKind::WebSearch) => "nova_grounding",
        (Family::Nova, ServerToolKind::CodeExecution) => "nova_code_interpreter",
        _ => {
            return Err(Unsupported::new(
                "tools",
                "Amazon Bedrock runs no such tool for this model: leave it out, or ask a model of another provider",
            ));
        }
    };
    Ok(Entry::SystemTool { name })
}
