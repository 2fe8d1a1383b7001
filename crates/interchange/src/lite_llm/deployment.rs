//! One entry of `model_list`.

use std::collections::BTreeMap;

use roundhouse_domain::spec::{Family, ProviderKind};
use serde_json::{Map, Value, json};

use super::read::Reading;
use super::vendor;
use crate::fields::{Fields, number, object, text, whole};

/// Fields that say where and with what a deployment is called; the rest are defaults of requests.
const KNOWN: [&str; 34] = [
    "model",
    "api_key",
    "api_base",
    "base_url",
    "api_version",
    "organization",
    "custom_llm_provider",
    "extra_headers",
    "headers",
    "extra_body",
    "timeout",
    "stream_timeout",
    "weight",
    "order",
    "rpm",
    "tpm",
    "max_retries",
    "num_retries",
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_region_name",
    "vertex_project",
    "vertex_location",
    "vertex_credentials",
    "litellm_credential_name",
    "input_cost_per_token",
    "output_cost_per_token",
    "cache_read_input_token_cost",
    "drop_params",
    "max_parallel_requests",
    "tags",
    "use_in_pass_through",
    "merge_reasoning_content_in_choices",
];

/// Where deployments are called, and how; those that are alike in it share a provider.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Endpoint {
    /// A word for its name.
    pub(super) label: String,
    /// The fields of the provider, as text so that they compare.
    pub(super) fields: String,
}

/// A deployment as we need it.
#[derive(Clone, Debug)]
pub(super) struct Deployment {
    pub(super) place: String,
    /// The name that callers use.
    pub(super) public: String,
    /// The upstream's name.
    pub(super) model: String,
    pub(super) endpoint: Endpoint,
    pub(super) keys: Vec<String>,
    /// `body` and `timeouts` of the model.
    pub(super) details: Map<String, Value>,
    pub(super) weight: Option<u64>,
    pub(super) order: Option<u64>,
    /// Prices and limits.
    pub(super) facts: Map<String, Value>,
}

/// Reads an entry; a note says why, when there is nothing to read.
pub(super) fn read(entry: &Value, index: usize, reading: &mut Reading) -> Option<Deployment> {
    let place = format!("model_list[{index}]");
    let Some(fields) = entry.as_object() else {
        reading.notes.skip(place, "must be an object; it is left out");
        return None;
    };
    let params = params(fields, &place, reading);
    let (Some(public), Some(model)) = (text(fields, "model_name"), text(&params, "model")) else {
        reading.notes.skip(place, "needs model_name and litellm_params.model; it is left out");
        return None;
    };
    let Some((vendor, name)) = vendor::split(model, text(&params, "custom_llm_provider")) else {
        reading.notes.skip(place, format!("the provider of {model:?} has no counterpart; it is left out"));
        return None;
    };
    let base_url =
        reading.text(&params, "api_base", &place).or_else(|| reading.text(&params, "base_url", &place));
    let kind = match vendor.kind {
        // With an address of its own, OpenAI's prefix means its shape.
        ProviderKind::Openai if base_url.as_deref().is_some_and(|url| !url.contains("api.openai.com")) => {
            ProviderKind::OpenaiCompatible
        }
        kind => kind,
    };
    let base_url = base_url.or_else(|| vendor.base_url.map(str::to_owned)).map(|url| based(&url, kind));
    if base_url.is_none()
        && kind.base_url().is_none()
        && !matches!(kind.family(), Family::Vertex | Family::Bedrock)
    {
        reading.notes.skip(place, "needs an api_base; it is left out");
        return None;
    }
    let mut endpoint = Fields::default();
    endpoint.put("kind", kind.as_str());
    endpoint.put("base_url", base_url);
    cloud(&params, kind, &place, &mut endpoint, reading);
    headers(&params, &place, &mut endpoint, reading);
    let keys = keys(&params, kind, vendor.key_variable, &place, reading);
    without_counterpart(&params, &place, reading);
    let label = model.split_once('/').map_or(kind.as_str(), |(prefix, _)| prefix).to_owned();
    Some(Deployment {
        public: public.to_owned(),
        model: upstream(name, kind),
        endpoint: Endpoint { label, fields: Value::Object(endpoint.0).to_string() },
        keys,
        details: details(&params),
        weight: params.get("weight").and_then(whole),
        order: params.get("order").and_then(whole),
        facts: super::facts::of(&params, fields.get("model_info").and_then(Value::as_object)),
        place,
    })
}

/// The parameters, with those of a credential that is named.
fn params(fields: &Map<String, Value>, place: &str, reading: &mut Reading) -> Map<String, Value> {
    let mut params = fields.get("litellm_params").and_then(Value::as_object).cloned().unwrap_or_default();
    if let Some(name) = text(&params, "litellm_credential_name").map(str::to_owned) {
        match reading.credentials.get(&name) {
            Some(values) => values.iter().for_each(|(name, value)| {
                params.entry(name.clone()).or_insert_with(|| value.clone());
            }),
            None => reading.notes.warn(place, format!("the credential {name:?} is not in credential_list")),
        }
    }
    params
}

/// Without the way that calls take, for Bedrock and Ollama.
fn upstream(name: &str, kind: ProviderKind) -> String {
    let name = match kind {
        ProviderKind::Bedrock => {
            ["converse/", "invoke/"].iter().find_map(|way| name.strip_prefix(way)).unwrap_or(name)
        }
        ProviderKind::Openai | ProviderKind::OpenaiCompatible | ProviderKind::Azure => {
            ["responses/", "chat/"].iter().find_map(|way| name.strip_prefix(way)).unwrap_or(name)
        }
        _ => name,
    };
    name.to_owned()
}

/// Ollama's own API stands at its root, and its shape of OpenAI's below `/v1`.
fn based(url: &str, kind: ProviderKind) -> String {
    let url = url.trim().trim_end_matches('/');
    if kind == ProviderKind::Ollama && !url.ends_with("/v1") { format!("{url}/v1") } else { url.to_owned() }
}

fn cloud(
    params: &Map<String, Value>,
    kind: ProviderKind,
    place: &str,
    out: &mut Fields,
    reading: &mut Reading,
) {
    match kind.family() {
        Family::Azure => out.put("api_version", reading.text(params, "api_version", place)),
        Family::Vertex => {
            out.put("project", reading.text(params, "vertex_project", place));
            out.put("location", reading.text(params, "vertex_location", place));
        }
        Family::Bedrock => out.put("region", reading.text(params, "aws_region_name", place)),
        _ => {}
    }
}

fn headers(params: &Map<String, Value>, place: &str, out: &mut Fields, reading: &mut Reading) {
    let mut headers = BTreeMap::new();
    for field in ["headers", "extra_headers"] {
        let Some(given) = params.get(field).and_then(object) else { continue };
        for name in given.keys() {
            if let Some(value) = reading.text(&given, name, &format!("{place}.{field}")) {
                headers.insert(name.clone(), value);
            }
        }
    }
    if let Some(organization) = reading.text(params, "organization", place) {
        headers.insert("OpenAI-Organization".to_owned(), organization);
    }
    for (name, value) in headers {
        out.put_in("headers", &name, value);
    }
}

fn keys(
    params: &Map<String, Value>,
    kind: ProviderKind,
    variable: Option<&str>,
    place: &str,
    reading: &mut Reading,
) -> Vec<String> {
    let key = match kind.family() {
        Family::Bedrock => aws_key(params, place, reading).or_else(|| reading.text(params, "api_key", place)),
        Family::Vertex => vertex_key(params, place, reading),
        _ => reading.text(params, "api_key", place),
    };
    let usual = || {
        let value = reading.variables.get(variable?)?;
        Some(value.to_owned())
    };
    let key = if params.contains_key("api_key") { key } else { key.or_else(usual) };
    // What local servers are given because clients insist on some key.
    key.filter(|key| !["none", "dummy", "empty", "fake"].contains(&key.to_ascii_lowercase().as_str()))
        .into_iter()
        .collect()
}

fn aws_key(params: &Map<String, Value>, place: &str, reading: &mut Reading) -> Option<String> {
    let id = reading.text(params, "aws_access_key_id", place)?;
    let secret = reading.text(params, "aws_secret_access_key", place)?;
    let token = reading
        .text(params, "aws_session_token", place)
        .map_or_else(String::new, |token| format!(":{token}"));
    Some(format!("{id}:{secret}{token}"))
}

fn vertex_key(params: &Map<String, Value>, place: &str, reading: &mut Reading) -> Option<String> {
    let credentials = match params.get("vertex_credentials")? {
        Value::Object(account) => Value::Object(account.clone()).to_string(),
        _ => reading.text(params, "vertex_credentials", place)?,
    };
    if credentials.trim_start().starts_with('{') {
        return Some(credentials);
    }
    let message = "names a file: add the service account's JSON as a key of the provider";
    reading.notes.skip(format!("{place}.litellm_params.vertex_credentials"), message);
    None
}

fn details(params: &Map<String, Value>) -> Map<String, Value> {
    let mut details = Fields::default();
    for (theirs, ours) in [("timeout", "total"), ("stream_timeout", "first_byte")] {
        if let Some(seconds) =
            params.get(theirs).and_then(number).filter(|seconds| (0.001..=1e8).contains(seconds))
        {
            details.put_in("timeouts", ours, json!(seconds));
        }
    }
    if let Some(body) = params.get("extra_body").and_then(object) {
        details.put_in("body", "set", body);
    }
    details.0
}

fn without_counterpart(params: &Map<String, Value>, place: &str, reading: &mut Reading) {
    for name in ["rpm", "tpm", "max_parallel_requests"] {
        if params.get(name).is_some_and(|value| !value.is_null()) {
            let message = "limits of deployments are left out: set them at the provider's keys";
            reading.notes.warn(format!("{place}.litellm_params.{name}"), message);
        }
    }
    for name in params.keys().filter(|name| !KNOWN.contains(&name.as_str())) {
        let message =
            "a default of requests is left out: set it in the body rules of the model if it must hold";
        reading.notes.warn(format!("{place}.litellm_params.{name}"), message);
    }
}
