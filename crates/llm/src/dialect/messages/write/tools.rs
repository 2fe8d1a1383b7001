//! Tools, and which of them must be called.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Context;
use super::turns::Turn;
use crate::dialect::Dialect;
use crate::dialect::messages::block::{Block, Cache};
use crate::dialect::messages::schema;
use crate::generation::{
    Function, Request, ServerTool, ServerToolKind, Tool, ToolChoice, Unsupported, call_id,
};

/// The most strict tools of a request (<https://platform.claude.com/docs/en/build-with-claude/structured-outputs>, 2026-11).
const MOST_STRICT: usize = 20;

/// The longest name of a tool.
const LONGEST_NAME: usize = 128;

/// A tool as it is written.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Written<'a> {
    Function {
        name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        input_schema: Option<Cow<'a, Value>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        strict: Option<bool>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<Cache<'a>>,
        #[serde(flatten)]
        extra: Option<&'a Map<String, Value>>,
    },
    Native(Cow<'a, Value>),
}

/// `tool_choice`.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Choice<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disable_parallel_tool_use: bool,
}

impl Choice<'_> {
    /// Whether a tool must be called.
    pub(super) fn is_forced(&self) -> bool {
        matches!(self.r#type, "any" | "tool")
    }
}

/// Which tool must be called; a model that cannot be forced is told in `system`.
pub(super) fn choice<'a>(context: &mut Context<'a, '_>, system: &mut Vec<Block<'a>>) -> Option<Choice<'a>> {
    let request = context.request;
    let is_single = request.parallel_tool_calls == Some(false);
    let (kind, name) = match request.tool_choice.as_ref() {
        None if is_single => ("auto", None),
        None => return None,
        Some(ToolChoice::Auto | ToolChoice::Allowed { required: false, .. }) => ("auto", None),
        Some(ToolChoice::None) => ("none", None),
        Some(ToolChoice::Required | ToolChoice::Allowed { required: true, .. }) => ("any", None),
        Some(ToolChoice::Named(name)) => ("tool", Some(name.as_str())),
    };
    let mut choice = Choice { r#type: kind, name, disable_parallel_tool_use: is_single && kind != "none" };
    if choice.is_forced() && !context.is_own() && !context.model.can_be_forced() {
        context.lose("tool_choice", "the model cannot be forced: it is only told to call a tool");
        let order = name.map_or_else(
            || "Call at least one of the tools.".to_owned(),
            |name| format!("Call the tool `{name}`."),
        );
        system.push(Block::text(order));
        choice = Choice { r#type: "auto", name: None, ..choice };
    }
    Some(choice)
}

/// The tools; where the request has none but its history calls some, those, since calls without tools are refused.
pub(super) fn written<'a>(
    context: &mut Context<'a, '_>,
    turns: &[Turn<'a>],
) -> Result<Vec<Written<'a>>, Unsupported> {
    let request = context.request;
    let mut strict_left = MOST_STRICT;
    let mut tools = Vec::with_capacity(request.tools.len());
    for (index, tool) in request.tools.iter().enumerate() {
        if is_allowed(tool, request.tool_choice.as_ref()) {
            tools.push(context.tool(tool, index, &mut strict_left)?);
        }
    }
    if request.tools.is_empty() && !context.is_own() {
        let called: BTreeSet<&str> = turns.iter().flat_map(Turn::called).collect();
        tools.extend(called.into_iter().map(|name| {
            let schema = json!({ "type": "object" });
            Written::Native(Cow::Owned(json!({ "name": name, "input_schema": schema })))
        }));
    }
    Ok(tools)
}

/// The choice where tools only stand for those of the history.
pub(super) fn forbidding<'a>(tools: &[Written<'_>], request: &Request) -> Option<Choice<'a>> {
    let is_history = request.tools.is_empty() && !tools.is_empty();
    is_history.then_some(Choice { r#type: "none", name: None, disable_parallel_tool_use: false })
}

impl<'a> Context<'a, '_> {
    fn tool(
        &mut self,
        tool: &'a Tool,
        index: usize,
        strict_left: &mut usize,
    ) -> Result<Written<'a>, Unsupported> {
        match tool {
            Tool::Function(function) => self.function(function, index, strict_left),
            Tool::Custom { name, description, format } => {
                check_name(name, index)?;
                if format.as_ref().is_some_and(|format| format["type"] != "text") {
                    self.losses.note(format!("tools[{index}].format"), "there are no grammars here");
                }
                Ok(Written::Function {
                    name,
                    description: description.as_deref(),
                    input_schema: Some(Cow::Owned(schema::of_custom())),
                    strict: None,
                    cache_control: None,
                    extra: None,
                })
            }
            Tool::Server(server) => Ok(self.server(server, index)),
            Tool::Native(native) if native.dialect == Dialect::Messages => {
                Ok(Written::Native(Cow::Borrowed(&native.value)))
            }
            Tool::Native(native) => {
                let kind = native.value["type"].as_str().unwrap_or("of this kind");
                let message = format!("this model's provider has no tool `{kind}`; leave it out");
                Err(Unsupported::new(format!("tools[{index}]"), message))
            }
        }
    }

    fn function(
        &mut self,
        function: &'a Function,
        index: usize,
        strict_left: &mut usize,
    ) -> Result<Written<'a>, Unsupported> {
        check_name(&function.name, index)?;
        let cache_control = Cache::of(function.cache.as_ref());
        let extra = Some(&function.extra).filter(|extra| self.is_own() && !extra.is_empty());
        // A type is one of Anthropic's own, which has no schema here.
        if let Some(extra) = extra.filter(|extra| extra.contains_key("type")) {
            let (description, input_schema, strict) = (None, None, function.strict);
            let (name, extra) = (&function.name, Some(extra));
            return Ok(Written::Function { name, description, input_schema, strict, cache_control, extra });
        }
        let mut is_strict = function.strict == Some(true);
        if is_strict && !self.is_own() && (!self.model.has_json_schema() || *strict_left == 0) {
            self.losses.note(format!("tools[{index}].strict"), "the model cannot keep to so many schemas");
            is_strict = false;
        }
        *strict_left = strict_left.saturating_sub(usize::from(is_strict));
        let parameters = function.parameters.as_ref();
        let place = format!("tools[{index}]");
        Ok(Written::Function {
            name: &function.name,
            description: function.description.as_deref(),
            input_schema: Some(match parameters {
                Some(parameters) if self.is_own() => Cow::Borrowed(parameters),
                Some(parameters) if is_strict => Cow::Owned(schema::strict(parameters, &place, self.losses)),
                parameters => schema::of_input(parameters, &place, self.losses),
            }),
            strict: is_strict.then_some(true),
            cache_control,
            extra,
        })
    }

    /// The oldest version of each, which every model takes
    /// (<https://platform.claude.com/docs/en/agents-and-tools/tool-use/server-tools>, 2026-11).
    fn server(&mut self, tool: &'a ServerTool, index: usize) -> Written<'a> {
        if tool.native.dialect == Dialect::Messages {
            return Written::Native(Cow::Borrowed(&tool.native.value));
        }
        let (kind, name) = match tool.kind {
            ServerToolKind::WebSearch => ("web_search_20250305", "web_search"),
            ServerToolKind::WebFetch => ("web_fetch_20250910", "web_fetch"),
            ServerToolKind::CodeExecution => {
                return Written::Native(Cow::Owned(
                    json!({ "type": "code_execution_20250825", "name": "code_execution" }),
                ));
            }
        };
        let mut written = json!({ "type": kind, "name": name });
        if !tool.allowed_domains.is_empty() {
            written["allowed_domains"] = json!(tool.allowed_domains);
            if !tool.blocked_domains.is_empty() {
                self.losses.note(format!("tools[{index}]"), "domains are either allowed or blocked here");
            }
        } else if !tool.blocked_domains.is_empty() {
            written["blocked_domains"] = json!(tool.blocked_domains);
        }
        if let Some(most) = tool.max_uses {
            written["max_uses"] = most.into();
        }
        if let Some(location) = tool.user_location.as_ref().filter(|_| name == "web_search") {
            written["user_location"] = self::location(location);
        }
        Written::Native(Cow::Owned(written))
    }
}

/// OpenAI's chat has the fields one level deeper.
fn location(told: &Value) -> Value {
    let mut location = told.get("approximate").unwrap_or(told).clone();
    if let Value::Object(fields) = &mut location {
        fields.retain(|_, value| !value.is_null());
        fields.insert("type".to_owned(), "approximate".into());
    }
    location
}

fn is_allowed(tool: &Tool, choice: Option<&ToolChoice>) -> bool {
    let Some(ToolChoice::Allowed { names, .. }) = choice else { return true };
    match tool {
        Tool::Function(Function { name, .. }) | Tool::Custom { name, .. } => names.contains(name),
        Tool::Server(_) | Tool::Native(_) => true,
    }
}

fn check_name(name: &str, index: usize) -> Result<(), Unsupported> {
    let is_fit = (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(call_id::is_plain);
    let message = || {
        let letters = "letters, digits, `_` and `-`";
        format!("names of tools must be 1 to {LONGEST_NAME} {letters} for this model's provider")
    };
    if is_fit { Ok(()) } else { Err(Unsupported::new(format!("tools[{index}].name"), message())) }
}
