//! A provider of ours as an entry of `providers`.

use roundhouse_domain::KeyStatus;
use roundhouse_domain::spec::{Family, ModelFactsSpec, ProviderKind, ProviderSpec, Span};
use serde_json::{Map, Value, json};

use crate::configuration::ProviderKey;
use crate::fields::{Fields, text};
use crate::note::Notes;

/// The entry; a note says why, when there is none.
pub(super) fn entry(
    spec: &ProviderSpec,
    keys: &[ProviderKey],
    facts: &[ModelFactsSpec],
    notes: &mut Notes,
) -> Option<Map<String, Value>> {
    let name = spec.name.as_str();
    let place = format!("providers[{name}]");
    if !spec.enabled {
        notes.skip(place, "is switched off, which has no counterpart; it is left out");
        return None;
    }
    let keys: Vec<&str> =
        keys.iter().filter(|key| key.status != KeyStatus::Disabled).map(|key| key.secret.expose()).collect();
    let kind = spec.kind.unwrap_or(ProviderKind::OpenaiCompatible);
    let base = spec.base_urls.iter().filter(|base| base.weight > 0).map(|base| base.url.as_str()).next();
    let base = spec.base_url.as_deref().or(base).or_else(|| kind.base_url());
    let mut entry = Fields::default();
    entry.put("provider", name);
    if !place_of(spec, kind, base, &keys, &mut entry) {
        notes.skip(place, format!("an upstream of the kind {kind} has no counterpart; it is left out"));
        return None;
    }
    if spec.base_urls.iter().filter(|base| base.weight > 0).count() > 1 {
        notes.warn(format!("{place}.base_urls"), "an entry has one address: the first is written");
    }
    if let Some(models) = &spec.models {
        let model = |model: &roundhouse_domain::spec::ModelSpec| match &model.public_name {
            Some(alias) if *alias != model.name => json!({ model.name.clone(): alias }),
            _ => json!(model.name),
        };
        entry.0.insert("model".to_owned(), models.iter().map(model).collect());
    }
    let of_all =
        |facts: &&ModelFactsSpec| facts.provider.as_ref() == Some(&spec.name) && facts.pattern == "*";
    if facts.iter().filter(of_all).any(|facts| facts.tools == Some(false)) {
        entry.put("tools", false);
    }
    if facts.iter().filter(of_all).any(|facts| facts.input.as_ref().is_some_and(Vec::is_empty)) {
        entry.put("image", false);
    }
    preferences(spec, &mut entry, notes);
    Some(entry.0)
}

/// Sets engine, address and keys; false for a kind that uni-api cannot reach.
fn place_of(
    spec: &ProviderSpec,
    kind: ProviderKind,
    base: Option<&str>,
    keys: &[&str],
    entry: &mut Fields,
) -> bool {
    let base = base.map(|base| base.trim_end_matches('/'));
    let (engine, url) = match (kind.family(), base) {
        (Family::OpenaiResponses, Some(base)) => (Some("codex"), Some(format!("{base}/responses"))),
        (Family::Openai | Family::OpenaiCompatible, Some(base)) => {
            if kind == ProviderKind::Cloudflare {
                let account = base.split("/accounts/").nth(1).and_then(|rest| rest.split('/').next());
                entry.put("cf_account_id", account);
                (Some("cloudflare"), None)
            } else {
                (Some("gpt"), Some(format!("{base}/chat/completions")))
            }
        }
        (Family::Anthropic, Some(base)) => {
            (Some("claude"), Some(format!("{}/v1/messages", base.strip_suffix("/v1").unwrap_or(base))))
        }
        (Family::Gemini, Some(base)) => (Some("gemini"), Some(base.to_owned())),
        (Family::Azure, Some(base)) => (Some("azure"), Some(base.to_owned())),
        (Family::Cohere, Some(base)) => (Some("cohere"), Some(format!("{base}/v1/chat"))),
        (Family::Vertex, _) => return vertex(spec, keys, entry),
        (Family::Bedrock, _) => return bedrock(spec, keys, entry),
        _ => return false,
    };
    entry.put("base_url", url);
    entry.put("engine", engine);
    api(keys, entry);
    true
}

fn api(keys: &[&str], entry: &mut Fields) {
    match keys {
        [] => {}
        [key] => entry.put("api", *key),
        keys => entry.put("api", keys.to_vec()),
    }
}

fn vertex(spec: &ProviderSpec, keys: &[&str], entry: &mut Fields) -> bool {
    let account = keys.iter().find_map(|key| serde_json::from_str::<Map<String, Value>>(key).ok());
    entry.put("engine", "vertex");
    entry.put("project_id", spec.project.clone());
    entry.put("region", spec.location.clone());
    match account {
        Some(account) => {
            for field in ["project_id", "private_key", "client_email"] {
                entry.put(field, text(&account, field));
            }
        }
        None => api(keys, entry),
    }
    true
}

fn bedrock(spec: &ProviderSpec, keys: &[&str], entry: &mut Fields) -> bool {
    let region = spec.region.as_deref().unwrap_or("us-east-1");
    entry.put("engine", "aws");
    entry.put("base_url", format!("https://bedrock-runtime.{region}.amazonaws.com"));
    let Some((id, rest)) = keys.iter().find_map(|key| key.split_once(':')) else {
        api(keys, entry);
        return true;
    };
    let (secret, token) = rest.split_once(':').map_or((rest, None), |(secret, token)| (secret, Some(token)));
    entry.put("aws_access_key", id);
    entry.put("aws_secret_key", secret);
    entry.put("aws_session_token", token);
    true
}

fn preferences(spec: &ProviderSpec, entry: &mut Fields, notes: &mut Notes) {
    let mut out = Fields::default();
    for (name, value) in &spec.headers {
        out.put_in("headers", name, value.as_str());
    }
    out.put("passthrough_request_headers", spec.forward_headers.clone());
    out.put("proxy", spec.proxy.as_ref().map(roundhouse_domain::Secret::expose));
    let mut overrides = spec.body.set.clone();
    if !spec.body.remove.is_empty() {
        overrides.insert("__remove__".to_owned(), spec.body.remove.clone().into());
    }
    for model in spec.models.iter().flatten().filter(|model| !model.body.is_empty()) {
        let mut of_model = model.body.set.clone();
        if !model.body.remove.is_empty() {
            of_model.insert("__remove__".to_owned(), model.body.remove.clone().into());
        }
        overrides.insert(model.public().to_owned(), Value::Object(of_model));
    }
    out.put("post_body_parameter_overrides", overrides);
    let mut model_timeout = Map::new();
    for model in spec.models.iter().flatten() {
        if let Some(span) = model.timeouts.first_byte {
            model_timeout.insert(model.public().to_owned(), seconds(span));
        }
    }
    if let (Some(span), false) = (spec.timeouts.first_byte, model_timeout.is_empty()) {
        model_timeout.insert("default".to_owned(), seconds(span));
    }
    out.put("model_timeout", model_timeout);
    let mut policy = Fields::default();
    let timeouts = &spec.timeouts;
    for (name, span) in [
        ("connect", timeouts.connect),
        ("first_byte", timeouts.first_byte),
        ("idle", timeouts.idle),
        ("total", timeouts.total),
    ] {
        policy.put(name, span.map_or(Value::Null, seconds));
    }
    if !policy.0.is_empty() {
        out.put_in("timeout_policy", "default", policy.0);
    }
    let limits = &spec.key_limits;
    let minute = limits.requests_per_minute.map(|count| format!("{count}/min"));
    let day = limits.requests_per_day.map(|count| format!("{count}/day"));
    let rates: Vec<String> = minute.into_iter().chain(day).collect();
    out.put("api_key_rate_limit", Some(rates.join(",")).filter(|rates| !rates.is_empty()));
    out.put("api_key_quota_cooldown_period", spec.cooldowns.quota.map_or(Value::Null, seconds));
    out.put("api_key_rate_limit_cooldown_period", spec.cooldowns.rate_limit.map_or(Value::Null, seconds));
    if !spec.remove_headers.is_empty() {
        notes.warn(format!("providers[{}].remove_headers", spec.name), "has no counterpart: left out");
    }
    entry.put("preferences", out.0);
}

fn seconds(span: Span) -> Value {
    if span.0.subsec_nanos() == 0 { json!(span.0.as_secs()) } else { json!(span.0.as_secs_f64()) }
}
