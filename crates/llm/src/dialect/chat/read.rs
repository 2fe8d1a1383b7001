//! Reads requests.
//!
//! Sources: <https://platform.openai.com/docs/api-reference/chat/create>, and for common extensions
//! <https://openrouter.ai/docs/api-reference/parameters>, <https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html>;
//! 2026-11.

mod content;
mod messages;
mod reasoning;
mod tools;

use serde_json::{Map, Value};

use crate::BodyError;
use crate::dialect::Dialect;
use crate::generation::object::Object;
use crate::generation::{CacheHint, Format, Request, Sampling, Speech};

/// Reads a request.
///
/// # Errors
/// Which field is wrong, and how.
pub(crate) fn read_request(body: Value) -> Result<Request, BodyError> {
    let mut object = Object::new(body, "")?;
    let mut request = Request::new(Dialect::Chat);
    request.model = object.required_text("model")?;
    if object.get("messages").is_none() {
        return Err(object.missing("messages"));
    }
    request.messages = messages::read(object.objects("messages")?)?;
    tools::read(&mut object, &mut request)?;
    request.format = format(&mut object)?;
    let mut left = Map::new();
    request.reasoning = reasoning::read(&mut object, &mut left)?;
    let most = object.count("max_tokens")?;
    request.max_tokens = object.count("max_completion_tokens")?.or(most);
    common(&mut object, &mut request)?;
    request.sampling.logprobs = logprobs(&mut object)?;
    output(&mut object, &mut request)?;
    request.extra = object.rest();
    request.extra.extend(left);
    Ok(request)
}

/// Takes what legacy completions have too.
pub(crate) fn common(object: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    request.sampling = sampling(object)?;
    request.stop = object.texts("stop")?;
    request.answers = count(object, "n")?;
    request.stream = object.flag("stream")?.unwrap_or(false);
    if let Some(mut options) = object.object("stream_options")? {
        request.wants_usage = options.flag("include_usage")?.unwrap_or(false);
    }
    request.user = object.text("user")?;
    if request.user.is_none() {
        request.user = object.text("safety_identifier")?;
    }
    Ok(())
}

fn sampling(object: &mut Object) -> Result<Sampling, BodyError> {
    Ok(Sampling {
        temperature: object.number("temperature")?,
        top_p: object.number("top_p")?,
        // vLLM's -1 is no limit.
        top_k: object.integer("top_k")?.and_then(|most| u64::try_from(most).ok()).filter(|&most| most > 0),
        min_p: object.number("min_p")?,
        presence_penalty: object.number("presence_penalty")?,
        frequency_penalty: object.number("frequency_penalty")?,
        repetition_penalty: object.number("repetition_penalty")?,
        seed: seed(object)?,
        logit_bias: object
            .take("logit_bias")
            .filter(|bias| bias.as_object().is_none_or(|bias| !bias.is_empty())),
        logprobs: None,
    })
}

fn seed(object: &mut Object) -> Result<Option<i64>, BodyError> {
    let random = object.integer("random_seed")?;
    Ok(object.integer("seed")?.or(random))
}

fn logprobs(object: &mut Object) -> Result<Option<u32>, BodyError> {
    let is_asked = object.flag("logprobs")?;
    let top = count(object, "top_logprobs")?;
    Ok(if is_asked == Some(true) { Some(top.unwrap_or(0)) } else { None })
}

pub(crate) fn count(object: &mut Object, name: &str) -> Result<Option<u32>, BodyError> {
    let Some(count) = object.count(name)? else { return Ok(None) };
    u32::try_from(count).map(Some).map_err(|_| object.invalid(name, "a smaller number"))
}

/// Takes what the answer is to be, beside its text.
fn output(object: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    request.modalities = object.texts("modalities")?;
    if let Some(mut audio) = object.object("audio")? {
        request.speech = Some(speech(&mut audio)?);
    }
    request.verbosity = object.text("verbosity")?;
    request.service_tier = object.text("service_tier")?;
    request.prompt_cache_key = object.text("prompt_cache_key")?;
    request.store = object.flag("store")?;
    if let Some(metadata) = object.object("metadata")? {
        request.metadata = metadata.rest();
    }
    Ok(())
}

/// A voice is a name, or `{"id":…}` for one of the caller's own.
fn speech(audio: &mut Object) -> Result<Speech, BodyError> {
    let custom = audio.get("voice").is_some_and(Value::is_object).then(|| audio.take("voice")).flatten();
    Ok(Speech { voice: audio.text("voice")?, format: audio.text("format")?, native: custom })
}

fn format(object: &mut Object) -> Result<Option<Format>, BodyError> {
    let Some(mut format) = object.object("response_format")? else { return Ok(None) };
    Ok(Some(match format.required_text("type")?.as_str() {
        "text" => Format::Text,
        "json_object" => Format::JsonObject,
        "json_schema" => {
            let mut inner = format.object("json_schema")?.ok_or_else(|| format.missing("json_schema"))?;
            Format::JsonSchema {
                name: inner.text("name")?,
                description: inner.text("description")?,
                schema: inner.take("schema").unwrap_or_else(|| Value::Object(Map::new())),
                strict: inner.flag("strict")?,
            }
        }
        _ => return Err(format.invalid("type", "`text`, `json_object` or `json_schema`")),
    }))
}

/// Takes Anthropic's `cache_control`, which others pass on.
fn cache(object: &mut Object) -> Result<Option<CacheHint>, BodyError> {
    let Some(mut control) = object.object("cache_control")? else { return Ok(None) };
    Ok(Some(CacheHint { ttl: control.text("ttl")? }))
}
