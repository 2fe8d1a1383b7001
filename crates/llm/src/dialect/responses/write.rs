//! Writes requests.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses/create>, 2026-11.

mod items;
mod media;
mod reasoning;
mod tools;

pub(crate) use media::needs_bytes;

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::wire::Item;
use super::{ENCRYPTED, LOGPROBS};
use crate::dialect::{Dialect, Target, written};
use crate::generation::{Format, Losses, Message, Request, Role, Unsupported, call_id};

/// The least that `max_output_tokens` may be.
const MIN_OUTPUT_TOKENS: u64 = 16;

/// The longest `safety_identifier`, in bytes.
const MAX_USER: usize = 64;

/// Fields of Chat Completions that are the same here.
const OF_CHAT: [&str; 4] = ["moderation", "prompt_cache_options", "prompt_cache_retention", "user"];

/// What cannot be said here of how tokens are drawn.
const NO_SAMPLING: &str = "the provider has no such option in this dialect";

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<&'a str>,
    input: Vec<Item<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<tools::Written<'a>>,
    #[serde(flatten)]
    options: Map<String, Value>,
}

/// Writes the body of a request.
///
/// # Errors
/// When the request asks for what no provider of this dialect can do.
pub(crate) fn write_request(
    request: &Request,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    refuse(request)?;
    let (instructions, messages) = instructions(&request.messages);
    let body = Body {
        model: target.model,
        instructions,
        input: items::Writer::new(request, is_stored(request), losses).items(messages)?,
        tools: tools::tools(request, losses)?,
        options: options(request, target, losses),
    };
    written(&body, request)
}

fn refuse(request: &Request) -> Result<(), Unsupported> {
    if request.answers.is_some_and(|answers| answers > 1) {
        return Err(Unsupported::new(
            "n",
            "this model's provider makes one answer at a time; ask again for more",
        ));
    }
    if let Some(kind) = request.modalities.iter().find(|kind| !kind.eq_ignore_ascii_case("text")) {
        let why = format!("this model's provider answers in text only, not in `{kind}`");
        return Err(Unsupported::new("modalities", why));
    }
    Ok(())
}

/// The system prompt that stands first has a field of its own, which some back ends insist on.
fn instructions(messages: &[Message]) -> (Option<&str>, &[Message]) {
    match messages.split_first() {
        Some((first, rest)) if first.role == Role::System => match first.parts.as_slice() {
            [part] if first.id.is_none() => match part.as_text() {
                Some(text) => (Some(text), rest),
                None => (None, messages),
            },
            _ => (None, messages),
        },
        _ => (None, messages),
    }
}

/// Nothing is stored unless the caller says so, or goes on from what is.
fn is_stored(request: &Request) -> bool {
    let goes_on = request.previous_response_id.is_some()
        || ["conversation", "background"].iter().any(|name| request.extra.contains_key(*name));
    request.store.unwrap_or(goes_on)
}

fn options(request: &Request, target: &Target<'_>, losses: &mut Losses) -> Map<String, Value> {
    let mut options = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            options.insert(name.to_owned(), value);
        }
    };
    put("tool_choice", tools::choice(request));
    put(
        "parallel_tool_calls",
        request.parallel_tool_calls.filter(|_| !request.tools.is_empty()).map(Value::from),
    );
    put("text", text(request));
    put("reasoning", reasoning::write(request, target, losses));
    put("include", include(request, target));
    sampling(request, target, losses, &mut put);
    put("max_output_tokens", max_tokens(request, target, losses).map(Value::from));
    put("stream", request.stream.then_some(Value::Bool(true)));
    put("store", store(request).map(Value::Bool));
    put("previous_response_id", request.previous_response_id.as_deref().map(Value::from));
    put("service_tier", request.service_tier.as_deref().map(tier));
    put("metadata", metadata(request));
    put("safety_identifier", request.user.as_deref().map(|user| user_id(user).into()));
    put("prompt_cache_key", request.prompt_cache_key.as_deref().map(Value::from));
    extra(request, losses, &mut options);
    options
}

fn store(request: &Request) -> Option<bool> {
    request.store.or(if is_stored(request) { None } else { Some(false) })
}

fn text(request: &Request) -> Option<Value> {
    let mut text = Map::new();
    match &request.format {
        None => {}
        Some(Format::Text) => drop(text.insert("format".to_owned(), json!({ "type": "text" }))),
        Some(Format::JsonObject) => drop(text.insert("format".to_owned(), json!({ "type": "json_object" }))),
        Some(Format::JsonSchema { name, description, schema, strict }) => {
            let name = name.as_deref().unwrap_or("response");
            let mut format = json!({ "type": "json_schema", "name": name, "schema": schema });
            if let Some(description) = description {
                format["description"] = description.as_str().into();
            }
            if let Some(strict) = strict {
                format["strict"] = (*strict).into();
            }
            text.insert("format".to_owned(), format);
        }
    }
    if let Some(verbosity) = &request.verbosity {
        text.insert("verbosity".to_owned(), verbosity.as_str().into());
    }
    (!text.is_empty()).then_some(Value::Object(text))
}

/// Reasoning is given back encrypted, so that it survives turns though nothing is stored.
fn include(request: &Request, target: &Target<'_>) -> Option<Value> {
    let mut include = match request.extra.get("include") {
        Some(Value::Array(asked)) if request.dialect == Dialect::Responses => asked.clone(),
        _ => Vec::new(),
    };
    if reasoning::has_reasoning(request, target) {
        include.push(ENCRYPTED.into());
    }
    if request.sampling.logprobs.is_some() {
        include.push(LOGPROBS.into());
    }
    (!include.is_empty()).then_some(Value::Array(include))
}

fn sampling(
    request: &Request,
    target: &Target<'_>,
    losses: &mut Losses,
    put: &mut impl FnMut(&str, Option<Value>),
) {
    let sampling = &request.sampling;
    let drawn = [("temperature", sampling.temperature, 2.0), ("top_p", sampling.top_p, 1.0)];
    for (name, value, most) in drawn {
        let Some(value) = value else { continue };
        if target.facts.has_fixed_sampling {
            losses.note(name, "the model has a fixed one");
            continue;
        }
        if value > most {
            losses.note(name, format!("at most {most} for this model's provider"));
        }
        put(name, Some(value.min(most).into()));
    }
    put("top_logprobs", sampling.logprobs.filter(|&count| count > 0).map(Value::from));
    let lost = [
        ("top_k", sampling.top_k.is_some()),
        ("min_p", sampling.min_p.is_some()),
        ("presence_penalty", sampling.presence_penalty.is_some()),
        ("frequency_penalty", sampling.frequency_penalty.is_some()),
        ("repetition_penalty", sampling.repetition_penalty.is_some()),
        ("seed", sampling.seed.is_some()),
        ("logit_bias", sampling.logit_bias.is_some()),
        ("stop", !request.stop.is_empty()),
        ("speech", request.speech.is_some()),
        ("safetySettings", !request.safety.is_empty()),
    ];
    lost.into_iter().filter(|(_, is_lost)| *is_lost).for_each(|(name, _)| losses.note(name, NO_SAMPLING));
}

fn max_tokens(request: &Request, target: &Target<'_>, losses: &mut Losses) -> Option<u64> {
    let asked = request.max_tokens?;
    let most = target.facts.max_output_tokens.unwrap_or(u64::MAX).max(MIN_OUTPUT_TOKENS);
    let fitted = asked.clamp(MIN_OUTPUT_TOKENS, most);
    if fitted != asked {
        losses.note("max_tokens", format!("{fitted} for this model"));
    }
    Some(fitted)
}

/// Anthropic's word for what is called the default here.
fn tier(tier: &str) -> Value {
    if tier == "standard_only" { "default".into() } else { tier.into() }
}

/// The dialect takes texts only.
fn metadata(request: &Request) -> Option<Value> {
    let text = |(name, value): (&String, &Value)| {
        let value = if value.is_string() { value.clone() } else { value.to_string().into() };
        (name.clone(), value)
    };
    let metadata: Map<_, _> = request.metadata.iter().map(text).collect();
    (!metadata.is_empty()).then_some(Value::Object(metadata))
}

/// Longer names, such as Claude Code's, stay the same user under a short one.
fn user_id(user: &str) -> Cow<'_, str> {
    call_id::fit(user, MAX_USER, |byte| byte.is_ascii_graphic())
}

fn extra(request: &Request, losses: &mut Losses, options: &mut Map<String, Value>) {
    for (path, value) in &request.extra {
        let is_known = match request.dialect {
            Dialect::Responses => true,
            Dialect::Chat | Dialect::Completions => OF_CHAT.contains(&path.as_str()),
            _ => false,
        };
        match path.split_once('.') {
            _ if !is_known => losses.note(path, "unknown to this model's provider"),
            None if path == "include" || tools::is_tool(path) => {}
            None => drop(options.insert(path.clone(), value.clone())),
            Some((outer @ ("text" | "reasoning" | "stream_options"), name)) => {
                let outer = options.entry(outer).or_insert_with(|| json!({}));
                outer[name] = value.clone();
            }
            Some(_) => losses.note(path, "cannot be kept beside what the tool has become"),
        }
    }
}
