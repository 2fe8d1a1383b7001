//! The request.
//!
//! Source: <https://docs.cohere.com/reference/chat>, 2026-11.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::content::{Turn, Writer};
use super::tools;
use crate::catalogue::ReasoningStyle;
use crate::dialect::{Dialect, Target, written};
use crate::generation::{Format, Losses, Request, Unsupported};

/// Cohere's own fields, which callers may send in any dialect.
const OWN_FIELDS: [&str; 4] = ["safety_mode", "citation_options", "documents", "priority"];

/// The most texts that may end an answer.
const MAX_STOPS: usize = 5;

/// What an effort is measured by where the model's own limit is unknown, in tokens.
const USUAL_BUDGET: u64 = 32_000;

#[derive(Debug, Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Turn<'a>>,
    stream: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    strict_tools: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u64>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    stop_sequences: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    k: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frequency_penalty: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    presence_penalty: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logprobs: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking: Option<Value>,
    #[serde(flatten)]
    own: Map<String, Value>,
}

/// Writes the body of `POST /v2/chat`.
pub(crate) fn write_request(
    request: &Request,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    refuse(request)?;
    note_unknown(request, losses);
    let tools = tools::callable(request)?;
    let (messages, own) = conversation(request, tools.is_empty(), losses)?;
    let sampling = &request.sampling;
    let frequency = clamped("frequency_penalty", sampling.frequency_penalty, 0.0, 1.0, losses);
    let body = Body {
        model: target.model,
        messages,
        stream: request.stream,
        strict_tools: tools::strict(request, losses),
        tool_choice: if tools.is_empty() { None } else { tools::choice(request.tool_choice.as_ref()) },
        response_format: format(request, tools.is_empty(), losses),
        tools,
        max_tokens: most_tokens(request, target, losses),
        stop_sequences: stops(request, losses),
        temperature: sampling.temperature,
        p: clamped("top_p", sampling.top_p, 0.01, 0.99, losses),
        k: top_k(request, losses),
        seed: seed(request, losses),
        presence_penalty: presence_penalty(request, frequency, losses),
        frequency_penalty: frequency.filter(|penalty| *penalty > 0.0),
        logprobs: logprobs(request, losses),
        thinking: thinking(request, target, losses),
        own,
    };
    written(&body, request)
}

fn refuse(request: &Request) -> Result<(), Unsupported> {
    if request.answers.is_some_and(|answers| answers > 1) {
        return Err(Unsupported::new("n", "Cohere makes one answer: ask several times"));
    }
    if request.previous_response_id.is_some() {
        let message = "Cohere stores no answers: send the conversation itself";
        return Err(Unsupported::new("previous_response_id", message));
    }
    if request.modalities.iter().any(|modality| modality != "text") {
        return Err(Unsupported::new("modalities", "Cohere answers in text: ask for `text` alone"));
    }
    Ok(())
}

fn note_unknown(request: &Request, losses: &mut Losses) {
    let sampling = &request.sampling;
    let tier = request.service_tier.as_deref();
    for (field, is_told) in [
        ("min_p", sampling.min_p.is_some()),
        (
            "repetition_penalty",
            sampling.repetition_penalty.is_some_and(|penalty| (penalty - 1.0).abs() > f64::EPSILON),
        ),
        ("logit_bias", sampling.logit_bias.is_some()),
        ("verbosity", request.verbosity.is_some()),
        ("speech", request.speech.is_some()),
        ("store", request.store == Some(true)),
        ("safety_settings", !request.safety.is_empty()),
        ("service_tier", tier.is_some_and(|tier| !matches!(tier, "auto" | "default"))),
        ("metadata", !request.metadata.is_empty()),
        ("user", request.user.is_some()),
        ("parallel_tool_calls", request.parallel_tool_calls == Some(false) && !request.tools.is_empty()),
    ] {
        if is_told {
            losses.note(field, "this provider has no such option");
        }
    }
    for name in request.extra.keys().filter(|name| !OWN_FIELDS.contains(&name.as_str())) {
        losses.note(name.as_str(), "this provider has no such option");
    }
}

/// The messages, and Cohere's own fields; documents stand beside the messages where nothing forbids it.
fn conversation<'a>(
    request: &'a Request,
    is_toolless: bool,
    losses: &mut Losses,
) -> Result<(Vec<Turn<'a>>, Map<String, Value>), Unsupported> {
    let place = match request.dialect {
        Dialect::Responses => "input",
        Dialect::Gemini => "contents",
        Dialect::Completions => "prompt",
        _ => "messages",
    };
    let is_text = matches!(request.format, None | Some(Format::Text));
    let has_documents = is_text && is_toolless && !request.extra.contains_key("documents");
    let mut writer = Writer { place, has_documents, documents: Vec::new(), losses };
    let turns = writer.turns(&request.messages)?;
    let told =
        OWN_FIELDS.iter().filter_map(|name| Some(((*name).to_owned(), request.extra.get(*name)?.clone())));
    let mut own: Map<_, _> = told.collect();
    if !writer.documents.is_empty() {
        own.insert("documents".to_owned(), writer.documents.into());
    }
    Ok((turns, own))
}

/// <https://docs.cohere.com/docs/structured-outputs>, 2026-11.
fn format(request: &Request, is_toolless: bool, losses: &mut Losses) -> Option<Value> {
    let format = match &request.format {
        None | Some(Format::Text) => return None,
        Some(Format::JsonObject) => json!({ "type": "json_object" }),
        Some(Format::JsonSchema { schema, .. }) => json!({ "type": "json_object", "json_schema": schema }),
    };
    if !is_toolless {
        losses.note("response_format", "not together with tools");
        return None;
    }
    Some(format)
}

fn most_tokens(request: &Request, target: &Target<'_>, losses: &mut Losses) -> Option<u64> {
    let most = target.facts.max_output_tokens.unwrap_or(u64::MAX);
    if request.max_tokens.is_some_and(|asked| asked > most) {
        losses.note("max_tokens", format!("it is more than the model's {most}"));
    }
    request.max_tokens.map(|asked| asked.min(most))
}

fn stops<'a>(request: &'a Request, losses: &mut Losses) -> &'a [String] {
    if request.stop.len() > MAX_STOPS {
        losses.note("stop", "there are at most 5 stop texts for this provider");
    }
    &request.stop[..request.stop.len().min(MAX_STOPS)]
}

fn top_k(request: &Request, losses: &mut Losses) -> Option<u64> {
    if request.sampling.top_k.is_some_and(|top_k| top_k > 500) {
        losses.note("top_k", "it is at most 500 for this provider");
    }
    request.sampling.top_k.map(|top_k| top_k.min(500))
}

fn seed(request: &Request, losses: &mut Losses) -> Option<u64> {
    let seed = u64::try_from(request.sampling.seed?).ok();
    if seed.is_none() {
        losses.note("seed", "it cannot be negative for this provider");
    }
    seed
}

/// Models refuse both penalties together: <https://docs.cohere.com/reference/errors>, 2026-11.
fn presence_penalty(request: &Request, frequency: Option<f64>, losses: &mut Losses) -> Option<f64> {
    let told = request.sampling.presence_penalty;
    let presence = clamped("presence_penalty", told, 0.0, 1.0, losses).filter(|penalty| *penalty > 0.0)?;
    if frequency.is_some_and(|penalty| penalty > 0.0) {
        losses.note("presence_penalty", "not together with frequency_penalty");
        return None;
    }
    Some(presence)
}

fn logprobs(request: &Request, losses: &mut Losses) -> Option<bool> {
    let alternatives = request.sampling.logprobs?;
    if alternatives > 0 {
        losses.note("top_logprobs", "this provider tells no alternatives");
    }
    Some(true)
}

fn clamped(
    name: &'static str,
    value: Option<f64>,
    least: f64,
    most: f64,
    losses: &mut Losses,
) -> Option<f64> {
    let value = value?;
    if !(least..=most).contains(&value) {
        losses.note(name, format!("it is {least} to {most} for this provider"));
    }
    Some(value.clamp(least, most))
}

/// Models that can think do so unasked: <https://docs.cohere.com/docs/reasoning>, 2026-11.
fn thinking(request: &Request, target: &Target<'_>, losses: &mut Losses) -> Option<Value> {
    let wish = request.reasoning.as_ref()?;
    let style = target.facts.reasoning;
    if wish.is_off() {
        return (style != ReasoningStyle::None).then(|| json!({ "type": "disabled" }));
    }
    if wish.effort.is_none() && wish.budget_tokens.is_none() && !wish.is_adaptive {
        return None;
    }
    if style == ReasoningStyle::None {
        losses.note("reasoning", "this model does not think");
        return None;
    }
    let most = if let ReasoningStyle::Budget { max, .. } = style { max } else { USUAL_BUDGET };
    let budget = wish.budget_tokens.or_else(|| wish.effort.map(|effort| effort.budget(most)));
    let mut thinking = json!({ "type": "enabled" });
    if let Some(budget) = budget {
        thinking["token_budget"] = budget.max(1).into();
    }
    Some(thinking)
}
