//! Writes requests.

mod blocks;
mod names;
mod options;
mod thinking;
mod tools;
mod turns;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

pub(crate) use self::blocks::needs_bytes;
use super::block::Content;
use super::model::Model;
use crate::dialect::{Dialect, Target, written};
use crate::generation::{Losses, Request, Unsupported};

/// A request as it is written.
#[derive(Debug, Default, Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u64>,
    #[serde(skip_serializing_if = "Content::is_empty")]
    system: Content<'a>,
    messages: Vec<turns::Turn<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<tools::Written<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<tools::Choice<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking: Option<thinking::Field<'a>>,
    #[serde(skip_serializing_if = "options::OutputConfig::is_empty")]
    output_config: options::OutputConfig<'a>,
    #[serde(flatten)]
    sampling: options::Sampling,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stop_sequences: Vec<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stream: bool,
    #[serde(skip_serializing_if = "Map::is_empty")]
    metadata: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_tier: Option<&'static str>,
    #[serde(flatten)]
    extra: BTreeMap<&'a str, &'a Value>,
}

impl Body<'_> {
    /// Leaves only what the prompt is made of, and nothing that is `refused`.
    pub(super) fn prompt_only(&mut self, refused: &[&str]) {
        self.max_tokens = None;
        self.sampling = options::Sampling::default();
        self.stop_sequences = Vec::new();
        self.stream = false;
        self.metadata = Map::new();
        self.service_tier = None;
        self.extra.retain(|name, _| !refused.contains(name));
    }
}

/// What the parts of a request's writer share.
struct Context<'a, 'l> {
    request: &'a Request,
    model: Model<'a>,
    losses: &'l mut Losses,
}

/// Writes the body of `POST /v1/messages`; [`crate::target::own_fields`] says what other hosts want otherwise.
///
/// # Errors
/// When something cannot be said here and leaving it out would make the answer useless.
pub(crate) fn write_request(
    request: &Request,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    written(&body(request, target, losses)?, request)
}

/// The body before it is bytes.
pub(super) fn body<'a>(
    request: &'a Request,
    target: &Target<'a>,
    losses: &mut Losses,
) -> Result<Body<'a>, Unsupported> {
    let mut context = Context { request, model: Model::of(target), losses };
    options::refuse(&context)?;
    let mut conversation = turns::conversation(&mut context)?;
    let choice = tools::choice(&mut context, &mut conversation.system);
    let tools = tools::written(&mut context, &conversation.turns)?;
    let format = options::format(&mut context, &mut conversation.system);
    conversation.close(&mut context);
    let thought = thinking::decide(&mut context, &conversation.turns, choice.as_ref());
    let sampling = options::sampling(&mut context, thought.thinks());
    let output_config = options::OutputConfig::new(request, thought.effort, format);
    let body = Body {
        model: target.model,
        max_tokens: Some(thought.max_tokens),
        system: Content(conversation.system),
        messages: conversation.turns,
        tool_choice: choice.filter(|_| !tools.is_empty()).or_else(|| tools::forbidding(&tools, request)),
        tools,
        thinking: thought.field,
        output_config,
        sampling,
        stop_sequences: options::stop(&mut context),
        stream: request.stream,
        metadata: options::metadata(&mut context),
        service_tier: options::service_tier(&mut context),
        extra: options::extra(&mut context),
    };
    options::lose(&mut context);
    Ok(body)
}

impl Context<'_, '_> {
    /// Whether the caller speaks this dialect, and so knows what it says.
    fn is_own(&self) -> bool {
        self.request.dialect == Dialect::Messages
    }

    /// Notes a loss of the field that chat calls `field`.
    fn lose(&mut self, field: &'static str, why: &'static str) {
        self.losses.note(names::of(self.request.dialect, field), why);
    }
}
