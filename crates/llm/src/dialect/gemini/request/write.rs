//! Writes a request for the provider.

use serde::Serialize;
use serde_json::{Map, Value};

use super::super::model::Model;
use super::super::part::Content;
use super::places::Places;
use super::{Host, config, contents, tools};
use crate::dialect::{Dialect, Target, written};
use crate::generation::{Losses, Request, Unsupported};

/// For whom a request is written, and from whom it is.
pub(in super::super) struct Context<'a> {
    pub(in super::super) host: Host,
    pub(in super::super) request: &'a Request,
    pub(in super::super) target: &'a Target<'a>,
    pub(in super::super) model: Model<'a>,
    pub(super) places: &'static Places,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    system_instruction: Option<Content<'a>>,
    contents: Vec<Content<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_config: Option<Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    generation_config: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    safety_settings: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_tier: Option<&'static str>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    labels: Map<String, Value>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

impl<'a> Context<'a> {
    pub(in super::super) fn new(request: &'a Request, target: &'a Target<'a>) -> Self {
        let host = Host::of(target.family);
        let (model, places) = (Model::new(target.model), Places::of(request.dialect));
        Self { host, request, target, model, places }
    }

    /// Whether the caller speaks this dialect, so that what came from it can go back into it.
    pub(super) fn is_own(&self) -> bool {
        self.request.dialect == Dialect::Gemini
    }
}

/// Writes the body.
///
/// # Errors
/// What the provider cannot be asked for.
pub(crate) fn write_request(
    request: &Request,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    let context = Context::new(request, target);
    let (system_instruction, contents) = contents::write(&context, losses)?;
    let tools = tools::write(&context, losses)?;
    let mut generation_config = config::write(&context, tools.has_functions, losses)?;
    let mut tool_config = tools.config;
    let mut extra = Map::new();
    if context.is_own() {
        restore(&request.extra, &mut generation_config, &mut tool_config, &mut extra);
    } else {
        request.extra.keys().for_each(|field| losses.note(field, "not known to this model's provider"));
    }
    config::note_rest(&context, losses)?;
    let body = Body {
        system_instruction,
        contents,
        tools: tools.tools,
        tool_config: (!tool_config.is_empty()).then_some(Value::Object(tool_config)),
        generation_config,
        safety_settings: safety(&context, losses),
        service_tier: config::service_tier(&context, losses),
        labels: config::labels(&context, losses),
        extra,
    };
    written(&body, request)
}

/// Puts the caller's own fields back to where they stood.
fn restore(
    from: &Map<String, Value>,
    generation_config: &mut Map<String, Value>,
    tool_config: &mut Map<String, Value>,
    root: &mut Map<String, Value>,
) {
    for (path, value) in from {
        if let Some(name) = path.strip_prefix("generationConfig.") {
            generation_config.insert(name.to_owned(), value.clone());
        } else if let Some(name) = path.strip_prefix("toolConfig.functionCallingConfig.") {
            let calling = tool_config.entry("functionCallingConfig").or_insert_with(|| Map::new().into());
            if let Value::Object(calling) = calling {
                calling.insert(name.to_owned(), value.clone());
            }
        } else if let Some(name) = path.strip_prefix("toolConfig.") {
            tool_config.insert(name.to_owned(), value.clone());
        } else {
            root.insert(path.clone(), value.clone());
        }
    }
}

/// Safety settings; only Vertex lets one choose how harm is weighed.
///
/// Source: <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/configure-safety-filters>, 2026-11.
fn safety(context: &Context<'_>, losses: &mut Losses) -> Vec<Value> {
    let mut settings = context.request.safety.clone();
    if context.host == Host::Gemini {
        for setting in settings.iter_mut().filter_map(Value::as_object_mut) {
            if setting.shift_remove("method").is_some() {
                losses.note("safetySettings.method", "only known to Vertex AI");
            }
        }
    }
    settings
}
