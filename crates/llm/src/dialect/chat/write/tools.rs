//! Tools, and which of them must be called.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Context;
use crate::dialect::Dialect;
use crate::dialect::chat::wire::CacheOut;
use crate::generation::{
    Function, Losses, Native, ServerTool, ServerToolKind, Tool, ToolChoice, Unsupported,
};
use crate::profile::{Fields, WebSearch};

/// A tool.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum ToolOut<'a> {
    Function {
        r#type: &'static str,
        function: FunctionDef<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<CacheOut<'a>>,
    },
    Custom {
        r#type: &'static str,
        custom: CustomDef<'a>,
    },
    Native(Cow<'a, Value>),
}

#[derive(Serialize)]
pub(super) struct FunctionDef<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    parameters: Cow<'a, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    strict: Option<bool>,
    #[serde(flatten)]
    extra: Option<&'a Map<String, Value>>,
}

#[derive(Serialize)]
pub(super) struct CustomDef<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'a Value>,
}

/// Which tools may be called.
enum Choice<'a> {
    All,
    None,
    Only(&'a [String]),
}

/// Writes tools, and adds the options that go with them.
pub(super) fn write<'a>(
    context: &Context<'a>,
    options: &mut Map<String, Value>,
    losses: &mut Losses,
) -> Result<Vec<ToolOut<'a>>, Unsupported> {
    let (left, word) = choose(context, losses);
    let mut tools = Vec::new();
    for tool in &context.request.tools {
        let is_left = match (&left, tool) {
            (Choice::All, _) => true,
            (Choice::Only(names), Tool::Function(Function { name, .. }) | Tool::Custom { name, .. }) => {
                names.contains(name)
            }
            _ => false,
        };
        if is_left {
            tools.extend(tool_out(context, tool, options, losses)?);
        }
    }
    if tools.is_empty() {
        return Ok(tools);
    }
    if !context.takes.has(Fields::TOOLS) {
        let message = "this model's provider has no tools; leave them out or choose another model";
        return Err(context.unsupported("tools", message));
    }
    options.extend(word.map(|word| ("tool_choice".to_owned(), word)));
    match context.request.parallel_tool_calls {
        Some(parallel) if context.takes.has(Fields::PARALLEL) => {
            options.insert("parallel_tool_calls".to_owned(), parallel.into());
        }
        Some(false) => losses.note("parallel_tool_calls", "several calls may come in one answer"),
        _ => {}
    }
    Ok(tools)
}

/// What of the choice must be told by leaving tools out, and what can be said.
fn choose<'a>(context: &Context<'a>, losses: &mut Losses) -> (Choice<'a>, Option<Value>) {
    let takes = context.takes;
    let required = context.profile().required;
    let mut must = |required: Option<&str>| {
        if required.is_none() {
            losses.note(context.path("tool_choice"), "the model decides whether to call a tool");
        }
        Some(required.unwrap_or("auto").into())
    };
    match context.request.tool_choice.as_ref() {
        None => (Choice::All, None),
        Some(ToolChoice::Auto) => (Choice::All, Some("auto".into())),
        Some(ToolChoice::None) if takes.has(Fields::CHOICE_NONE) => (Choice::All, Some("none".into())),
        Some(ToolChoice::None) => (Choice::None, None),
        Some(ToolChoice::Required) => (Choice::All, must(required)),
        Some(ToolChoice::Named(name)) if takes.has(Fields::CHOICE_NAMED) => {
            (Choice::All, Some(named(context, name)))
        }
        Some(ToolChoice::Named(name)) => (Choice::Only(std::slice::from_ref(name)), must(required)),
        Some(ToolChoice::Allowed { names, required }) if takes.has(Fields::CHOICE_ALLOWED) => {
            let tools: Vec<_> = names.iter().map(|name| named(context, name)).collect();
            let mode = if *required { "required" } else { "auto" };
            let allowed = json!({ "mode": mode, "tools": tools });
            (Choice::All, Some(json!({ "type": "allowed_tools", "allowed_tools": allowed })))
        }
        Some(ToolChoice::Allowed { names, required: true }) => (Choice::Only(names), must(required)),
        Some(ToolChoice::Allowed { names, required: false }) => (Choice::Only(names), Some("auto".into())),
    }
}

fn named(context: &Context<'_>, name: &str) -> Value {
    let is_custom = |tool: &Tool| matches!(tool, Tool::Custom { name: known, .. } if known == name);
    let kind = if context.takes.has(Fields::CUSTOM_TOOLS) && context.request.tools.iter().any(is_custom) {
        "custom"
    } else {
        "function"
    };
    json!({ "type": kind, kind: { "name": name } })
}

fn tool_out<'a>(
    context: &Context<'a>,
    tool: &'a Tool,
    options: &mut Map<String, Value>,
    losses: &mut Losses,
) -> Result<Option<ToolOut<'a>>, Unsupported> {
    match tool {
        Tool::Function(known) => Ok(Some(function(context, known, losses))),
        Tool::Custom { name, description, format } if context.takes.has(Fields::CUSTOM_TOOLS) => {
            let (description, format) = (description.as_deref(), format.as_ref());
            Ok(Some(ToolOut::Custom { r#type: "custom", custom: CustomDef { name, description, format } }))
        }
        Tool::Custom { name, description, format } => {
            if format.as_ref().is_some_and(|format| format["type"] != "text") {
                losses.note("tools", format!("the input of {name} is not held to its grammar"));
            }
            Ok(Some(free_form(name, description.as_deref())))
        }
        Tool::Server(known) => server(context, known, options, losses),
        Tool::Native(Native { dialect: Dialect::Chat, value }) => {
            Ok(Some(ToolOut::Native(Cow::Borrowed(value))))
        }
        Tool::Native(Native { value, .. }) => {
            let kind = value["type"].as_str().unwrap_or("of this kind");
            let message = format!("no tool {kind} exists at this model's provider; leave it out");
            Err(context.unsupported("tools", &message))
        }
    }
}

fn function<'a>(context: &Context<'a>, known: &'a Function, losses: &mut Losses) -> ToolOut<'a> {
    let takes = context.takes;
    let is_own = context.request.dialect == Dialect::Chat;
    if known.strict == Some(true) && !takes.has(Fields::STRICT) {
        losses.note("tools.strict", "this model's provider does not hold arguments to their schema");
    }
    for name in known.extra.keys().filter(|_| !is_own) {
        losses.note(format!("tools.{name}"), "this model's provider has no such field");
    }
    let function = FunctionDef {
        name: &known.name,
        description: known.description.as_deref(),
        parameters: parameters(known.parameters.as_ref()),
        strict: known.strict.filter(|_| takes.has(Fields::STRICT)),
        extra: Some(&known.extra).filter(|extra| is_own && !extra.is_empty()),
    };
    let cache_control = known.cache.as_ref().filter(|_| takes.has(Fields::CACHE_CONTROL)).map(CacheOut::from);
    ToolOut::Function { r#type: "function", function, cache_control }
}

/// A schema that says it is one of an object, which servers insist on.
fn parameters(schema: Option<&Value>) -> Cow<'_, Value> {
    match schema {
        Some(schema) if schema.get("type").is_some() || schema.get("$ref").is_some() => Cow::Borrowed(schema),
        Some(Value::Object(schema)) => {
            let mut schema = schema.clone();
            schema.insert("type".to_owned(), "object".into());
            schema.entry("properties").or_insert_with(|| Value::Object(Map::new()));
            Cow::Owned(Value::Object(schema))
        }
        _ => Cow::Owned(json!({ "type": "object", "properties": {} })),
    }
}

fn free_form<'a>(name: &'a str, description: Option<&'a str>) -> ToolOut<'a> {
    let parameters = json!({
        "type": "object",
        "properties": { "input": { "type": "string" } },
        "required": ["input"],
    });
    let function =
        FunctionDef { name, description, parameters: Cow::Owned(parameters), strict: None, extra: None };
    ToolOut::Function { r#type: "function", function, cache_control: None }
}

/// A tool that the provider runs; searches of the web are all that this dialect has, each server in its own words.
///
/// Sources: <https://platform.openai.com/docs/guides/tools-web-search?api-mode=chat>,
/// <https://openrouter.ai/docs/features/web-search>, <https://docs.z.ai/guides/tools/web-search>,
/// <https://www.alibabacloud.com/help/en/model-studio/web-search>,
/// <https://docs.perplexity.ai/guides/search-domain-filters>; 2026-11.
fn server<'a>(
    context: &Context<'a>,
    tool: &'a ServerTool,
    options: &mut Map<String, Value>,
    losses: &mut Losses,
) -> Result<Option<ToolOut<'a>>, Unsupported> {
    let form = match (tool.kind, context.profile().web_search) {
        (ServerToolKind::WebSearch, WebSearch::OptionsOfSearchModels) if searches(context) => {
            WebSearch::Options
        }
        (ServerToolKind::WebSearch, form) => form,
        _ => WebSearch::None,
    };
    let is_filtered = !tool.allowed_domains.is_empty() || !tool.blocked_domains.is_empty();
    if is_filtered && !matches!(form, WebSearch::Always | WebSearch::None) {
        losses.note("tools.allowed_domains", "all domains are searched");
    }
    match form {
        WebSearch::None | WebSearch::OptionsOfSearchModels => {
            let name = match tool.kind {
                ServerToolKind::WebSearch => "search the web",
                ServerToolKind::WebFetch => "fetch pages",
                ServerToolKind::CodeExecution => "run code",
            };
            let message = format!(
                "this model's provider does not {name} by itself; leave the tool out or choose another model"
            );
            Err(context.unsupported("tools", &message))
        }
        WebSearch::Options => {
            options.insert("web_search_options".to_owned(), search_options(tool));
            Ok(None)
        }
        WebSearch::EnableSearch => {
            options.insert("enable_search".to_owned(), true.into());
            Ok(None)
        }
        WebSearch::Tool => Ok(Some(ToolOut::Native(Cow::Owned(json!({
            "type": "web_search",
            "web_search": { "enable": "True", "search_engine": "search-prime", "search_result": "True" },
        }))))),
        WebSearch::Always => {
            let blocked = tool.blocked_domains.iter().map(|domain| format!("-{domain}"));
            let filter: Vec<_> = tool.allowed_domains.iter().cloned().chain(blocked).collect();
            if !filter.is_empty() {
                options.insert("search_domain_filter".to_owned(), filter.into());
            }
            Ok(None)
        }
    }
}

fn searches(context: &Context<'_>) -> bool {
    context.target.model.contains("search")
}

fn search_options(tool: &ServerTool) -> Value {
    if tool.native.dialect == Dialect::Chat {
        return tool.native.value["web_search_options"].clone();
    }
    let Some(Value::Object(location)) = &tool.user_location else { return json!({}) };
    let mut inner = location.clone();
    inner.shift_remove("type");
    json!({ "user_location": { "type": "approximate", "approximate": inner } })
}
