//! Writes `generationConfig`, and notes what cannot be.

use serde_json::{Map, Value, json};

use super::write::Context;
use super::{Host, thinking};
use crate::generation::{Format, Losses, Sampling, Speech, Unsupported};
use crate::schema::{self, Rules};

/// The most texts that end an answer (<https://ai.google.dev/api/generate-content#generationconfig>, 2026-11).
const MAX_STOPS: usize = 5;

/// The most alternatives (<https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference>, 2026-11).
const MAX_ANSWERS: u32 = 8;

/// The most alternatives to tell of each token (the same page).
const MAX_LOGPROBS: u32 = 20;

/// Voices that OpenAI has, and Gemini has not (<https://platform.openai.com/docs/guides/text-to-speech>, 2026-11).
const FOREIGN_VOICES: [&str; 13] = [
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer",
    "verse",
];

/// Writes `generationConfig`.
pub(super) fn write(
    context: &Context<'_>,
    has_functions: bool,
    losses: &mut Losses,
) -> Result<Map<String, Value>, Unsupported> {
    let request = context.request;
    let mut config = Map::new();
    let mut set =
        |name: &str, value: Option<Value>| config.extend(value.map(|value| (name.to_owned(), value)));
    set("maxOutputTokens", max_tokens(context, losses).map(Value::from));
    set("stopSequences", stops(context, losses));
    set("candidateCount", answers(context)?.map(Value::from));
    set("responseModalities", modalities(context));
    set("speechConfig", request.speech.as_ref().and_then(|speech| voice(context, speech, losses)));
    set("thinkingConfig", thinking::write(context, losses));
    sampling(context, &mut config, losses);
    format(context, has_functions, &mut config, losses);
    Ok(config)
}

fn max_tokens(context: &Context<'_>, losses: &mut Losses) -> Option<u64> {
    let wanted = context.request.max_tokens?;
    let most = context.target.facts.max_output_tokens.unwrap_or(u64::MAX);
    if wanted > most {
        losses.note(context.places.max_tokens, format!("this model answers with at most {most} tokens"));
    }
    Some(wanted.min(most))
}

fn stops(context: &Context<'_>, losses: &mut Losses) -> Option<Value> {
    let mut stops: Vec<_> = context.request.stop.iter().filter(|stop| !stop.is_empty()).cloned().collect();
    if stops.len() > MAX_STOPS {
        losses.note(context.places.stop, "only five texts can end the answer");
        stops.truncate(MAX_STOPS);
    }
    (!stops.is_empty()).then(|| stops.into())
}

fn answers(context: &Context<'_>) -> Result<Option<u32>, Unsupported> {
    let answers = context.request.answers.filter(|answers| *answers != 1 || context.is_own());
    if answers.is_some_and(|answers| answers > MAX_ANSWERS) {
        return Err(Unsupported::new(
            "n",
            format!("this model gives at most {MAX_ANSWERS} alternative answers"),
        ));
    }
    Ok(answers)
}

/// Gemini speaks, or writes and draws; OpenAI's models write what they speak.
fn modalities(context: &Context<'_>) -> Option<Value> {
    let wanted = &context.request.modalities;
    let has = |name: &str| wanted.iter().any(|modality| modality == name);
    if context.is_own() {
        let names: Value = wanted.iter().map(|name| name.to_ascii_uppercase()).collect();
        return (!wanted.is_empty()).then_some(names);
    }
    if has("audio") {
        return Some(json!(["AUDIO"]));
    }
    has("image").then(|| json!(["TEXT", "IMAGE"]))
}

fn voice(context: &Context<'_>, speech: &Speech, losses: &mut Losses) -> Option<Value> {
    if context.is_own() {
        return speech.native.clone();
    }
    let place = context.places.speech;
    if speech.format.as_deref().is_some_and(|format| format != "pcm16") {
        losses.note(format!("{place}.format"), "sound comes as pcm16");
    }
    let voice = speech.voice.as_deref()?;
    if FOREIGN_VOICES.contains(&voice) {
        losses.note(format!("{place}.voice"), "a voice of another provider");
        return None;
    }
    Some(json!({ "voiceConfig": { "prebuiltVoiceConfig": { "voiceName": voice } } }))
}

fn sampling(context: &Context<'_>, config: &mut Map<String, Value>, losses: &mut Losses) {
    let (places, sampling) = (context.places, &context.request.sampling);
    let Sampling { temperature, top_p, top_k, presence_penalty, frequency_penalty, .. } = *sampling;
    let drawn = [
        ("temperature", places.temperature, temperature.map(|value| within(value, 0.0, 2.0))),
        ("topP", places.top_p, top_p.map(Value::from)),
        ("topK", places.top_k, top_k.map(Value::from)),
        ("presencePenalty", places.presence_penalty, presence_penalty.map(Value::from)),
        ("frequencyPenalty", places.frequency_penalty, frequency_penalty.map(Value::from)),
    ];
    for (name, place, value) in drawn {
        let Some(value) = value else { continue };
        if context.target.facts.has_fixed_sampling {
            losses.note(place, "this model draws tokens its own way");
        } else {
            config.insert(name.to_owned(), value);
        }
    }
    // Seeds are of 32 bits here; the same large one is still the same small one.
    let seed = sampling.seed.map(|seed| i32::try_from(seed).map_or(seed & 0x7fff_ffff, i64::from));
    config.extend(seed.map(|seed| ("seed".to_owned(), seed.into())));
    if let Some(alternatives) = sampling.logprobs {
        config.insert("responseLogprobs".to_owned(), true.into());
        if alternatives > 0 {
            config.insert("logprobs".to_owned(), alternatives.min(MAX_LOGPROBS).into());
        }
    }
}

fn within(value: f64, least: f64, most: f64) -> Value {
    value.clamp(least, most).into()
}

fn format(context: &Context<'_>, has_functions: bool, config: &mut Map<String, Value>, losses: &mut Losses) {
    let Some(format) = context.request.format.as_ref().filter(|format| **format != Format::Text) else {
        return;
    };
    if has_functions && !context.is_own() && !context.model.is_third_generation() {
        // <https://ai.google.dev/gemini-api/docs/structured-output#tools>, 2026-11: the provider refuses both together.
        losses.note(context.places.format, "this model keeps to no form beside functions");
        return;
    }
    config.insert("responseMimeType".to_owned(), "application/json".into());
    let Format::JsonSchema { schema, .. } = format else { return };
    if context.target.facts.has_json_schema == Some(false) {
        losses.note(context.places.schema, "this model takes no schema");
        return;
    }
    let (field, rules) = if context.model.takes_json_schema() {
        ("responseJsonSchema", Rules::GeminiJson)
    } else {
        ("responseSchema", Rules::Gemini)
    };
    let (adapted, lost) = schema::adapt(schema, rules);
    let place = context.places.schema;
    for path in lost {
        losses.note(format!("{place}.{path}"), "not known to this model");
    }
    config.insert(field.to_owned(), adapted);
}

/// Notes what has no place at all.
pub(super) fn note_rest(context: &Context<'_>, losses: &mut Losses) -> Result<(), Unsupported> {
    let request = context.request;
    if request.previous_response_id.is_some() {
        let message = "this model's provider stores no answers; send the whole conversation instead";
        return Err(Unsupported::new("previous_response_id", message));
    }
    let sampling = &request.sampling;
    let given = [
        ("min_p", sampling.min_p.is_some()),
        ("repetition_penalty", sampling.repetition_penalty.is_some()),
        ("logit_bias", sampling.logit_bias.is_some()),
        ("verbosity", request.verbosity.is_some()),
        ("user", request.user.is_some()),
        ("store", request.store == Some(true)),
        ("parallel_tool_calls", request.parallel_tool_calls == Some(false) && !request.tools.is_empty()),
    ];
    for (field, _) in given.into_iter().filter(|(_, is_given)| *is_given) {
        losses.note(field, "not known to this model's provider");
    }
    Ok(())
}

/// The service tier (<https://ai.google.dev/gemini-api/docs/flex-inference>, 2026-11).
pub(super) fn service_tier(context: &Context<'_>, losses: &mut Losses) -> Option<&'static str> {
    match context.request.service_tier.as_deref()? {
        "flex" => Some("flex"),
        "priority" => Some("priority"),
        "default" | "standard" | "standard_only" => Some("standard"),
        "auto" | "unspecified" => None,
        _ => {
            losses.note("service_tier", "not known to this model's provider");
            None
        }
    }
}

/// Labels, which are narrow in what they allow; only Vertex bills by them.
///
/// Source: <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/add-labels-to-api-calls>, 2026-11.
pub(super) fn labels(context: &Context<'_>, losses: &mut Losses) -> Map<String, Value> {
    let metadata = &context.request.metadata;
    if context.is_own() {
        return metadata.clone();
    }
    let (mut labels, place) = (Map::new(), context.places.metadata);
    for (name, value) in metadata {
        let fits = context.host == Host::Vertex && is_label(name) && value.as_str().is_some_and(is_label);
        if fits {
            labels.insert(name.clone(), value.clone());
        } else {
            losses.note(format!("{place}.{name}"), "not a label that this model's provider takes");
        }
    }
    labels
}

fn is_label(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    !text.is_empty() && text.len() <= 63 && text.bytes().all(is_allowed)
}
