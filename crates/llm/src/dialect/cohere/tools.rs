//! What the model may call.
//!
//! Source: <https://docs.cohere.com/docs/tool-use-overview>, 2026-11.

use serde_json::{Value, json};

use crate::generation::{Function, Losses, Request, Tool, ToolChoice, Unsupported};

/// The tools that may be called: Cohere can be made to call one, but not a certain one of several.
pub(super) fn callable(request: &Request) -> Result<Vec<Value>, Unsupported> {
    let is_asked = |name: &String| match &request.tool_choice {
        Some(ToolChoice::Named(named)) => name == named,
        Some(ToolChoice::Allowed { names, .. }) => names.contains(name),
        _ => true,
    };
    let mut tools = Vec::new();
    for tool in &request.tools {
        match tool {
            Tool::Function(function) if is_asked(&function.name) => tools.push(written(function)),
            Tool::Custom { name, description, .. } if is_asked(name) => {
                tools.push(custom(name, description.as_deref()));
            }
            Tool::Function(_) | Tool::Custom { .. } => {}
            Tool::Server(_) | Tool::Native(_) => {
                let message =
                    "Cohere runs no tools of its own: leave it out, or ask a model of another provider";
                return Err(Unsupported::new("tools", message));
            }
        }
    }
    Ok(tools)
}

fn written(function: &Function) -> Value {
    let parameters = function.parameters.clone().filter(Value::is_object);
    let parameters = parameters.unwrap_or_else(|| json!({ "type": "object", "properties": {} }));
    declared(&function.name, function.description.as_deref(), parameters)
}

fn custom(name: &str, description: Option<&str>) -> Value {
    let properties = json!({ "input": { "type": "string" } });
    declared(name, description, json!({ "type": "object", "properties": properties, "required": ["input"] }))
}

fn declared(name: &str, description: Option<&str>, parameters: Value) -> Value {
    let mut function = json!({ "name": name });
    if let Some(description) = description {
        function["description"] = description.into();
    }
    function["parameters"] = parameters;
    json!({ "type": "function", "function": function })
}

/// All tools are strict or none is.
pub(super) fn strict(request: &Request, losses: &mut Losses) -> Option<bool> {
    let is_strict = |tool: &&Tool| matches!(tool, Tool::Function(function) if function.strict == Some(true));
    let strict = request.tools.iter().filter(is_strict).count();
    if strict != 0 && strict != request.tools.len() {
        losses.note("tools", "either all tools are strict here or none: none is");
    }
    (strict != 0 && strict == request.tools.len()).then_some(true)
}

/// Whether one must be called.
pub(super) const fn choice(asked: Option<&ToolChoice>) -> Option<&'static str> {
    match asked {
        Some(ToolChoice::Required | ToolChoice::Named(_) | ToolChoice::Allowed { required: true, .. }) => {
            Some("REQUIRED")
        }
        Some(ToolChoice::None) => Some("NONE"),
        _ => None,
    }
}
