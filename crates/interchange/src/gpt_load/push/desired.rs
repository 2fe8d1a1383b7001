//! Our configuration in gpt-load's words.

use std::collections::BTreeMap;

use roundhouse_domain::spec::{Family, ProviderKind, ProviderSpec, Span};
use roundhouse_domain::{KeyStatus, Secret};
use serde_json::{Map, Value, json};

use crate::effective::Effective;
use crate::fields::Fields;
use crate::note::Notes;

/// Members of a set have at most this weight there.
const MAX_WEIGHT: u32 = 1_000;

/// Everything as it should be there.
pub(super) struct Desired {
    pub(super) groups: Vec<Group>,
    pub(super) aggregates: Vec<Aggregate>,
}

/// A group.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) fields: Map<String, Value>,
    /// Keys that it should have.
    pub(super) keys: Vec<Secret>,
    /// Keys that it should not have, since they were switched off here.
    pub(super) gone: Vec<Secret>,
}

/// A set of groups.
pub(super) struct Aggregate {
    pub(super) name: String,
    pub(super) fields: Map<String, Value>,
    pub(super) members: Vec<(String, u32)>,
}

impl Desired {
    /// What the configuration asks for; what has no counterpart is noted.
    pub(super) fn of(effective: &Effective, notes: &mut Notes) -> Self {
        let mut channels = BTreeMap::new();
        let mut groups = Vec::new();
        for spec in &effective.providers {
            let name = spec.name.as_str();
            let place = format!("providers[{name}]");
            let kind = spec.kind.unwrap_or(ProviderKind::OpenaiCompatible);
            let Some(channel) = channel(kind).filter(|_| spec.enabled) else {
                let why = if spec.enabled {
                    "is of a kind that gpt-load has no channel for"
                } else {
                    "is switched off"
                };
                notes.skip(place, format!("{why}; it is left out"));
                continue;
            };
            channels.insert(name.to_owned(), channel);
            let keys = effective.keys_of(name);
            let (gone, used): (Vec<_>, Vec<_>) =
                keys.iter().partition(|key| key.status == KeyStatus::Disabled);
            groups.push(Group {
                name: name.to_owned(),
                fields: fields(spec, kind, channel, &place, notes),
                keys: used.into_iter().map(|key| key.secret.clone()).collect(),
                gone: gone.into_iter().map(|key| key.secret.clone()).collect(),
            });
        }
        let aggregates = aggregates(effective, &channels, notes);
        if !effective.routes.is_empty() {
            notes.warn("routes", "are not written: gpt-load does not choose by model over groups");
        }
        if !effective.access_keys.is_empty() {
            notes.warn("access_keys", "are not written: set proxy keys in gpt-load");
        }
        Self { groups, aggregates }
    }
}

fn channel(kind: ProviderKind) -> Option<&'static str> {
    match kind.family() {
        Family::Openai | Family::OpenaiCompatible => Some("openai"),
        Family::OpenaiResponses => Some("openai-response"),
        Family::Anthropic => Some("anthropic"),
        Family::Gemini => Some("gemini"),
        _ => None,
    }
}

fn fields(
    spec: &ProviderSpec,
    kind: ProviderKind,
    channel: &str,
    place: &str,
    notes: &mut Notes,
) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("group_type".to_owned(), "standard".into());
    fields.insert("channel_type".to_owned(), channel.into());
    let mut version = None;
    let public = kind.base_url().map(|url| (url.to_owned(), 1));
    let single = spec.base_url.clone().map(|url| (url, 1)).or(public);
    let urls: Vec<(String, u32)> = if spec.base_urls.is_empty() {
        single.into_iter().collect()
    } else {
        spec.base_urls.iter().map(|base| (base.url.clone(), base.weight)).collect()
    };
    let upstreams = urls.iter().map(|(url, weight)| {
        let (upstream, path) = upstream(url, channel);
        version = version.take().or(path);
        json!({ "url": upstream, "weight": weight })
    });
    fields.insert("upstreams".to_owned(), upstreams.collect());
    let endpoint = version.filter(|path| path != "/v1").map(|path| format!("{path}/chat/completions"));
    fields.insert("validation_endpoint".to_owned(), endpoint.filter(|_| channel == "openai").into());
    fields.insert("test_model".to_owned(), test_model(spec, channel).into());
    fields.insert("param_overrides".to_owned(), Value::Object(spec.body.set.clone()));
    fields.insert("header_rules".to_owned(), header_rules(spec));
    redirects(spec, &mut fields);
    fields.insert("config".to_owned(), Value::Object(config(spec)));
    if !spec.body.remove.is_empty() {
        notes.warn(format!("{place}.body.remove"), "fields cannot be removed there: left out");
    }
    fields
}

/// The upstream without its version, and the version.
fn upstream(url: &str, channel: &str) -> (String, Option<String>) {
    let url = url.trim_end_matches('/');
    if channel == "anthropic" {
        return (url.strip_suffix("/v1").unwrap_or(url).to_owned(), None);
    }
    match url.rsplit_once('/') {
        Some((before, last))
            if last.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) =>
        {
            (before.to_owned(), Some(format!("/{last}")))
        }
        _ => (url.to_owned(), None),
    }
}

/// The model that keys are tried with, which gpt-load insists on.
fn test_model<'s>(spec: &'s ProviderSpec, channel: &str) -> &'s str {
    let usual = match channel {
        "anthropic" => "claude-3-5-haiku-latest",
        "gemini" => "gemini-2.0-flash-lite",
        _ => "gpt-4o-mini",
    };
    let first = spec.models.iter().flatten().next().map(|model| model.name.as_str());
    spec.probes.model.as_deref().or(first).unwrap_or(usual)
}

fn header_rules(spec: &ProviderSpec) -> Value {
    let theirs = |value: &str| {
        [
            ("{{client_ip}}", "${CLIENT_IP}"),
            ("{{provider}}", "${GROUP_NAME}"),
            ("{{api_key}}", "${API_KEY}"),
            ("{{timestamp_ms}}", "${TIMESTAMP_MS}"),
            ("{{timestamp_s}}", "${TIMESTAMP_S}"),
        ]
        .iter()
        .fold(value.to_owned(), |value, (ours, theirs)| value.replace(ours, theirs))
    };
    let set = spec
        .headers
        .iter()
        .map(|(name, value)| json!({ "key": name, "value": theirs(value), "action": "set" }));
    let remove =
        spec.remove_headers.iter().map(|name| json!({ "key": name, "value": "", "action": "remove" }));
    set.chain(remove).collect()
}

/// A provider with a list of models offers these only.
fn redirects(spec: &ProviderSpec, fields: &mut Map<String, Value>) {
    let models = spec.models.as_deref().unwrap_or_default();
    let renamed = models.iter().any(|model| model.public() != model.name);
    let rules: Map<String, Value> = models
        .iter()
        .filter(|_| renamed)
        .map(|model| (model.public().to_owned(), model.name.as_str().into()))
        .collect();
    fields.insert("model_redirect_strict".to_owned(), (!rules.is_empty()).into());
    fields.insert("model_redirect_rules".to_owned(), Value::Object(rules));
}

fn config(spec: &ProviderSpec) -> Map<String, Value> {
    let mut config = Fields::default();
    let seconds = |span: Span| Value::from(span.0.as_secs().max(1));
    let minutes = |span: Span| Value::from((span.0.as_secs() / 60).max(1));
    let timeouts = &spec.timeouts;
    config.put("request_timeout", timeouts.total.map(seconds));
    config.put("connect_timeout", timeouts.connect.map(seconds));
    config.put("response_header_timeout", timeouts.first_byte.map(seconds));
    config.put("blacklist_threshold", spec.failures.threshold);
    config.put(
        "key_validation_interval_minutes",
        spec.probes.interval.filter(|span| !span.0.is_zero()).map(minutes),
    );
    config.put("key_validation_concurrency", spec.probes.concurrency);
    config.put("key_validation_timeout_seconds", spec.probes.timeout.map(seconds));
    config.put("proxy_url", spec.proxy.as_ref().map(Secret::expose));
    config.0
}

fn aggregates(
    effective: &Effective,
    channels: &BTreeMap<String, &'static str>,
    notes: &mut Notes,
) -> Vec<Aggregate> {
    let mut aggregates = Vec::new();
    for pool in &effective.pools {
        let name = pool.name.as_str();
        let place = format!("pools[{name}]");
        let (known, unknown): (Vec<_>, Vec<_>) =
            pool.providers.iter().partition(|member| channels.contains_key(member.provider.as_str()));
        let Some(channel) = known.first().and_then(|member| channels.get(member.provider.as_str())).copied()
        else {
            notes.skip(place, "none of its providers is there; it is left out");
            continue;
        };
        if known.iter().any(|member| channels.get(member.provider.as_str()) != Some(&channel)) {
            notes.skip(
                place,
                "its providers speak different languages, which a set there cannot; it is left out",
            );
            continue;
        }
        if !unknown.is_empty() || known.iter().any(|member| member.weight > MAX_WEIGHT) {
            notes.warn(place, "providers that are not there are left out, and weights end at 1000");
        }
        let mut fields = Map::new();
        fields.insert("group_type".to_owned(), "aggregate".into());
        fields.insert("channel_type".to_owned(), channel.into());
        let member = |member: &&roundhouse_domain::spec::PoolMember| {
            (member.provider.as_str().to_owned(), member.weight.min(MAX_WEIGHT))
        };
        aggregates.push(Aggregate {
            name: name.to_owned(),
            fields,
            members: known.iter().map(member).collect(),
        });
    }
    aggregates
}
