//! Reads tools and what is said of their use.

use serde_json::{Map, Value, json};

use super::super::fields;
use super::read::prefixed;
use crate::BodyError;
use crate::dialect::Dialect;
use crate::generation::object::Object;
use crate::generation::{Function, Native, Request, ServerTool, ServerToolKind, Tool, ToolChoice};
use crate::schema;

/// Tools of the provider that others have too.
const SERVER: [(&str, ServerToolKind); 4] = [
    ("googleSearch", ServerToolKind::WebSearch),
    ("googleSearchRetrieval", ServerToolKind::WebSearch),
    ("urlContext", ServerToolKind::WebFetch),
    ("codeExecution", ServerToolKind::CodeExecution),
];

/// Reads `tools` and `toolConfig`.
pub(super) fn read(object: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    for mut tool in fields::messages(object, "tools")? {
        for declaration in fields::messages(&mut tool, "functionDeclarations")? {
            request.tools.push(Tool::Function(function(declaration)?));
        }
        for (name, value) in tool.rest() {
            request.tools.push(server(name, value));
        }
    }
    let Some(mut config) = fields::inner(object, "toolConfig")? else { return Ok(()) };
    if let Some(mut calling) = fields::inner(&mut config, "functionCallingConfig")? {
        let mode = calling.text("mode")?.unwrap_or_default().to_ascii_uppercase();
        let names = calling.texts("allowedFunctionNames")?;
        request.tool_choice = match mode.as_str() {
            "" | "MODE_UNSPECIFIED" => None,
            "AUTO" => Some(ToolChoice::Auto),
            "NONE" => Some(ToolChoice::None),
            "ANY" => Some(any(names)),
            "VALIDATED" => Some(validated(names, &request.tools)),
            _ => return Err(calling.invalid("mode", "`AUTO`, `ANY`, `NONE` or `VALIDATED`")),
        };
        prefixed(&mut request.extra, "toolConfig.functionCallingConfig", calling.rest());
    }
    prefixed(&mut request.extra, "toolConfig", config.rest());
    Ok(())
}

fn function(mut declaration: Object) -> Result<Function, BodyError> {
    let parameters = declaration.take("parametersJsonSchema");
    let parameters = parameters.or_else(|| declaration.take("parameters").map(schema::from_openapi));
    Ok(Function {
        name: declaration.required_text("name")?,
        description: declaration.text("description")?,
        parameters,
        strict: None,
        cache: None,
        extra: declaration.rest(),
    })
}

fn server(name: String, value: Value) -> Tool {
    let kind = SERVER.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
    let domains = ["excludeDomains", "exclude_domains"].into_iter().find_map(|field| value[field].as_array());
    let blocked_domains =
        domains.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>();
    let native = Native { dialect: Dialect::Gemini, value: Value::Object(Map::from_iter([(name, value)])) };
    let Some(kind) = kind else { return Tool::Native(native) };
    Tool::Server(ServerTool {
        kind,
        allowed_domains: Vec::new(),
        blocked_domains,
        max_uses: None,
        user_location: None,
        native,
    })
}

fn any(mut names: Vec<String>) -> ToolChoice {
    match (names.len(), names.pop()) {
        (1, Some(name)) => ToolChoice::Named(name),
        (_, None) => ToolChoice::Required,
        (_, Some(last)) => {
            names.push(last);
            ToolChoice::Allowed { names, required: true }
        }
    }
}

/// Calls or text, as the model likes, of these functions or of all.
fn validated(names: Vec<String>, tools: &[Tool]) -> ToolChoice {
    let all = tools.iter().filter_map(|tool| match tool {
        Tool::Function(function) => Some(function.name.clone()),
        _ => None,
    });
    let names = if names.is_empty() { all.collect() } else { names };
    ToolChoice::Allowed { names, required: false }
}

/// The form of a tool of the provider that asks for nothing particular.
pub(super) fn plain(name: &str) -> Value {
    json!({ name: {} })
}
