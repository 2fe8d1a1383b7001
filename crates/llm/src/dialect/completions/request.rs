//! Requests.
//!
//! Source: <https://platform.openai.com/docs/api-reference/completions/create>, 2026-11.

use serde_json::{Map, Value, json};

use crate::BodyError;
use crate::dialect::chat::read;
use crate::dialect::{Dialect, Target};
use crate::generation::object::Object;
use crate::generation::{Losses, Message, Native, Part, Request, Role, Unsupported};

/// Reads a request: its prompt is one message of the user's.
///
/// A prompt of tokens, or several prompts, which only this dialect has, are a native part.
///
/// # Errors
/// Which field is wrong, and how.
pub(crate) fn read_request(body: Value) -> Result<Request, BodyError> {
    let mut object = Object::new(body, "")?;
    let mut request = Request::new(Dialect::Completions);
    request.model = object.required_text("model")?;
    let part = prompt(&mut object)?;
    request.messages = vec![Message::new(Role::User, vec![part])];
    request.max_tokens = object.count("max_tokens")?;
    read::common(&mut object, &mut request)?;
    request.sampling.logprobs = read::count(&mut object, "logprobs")?;
    request.extra = object.rest();
    Ok(request)
}

/// Checks that a request of this dialect can go to a provider of another one.
///
/// # Errors
/// When its prompt is more than one text.
pub(crate) fn check_elsewhere(request: &Request) -> Result<(), Unsupported> {
    let mut parts = request.messages.iter().flat_map(|message| &message.parts);
    if parts.any(|part| matches!(part, Part::Native(native) if native.dialect == Dialect::Completions)) {
        let message =
            "only providers of legacy completions take prompts of tokens or several at once; send one text";
        return Err(Unsupported::new("prompt", message));
    }
    Ok(())
}

fn prompt(object: &mut Object) -> Result<Part, BodyError> {
    match object.take("prompt") {
        Some(Value::String(text)) => Ok(Part::text(text)),
        Some(Value::Array(mut items)) if items.len() == 1 && items[0].is_string() => {
            let text = items.remove(0);
            Ok(Part::text(text.as_str().unwrap_or_default()))
        }
        Some(Value::Array(items)) if items.iter().all(is_prompt) => {
            Ok(Part::Native(Native { dialect: Dialect::Completions, value: items.into() }))
        }
        Some(_) => Err(object.invalid("prompt", "a string, an array of strings or an array of tokens")),
        None => Err(object.missing("prompt")),
    }
}

fn is_prompt(item: &Value) -> bool {
    let is_token = |item: &Value| item.is_u64();
    item.is_string() || is_token(item) || item.as_array().is_some_and(|tokens| tokens.iter().all(is_token))
}

/// Writes a request; a conversation is written as one text.
///
/// # Errors
/// Which field this dialect has no words for.
pub(crate) fn write_request(
    request: &Request,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    if !request.tools.is_empty() {
        let message = "this model only goes on from a text and calls no tools; choose another model";
        return Err(Unsupported::new("tools", message));
    }
    let mut body = Map::new();
    body.insert("model".to_owned(), target.model.into());
    body.insert("prompt".to_owned(), written(request, losses)?);
    options(request, &mut body);
    dropped(request, losses);
    for (name, value) in &request.extra {
        if request.dialect == Dialect::Completions {
            body.entry(name.as_str()).or_insert_with(|| value.clone());
        } else {
            losses.note(name.as_str(), "legacy completions have no such field");
        }
    }
    Ok(Value::Object(body).to_string().into_bytes())
}

fn written(request: &Request, losses: &mut Losses) -> Result<Value, Unsupported> {
    if let [Message { role: Role::User, parts, .. }] = &request.messages[..] {
        match &parts[..] {
            [Part::Native(Native { dialect: Dialect::Completions, value })] => return Ok(value.clone()),
            [Part::Text(text)] => return Ok(text.text.as_str().into()),
            _ => {}
        }
    }
    losses.note("messages", "written as one text for a model that only goes on from a text");
    let mut prompt = String::new();
    for message in &request.messages {
        let is_text = |part: &Part| matches!(part, Part::Text(_) | Part::Thought(_));
        if !message.parts.iter().all(is_text) {
            let message = "this model takes text only; leave the rest out or choose another model";
            return Err(Unsupported::new("messages", message));
        }
        let speaker = match message.role {
            Role::System | Role::Developer => "",
            Role::User => "User: ",
            Role::Assistant => "Assistant: ",
        };
        prompt.extend([speaker, &message.text(), "\n\n"]);
    }
    prompt.push_str("Assistant:");
    Ok(prompt.into())
}

fn options(request: &Request, body: &mut Map<String, Value>) {
    let sampling = &request.sampling;
    let fields = [
        ("max_tokens", request.max_tokens.map(Value::from)),
        ("temperature", sampling.temperature.map(Value::from)),
        ("top_p", sampling.top_p.map(Value::from)),
        ("top_k", sampling.top_k.map(Value::from)),
        ("min_p", sampling.min_p.map(Value::from)),
        ("presence_penalty", sampling.presence_penalty.map(Value::from)),
        ("frequency_penalty", sampling.frequency_penalty.map(Value::from)),
        ("repetition_penalty", sampling.repetition_penalty.map(Value::from)),
        ("seed", sampling.seed.map(Value::from)),
        ("logit_bias", sampling.logit_bias.clone()),
        ("logprobs", sampling.logprobs.map(Value::from)),
        ("n", request.answers.map(Value::from)),
        ("user", request.user.clone().map(Value::from)),
        ("stop", Some(&request.stop).filter(|stop| !stop.is_empty()).map(|stop| stop.clone().into())),
        ("stream", request.stream.then_some(Value::Bool(true))),
        ("stream_options", request.stream.then(|| json!({ "include_usage": true }))),
    ];
    body.extend(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
}

fn dropped(request: &Request, losses: &mut Losses) {
    let is_set = [
        ("response_format", request.format.is_some()),
        ("reasoning", request.reasoning.as_ref().is_some_and(|reasoning| !reasoning.is_off())),
        ("service_tier", request.service_tier.is_some()),
        ("metadata", !request.metadata.is_empty()),
        ("store", request.store == Some(true)),
        ("verbosity", request.verbosity.is_some()),
        ("audio", request.speech.is_some()),
        ("safetySettings", !request.safety.is_empty()),
    ];
    for (name, _) in is_set.into_iter().filter(|(_, is_set)| *is_set) {
        losses.note(name, "legacy completions have no such field");
    }
}
