//! Writes tools and what is said of their use.

use serde_json::{Map, Value, json};

use super::Host;
use super::read_tools::plain;
use super::write::Context;
use crate::dialect::Dialect;
use crate::generation::{Function, Losses, ServerTool, ServerToolKind, Tool, ToolChoice, Unsupported};
use crate::schema::{self, Rules};

/// The most bytes of a function's name (<https://ai.google.dev/api/caching#FunctionDeclaration>, 2026-11).
const MAX_NAME_BYTES: usize = 128;

/// `tools` and `toolConfig`.
#[derive(Debug, Default)]
pub(in super::super) struct Written {
    pub(in super::super) tools: Vec<Value>,
    pub(in super::super) config: Map<String, Value>,
    pub(in super::super) has_functions: bool,
}

/// Writes `tools` and `toolConfig`.
pub(in super::super) fn write(context: &Context<'_>, losses: &mut Losses) -> Result<Written, Unsupported> {
    let (mut declarations, mut tools) = (Vec::new(), Vec::new());
    for (index, tool) in context.request.tools.iter().enumerate() {
        let place = format!("tools[{index}]");
        match tool {
            Tool::Function(function) => declarations.push(declare(context, &place, function, losses)?),
            Tool::Custom { name, description, format } => {
                if format.is_some() {
                    losses.note(format!("{place}.format"), "tools with a grammar are not known");
                }
                declarations.push(custom(&place, name, description.as_deref())?);
            }
            Tool::Server(tool) => tools.push(server(context, &place, tool, losses)),
            Tool::Native(native) if native.dialect == Dialect::Gemini => tools.push(native.value.clone()),
            Tool::Native(native) => return Err(foreign(&place, &native.value)),
        }
    }
    let (has_functions, has_server) = (!declarations.is_empty(), !tools.is_empty());
    if has_functions {
        tools.insert(0, json!({ "functionDeclarations": declarations }));
    }
    let mut written = Written { tools, config: Map::new(), has_functions };
    let is_mixed = has_functions && has_server && !context.is_own();
    if is_mixed && !context.model.is_third_generation() {
        let message = "this model uses either functions or the provider's own tools; leave one out";
        return Err(Unsupported::new("tools", message));
    }
    if is_mixed && context.host == Host::Gemini {
        // Without it the provider refuses its own tools beside functions
        // (<https://ai.google.dev/gemini-api/docs/tool-combination>, 2026-11).
        written.config.insert("includeServerSideToolInvocations".to_owned(), true.into());
    }
    choose(context, &mut written, losses);
    Ok(written)
}

fn foreign(place: &str, tool: &Value) -> Unsupported {
    let name = tool["type"].as_str().unwrap_or("this tool");
    Unsupported::new(
        place,
        format!("`{name}` only exists at another provider; leave it out or choose another model"),
    )
}

fn declare(
    context: &Context<'_>,
    place: &str,
    function: &Function,
    losses: &mut Losses,
) -> Result<Value, Unsupported> {
    check_name(place, &function.name)?;
    let mut declared = Map::new();
    declared.insert("name".to_owned(), function.name.as_str().into());
    declared.extend(function.description.as_deref().map(|text| ("description".to_owned(), text.into())));
    if let Some(parameters) = &function.parameters {
        let (field, rules) = if context.model.takes_json_schema() {
            ("parametersJsonSchema", Rules::GeminiJson)
        } else {
            ("parameters", Rules::Gemini)
        };
        let (mut adapted, lost) = schema::adapt(parameters, rules);
        let where_to = context.places.parameters;
        for path in lost {
            losses.note(format!("{place}.{where_to}.{path}"), "not known to this model");
        }
        if let Value::Object(root) = &mut adapted
            && !root.contains_key("anyOf")
        {
            root.entry("type").or_insert_with(|| "object".into());
        }
        // An object without properties is refused by older models: it says no more than that there are no arguments.
        let is_empty = adapted["properties"].as_object().is_none_or(Map::is_empty);
        if field != "parameters" || !is_empty {
            declared.insert(field.to_owned(), adapted);
        }
    }
    for (name, value) in &function.extra {
        if context.is_own() {
            declared.insert(name.clone(), value.clone());
        } else {
            losses.note(format!("{place}.{name}"), "not known to this model's provider");
        }
    }
    Ok(Value::Object(declared))
}

fn custom(place: &str, name: &str, description: Option<&str>) -> Result<Value, Unsupported> {
    check_name(place, name)?;
    Ok(json!({
        "name": name,
        "description": description.unwrap_or_default(),
        "parameters": {
            "type": "OBJECT",
            "properties": { "input": { "type": "STRING" } },
            "required": ["input"],
        },
    }))
}

fn check_name(place: &str, name: &str) -> Result<(), Unsupported> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if begins && name.len() <= MAX_NAME_BYTES && name.bytes().all(is_allowed) {
        return Ok(());
    }
    let message = format!(
        "`{name}` cannot be a function's name for this model: it must begin with a letter or underscore, go on with letters, \
         digits, `_`, `.`, `:` or `-`, and be at most {MAX_NAME_BYTES} long"
    );
    Err(Unsupported::new(format!("{place}.name"), message))
}

fn server(context: &Context<'_>, place: &str, tool: &ServerTool, losses: &mut Losses) -> Value {
    if tool.native.dialect == Dialect::Gemini {
        return tool.native.value.clone();
    }
    let unknown = [
        ("allowed_domains", !tool.allowed_domains.is_empty()),
        ("max_uses", tool.max_uses.is_some()),
        ("user_location", tool.user_location.is_some()),
        ("blocked_domains", !tool.blocked_domains.is_empty() && context.host == Host::Gemini),
    ];
    for (field, _) in unknown.into_iter().filter(|(_, is_given)| *is_given) {
        losses.note(format!("{place}.{field}"), "not known to this model's provider");
    }
    match tool.kind {
        ServerToolKind::WebSearch if !context.model.has_google_search() => plain("googleSearchRetrieval"),
        ServerToolKind::WebSearch if context.host == Host::Vertex && !tool.blocked_domains.is_empty() => {
            json!({ "googleSearch": { "excludeDomains": tool.blocked_domains } })
        }
        ServerToolKind::WebSearch => plain("googleSearch"),
        ServerToolKind::WebFetch => plain("urlContext"),
        ServerToolKind::CodeExecution => plain("codeExecution"),
    }
}

/// Whether functions must be called; tools of the provider cannot be demanded.
///
/// Source: <https://ai.google.dev/gemini-api/docs/function-calling#function_calling_modes>, 2026-11.
fn choose(context: &Context<'_>, written: &mut Written, losses: &mut Losses) {
    let place = context.places.tool_choice;
    if !written.has_functions {
        match &context.request.tool_choice {
            Some(ToolChoice::None) => written.tools.clear(),
            Some(ToolChoice::Required | ToolChoice::Named(_)) => {
                losses.note(place, "the provider's own tools cannot be demanded");
            }
            _ => {}
        }
        return;
    }
    let functions =
        context.request.tools.iter().filter(|tool| matches!(tool, Tool::Function(_) | Tool::Custom { .. }));
    let is_all = |names: &[String]| names.len() == functions.clone().count();
    let is_strict = context
        .request
        .tools
        .iter()
        .any(|tool| matches!(tool, Tool::Function(Function { strict: Some(true), .. })));
    let is_checked = is_strict && context.model.takes_json_schema();
    let (mode, names) = match &context.request.tool_choice {
        None if is_checked => ("VALIDATED", Vec::new()),
        None => return,
        Some(ToolChoice::Auto) => (if is_checked { "VALIDATED" } else { "AUTO" }, Vec::new()),
        Some(ToolChoice::None) => ("NONE", Vec::new()),
        Some(ToolChoice::Required) => ("ANY", Vec::new()),
        Some(ToolChoice::Named(name)) => ("ANY", vec![name.clone()]),
        Some(ToolChoice::Allowed { names, required }) => {
            let names = if is_all(names) { Vec::new() } else { names.clone() };
            (if *required { "ANY" } else { "VALIDATED" }, names)
        }
    };
    let mut calling = json!({ "mode": mode });
    if !names.is_empty() {
        calling["allowedFunctionNames"] = names.into();
    }
    written.config.insert("functionCallingConfig".to_owned(), calling);
}
