//! Tools, and which of them must be called.
//!
//! Sources: <https://platform.openai.com/docs/guides/function-calling>,
//! <https://platform.openai.com/docs/guides/tools-web-search?api-mode=chat>; 2026-11.

use serde_json::{Value, json};

use super::cache;
use crate::BodyError;
use crate::dialect::Dialect;
use crate::generation::object::Object;
use crate::generation::{Function, Native, Request, ServerTool, ServerToolKind, Tool, ToolChoice};

/// Takes tools, also in their first form (`functions`), and what chooses among them.
pub(super) fn read(object: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    for item in object.objects("tools")? {
        request.tools.push(tool(item)?);
    }
    for item in object.objects("functions")? {
        request.tools.push(Tool::Function(function(item)?));
    }
    if let Some(options) = object.object("web_search_options")? {
        request.tools.push(Tool::Server(web_search(options)?));
    }
    request.tool_choice = choice(object, "tool_choice")?;
    if request.tool_choice.is_none() {
        request.tool_choice = choice(object, "function_call")?;
    }
    request.parallel_tool_calls = object.flag("parallel_tool_calls")?;
    Ok(())
}

fn tool(mut item: Object) -> Result<Tool, BodyError> {
    let kind = item.text("type")?;
    match kind.as_deref() {
        None | Some("function") if item.get("function").is_some() => {
            let cache = cache(&mut item)?;
            let inner = item.object("function")?.ok_or_else(|| item.missing("function"))?;
            let function = function(inner)?;
            Ok(Tool::Function(Function { cache: function.cache.clone().or(cache), ..function }))
        }
        Some("custom") => {
            let mut inner = item.object("custom")?.ok_or_else(|| item.missing("custom"))?;
            Ok(Tool::Custom {
                name: inner.required_text("name")?,
                description: inner.text("description")?,
                format: inner.take("format"),
            })
        }
        None | Some("function") => Err(item.missing("function")),
        Some(kind) => {
            let mut value = item.rest();
            value.insert("type".to_owned(), kind.into());
            Ok(Tool::Native(Native { dialect: Dialect::Chat, value: Value::Object(value) }))
        }
    }
}

fn function(mut item: Object) -> Result<Function, BodyError> {
    Ok(Function {
        name: item.required_text("name")?,
        description: item.text("description")?,
        parameters: item.take("parameters"),
        strict: item.flag("strict")?,
        cache: cache(&mut item)?,
        extra: item.rest(),
    })
}

fn web_search(mut options: Object) -> Result<ServerTool, BodyError> {
    let location = options.take("user_location");
    let mut allowed_domains = Vec::new();
    if let Some(mut filters) = options.object("filters")? {
        allowed_domains = filters.texts("allowed_domains")?;
    }
    let mut native = options.rest();
    native.extend(location.clone().map(|location| ("user_location".to_owned(), location)));
    Ok(ServerTool {
        kind: ServerToolKind::WebSearch,
        allowed_domains,
        blocked_domains: Vec::new(),
        max_uses: None,
        user_location: location.map(flat),
        native: Native { dialect: Dialect::Chat, value: json!({ "web_search_options": native }) },
    })
}

/// `{"type":"approximate","approximate":{"city",…}}` as Responses have it: all in one object.
fn flat(location: Value) -> Value {
    let Value::Object(mut outer) = location else { return location };
    if let Some(Value::Object(inner)) = outer.shift_remove("approximate") {
        outer.extend(inner);
    }
    Value::Object(outer)
}

fn choice(object: &mut Object, name: &str) -> Result<Option<ToolChoice>, BodyError> {
    if object.get(name).is_some_and(Value::is_object) {
        let inner = object.object(name)?.ok_or_else(|| object.missing(name))?;
        return chosen(inner).map(Some);
    }
    let Some(word) = object.text(name)? else { return Ok(None) };
    match word.as_str() {
        "auto" => Ok(Some(ToolChoice::Auto)),
        "none" => Ok(Some(ToolChoice::None)),
        "required" | "any" => Ok(Some(ToolChoice::Required)),
        _ => Err(object.invalid(name, "`auto`, `none`, `required` or an object that names a tool")),
    }
}

fn chosen(mut choice: Object) -> Result<ToolChoice, BodyError> {
    match choice.text("type")?.as_deref() {
        Some("allowed_tools") => {
            let inner = choice.object("allowed_tools")?;
            let mut allowed = inner.unwrap_or(choice);
            let required = allowed.text("mode")?.is_some_and(|mode| mode == "required");
            let names = allowed.objects("tools")?.into_iter().map(name_of).collect::<Result<_, _>>()?;
            Ok(ToolChoice::Allowed { names, required })
        }
        Some("auto") => Ok(ToolChoice::Auto),
        Some("none") => Ok(ToolChoice::None),
        Some("required" | "any") => Ok(ToolChoice::Required),
        _ => name_of(choice).map(ToolChoice::Named),
    }
}

/// The name in `{"function":{"name"}}`, `{"custom":{"name"}}` or `{"name"}`.
fn name_of(mut item: Object) -> Result<String, BodyError> {
    for kind in ["function", "custom"] {
        if let Some(mut inner) = item.object(kind)? {
            return inner.required_text("name");
        }
    }
    item.required_text("name")
}
