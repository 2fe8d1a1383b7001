//! A group as a provider of ours.

use roundhouse_domain::spec::{Family, ProviderKind};
use serde_json::{Value, json};
use url::Url;

use super::options::{self, Scope};
use super::raw::Group;
use crate::fields::Fields;
use crate::note::Notes;

/// What gpt-load expands in values of headers, and what we do.
const PLACEHOLDERS: [(&str, &str); 5] = [
    ("${CLIENT_IP}", "{{client_ip}}"),
    ("${GROUP_NAME}", "{{provider}}"),
    ("${API_KEY}", "{{api_key}}"),
    ("${TIMESTAMP_MS}", "{{timestamp_ms}}"),
    ("${TIMESTAMP_S}", "{{timestamp_s}}"),
];

/// The provider that a group becomes.
pub(super) fn provider(group: &Group, name: &str, default_proxy: Option<&str>, notes: &mut Notes) -> Fields {
    let place = format!("groups[{}]", group.name);
    let mut fields = Fields::named(name);
    fields.put("kind", kind(group, &place, notes).as_str());
    fields.put("base_urls", base_urls(group, &place, notes));
    if let Some(proxy) = default_proxy {
        fields.put("proxy", proxy);
    }
    models(group, &place, &mut fields, notes);
    headers(group, &mut fields);
    if !group.param_overrides.is_empty() {
        fields.put_in("body", "set", group.param_overrides.clone());
    }
    if !group.test_model.is_empty() && group.test_model != "-" {
        fields.put_in("probes", "model", group.test_model.as_str());
    }
    options::apply(&group.config, Scope::Provider, &format!("{place}.config"), &mut fields, notes);
    if !group.description.is_empty() {
        notes.info(format!("{place}.description"), "is not kept: providers have no description");
    }
    fields
}

/// What the group's channel speaks, as far as its address does not say it better.
fn kind(group: &Group, place: &str, notes: &mut Notes) -> ProviderKind {
    let host = group.upstreams.first().and_then(|(url, _)| {
        let url = Url::parse(url).ok()?;
        let host = url.host_str()?;
        Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
    });
    let of_host = host.and_then(|host| ProviderKind::of_host(&host));
    let shaped = |families: &[Family]| of_host.filter(|kind| families.contains(&kind.family()));
    match group.channel_type.as_str() {
        "anthropic" => ProviderKind::Anthropic,
        "gemini" => ProviderKind::Gemini,
        "openai-response" => {
            let speaks = |kind: &ProviderKind| {
                kind.dialects().contains(roundhouse_domain::spec::ClientDialect::Responses)
            };
            of_host.filter(speaks).unwrap_or(ProviderKind::OpenaiResponses)
        }
        "openai" => {
            shaped(&[Family::Openai, Family::OpenaiCompatible]).unwrap_or(ProviderKind::OpenaiCompatible)
        }
        other => {
            notes.warn(
                format!("{place}.channel_type"),
                format!("{other:?} is not known here; it is taken for an API of OpenAI's shape"),
            );
            ProviderKind::OpenaiCompatible
        }
    }
}

fn base_urls(group: &Group, place: &str, notes: &mut Notes) -> Value {
    let version = version_path(&group.validation_endpoint);
    let mut urls = Vec::new();
    for (url, weight) in &group.upstreams {
        match Url::parse(url) {
            Ok(parsed) if matches!(parsed.scheme(), "http" | "https") && parsed.has_host() => {
                urls.push(json!({ "url": based(&parsed, &group.channel_type, version), "weight": weight }));
            }
            _ => notes.skip(
                format!("{place}.upstreams"),
                "an upstream is no http or https address; it is left out",
            ),
        }
    }
    Value::Array(urls)
}

/// The part of a validation endpoint before the endpoint itself: `/v4` of `/v4/chat/completions`.
fn version_path(endpoint: &str) -> Option<&str> {
    let path = endpoint.split('?').next().unwrap_or_default();
    ["/chat/completions", "/responses", "/messages"].iter().find_map(|end| path.strip_suffix(end))
}

/// The address with the version path: gpt-load's upstreams stand before it, ours end with it.
fn based(url: &Url, channel: &str, version: Option<&str>) -> String {
    let origin = url.origin().ascii_serialization();
    let path = url.path().trim_end_matches('/');
    let path = match (channel, version) {
        ("anthropic", version) => {
            let path = format!("{path}{}", version.unwrap_or_default());
            path.strip_suffix("/v1").map_or_else(|| path.clone(), str::to_owned)
        }
        _ if ends_in_version(path) => path.to_owned(),
        (_, Some(version)) => format!("{path}{version}"),
        ("gemini", None) => format!("{path}/v1beta"),
        // A public address without a path is completed when it is used.
        _ if path.is_empty() && url.host_str().and_then(ProviderKind::of_host).is_some() => String::new(),
        _ => format!("{path}/v1"),
    };
    format!("{origin}{path}")
}

/// True for `/v1`, `/api/v3` and `/v1beta`.
fn ends_in_version(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    last.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Only a strict group says what it offers; what a loose one renames is served by routes.
fn models(group: &Group, place: &str, fields: &mut Fields, notes: &mut Notes) {
    if group.redirects.is_empty() {
        if group.is_strict {
            notes.warn(
                format!("{place}.model_redirect_strict"),
                "a strict group without rules refuses every model; here it offers what its provider has",
            );
        }
        return;
    }
    notes.info(
        format!("{place}.model_redirect_rules"),
        "names are replaced on /v1 and /v1beta; paths below /proxy/ are passed on as they are",
    );
    if group.is_strict {
        let model = |(from, to): (&String, &String)| {
            if from == to { json!(to) } else { json!({ "name": to, "as": from }) }
        };
        fields.put("models", group.redirects.iter().map(model).collect::<Vec<_>>());
    }
}

fn headers(group: &Group, fields: &mut Fields) {
    for (name, value) in &group.set_headers {
        let value =
            PLACEHOLDERS.iter().fold(value.clone(), |value, (theirs, ours)| value.replace(theirs, ours));
        fields.put_in("headers", name, value);
    }
    fields.put("remove_headers", group.remove_headers.clone());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_get_their_version_path() {
        for (url, channel, endpoint, expected) in [
            ("https://api.openai.com", "openai", "", "https://api.openai.com"),
            ("https://api.openai.com/", "openai", "/v1/chat/completions", "https://api.openai.com/v1"),
            ("https://a.example", "openai", "", "https://a.example/v1"),
            ("https://a.example/v1", "openai", "", "https://a.example/v1"),
            ("https://api.groq.com/openai", "openai", "", "https://api.groq.com/openai/v1"),
            (
                "https://open.bigmodel.cn/api/paas",
                "openai",
                "/v4/chat/completions",
                "https://open.bigmodel.cn/api/paas/v4",
            ),
            (
                "https://open.bigmodel.cn",
                "openai",
                "/api/paas/v4/chat/completions",
                "https://open.bigmodel.cn/api/paas/v4",
            ),
            ("https://api.anthropic.com", "anthropic", "", "https://api.anthropic.com"),
            ("https://a.example/v1", "anthropic", "", "https://a.example"),
            (
                "https://a.example",
                "anthropic",
                "/api/anthropic/v1/messages",
                "https://a.example/api/anthropic",
            ),
            (
                "https://generativelanguage.googleapis.com",
                "gemini",
                "",
                "https://generativelanguage.googleapis.com/v1beta",
            ),
            ("http://10.0.0.1:3001/proxy/site", "openai", "", "http://10.0.0.1:3001/proxy/site/v1"),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(based(&url, channel, version_path(endpoint)), expected, "{url}");
        }
    }
}
