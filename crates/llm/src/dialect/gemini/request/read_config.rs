//! Reads `generationConfig`.

use serde_json::Value;

use super::super::fields;
use super::read::prefixed;
use crate::BodyError;
use crate::generation::object::Object;
use crate::generation::{Effort, Format, Reasoning, Request, Speech};
use crate::schema;

/// The path of the object.
const CONFIG: &str = "generationConfig";

/// Reads `generationConfig`.
///
/// Source: <https://ai.google.dev/api/generate-content#generationconfig>, 2026-11.
pub(super) fn read(object: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    let Some(mut config) = fields::inner(object, CONFIG)? else { return Ok(()) };
    sampling(&mut config, request)?;
    request.stop = config.texts("stopSequences")?;
    request.max_tokens = config.count("maxOutputTokens")?;
    request.answers = count(&mut config, "candidateCount")?;
    request.modalities =
        config.texts("responseModalities")?.into_iter().map(|name| name.to_ascii_lowercase()).collect();
    request.reasoning = reasoning(&mut config)?;
    request.format = format(&mut config, request)?;
    request.speech = config.take("speechConfig").map(speech);
    prefixed(&mut request.extra, CONFIG, config.rest());
    Ok(())
}

fn sampling(config: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    let sampling = &mut request.sampling;
    sampling.temperature = config.number("temperature")?;
    sampling.top_p = config.number("topP")?;
    sampling.top_k = config.count("topK")?;
    sampling.seed = config.integer("seed")?;
    sampling.presence_penalty = config.number("presencePenalty")?;
    sampling.frequency_penalty = config.number("frequencyPenalty")?;
    let is_wanted = config.flag("responseLogprobs")?.unwrap_or(false);
    let alternatives = count(config, "logprobs")?;
    sampling.logprobs = is_wanted.then(|| alternatives.unwrap_or(0));
    Ok(())
}

fn count(config: &mut Object, name: &str) -> Result<Option<u32>, BodyError> {
    let Some(count) = config.count(name)? else { return Ok(None) };
    u32::try_from(count).map(Some).map_err(|_| config.invalid(name, "a small number"))
}

fn reasoning(config: &mut Object) -> Result<Option<Reasoning>, BodyError> {
    let Some(mut thinking) = fields::inner(config, "thinkingConfig")? else { return Ok(None) };
    // -1 leaves it to the model.
    let budget = thinking.integer("thinkingBudget")?;
    let effort = match thinking.text("thinkingLevel")?.map(|level| level.to_ascii_lowercase()) {
        None => None,
        Some(level) if level == "thinking_level_unspecified" => None,
        Some(level) => match Effort::parse(&level) {
            Some(effort) => Some(effort),
            None => return Err(thinking.invalid("thinkingLevel", "`MINIMAL`, `LOW`, `MEDIUM` or `HIGH`")),
        },
    };
    Ok(Some(Reasoning {
        effort,
        budget_tokens: budget.and_then(|tokens| u64::try_from(tokens).ok()),
        is_adaptive: budget.is_some_and(i64::is_negative),
        summary: None,
        include_thoughts: thinking.flag("includeThoughts")?,
    }))
}

fn format(config: &mut Object, request: &mut Request) -> Result<Option<Format>, BodyError> {
    let mime = config.text("responseMimeType")?;
    if let Some(other) = mime.as_deref().filter(|mime| !matches!(*mime, "application/json" | "text/plain")) {
        // One word of an enumeration, without quotes: nobody else has that.
        request.extra.insert(format!("{CONFIG}.responseMimeType"), other.into());
        return Ok(None);
    }
    let schema = config.take("responseJsonSchema").or_else(|| config.take("_responseJsonSchema"));
    let schema = schema.or_else(|| config.take("responseSchema").map(schema::from_openapi));
    Ok(match (mime.as_deref(), schema) {
        (Some("text/plain"), _) => Some(Format::Text),
        (_, Some(schema)) => Some(Format::JsonSchema { name: None, description: None, schema, strict: None }),
        (Some(_), None) => Some(Format::JsonObject),
        (None, None) => None,
    })
}

fn speech(native: Value) -> Speech {
    let place = |names: [&str; 3]| {
        names.into_iter().fold(&native, |value, name| &value[name]).as_str().map(str::to_owned)
    };
    let voice = place(["voiceConfig", "prebuiltVoiceConfig", "voiceName"])
        .or_else(|| place(["voice_config", "prebuilt_voice_config", "voice_name"]));
    Speech { voice, format: None, native: Some(native) }
}
