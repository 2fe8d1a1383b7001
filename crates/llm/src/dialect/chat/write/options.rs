//! How the answer is to be made: sampling, limits, and what the provider does beside it.

use serde_json::{Map, Value, json};

use super::Context;
use crate::dialect::Dialect;
use crate::generation::{Losses, Unsupported, call_id};
use crate::number;
use crate::profile::{Fields, TokenLimit};

/// Why a field is dropped.
const NOT_TAKEN: &str = "this model's provider has no such field";

/// Fields that Responses and legacy completions share with this dialect, name and meaning.
///
/// Sources: <https://platform.openai.com/docs/api-reference/responses/create>,
/// <https://platform.openai.com/docs/api-reference/completions/create>; 2026-11.
const SHARED: [&str; 2] = ["prompt_cache_retention", "safety_identifier"];

/// Fields whose parts stand in `extra` one by one.
const NESTED: [&str; 3] = ["reasoning", "thinking", "chat_template_kwargs"];

/// Adds every option but tools, format and thinking.
pub(super) fn write(
    context: &Context<'_>,
    options: &mut Map<String, Value>,
    losses: &mut Losses,
) -> Result<(), Unsupported> {
    sampling(context, options, losses);
    limits(context, options, losses)?;
    output(context, options, losses)?;
    service(context, options, losses)?;
    if context.request.stream {
        options.insert("stream".to_owned(), true.into());
        // Usage is wanted in any case: by us.
        if context.takes.has(Fields::STREAM_OPTIONS) {
            options.insert("stream_options".to_owned(), json!({ "include_usage": true }));
        }
    }
    Ok(())
}

fn sampling(context: &Context<'_>, options: &mut Map<String, Value>, losses: &mut Losses) {
    let sampling = &context.request.sampling;
    let (least, most) = context.profile().temperature;
    let temperature = sampling.temperature.map(|told| {
        let fitting = told.clamp(least, most);
        // An exact comparison: clamping changes nothing within the range.
        if (fitting - told).abs() > 0.0 && context.takes.has(Fields::TEMPERATURE) {
            losses.note(context.path("temperature"), format!("brought into the range of {least} to {most}"));
        }
        fitting
    });
    let numbers = [
        ("temperature", Fields::TEMPERATURE, temperature, 1.0),
        ("top_p", Fields::TOP_P, sampling.top_p, 1.0),
        ("min_p", Fields::MIN_P, sampling.min_p, 0.0),
        ("presence_penalty", Fields::PENALTIES, sampling.presence_penalty, 0.0),
        ("frequency_penalty", Fields::PENALTIES, sampling.frequency_penalty, 0.0),
        ("repetition_penalty", Fields::REPETITION, sampling.repetition_penalty, 1.0),
    ];
    for (name, field, value, neutral) in numbers {
        let Some(value) = value else { continue };
        if context.takes.has(field) {
            options.insert(name.to_owned(), number::plain(value));
        } else if (value - neutral).abs() > f64::EPSILON {
            losses.note(context.path(name), "this model has its own way of drawing");
        }
    }
    let (seed, bias) = (sampling.seed.map(Value::from), sampling.logit_bias.clone());
    context.add("top_k", Fields::TOP_K, sampling.top_k.map(Value::from), options, losses);
    context.add_as(context.profile().seed, "seed", Fields::SEED, seed, options, losses);
    context.add("logit_bias", Fields::LOGIT_BIAS, bias, options, losses);
    let logprobs = sampling.logprobs;
    context.add("logprobs", Fields::LOGPROBS, logprobs.map(|_| true.into()), options, losses);
    if let Some(top) = logprobs.filter(|&top| top > 0 && context.takes.has(Fields::LOGPROBS)) {
        options.insert("top_logprobs".to_owned(), top.into());
    }
}

fn limits(
    context: &Context<'_>,
    options: &mut Map<String, Value>,
    losses: &mut Losses,
) -> Result<(), Unsupported> {
    let request = context.request;
    if let Some(told) = request.max_tokens {
        let most = context.target.facts.max_output_tokens.unwrap_or(u64::MAX);
        if told > most {
            losses.note(context.path("max_tokens"), format!("the model makes at most {most} tokens"));
        }
        let known = context.profile().model(context.target.model).and_then(|model| model.token_limit);
        let name = match known.unwrap_or(context.profile().token_limit) {
            TokenLimit::MaxTokens => "max_tokens",
            TokenLimit::MaxCompletionTokens => "max_completion_tokens",
        };
        options.insert(name.to_owned(), told.min(most).into());
    }
    stops(context, options, losses);
    match request.answers {
        Some(answers) if answers > 1 && !context.takes.has(Fields::ANSWERS) => {
            let message = "this model's provider makes one answer at a time; ask several times instead";
            return Err(context.unsupported("n", message));
        }
        Some(answers) if context.takes.has(Fields::ANSWERS) => {
            options.insert("n".to_owned(), answers.into());
        }
        _ => {}
    }
    Ok(())
}

fn stops(context: &Context<'_>, options: &mut Map<String, Value>, losses: &mut Losses) {
    let stops = &context.request.stop;
    if stops.is_empty() {
        return;
    }
    let most = if context.takes.has(Fields::STOP) { context.profile().max_stops } else { 0 };
    if stops.len() > most {
        losses.note(context.path("stop"), format!("this model's provider takes at most {most}"));
    }
    if most > 0 {
        options.insert("stop".to_owned(), stops[..stops.len().min(most)].into());
    }
}

fn output(
    context: &Context<'_>,
    options: &mut Map<String, Value>,
    losses: &mut Losses,
) -> Result<(), Unsupported> {
    let request = context.request;
    let speaks = context.takes.has(Fields::SPEECH);
    let asks_for_more = request.modalities.iter().any(|modality| modality != "text");
    if asks_for_more && !speaks {
        let message = "this model's provider answers in text only; ask for text";
        return Err(context.unsupported("modalities", message));
    }
    if asks_for_more {
        options.insert("modalities".to_owned(), request.modalities.clone().into());
    }
    if let Some(speech) = &request.speech {
        let voice = speech.native.clone().filter(|_| request.dialect == Dialect::Chat);
        let voice = voice.or_else(|| speech.voice.clone().map(Value::from));
        // OpenAI's server has no default for either.
        let voice = voice.unwrap_or_else(|| "alloy".into());
        let format = speech.format.as_deref().unwrap_or(if request.stream { "pcm16" } else { "wav" });
        let audio = json!({ "voice": voice, "format": format });
        context.add("audio", Fields::SPEECH, Some(audio), options, losses);
    }
    let verbosity = request.verbosity.clone().map(Value::from);
    context.add("verbosity", Fields::VERBOSITY, verbosity, options, losses);
    Ok(())
}

fn service(
    context: &Context<'_>,
    options: &mut Map<String, Value>,
    losses: &mut Losses,
) -> Result<(), Unsupported> {
    let request = context.request;
    if request.previous_response_id.is_some() {
        let message = "this model's provider does not store answers; send the whole conversation";
        return Err(context.unsupported("previous_response_id", message));
    }
    tier(context, options, losses);
    let user = request.user.as_deref().map(|user| short(user).into());
    context.add("user", Fields::USER, user, options, losses);
    let metadata = Some(&request.metadata).filter(|metadata| !metadata.is_empty()).cloned();
    context.add("metadata", Fields::METADATA, metadata.map(Value::from), options, losses);
    let store = request.store.filter(|&stores| stores || context.takes.has(Fields::STORE));
    context.add("store", Fields::STORE, store.map(Value::from), options, losses);
    // A hint for caches changes no answer: nothing is lost with it.
    if let Some(key) = request.prompt_cache_key.as_ref().filter(|_| context.takes.has(Fields::CACHE_KEY)) {
        options.insert("prompt_cache_key".to_owned(), short(key).into());
    }
    if !request.safety.is_empty() {
        losses.note("safetySettings", NOT_TAKEN);
    }
    Ok(())
}

/// OpenAI's server takes 64 characters, and Claude Code names its users at greater length; what counts is that each has a
/// name of its own.
///
/// Source: <https://platform.openai.com/docs/api-reference/chat/create#chat-create-safety_identifier>, 2026-11.
fn short(name: &str) -> String {
    call_id::fit(name, 64, |_| true).into_owned()
}

fn tier(context: &Context<'_>, options: &mut Map<String, Value>, losses: &mut Losses) {
    let Some(told) = context.request.service_tier.as_deref() else { return };
    let tier = if told == "standard_only" { "default" } else { told };
    if context.profile().tiers.contains(&tier) {
        options.insert("service_tier".to_owned(), tier.into());
    } else if !matches!(tier, "auto" | "default") {
        losses.note(context.path("service_tier"), "this model's provider has no such tier");
    }
}

/// Copies what has no common meaning where the target may know it.
pub(super) fn extra(context: &Context<'_>, options: &mut Map<String, Value>, losses: &mut Losses) {
    for (name, value) in &context.request.extra {
        let may_know = match context.request.dialect {
            Dialect::Chat => !context.profile().refuses.contains(&name.as_str()),
            Dialect::Responses | Dialect::Completions => SHARED.contains(&name.as_str()),
            _ => false,
        };
        if !may_know {
            losses.note(name.as_str(), NOT_TAKEN);
            continue;
        }
        match name.split_once('.').filter(|(outer, _)| NESTED.contains(outer)) {
            Some((outer, inner)) => nest(options, outer, inner, value),
            None => drop(options.entry(name.as_str()).or_insert_with(|| value.clone())),
        }
    }
}

/// Adds a part of a field, beside those that are there.
pub(super) fn nest(options: &mut Map<String, Value>, outer: &str, inner: &str, value: &Value) {
    let object = options.entry(outer).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(object) = object {
        object.entry(inner).or_insert_with(|| value.clone());
    }
}

impl Context<'_> {
    /// Adds a field that the target takes; notes it where it does not.
    fn add(
        &self,
        name: &str,
        field: Fields,
        value: Option<Value>,
        options: &mut Map<String, Value>,
        losses: &mut Losses,
    ) {
        self.add_as(name, name, field, value, options, losses);
    }

    fn add_as(
        &self,
        name: &str,
        told: &str,
        field: Fields,
        value: Option<Value>,
        options: &mut Map<String, Value>,
        losses: &mut Losses,
    ) {
        let Some(value) = value else { return };
        if self.takes.has(field) {
            options.insert(name.to_owned(), value);
        } else {
            losses.note(self.path(told), NOT_TAKEN);
        }
    }
}
