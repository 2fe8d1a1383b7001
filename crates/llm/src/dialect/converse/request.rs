//! The request.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::content::{Block, Turn, Writer};
use super::format::{self, Wish};
use super::media::Names;
use super::model::{self, Family};
use super::thinking::{self, Thinking};
use super::tools::{self, ToolConfig};
use crate::dialect::{Dialect, Target, written};
use crate::generation::{Losses, Request, Unsupported};

/// Converse's own fields, which callers may send in any dialect.
const OWN_FIELDS: [&str; 5] = [
    "guardrailConfig",
    "performanceConfig",
    "promptVariables",
    "additionalModelResponseFieldPaths",
    "additionalModelRequestFields",
];

/// The most that is noted about a request, in entries.
const MAX_METADATA: usize = 16;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    messages: Vec<Turn<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    system: Vec<Block<'a>>,
    #[serde(skip_serializing_if = "Inference::is_empty")]
    inference_config: Inference<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_config: Option<ToolConfig<'a>>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    additional_model_request_fields: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_config: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_tier: Option<Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    request_metadata: Map<String, Value>,
    #[serde(flatten)]
    own: Map<String, Value>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Inference<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stop_sequences: Vec<&'a str>,
}

impl Inference<'_> {
    fn is_empty(&self) -> bool {
        self.max_tokens.is_none()
            && self.temperature.is_none()
            && self.top_p.is_none()
            && self.stop_sequences.is_empty()
    }
}

/// Writes the body of `converse` and `converse-stream`; the model stands in the path.
pub(crate) fn write_request(
    request: &Request,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    refuse(request)?;
    note_unknown(request, losses);
    let family = Family::of(target);
    let (system, messages) = conversation(request, family, losses)?;
    let tool_config = tools::config(request, family, target.facts, losses)?;
    let is_forced = tool_config.as_ref().is_some_and(ToolConfig::is_forced);
    let thinking = thinking::plan(request, target, family, is_forced, losses);
    let mut body = Body {
        messages,
        system,
        inference_config: inference(request, target, family, &thinking, losses),
        tool_config,
        additional_model_request_fields: model::options(
            request,
            family,
            thinking.is_on || target.facts.has_fixed_sampling,
            losses,
        ),
        output_config: None,
        service_tier: service_tier(request, losses),
        request_metadata: metadata(request, losses),
        own: own_fields(request, family),
    };
    body.additional_model_request_fields.extend(thinking.fields);
    match format::wish(request, target, losses) {
        Some(Wish::Enforced(config)) => body.output_config = Some(config),
        Some(Wish::InWords(words)) => body.system.push(Block::Text(words.into())),
        None => {}
    }
    if let Some(Value::Object(fields)) = body.own.remove("additionalModelRequestFields") {
        body.additional_model_request_fields.extend(fields);
    }
    written(&body, request)
}

fn refuse(request: &Request) -> Result<(), Unsupported> {
    if request.answers.is_some_and(|answers| answers > 1) {
        return Err(Unsupported::new("n", "Amazon Bedrock makes one answer: ask several times"));
    }
    if request.previous_response_id.is_some() {
        return Err(Unsupported::new(
            "previous_response_id",
            "Amazon Bedrock stores no answers: send the conversation itself",
        ));
    }
    if request.modalities.iter().any(|modality| modality != "text") {
        return Err(Unsupported::new(
            "modalities",
            "Amazon Bedrock answers in text here: ask for `text` alone",
        ));
    }
    Ok(())
}

fn note_unknown(request: &Request, losses: &mut Losses) {
    let sampling = &request.sampling;
    for (field, is_told) in [
        ("seed", sampling.seed.is_some()),
        ("min_p", sampling.min_p.is_some()),
        ("presence_penalty", sampling.presence_penalty.is_some_and(|penalty| penalty != 0.0)),
        ("frequency_penalty", sampling.frequency_penalty.is_some_and(|penalty| penalty != 0.0)),
        (
            "repetition_penalty",
            sampling.repetition_penalty.is_some_and(|penalty| (penalty - 1.0).abs() > f64::EPSILON),
        ),
        ("logit_bias", sampling.logit_bias.is_some()),
        ("logprobs", sampling.logprobs.is_some()),
        ("verbosity", request.verbosity.is_some()),
        ("speech", request.speech.is_some()),
        ("store", request.store == Some(true)),
        ("safety_settings", !request.safety.is_empty()),
    ] {
        if is_told {
            losses.note(field, "this provider has no such option");
        }
    }
    let is_known = |name: &str| OWN_FIELDS.contains(&name) || name == "anthropic_beta";
    for name in request.extra.keys().filter(|name| !is_known(name)) {
        losses.note(name.as_str(), "this provider has no such option");
    }
}

fn conversation<'a>(
    request: &'a Request,
    family: Family,
    losses: &mut Losses,
) -> Result<(Vec<Block<'a>>, Vec<Turn<'a>>), Unsupported> {
    let place = match request.dialect {
        Dialect::Responses => "input",
        Dialect::Gemini => "contents",
        Dialect::Completions => "prompt",
        _ => "messages",
    };
    let mut writer = Writer { family, place, losses, names: Names::default() };
    let (system, mut turns) = writer.conversation(&request.messages)?;
    if turns.is_empty() && !system.is_empty() {
        losses.note(place, "the system prompt alone was sent as the user's message");
        turns.push(Turn { role: "user", content: system });
        return Ok((Vec::new(), turns));
    }
    Ok((system, turns))
}

fn inference<'a>(
    request: &'a Request,
    target: &Target<'_>,
    family: Family,
    thinking: &Thinking,
    losses: &mut Losses,
) -> Inference<'a> {
    let mut config = Inference {
        max_tokens: request.max_tokens,
        temperature: clamped("temperature", request.sampling.temperature, losses),
        top_p: clamped("top_p", request.sampling.top_p, losses),
        // Bedrock refuses blank ones.
        stop_sequences: request
            .stop
            .iter()
            .map(String::as_str)
            .filter(|stop| !stop.trim().is_empty())
            .collect(),
    };
    if let Some((asked, most)) = config.max_tokens.zip(target.facts.max_output_tokens).filter(|(a, m)| a > m)
    {
        losses.note("max_tokens", format!("{asked} is more than the model's {most}"));
        config.max_tokens = Some(most);
    }
    if config.stop_sequences.len() < request.stop.len() {
        losses.note("stop", "blank stop texts are not allowed");
    }
    let is_fixed = target.facts.has_fixed_sampling
        || thinking.is_boundless
        || (thinking.is_on && family == Family::Claude);
    if is_fixed && (config.temperature.take().is_some() | config.top_p.take().is_some()) {
        losses.note("temperature", "this model draws its tokens in its own way while it thinks, or always");
    }
    if thinking.is_boundless && config.max_tokens.take().is_some() {
        losses.note("max_tokens", "not together with much thinking");
    }
    // Claude since 4.5 refuses both together.
    if family == Family::Claude && config.temperature.is_some() && config.top_p.take().is_some() {
        losses.note("top_p", "not together with temperature");
    }
    config
}

fn clamped(name: &'static str, value: Option<f64>, losses: &mut Losses) -> Option<f64> {
    let value = value?;
    if !(0.0..=1.0).contains(&value) {
        losses.note(name, "it is at most 1 for this provider");
    }
    Some(value.clamp(0.0, 1.0))
}

/// <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ServiceTier.html>, 2026-11.
fn service_tier(request: &Request, losses: &mut Losses) -> Option<Value> {
    match request.service_tier.as_deref()? {
        "auto" | "default" => None,
        tier @ ("priority" | "flex" | "reserved") => Some(json!({ "type": tier })),
        tier => {
            losses.note("service_tier", format!("this provider has no tier `{tier}`"));
            None
        }
    }
}

/// What Bedrock writes into its own log: at most 16 short texts.
fn metadata(request: &Request, losses: &mut Losses) -> Map<String, Value> {
    let user = request.user.as_ref().map(|user| ("user".to_owned(), Value::from(user.as_str())));
    let told = request.metadata.iter().map(|(name, value)| (name.clone(), value.clone())).chain(user);
    let mut kept = Map::new();
    for (name, value) in told {
        if kept.len() < MAX_METADATA && is_notable(&name) && value.as_str().is_some_and(is_notable) {
            kept.insert(name, value);
        } else {
            losses.note("metadata", format!("`{name}` is nothing that this provider can note"));
        }
    }
    kept
}

/// The pattern of <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html>, 2026-11.
fn is_notable(text: &str) -> bool {
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || " \t\n:_@$#=/+,-.".contains(letter);
    (1..=256).contains(&text.len()) && text.chars().all(is_allowed)
}

fn own_fields(request: &Request, family: Family) -> Map<String, Value> {
    let told =
        OWN_FIELDS.iter().filter_map(|name| Some(((*name).to_owned(), request.extra.get(*name)?.clone())));
    let mut fields: Map<_, _> = told.collect();
    if family == Family::Claude && !request.stop.is_empty() {
        // Which of the stop texts came is told only to those who ask.
        let paths = fields.entry("additionalModelResponseFieldPaths").or_insert_with(|| json!([]));
        if let Value::Array(paths) = paths {
            paths.push("/stop_sequence".into());
            paths.push("/delta/stop_sequence".into());
        }
    }
    fields
}
