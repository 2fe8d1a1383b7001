//! The names that people's environment files already have.

use serde_json::Value;

use super::{Overlay, boolean, from_variable};
use crate::schema::{Shape, fields};

/// What the text of a variable means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// What the setting's own variable would mean.
    Same,
    /// A number of minutes.
    Minutes,
    /// A level by any of the names that logging libraries use.
    Level,
    /// `text` or `json`; anything else is another program's format.
    LogFormat,
    /// Names of hosts, `*` for any.
    Hosts,
    /// `redis`, or any of the names that others have for memory.
    CacheStore,
}

/// Variable, setting and form. Later lines win, so that a name of ours beats one that is everybody's.
pub(crate) const NAMES: &[(&str, &str, Form)] = &[
    ("DATABASE_URL", "/database/url", Form::Same),
    ("REDIS_URL", "/redis/url", Form::Same),
    ("SECRET_KEY", "/security/secret_key", Form::Same),
    ("ENCRYPTION_KEY", "/security/encryption_key", Form::Same),
    ("ROUNDHOUSE_ENCRYPTION_KEY", "/security/encryption_key", Form::Same),
    ("ROUNDHOUSE_ADMIN_EMAIL", "/security/admin_email", Form::Same),
    ("ROUNDHOUSE_ADMIN_PASSWORD", "/security/admin_password", Form::Same),
    ("ACCESS_TOKEN_EXPIRE_MINUTES", "/security/access_token_ttl", Form::Minutes),
    ("LOG_LEVEL", "/log/level", Form::Level),
    ("LOG_FORMAT", "/log/format", Form::LogFormat),
    ("LOG_FILE", "/log/file", Form::Same),
    ("CORS_ORIGINS", "/server/cors_origins", Form::Same),
    ("ALLOWED_HOSTS", "/server/allowed_hosts", Form::Hosts),
    ("ENABLE_METRICS", "/server/metrics", Form::Same),
    ("HEALTH_CHECK_INTERVAL", "/health/interval", Form::Same),
    ("MAX_CONCURRENT_REQUESTS", "/gateway/max_concurrent_requests", Form::Same),
    ("REQUEST_TIMEOUT", "/gateway/timeouts/total", Form::Same),
    ("CACHE_ENABLED", "/gateway/cache/enabled", Form::Same),
    ("CACHE_TYPE", "/gateway/cache/store", Form::CacheStore),
    ("SMTP_HOST", "/smtp/host", Form::Same),
    ("SMTP_PORT", "/smtp/port", Form::Same),
    ("SMTP_USERNAME", "/smtp/username", Form::Same),
    ("SMTP_PASSWORD", "/smtp/password", Form::Same),
    ("SMTP_FROM_EMAIL", "/smtp/from", Form::Same),
    ("GPT_LOAD_URL", "/export/gpt_load/url", Form::Same),
    ("GPT_LOAD_AUTH_KEY", "/export/gpt_load/auth_key", Form::Same),
    ("UNI_API_URL", "/export/uni_api/url", Form::Same),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "/telemetry/otlp_endpoint", Form::Same),
    ("OTEL_SERVICE_NAME", "/telemetry/service_name", Form::Same),
];

/// Names of what this version does not do.
const IGNORED: &[(&str, &str)] = &[];

/// Lays the variables with these names over the values.
pub(super) fn apply(overlay: &mut Overlay<'_>) {
    for (name, pointer, form) in NAMES {
        if let Some(text) = overlay.variable(name) {
            set(overlay, name, pointer, *form, &text);
        }
    }
    listen(overlay);
    debug(overlay);
    attempts(overlay);
    for (name, why) in IGNORED {
        if overlay.variable(name).is_some() {
            overlay.report.warn(format!("{name}: ignored, since in this version {why}"));
        }
    }
}

fn set(overlay: &mut Overlay<'_>, name: &str, pointer: &str, form: Form, text: &str) {
    let schema = overlay.schema;
    let Some(field) = fields(schema).into_iter().find(|field| field.pointer == pointer) else { return };
    let value = match form {
        Form::Same => from_variable(text, field.shape),
        Form::Minutes => Value::String(format!("{}m", text.trim())),
        Form::Level => Value::String(level(text)),
        Form::LogFormat => match text.trim().to_ascii_lowercase() {
            known if known == "text" || known == "json" => Value::String(known),
            _ => {
                return overlay
                    .report
                    .warn(format!("{name}: ignored, since it is neither `text` nor `json`"));
            }
        },
        Form::Hosts => hosts(text, field.shape),
        Form::CacheStore => match cache_store(text) {
            Some(store) => Value::String(store.to_owned()),
            None => {
                return overlay
                    .report
                    .warn(format!("{name}: ignored, since it is neither `memory` nor `redis`"));
            }
        },
    };
    overlay.set(pointer, value, name);
}

/// Python's and syslog's level names beside our own.
fn level(text: &str) -> String {
    match text.trim().to_ascii_lowercase().as_str() {
        "warning" => "warn".to_owned(),
        "critical" | "fatal" => "error".to_owned(),
        "notset" => "trace".to_owned(),
        "notice" => "info".to_owned(),
        other => other.to_owned(),
    }
}

/// Where answers are kept, by the names that other programs give it.
fn cache_store(text: &str) -> Option<&'static str> {
    match text.trim().to_ascii_lowercase().as_str() {
        "redis" => Some("redis"),
        "memory" | "in-memory" | "in_memory" | "inmemory" | "simple" | "local" => Some("memory"),
        _ => None,
    }
}

fn hosts(text: &str, shape: Shape<'_>) -> Value {
    match from_variable(text, shape) {
        Value::Array(hosts) if hosts.iter().any(|host| host == "*") => Value::Array(Vec::new()),
        hosts => hosts,
    }
}

/// `HOST`, `PORT` and `METRICS_PORT`.
fn listen(overlay: &mut Overlay<'_>) {
    let current = overlay.value.pointer("/server/listen").and_then(Value::as_str).unwrap_or("0.0.0.0:8080");
    let (host, port) = current.rsplit_once(':').unwrap_or(("0.0.0.0", current));
    let (mut host, mut port) = (host.to_owned(), port.to_owned());
    if let Some(text) = overlay.variable("HOST") {
        // Shells and build tools set HOST to a machine's or a platform's name, which is nothing to listen on.
        match text.trim().parse::<std::net::IpAddr>() {
            Ok(std::net::IpAddr::V6(address)) => host = format!("[{address}]"),
            Ok(address) => host = address.to_string(),
            Err(_) if text.trim() == "localhost" => "localhost".clone_into(&mut host),
            Err(_) => overlay.report.warn("HOST: ignored, since it is neither an IP address nor `localhost`"),
        }
        overlay.set("/server/listen", Value::String(format!("{host}:{port}")), "HOST");
    }
    if let Some(text) = overlay.variable("PORT") {
        text.trim().clone_into(&mut port);
        overlay.set("/server/listen", Value::String(format!("{host}:{port}")), "PORT");
    }
    if let Some(text) = overlay.variable("METRICS_PORT").filter(|text| text.trim() != port) {
        let address = Value::String(format!("{host}:{}", text.trim()));
        overlay.set("/server/metrics_listen", address, "METRICS_PORT");
    }
}

/// `DEBUG=true`; other programs' values of `DEBUG` mean nothing here.
fn debug(overlay: &mut Overlay<'_>) {
    if overlay.variable("DEBUG").is_some_and(|text| boolean(&text) == Some(true)) {
        overlay.set("/log/level", Value::String("debug".to_owned()), "DEBUG");
    }
}

/// `MAX_KEY_RETRIES` keys were tried `MEGALLM_MAX_RETRIES` times each: their product bounds the attempts.
fn attempts(overlay: &mut Overlay<'_>) {
    let names = ["MAX_KEY_RETRIES", "MEGALLM_MAX_RETRIES"];
    let given: Vec<(&str, String)> =
        names.into_iter().filter_map(|name| Some((name, overlay.variable(name)?))).collect();
    let Some((origin, _)) = given.first() else { return };
    let mut product: u32 = 1;
    for (name, text) in &given {
        match text.trim().parse::<u32>() {
            Ok(count) => product = product.saturating_mul(count.max(1)),
            Err(_) => return overlay.report.named_problem(name, "expected a whole number"),
        }
    }
    overlay.set("/gateway/max_attempts", Value::from(product.min(100)), origin);
}
