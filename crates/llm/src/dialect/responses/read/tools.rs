//! Tools and which of them must be called.
//!
//! Sources: <https://platform.openai.com/docs/api-reference/responses/create#responses-create-tools>,
//! <https://platform.openai.com/docs/guides/tools>; 2026-11.

use serde_json::{Map, Value};

use crate::BodyError;
use crate::dialect::Dialect;
use crate::dialect::responses::names;
use crate::generation::object::Object;
use crate::generation::{Function, Native, Request, ServerTool, ServerToolKind, Tool, ToolChoice};

/// Reads `tools` and `tool_choice`.
pub(super) fn read(body: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    for (index, tool) in body.array("tools")?.into_iter().enumerate() {
        tool_of(tool, &format!("tools[{index}]"), None, request)?;
    }
    choice(body, request)
}

fn tool_of(
    value: Value,
    path: &str,
    namespace: Option<&str>,
    request: &mut Request,
) -> Result<(), BodyError> {
    let kind = value["type"].as_str().unwrap_or_default();
    let tool = match kind {
        "function" => function(Object::new(value, path)?, namespace)?,
        "custom" => custom(Object::new(value, path)?, namespace, &mut request.extra)?,
        "namespace" => return members(Object::new(value, path)?, request),
        "code_interpreter" => server(value, ServerToolKind::CodeExecution),
        // Codex always sends it so: the provider's own index of pages is no more than a help, which others have not.
        _ if kind.starts_with("web_search") && value["external_web_access"] == false => {
            request.extra.insert(path.to_owned(), value);
            return Ok(());
        }
        _ if kind.starts_with("web_search") => server(value, ServerToolKind::WebSearch),
        "" => return Err(Object::new(value, path)?.missing("type")),
        _ => Tool::Native(Native { dialect: Dialect::Responses, value }),
    };
    request.tools.push(tool);
    Ok(())
}

fn function(mut tool: Object, namespace: Option<&str>) -> Result<Tool, BodyError> {
    Ok(Tool::Function(Function {
        name: names::joined(namespace, tool.required_text("name")?),
        description: tool.text("description")?,
        parameters: tool.take("parameters"),
        strict: tool.flag("strict")?,
        cache: None,
        extra: {
            tool.take("type");
            tool.rest()
        },
    }))
}

fn custom(
    mut tool: Object,
    namespace: Option<&str>,
    extra: &mut Map<String, Value>,
) -> Result<Tool, BodyError> {
    let path = tool.path("");
    tool.take("type");
    let read = Tool::Custom {
        name: names::joined(namespace, tool.required_text("name")?),
        description: tool.text("description")?,
        format: tool.take("format"),
    };
    extra.extend(tool.rest().into_iter().map(|(name, value)| (format!("{path}{name}"), value)));
    Ok(read)
}

/// The tools of a namespace; what it is for is told with the first of them.
fn members(mut tool: Object, request: &mut Request) -> Result<(), BodyError> {
    let path = tool.path("tools");
    let name = tool.required_text("name")?;
    let about = tool.text("description")?.filter(|about| !about.is_empty());
    let first = request.tools.len();
    for (index, inner) in tool.array("tools")?.into_iter().enumerate() {
        tool_of(inner, &format!("{path}[{index}]"), Some(&name), request)?;
    }
    if let (
        Some(about),
        Some(Tool::Function(Function { description, .. }) | Tool::Custom { description, .. }),
    ) = (about, request.tools.get_mut(first))
    {
        *description = Some(match description.take() {
            Some(own) => format!("{about}\n\n{own}"),
            None => about,
        });
    }
    Ok(())
}

fn server(value: Value, kind: ServerToolKind) -> Tool {
    let domains = |name: &str| {
        let list = value["filters"][name].as_array().map_or(&[][..], Vec::as_slice);
        list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    Tool::Server(ServerTool {
        kind,
        allowed_domains: domains("allowed_domains"),
        blocked_domains: domains("blocked_domains"),
        max_uses: None,
        user_location: value.get("user_location").filter(|place| place.is_object()).cloned(),
        native: Native { dialect: Dialect::Responses, value },
    })
}

/// A choice of a hosted tool has no common meaning, and stays as it came.
fn choice(body: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    let Some(value) = body.take("tool_choice") else { return Ok(()) };
    request.tool_choice = match (value.as_str(), value["type"].as_str()) {
        (Some("auto"), _) => Some(ToolChoice::Auto),
        (Some("none"), _) => Some(ToolChoice::None),
        (Some("required"), _) => Some(ToolChoice::Required),
        (None, Some("function" | "custom")) => match named(&value) {
            Some(name) => Some(ToolChoice::Named(name)),
            None => return Err(body.invalid("tool_choice.name", "a string")),
        },
        (None, Some("allowed_tools")) => allowed(&value),
        (None, Some(_)) => None,
        _ => return Err(body.invalid("tool_choice", "`auto`, `none`, `required` or an object with a `type`")),
    };
    if request.tool_choice.is_none() {
        request.extra.insert("tool_choice".to_owned(), value);
    }
    Ok(())
}

/// None where tools are allowed that have no name.
fn allowed(value: &Value) -> Option<ToolChoice> {
    let names = value["tools"].as_array()?.iter().map(|tool| match tool["type"].as_str() {
        Some("function" | "custom") => named(tool),
        _ => None,
    });
    Some(ToolChoice::Allowed { names: names.collect::<Option<_>>()?, required: value["mode"] == "required" })
}

fn named(tool: &Value) -> Option<String> {
    Some(names::joined(tool["namespace"].as_str(), tool["name"].as_str()?.to_owned()))
}
