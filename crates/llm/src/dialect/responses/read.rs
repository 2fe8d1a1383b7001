//! Reads requests.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses/create>, 2026-11.

mod content;
mod items;
mod tools;

use serde_json::{Map, Value};

use super::{ENCRYPTED, LOGPROBS};
use crate::BodyError;
use crate::dialect::Dialect;
use crate::generation::object::Object;
use crate::generation::{Effort, Format, Message, Part, Reasoning, Request, Role};

/// Reads the body of a request.
///
/// # Errors
/// When a known field has a wrong type; the error names it.
pub(crate) fn read_request(body: Value) -> Result<Request, BodyError> {
    let mut body = Object::new(body, "")?;
    let mut request = Request::new(Dialect::Responses);
    request.model = body.required_text("model")?;
    if let Some(text) = body.text("instructions")?.filter(|text| !text.is_empty()) {
        request.messages.push(Message::new(Role::System, vec![Part::text(text)]));
    }
    items::read(&mut body, &mut request.messages)?;
    tools::read(&mut body, &mut request)?;
    request.parallel_tool_calls = body.flag("parallel_tool_calls")?;
    text(&mut body, &mut request)?;
    reasoning(&mut body, &mut request)?;
    request.sampling.temperature = body.number("temperature")?;
    request.sampling.top_p = body.number("top_p")?;
    include(&mut body, &mut request)?;
    request.max_tokens = body.count("max_output_tokens")?;
    request.stream = body.flag("stream")?.unwrap_or(false);
    request.wants_usage = true;
    request.service_tier = body.text("service_tier")?;
    if let Some(metadata) = body.object("metadata")? {
        request.metadata = metadata.rest();
    }
    user(&mut body, &mut request)?;
    request.prompt_cache_key = body.text("prompt_cache_key")?;
    request.store = body.flag("store")?;
    request.previous_response_id = body.text("previous_response_id")?;
    stream_options(&mut body, &mut request)?;
    request.extra.extend(body.rest());
    Ok(request)
}

fn text(body: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    let Some(mut text) = body.object("text")? else { return Ok(()) };
    request.verbosity = text.text("verbosity")?;
    if let Some(mut format) = text.object("format")? {
        let schema = format.take("schema");
        request.format = Some(match (format.required_text("type")?.as_str(), schema) {
            ("text", _) => Format::Text,
            ("json_object", _) => Format::JsonObject,
            ("json_schema", Some(schema)) => Format::JsonSchema {
                name: format.text("name")?,
                description: format.text("description")?,
                schema,
                strict: format.flag("strict")?,
            },
            ("json_schema", None) => return Err(format.missing("schema")),
            _ => return Err(format.invalid("type", "`text`, `json_object` or `json_schema`")),
        });
    }
    keep("text", text, &mut request.extra);
    Ok(())
}

fn reasoning(body: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    let Some(mut told) = body.object("reasoning")? else { return Ok(()) };
    let word = told.text("effort")?;
    let effort = word.as_deref().and_then(Effort::parse);
    if let (Some(word), None) = (word, effort) {
        request.extra.insert("reasoning.effort".to_owned(), word.into());
    }
    let summary = told.text("summary")?.or(told.text("generate_summary")?);
    request.reasoning = Some(Reasoning { effort, summary, ..Reasoning::default() });
    keep("reasoning", told, &mut request.extra);
    Ok(())
}

/// What is asked for beside the answer. Encrypted reasoning is always asked for where the model reasons, so that the wish
/// tells no more than that it does.
fn include(body: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    let mut include = body.texts("include")?;
    let asked = include.len();
    include.retain(|field| field != ENCRYPTED);
    if include.len() < asked {
        request.reasoning.get_or_insert_default();
    }
    let alternatives = body.count("top_logprobs")?.and_then(|count| u32::try_from(count).ok());
    let wants_logprobs = include.iter().any(|field| field == LOGPROBS);
    include.retain(|field| field != LOGPROBS);
    request.sampling.logprobs = alternatives.filter(|&count| count > 0).or(wants_logprobs.then_some(0));
    if !include.is_empty() {
        request.extra.insert("include".to_owned(), include.into());
    }
    Ok(())
}

/// `user` is the older name of `safety_identifier`.
fn user(body: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    let user = body.text("user")?;
    let identifier = body.text("safety_identifier")?;
    if let (Some(user), true) = (&user, identifier.is_some()) {
        request.extra.insert("user".to_owned(), user.as_str().into());
    }
    request.user = identifier.or(user);
    Ok(())
}

/// Whether the lengths of a stream's events are obfuscated is for the provider's own stream alone.
fn stream_options(body: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    let Some(mut options) = body.object("stream_options")? else { return Ok(()) };
    options.flag("include_obfuscation")?;
    keep("stream_options", options, &mut request.extra);
    Ok(())
}

/// Keeps the fields that nobody took.
fn keep(path: &str, object: Object, extra: &mut Map<String, Value>) {
    extra.extend(object.rest().into_iter().map(|(name, value)| (format!("{path}.{name}"), value)));
}
