//! A channel as a provider of ours.

use std::collections::BTreeMap;

use roundhouse_domain::spec::{Family, ProviderKind};
use serde_json::{Map, Value, json};

use super::keys::{self, Keys};
use super::kinds::{self, Flavour};
use super::read::Reading;
use crate::fields::{Fields, object, text, whole, words};

/// Ends of addresses that people paste whole.
const ENDPOINTS: [&str; 4] = ["/chat/completions", "/completions", "/responses", "/v1/messages"];

/// What access keys need to know of a provider.
#[derive(Clone, Debug)]
pub(super) struct Channel {
    pub(super) provider: String,
    pub(super) groups: Vec<String>,
    pub(super) models: Vec<String>,
    pub(super) priority: i64,
}

/// Reads a row of `channels`.
pub(super) fn read(row: &Map<String, Value>, flavour: Flavour, reading: &mut Reading) -> Option<Channel> {
    let id = row.get("id").and_then(whole)?;
    let theirs = text(row, "name").map_or_else(|| format!("channel-{id}"), str::to_owned);
    let place = format!("channels[{id}]");
    let number = row.get("type").and_then(whole).unwrap_or_default();
    let Some(of) = kinds::of(number, flavour) else {
        reading
            .notes
            .skip(place, format!("{theirs:?} is of type {number}, which has no counterpart; it is left out"));
        return None;
    };
    let kind = kind(of.kind, text(row, "base_url"));
    let name = reading.names.take(&theirs);
    let mut fields = Fields::named(&name);
    fields.put("kind", kind.as_str());
    let info = row.get("channel_info");
    let Keys { keys, region } = keys::keys(text(row, "key").unwrap_or_default(), kind, info);
    if !address(row, kind, of, region, &mut fields) {
        reading.notes.skip(place, format!("{theirs:?} has no address; it is left out"));
        return None;
    }
    let models = models(row, &mut fields);
    weight(row, &mut fields);
    status(row, &place, &mut fields, reading);
    details(row, &place, &mut fields, reading);
    reading.imported.configuration.add_keys(&name, keys);
    reading.imported.configuration.document.push("providers", fields.0);
    let groups = words(text(row, "group").unwrap_or("default")).map(str::to_owned).collect();
    let priority = text(row, "priority").and_then(|priority| priority.parse().ok()).unwrap_or_default();
    Some(Channel { provider: name, groups, models, priority })
}

/// OpenAI's type with another address means its shape.
fn kind(kind: ProviderKind, base_url: Option<&str>) -> ProviderKind {
    match (kind, base_url) {
        (ProviderKind::Openai, Some(url)) if !url.contains("api.openai.com") => {
            ProviderKind::OpenaiCompatible
        }
        _ => kind,
    }
}

/// Sets where the provider is; false when nobody says.
fn address(
    row: &Map<String, Value>,
    kind: ProviderKind,
    of: kinds::Type,
    region: Option<String>,
    fields: &mut Fields,
) -> bool {
    let other = text(row, "other");
    match kind.family() {
        Family::Azure => fields.put("api_version", other.unwrap_or("2024-10-21")),
        Family::Vertex => {
            fields.put("location", other.and_then(location));
            return true;
        }
        Family::Bedrock => {
            let config = row.get("config").and_then(object).unwrap_or_default();
            let region = region.or_else(|| text(&config, "region").map(str::to_owned));
            fields.put("region", region.unwrap_or_else(|| "us-east-1".to_owned()));
            return true;
        }
        _ => {}
    }
    if kind == ProviderKind::Cloudflare
        && let Some(account) = other
    {
        fields.put("base_url", format!("https://api.cloudflare.com/client/v4/accounts/{account}/ai/v1"));
        return true;
    }
    let url = match text(row, "base_url") {
        Some(url) => Some(based(url, of.path)),
        None => of.address.map(str::to_owned),
    };
    let is_known = url.is_some() || kind.base_url().is_some();
    fields.put("base_url", url);
    is_known
}

/// `us-central1`, or the entry `default` of an object by model.
fn location(other: &str) -> Option<String> {
    if !other.starts_with('{') {
        return Some(other.to_owned());
    }
    let by_model: Map<String, Value> = serde_json::from_str(other).ok()?;
    text(&by_model, "default").map(str::to_owned)
}

fn based(url: &str, path: &str) -> String {
    let url = url.trim().trim_end_matches('#').trim_end_matches('/');
    if let Some(base) = ENDPOINTS.iter().find_map(|end| url.strip_suffix(end)) {
        return base.to_owned();
    }
    let last = url.rsplit('/').next().unwrap_or_default();
    let has_version =
        last.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if has_version || url.ends_with(path) { url.to_owned() } else { format!("{url}{path}") }
}

/// Sets the models, and returns their public names.
fn models(row: &Map<String, Value>, fields: &mut Fields) -> Vec<String> {
    let mapping = row.get("model_mapping").and_then(object).unwrap_or_default();
    let mut public: Vec<String> = Vec::new();
    for model in words(text(row, "models").unwrap_or_default()) {
        if !public.iter().any(|known| known == model) {
            public.push(model.to_owned());
        }
    }
    let model = |public: &String| match mapping.get(public).and_then(Value::as_str) {
        Some(upstream) if upstream != public && !upstream.is_empty() => {
            json!({ "name": upstream, "as": public })
        }
        _ => json!(public),
    };
    fields.put("models", public.iter().map(model).collect::<Vec<_>>());
    public
}

fn weight(row: &Map<String, Value>, fields: &mut Fields) {
    if let Some(weight) = row.get("weight").and_then(whole).filter(|weight| *weight > 0) {
        fields.put("weight", weight.min(1_000_000));
    }
}

fn status(row: &Map<String, Value>, place: &str, fields: &mut Fields, reading: &mut Reading) {
    match row.get("status").and_then(whole).unwrap_or(1) {
        1 => return,
        3 => {
            let message =
                "was switched off after failures: it is switched off here too; switch it on to try it again";
            reading.notes.info(format!("{place}.status"), message);
        }
        _ => {}
    }
    fields.put("enabled", false);
}

fn details(row: &Map<String, Value>, place: &str, fields: &mut Fields, reading: &mut Reading) {
    if let Some(set) = row.get("param_override").and_then(object).filter(|set| !set.is_empty()) {
        if set.contains_key("operations") {
            reading.notes.warn(format!("{place}.param_override"), "operations are left out: use body rules");
        } else {
            fields.put_in("body", "set", set);
        }
    }
    let headers = row.get("header_override").and_then(object).unwrap_or_default();
    let organization = text(row, "openai_organization").map(|o| ("OpenAI-Organization".to_owned(), json!(o)));
    let headers: BTreeMap<_, _> = headers.into_iter().chain(organization).collect();
    for (name, value) in headers {
        if let Some(value) = value.as_str() {
            fields.put_in("headers", &name, value.replace("{api_key}", "{{api_key}}"));
        }
    }
    let setting = row.get("setting").and_then(object).unwrap_or_default();
    fields.put("proxy", text(&setting, "proxy"));
    fields.put_in_some("probes", "model", text(row, "test_model"));
    if row.get("auto_ban").and_then(whole) == Some(0) {
        fields.put_in("failures", "threshold", 0);
    }
    for name in ["status_code_mapping", "system_prompt"] {
        if text(row, name).is_some_and(|value| value != "{}") {
            reading.notes.warn(format!("{place}.{name}"), "has no counterpart: left out");
        }
    }
}

/// Gives providers the tiers that make the order of priorities: the highest is the first.
pub(super) fn tiers(channels: &[Channel], reading: &mut Reading) {
    let mut priorities: Vec<i64> = channels.iter().map(|channel| channel.priority).collect();
    priorities.sort_unstable_by(|one, other| other.cmp(one));
    priorities.dedup();
    if priorities.len() < 2 {
        return;
    }
    let document = &mut reading.imported.configuration.document.0;
    let providers = document.get_mut("providers").and_then(Value::as_array_mut);
    for (provider, channel) in providers.into_iter().flatten().zip(channels) {
        let tier = priorities.iter().position(|priority| *priority == channel.priority);
        if let Value::Object(fields) = provider {
            fields.insert("tier".to_owned(), json!(tier.unwrap_or_default()));
        }
    }
}
