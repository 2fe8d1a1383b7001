//! Checks of the sections.

use std::net::SocketAddr;
use std::path::PathBuf;

use roundhouse_domain::Secret;
use roundhouse_domain::spec::{CacheStore, TimeoutSpec};

use super::require_time;
use crate::base_url::http_url;
use crate::config::Config;
use crate::files::Files;
use crate::load::resolve;
use crate::report::Report;

/// Checks and completes the sections.
pub(crate) fn settings(config: &mut Config, report: &mut Report, files: &mut Files) {
    server(config, report);
    secrets(config, report, files);
    database(config, report);
    redis(config, report);
    administrator(config, report);
    super::people::people(config, report);
    times(config, report);
    rules(config, report);
    patterns(config, report);
    if let Some(endpoint) = &config.telemetry.otlp_endpoint {
        require_http(endpoint, "/telemetry/otlp_endpoint", report);
    }
}

fn server(config: &mut Config, report: &mut Report) {
    let server = &mut config.server;
    match listen(&server.listen) {
        Some(address) => server.listen = address,
        None => report.problem("/server/listen", LISTEN),
    }
    if let Some(address) = &server.metrics_listen {
        match listen(address) {
            Some(address) => server.metrics_listen = Some(address),
            None => report.problem("/server/metrics_listen", LISTEN),
        }
    }
    if let Some(url) = &server.public_url {
        require_http(url, "/server/public_url", report);
    }
    for (index, origin) in server.cors_origins.iter().enumerate() {
        let bare = |url: url::Url| url.origin().ascii_serialization() == origin.to_lowercase();
        if origin != "*" && !http_url(origin).is_ok_and(bare) {
            let message = "expected an origin such as https://app.example.com, without a path, or `*`";
            report.problem(&format!("/server/cors_origins/{index}"), message);
        }
    }
    for (index, host) in server.allowed_hosts.iter().enumerate() {
        if host.is_empty() || host.contains(['/', ' ', '@']) {
            let message = "expected a host name such as llm.example.com, without https://";
            report.problem(&format!("/server/allowed_hosts/{index}"), message);
        }
    }
}

fn patterns(config: &Config, report: &mut Report) {
    for (index, pattern) in config.requests.capture.redact.iter().enumerate() {
        if let Err(error) = regex::Regex::new(pattern) {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default();
            let message = format!("is no regular expression: {why}");
            report.problem(&format!("/requests/capture/redact/{index}"), &message);
        }
    }
}

const LISTEN: &str = "expected an address and port such as 0.0.0.0:8080";

/// An address and port; `8080` and `:8080` are every address.
fn listen(text: &str) -> Option<String> {
    let text = text.trim();
    let port = text.strip_prefix(':').unwrap_or(text);
    if port.parse::<u16>().is_ok() {
        return Some(format!("0.0.0.0:{port}"));
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address.to_string());
    }
    let (host, port) = text.rsplit_once(':')?;
    let is_name = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
    (is_name && port.parse::<u16>().is_ok()).then(|| text.to_owned())
}

/// Reports rules for names that cannot be applied.
fn rules(config: &Config, report: &mut Report) {
    for (index, rule) in config.normalisation.rules.iter().enumerate() {
        if let Err(error) = rule.check(index) {
            report.problem(&format!("/normalisation/rules/{index}/{}", error.field), error.message);
        }
    }
}

fn require_http(url: &str, pointer: &str, report: &mut Report) {
    if let Err(message) = http_url(url) {
        report.problem(pointer, message);
    }
}

fn secrets(config: &mut Config, report: &mut Report, files: &mut Files) {
    let security = &mut config.security;
    for (secret, file, name) in [
        (&mut security.secret_key, &security.secret_key_file, "/security/secret_key"),
        (&mut security.encryption_key, &security.encryption_key_file, "/security/encryption_key"),
        (&mut security.admin_password, &security.admin_password_file, "/security/admin_password"),
        (&mut config.redis.url, &config.redis.url_file, "/redis/url"),
        (&mut config.smtp.password, &config.smtp.password_file, "/smtp/password"),
        (&mut config.oidc.client_secret, &config.oidc.client_secret_file, "/oidc/client_secret"),
    ] {
        secret_from_file(secret, file.as_ref(), name, report, files);
    }
    let mut url = Some(config.database.url.clone()).filter(|url| !url.expose().is_empty());
    secret_from_file(&mut url, config.database.url_file.as_ref(), "/database/url", report, files);
    config.database.url = url.unwrap_or_else(|| Secret::new(""));
}

/// Fills a secret from the file that its `…_file` sibling names.
pub(super) fn secret_from_file(
    secret: &mut Option<Secret>,
    file: Option<&PathBuf>,
    pointer: &str,
    report: &mut Report,
    files: &mut Files,
) {
    let Some(file) = file else { return };
    let file_pointer = format!("{pointer}_file");
    if secret.is_some() {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        return report.problem(&file_pointer, format!("give `{name}` or `{name}_file`, not both"));
    }
    match files.read_keys(&resolve(file, &file_pointer, report)) {
        Ok(text) => match text.lines().map(str::trim).find(|line| !line.is_empty()) {
            Some(line) => *secret = Some(Secret::from(line)),
            None => report.problem(&file_pointer, "the file is empty"),
        },
        Err(error) => report.problem(&file_pointer, error.to_string()),
    }
}

fn database(config: &mut Config, report: &mut Report) {
    let given = config.database.url.expose();
    if given.is_empty() {
        return;
    }
    let Some((scheme, rest)) = given.split_once("://").filter(|(_, rest)| !rest.is_empty()) else {
        return report.problem("/database/url", DATABASE);
    };
    // Python's URLs name their driver too: postgresql+asyncpg://, sqlite+aiosqlite://.
    let (database, driver) =
        scheme.split_once('+').map_or((scheme, None), |(name, driver)| (name, Some(driver)));
    let url = match database {
        "sqlite" => format!("sqlite://{}", sqlite_path(rest)),
        "postgres" | "postgresql" => format!("{database}://{rest}"),
        _ => return report.problem("/database/url", DATABASE),
    };
    if driver.is_some() {
        report.warn_at("/database/url", "the driver after `+` is ignored");
    }
    config.database.url = Secret::new(url);
}

const DATABASE: &str = "expected sqlite://relative/path.db, sqlite:////absolute/path.db or postgres://user:password@host/database";

/// Python writes four slashes for an absolute path and `/./` for a relative one.
fn sqlite_path(rest: &str) -> &str {
    if rest.starts_with("//") || rest.starts_with("/./") { &rest[1..] } else { rest }
}

fn redis(config: &Config, report: &mut Report) {
    let Some(url) = &config.redis.url else {
        if config.gateway.cache.store == CacheStore::Redis {
            report.warn_at("/gateway/cache/store", "there is no `redis.url`, so answers are kept in memory");
        }
        return;
    };
    if !["redis://", "rediss://"].iter().any(|scheme| url.expose().starts_with(scheme)) {
        report.problem("/redis/url", "expected an address such as redis://host:6379/0");
    }
}

fn administrator(config: &Config, report: &mut Report) {
    let security = &config.security;
    if security.admin_email.as_ref().is_some_and(|email| !email.contains('@')) {
        report.problem("/security/admin_email", "expected an e-mail address");
    }
    match (&security.admin_email, &security.admin_password) {
        (Some(_), None) if !report.has_problem_in("/security/admin_password_file") => {
            report.problem("/security/admin_email", "needs `admin_password` (ROUNDHOUSE_ADMIN_PASSWORD) too");
        }
        (None, Some(_)) => {
            report.problem("/security/admin_password", "needs `admin_email` (ROUNDHOUSE_ADMIN_EMAIL) too");
        }
        _ => {}
    }
}

fn times(config: &Config, report: &mut Report) {
    let gateway = &config.gateway;
    for (span, pointer) in [
        (config.server.header_timeout, "/server/header_timeout"),
        (config.server.body_timeout, "/server/body_timeout"),
        (config.security.access_token_ttl, "/security/access_token_ttl"),
        (config.security.refresh_token_ttl, "/security/refresh_token_ttl"),
        (config.security.invitation_ttl, "/security/invitation_ttl"),
        (config.security.password_reset_ttl, "/security/password_reset_ttl"),
        (config.smtp.timeout, "/smtp/timeout"),
        (config.requests.flush_interval, "/requests/flush_interval"),
        (config.redis.timeout, "/redis/timeout"),
    ] {
        require_time(Some(span), pointer, report);
    }
    timeouts(&gateway.timeouts, "/gateway/timeouts", report);
    require_time(gateway.probes.timeout, "/gateway/probes/timeout", report);
}

/// Reports timeouts of zero.
pub(super) fn timeouts(timeouts: &TimeoutSpec, pointer: &str, report: &mut Report) {
    let TimeoutSpec { connect, first_byte, idle, total } = timeouts;
    for (span, name) in [(connect, "connect"), (first_byte, "first_byte"), (idle, "idle"), (total, "total")] {
        require_time(*span, &format!("{pointer}/{name}"), report);
    }
}
