//! One entry of `providers`.

use roundhouse_domain::Secret;
use roundhouse_domain::spec::{Family, ProviderKind};
use serde_json::{Map, Value, json};

use super::read::Reading;
use super::{body, engine, model, preferences};
use crate::configuration::ProviderKey;
use crate::fields::{Fields, text, truth};

/// Fields that are understood, also those that say nothing here.
const KNOWN: [&str; 26] = [
    "provider",
    "base_url",
    "api",
    "model",
    "engine",
    "tools",
    "image",
    "notes",
    "project_id",
    "private_key",
    "client_email",
    "region",
    "cf_account_id",
    "aws_access_key",
    "aws_secret_key",
    "aws_session_token",
    "preferences",
    "exclude_endpoints",
    "only_request_types",
    "exclude_request_types",
    "exclude_request_rules",
    "access_key",
    "secret_key",
    "client_id",
    "location",
    "search_defaults",
];

/// Reads an entry, with its keys.
pub(super) fn read(entry: &Value, index: usize, reading: &mut Reading<'_>) {
    let Some(fields) = entry.as_object() else {
        return reading.notes.skip(format!("providers[{index}]"), "must be an object; it is left out");
    };
    let Some(theirs) = reading.text(fields, "provider", &format!("providers[{index}]")) else {
        return reading.notes.skip(format!("providers[{index}].provider"), "has no name; it is left out");
    };
    let place = format!("providers[{theirs}]");
    let base_url = reading.text(fields, "base_url", &place);
    if base_url.is_none() && fields.contains_key("base_url") {
        return reading.notes.skip(place, "its base_url is missing; it is left out");
    }
    let account = reading.text(fields, "cf_account_id", &place);
    let engine = match engine::engine(text(fields, "engine"), base_url.as_deref(), account.as_deref()) {
        Ok(engine) => engine,
        Err(message) => return reading.notes.skip(place, format!("{message}; it is left out")),
    };
    let name = reading.names.take(&theirs);
    if name != theirs {
        reading.notes.warn(format!("{place}.provider"), format!("is called {name:?} here"));
    }
    let mut out = Fields::named(&name);
    out.put("kind", engine.kind.as_str());
    if let Some(base_url) = engine.base_url.filter(|_| engine.kind != ProviderKind::Vertex) {
        out.put("base_url", base_url);
    }
    if let Some(proxy) = &reading.proxy {
        out.put("proxy", proxy.as_str());
    }
    cloud(fields, engine.kind, &place, &mut out, reading);
    let models = model::models(fields.get("model"), &place, reading);
    let models = preferences::of_provider(fields, &place, models, &mut out, reading);
    let models = body::of_provider(fields, &place, models, &mut out, reading);
    if fields.get("model").is_some_and(|models| !models.is_null()) {
        out.0.insert("models".to_owned(), models.iter().map(model::Model::value).collect());
    }
    abilities(fields, &name, reading);
    without_counterpart(fields, &place, reading);
    let keys = keys(fields, engine.kind, &place, reading);
    reading.imported.configuration.add_keys(&name, keys);
    reading.places.insert(name.clone(), reading.imported.configuration.document.list("providers").len());
    reading.imported.configuration.document.push("providers", out.0);
    reading.providers.push((theirs, name));
}

/// Projects and regions.
fn cloud(
    fields: &Map<String, Value>,
    kind: ProviderKind,
    place: &str,
    out: &mut Fields,
    reading: &mut Reading<'_>,
) {
    let region = reading.text(fields, "region", place);
    match kind.family() {
        Family::Vertex => {
            let projects = reading.texts(fields.get("project_id"), &format!("{place}.project_id"));
            if projects.len() > 1 {
                reading.notes.warn(
                    format!("{place}.project_id"),
                    "a provider has one project: the first is used; make a provider for each other one",
                );
            }
            out.put("project", projects.into_iter().next());
            out.put("location", region);
        }
        Family::Bedrock => out.put("region", region),
        _ => {}
    }
}

fn keys(
    fields: &Map<String, Value>,
    kind: ProviderKind,
    place: &str,
    reading: &mut Reading<'_>,
) -> Vec<ProviderKey> {
    let api = reading.texts(fields.get("api"), &format!("{place}.api"));
    let keys = match kind.family() {
        Family::Bedrock => aws_key(fields, place, reading).into_iter().chain(api).collect(),
        Family::Vertex => service_account(fields, place, reading).into_iter().chain(api).collect(),
        Family::OpenaiResponses => {
            let count = api.len();
            let plain: Vec<String> = api.into_iter().filter(|key| !key.contains(',')).collect();
            if plain.len() < count {
                let message = "logins with an account and a refresh token are left out: only keys are used";
                reading.notes.skip(format!("{place}.api"), message);
            }
            plain
        }
        _ => api,
    };
    keys.into_iter().map(|key| ProviderKey::active(Secret::from(key))).collect()
}

fn aws_key(fields: &Map<String, Value>, place: &str, reading: &mut Reading<'_>) -> Option<String> {
    let id = reading.text(fields, "aws_access_key", place)?;
    let secret = reading.text(fields, "aws_secret_key", place)?;
    let token = reading
        .text(fields, "aws_session_token", place)
        .map_or_else(String::new, |token| format!(":{token}"));
    Some(format!("{id}:{secret}{token}"))
}

fn service_account(fields: &Map<String, Value>, place: &str, reading: &mut Reading<'_>) -> Option<String> {
    let private_key = reading.text(fields, "private_key", place)?.replace("\\n", "\n");
    let client_email = reading.text(fields, "client_email", place)?;
    let project = reading.texts(fields.get("project_id"), &format!("{place}.project_id")).into_iter().next();
    let account = json!({
        "type": "service_account",
        "project_id": project,
        "client_email": client_email,
        "private_key": private_key,
        "token_uri": "https://oauth2.googleapis.com/token",
    });
    Some(account.to_string())
}

/// What a provider cannot take is known of its models.
fn abilities(fields: &Map<String, Value>, name: &str, reading: &mut Reading<'_>) {
    let is_off = |field: &str| fields.get(field).and_then(truth) == Some(false);
    if !is_off("tools") && !is_off("image") {
        return;
    }
    let mut facts = Fields::default();
    facts.put("match", "*");
    facts.put("provider", name);
    if is_off("tools") {
        facts.put("tools", false);
    }
    if is_off("image") {
        facts.0.insert("input".to_owned(), json!([]));
    }
    reading.imported.configuration.document.push("catalogue", facts.0);
}

fn without_counterpart(fields: &Map<String, Value>, place: &str, reading: &mut Reading<'_>) {
    for name in ["exclude_endpoints", "only_request_types", "exclude_request_types", "exclude_request_rules"]
    {
        if fields.get(name).is_some_and(|value| !value.is_null()) {
            let message = "requests are not kept from a provider by endpoint or kind: left out";
            reading.notes.warn(format!("{place}.{name}"), message);
        }
    }
    if text(fields, "notes").is_some() {
        reading.notes.info(format!("{place}.notes"), "is not kept: providers have no description");
    }
    for name in fields.keys().filter(|name| !KNOWN.contains(&name.as_str())) {
        reading.notes.warn(format!("{place}.{name}"), "is not understood and left out");
    }
}
