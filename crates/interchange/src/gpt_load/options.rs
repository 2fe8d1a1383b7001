//! Settings of a gpt-load or of one of its groups, as ours.

use serde_json::{Map, Value};

use crate::fields::{Fields, seconds, truth, whole};
use crate::note::Notes;

/// Where settings hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// For all groups, as the section `gateway`.
    Gateway,
    /// For one group, as fields of its provider.
    Provider,
}

/// Settings that are as gpt-load has them when nobody sets them (its `types.SystemSettings`, 1.4.9); ours stay then.
const DEFAULTS: [(&str, &str); 18] = [
    ("request_timeout", "600"),
    ("connect_timeout", "15"),
    ("idle_conn_timeout", "120"),
    ("response_header_timeout", "600"),
    ("max_idle_conns", "100"),
    ("max_idle_conns_per_host", "50"),
    ("proxy_url", ""),
    ("max_retries", "3"),
    ("blacklist_threshold", "3"),
    ("failover_status_codes", "400-403,405-999"),
    ("key_validation_interval_minutes", "60"),
    ("key_validation_concurrency", "10"),
    ("key_validation_timeout_seconds", "20"),
    ("enable_request_body_logging", "false"),
    ("request_log_retention_days", "7"),
    ("request_log_write_interval_minutes", "1"),
    ("app_url", "http://localhost:3001"),
    ("proxy_keys", ""),
];

/// The fields that `config` sets; what has no counterpart is noted.
pub(super) fn apply(
    config: &Map<String, Value>,
    scope: Scope,
    place: &str,
    fields: &mut Fields,
    notes: &mut Notes,
) {
    for (name, value) in config {
        if value.is_null() || is_default(name, value) {
            continue;
        }
        if setting(name, value, scope, fields).is_none() {
            without_counterpart(name, value, scope, &format!("{place}.{name}"), notes);
        }
    }
}

/// Sets what has a counterpart.
fn setting(name: &str, value: &Value, scope: Scope, fields: &mut Fields) -> Option<()> {
    match name {
        "request_timeout" => fields.put_in("timeouts", "total", seconds(positive(value)?)),
        "connect_timeout" => fields.put_in("timeouts", "connect", seconds(positive(value)?)),
        "response_header_timeout" => fields.put_in("timeouts", "first_byte", seconds(positive(value)?)),
        "blacklist_threshold" => {
            fields.put_in("failures", "threshold", u32::try_from(whole(value)?).unwrap_or(u32::MAX));
        }
        "key_validation_interval_minutes" => {
            fields.put_in("probes", "interval", seconds(positive(value)?.checked_mul(60)?));
        }
        "key_validation_concurrency" => fields.put_in("probes", "concurrency", positive(value)?.min(1_000)),
        "key_validation_timeout_seconds" => fields.put_in("probes", "timeout", seconds(positive(value)?)),
        "proxy_url" if scope == Scope::Provider => fields.put("proxy", value.as_str()?.trim()),
        // Where it is set for all, each provider gets it.
        "proxy_url" => {}
        "max_retries" if scope == Scope::Gateway => {
            fields.put("max_attempts", whole(value)?.saturating_add(1).clamp(1, 100));
        }
        _ => return None,
    }
    Some(())
}

fn without_counterpart(name: &str, value: &Value, scope: Scope, place: &str, notes: &mut Notes) {
    let message = match name {
        "max_retries" if whole(value).is_some() => {
            "tries are counted for the whole call, over all providers: see gateway.max_attempts"
        }
        "failover_status_codes" => {
            "is decided by the kind of failure: refused keys, limits, quotas and broken providers are each treated in their own way, and mistakes of callers are not retried"
        }
        "idle_conn_timeout" | "max_idle_conns" | "max_idle_conns_per_host" => {
            return notes.info(place, "is not needed: connections are pooled for each provider");
        }
        "enable_request_body_logging" if truth(value) == Some(true) => {
            "bodies are not kept by default: switch their capture on where they are wanted"
        }
        "enable_request_body_logging"
        | "request_log_write_interval_minutes"
        | "request_log_retention_days"
        | "app_url"
        | "proxy_keys" => return,
        _ if scope == Scope::Gateway && !DEFAULTS.iter().any(|(known, _)| *known == name) => return,
        _ => "is not understood and left out",
    };
    notes.warn(place, message);
}

/// The proxy that is set for all groups.
pub(super) fn proxy(settings: &Map<String, Value>) -> Option<&str> {
    settings.get("proxy_url")?.as_str().map(str::trim).filter(|url| !url.is_empty())
}

fn is_default(name: &str, value: &Value) -> bool {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        value => value.to_string(),
    };
    DEFAULTS.contains(&(name, text.as_str()))
}

fn positive(value: &Value) -> Option<u64> {
    whole(value).filter(|number| (1..=100_000_000).contains(number))
}
