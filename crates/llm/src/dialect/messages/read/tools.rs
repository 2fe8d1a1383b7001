//! Tools of a request, and which of them must be called.

use serde_json::Value;

use super::{blocks, client_tools};
use crate::BodyError;
use crate::dialect::Dialect;
use crate::generation::object::Object;
use crate::generation::{Function, Native, Request, ServerTool, ServerToolKind, Tool, ToolChoice};

/// Tools that Anthropic runs and others have too, by the start of their type
/// (<https://platform.claude.com/docs/en/agents-and-tools/tool-use/server-tools>, 2026-11).
const SERVER: [(&str, ServerToolKind); 3] = [
    ("web_search_", ServerToolKind::WebSearch),
    ("web_fetch_", ServerToolKind::WebFetch),
    ("code_execution_", ServerToolKind::CodeExecution),
];

/// Reads a tool.
pub(super) fn read(mut tool: Object) -> Result<Tool, BodyError> {
    let kind = match tool.get("type") {
        None => String::new(),
        Some(Value::String(kind)) => kind.clone(),
        Some(_) => return Err(tool.invalid("type", "a string")),
    };
    if let Some((_, server)) = SERVER.iter().find(|(start, _)| kind.starts_with(start)) {
        return self::server(tool, *server);
    }
    if let Some(known) = client_tools::find(&kind) {
        return client(tool, known);
    }
    if !matches!(kind.as_str(), "" | "custom") {
        let value = Value::Object(tool.rest());
        return Ok(Tool::Native(Native { dialect: Dialect::Messages, value }));
    }
    tool.take("type");
    Ok(Tool::Function(Function {
        name: tool.required_text("name")?,
        description: tool.text("description")?,
        parameters: Some(tool.take("input_schema").ok_or_else(|| tool.missing("input_schema"))?),
        strict: tool.flag("strict")?,
        cache: blocks::cache(&mut tool)?,
        extra: tool.rest(),
    }))
}

/// Reads `tool_choice`.
pub(super) fn choice(body: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    let Some(mut choice) = body.object("tool_choice")? else { return Ok(()) };
    request.tool_choice = Some(match choice.required_text("type")?.as_str() {
        "auto" => ToolChoice::Auto,
        "any" => ToolChoice::Required,
        "none" => ToolChoice::None,
        "tool" => ToolChoice::Named(choice.required_text("name")?),
        _ => return Err(choice.invalid("type", "`auto`, `any`, `tool` or `none`")),
    });
    request.parallel_tool_calls = choice.flag("disable_parallel_tool_use")?.map(|disabled| !disabled);
    Ok(())
}

/// A tool that the caller runs, with a schema that Anthropic's models know: the schema is spelled out for others.
fn client(mut tool: Object, known: &client_tools::Known) -> Result<Tool, BodyError> {
    let name = tool.required_text("name")?;
    let strict = tool.flag("strict")?;
    let cache = blocks::cache(&mut tool)?;
    let extra = tool.rest();
    let description = Some(known.description(&extra));
    Ok(Tool::Function(Function { name, description, parameters: known.schema(), strict, cache, extra }))
}

fn server(tool: Object, kind: ServerToolKind) -> Result<Tool, BodyError> {
    let value = Value::Object(tool.rest());
    let mut tool = Object::new(value.clone(), "tools")?;
    Ok(Tool::Server(ServerTool {
        kind,
        allowed_domains: tool.texts("allowed_domains")?,
        blocked_domains: tool.texts("blocked_domains")?,
        max_uses: tool.count("max_uses")?,
        user_location: tool.take("user_location"),
        native: Native { dialect: Dialect::Messages, value },
    }))
}
