//! How the answer is drawn, what form it takes, and what cannot be asked for here.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Context, names};
use crate::dialect::messages::block::Block;
use crate::dialect::messages::schema;
use crate::generation::{Format, Request, Unsupported};

/// The longest id of a user that is taken from others' fields (<https://platform.claude.com/docs/en/api/messages>, 2026-11).
const LONGEST_USER: usize = 256;

/// What stands before the names of fields inside `output_config` in [`Request::extra`].
const OUTPUT_CONFIG: &str = "output_config.";

/// What only the clouds take, of which [`crate::target::own_fields`] has each one's own.
const CLOUDS_VERSION: &str = "anthropic_version";

/// How tokens are drawn.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Sampling {
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_k: Option<u64>,
}

/// `output_config`.
#[derive(Debug, Default, Serialize)]
pub(super) struct OutputConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    effort: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<JsonFormat<'a>>,
    #[serde(flatten)]
    extra: BTreeMap<&'a str, &'a Value>,
}

/// `{"type":"json_schema","schema":…}`.
#[derive(Debug, Serialize)]
pub(super) struct JsonFormat<'a> {
    r#type: &'static str,
    schema: Cow<'a, Value>,
}

impl<'a> OutputConfig<'a> {
    pub(super) fn new(
        request: &'a Request,
        effort: Option<&'static str>,
        format: Option<JsonFormat<'a>>,
    ) -> Self {
        let extra = request.extra.iter();
        let own = extra.filter(|_| request.dialect == crate::dialect::Dialect::Messages);
        let extra =
            own.filter_map(|(name, value)| Some((name.strip_prefix(OUTPUT_CONFIG)?, value))).collect();
        Self { effort, format, extra }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.effort.is_none() && self.format.is_none() && self.extra.is_empty()
    }
}

/// Refuses what would make the answer useless if it were left out.
pub(super) fn refuse(context: &Context<'_, '_>) -> Result<(), Unsupported> {
    let request = context.request;
    let refused = |field, message: &str| Err(Unsupported::new(names::of(request.dialect, field), message));
    if request.answers.is_some_and(|answers| answers > 1) {
        return refused("n", "this model's provider makes one answer; ask once for each");
    }
    if request.previous_response_id.is_some() {
        return refused(
            "previous_response_id",
            "this model's provider stores no answers; send the whole conversation",
        );
    }
    if request.modalities.iter().any(|modality| modality != "text") {
        return refused("modalities", "this model answers in text only");
    }
    Ok(())
}

/// Notes what is left out.
pub(super) fn lose(context: &mut Context<'_, '_>) {
    let request = context.request;
    let drawn = &request.sampling;
    let is_set =
        |value: Option<f64>, neutral: f64| value.is_some_and(|value| (value - neutral).abs() > f64::EPSILON);
    let lost = [
        ("min_p", is_set(drawn.min_p, 0.0)),
        ("presence_penalty", is_set(drawn.presence_penalty, 0.0)),
        ("frequency_penalty", is_set(drawn.frequency_penalty, 0.0)),
        ("repetition_penalty", is_set(drawn.repetition_penalty, 1.0)),
        ("seed", drawn.seed.is_some()),
        ("logit_bias", drawn.logit_bias.is_some()),
        ("logprobs", drawn.logprobs.is_some()),
        ("audio", request.speech.is_some()),
        ("verbosity", request.verbosity.is_some()),
        ("prompt_cache_key", request.prompt_cache_key.is_some()),
        ("store", request.store == Some(true)),
        ("metadata", !request.metadata.is_empty() && !context.is_own()),
        ("safetySettings", !request.safety.is_empty()),
    ];
    for (field, _) in lost.into_iter().filter(|(_, is_lost)| *is_lost) {
        context.lose(field, "not known to this model's provider");
    }
}

/// Temperature, `top_p` and `top_k`, as far as the model takes them, now that it `thinks` or not
/// (<https://platform.claude.com/docs/en/build-with-claude/extended-thinking#feature-compatibility>, 2026-11).
pub(super) fn sampling(context: &mut Context<'_, '_>, thinks: bool) -> Sampling {
    let asked = &context.request.sampling;
    let mut drawn = Sampling { temperature: asked.temperature, top_p: asked.top_p, top_k: asked.top_k };
    let is_plain = |value: &Option<f64>| value.is_none_or(|value| (value - 1.0).abs() < f64::EPSILON);
    if context.model.has_fixed_sampling() {
        for (field, is_lost) in [
            ("temperature", !is_plain(&drawn.temperature)),
            ("top_p", !is_plain(&drawn.top_p)),
            ("top_k", drawn.top_k.is_some()),
        ] {
            if is_lost {
                context.lose(field, "the model draws tokens in its own way");
            }
        }
        return Sampling::default();
    }
    if thinks {
        if !is_plain(&drawn.temperature) {
            context.lose("temperature", "fixed while the model thinks");
            drawn.temperature = None;
        }
        if drawn.top_k.take().is_some() {
            context.lose("top_k", "fixed while the model thinks");
        }
        if drawn.top_p.is_some_and(|top_p| top_p < 0.95) {
            context.lose("top_p", "raised to 0.95, the least while the model thinks");
            drawn.top_p = Some(0.95);
        }
    }
    for (field, value) in [("temperature", &mut drawn.temperature), ("top_p", &mut drawn.top_p)] {
        if let Some(outside) = value.filter(|value| !(0.0..=1.0).contains(value)) {
            context.lose(field, "brought into the range from 0 to 1");
            *value = Some(outside.clamp(0.0, 1.0));
        }
    }
    let has_both = drawn.temperature.is_some() && drawn.top_p.is_some();
    if has_both && !context.is_own() && context.model.has_one_of_temperature_and_top_p() {
        if !is_plain(&drawn.top_p) {
            context.lose("top_p", "the model takes only one of temperature and top_p");
        }
        drawn.top_p = None;
    }
    drawn
}

/// The form of the text: kept to by models that can, else only told in `system`.
pub(super) fn format<'a>(
    context: &mut Context<'a, '_>,
    system: &mut Vec<Block<'a>>,
) -> Option<JsonFormat<'a>> {
    const ONLY: &str = "Answer with a single JSON object and nothing else: no Markdown, no text around it.";
    match context.request.format.as_ref()? {
        Format::Text => None,
        Format::JsonObject => {
            context.lose("response_format", "the model is only told to answer in JSON");
            system.push(Block::text(ONLY));
            None
        }
        Format::JsonSchema { schema, .. } if context.is_own() => {
            Some(JsonFormat { r#type: "json_schema", schema: Cow::Borrowed(schema) })
        }
        Format::JsonSchema { schema, .. } if context.model.has_json_schema() => {
            let place = names::of(context.request.dialect, "response_format");
            let schema = Cow::Owned(schema::strict(schema, place, context.losses));
            Some(JsonFormat { r#type: "json_schema", schema })
        }
        Format::JsonSchema { schema, description, .. } => {
            context.lose("response_format", "the model is only told of the schema");
            let what = description.as_deref().map(|what| format!(" What it is: {what}")).unwrap_or_default();
            system
                .push(Block::text(format!("{ONLY}{what} The object must match this JSON schema: {schema}")));
            None
        }
    }
}

/// Stop texts; blank ones are refused.
pub(super) fn stop<'a>(context: &mut Context<'a, '_>) -> Vec<&'a str> {
    let texts: Vec<_> = context.request.stop.iter().map(String::as_str).collect();
    let kept: Vec<_> = texts.iter().copied().filter(|text| !text.trim().is_empty()).collect();
    if kept.len() < texts.len() {
        context.lose("stop", "blank stop texts are not taken");
    }
    kept
}

/// `metadata`, where the end user stands.
pub(super) fn metadata(context: &mut Context<'_, '_>) -> Map<String, Value> {
    let request = context.request;
    let mut metadata = if context.is_own() { request.metadata.clone() } else { Map::new() };
    match &request.user {
        Some(user) if user.len() > LONGEST_USER && !context.is_own() => {
            context.lose("user", "too long for this model's provider");
        }
        Some(user) => drop(metadata.insert("user_id".to_owned(), user.as_str().into())),
        None => {}
    }
    metadata
}

/// OpenAI's `default` keeps out of priority capacity, as `standard_only` does here
/// (<https://platform.claude.com/docs/en/api/service-tiers>, 2026-11).
pub(super) fn service_tier(context: &mut Context<'_, '_>) -> Option<&'static str> {
    match context.request.service_tier.as_deref()? {
        "auto" | "priority" => Some("auto"),
        "default" | "standard_only" | "standard" => Some("standard_only"),
        _ => {
            context.lose("service_tier", "not known to this model's provider");
            None
        }
    }
}

/// Fields of the caller's dialect that have no common meaning.
pub(super) fn extra<'a>(context: &mut Context<'a, '_>) -> BTreeMap<&'a str, &'a Value> {
    let extra = &context.request.extra;
    if context.is_own() {
        let is_kept = |name: &str| !name.starts_with(OUTPUT_CONFIG) && name != CLOUDS_VERSION;
        let fields = extra.iter().filter(|(name, _)| is_kept(name));
        return fields.map(|(name, value)| (name.as_str(), value)).collect();
    }
    for name in extra.keys() {
        context.losses.note(name.as_str(), "not known to this model's provider");
    }
    BTreeMap::new()
}
