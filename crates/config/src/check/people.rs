//! Checks of how people get letters, and of how they log in with accounts that they have elsewhere.

use crate::base_url::http_url;
use crate::config::Config;
use crate::report::Report;
use crate::section::SmtpEncryption;

/// The port of mail servers that speak TLS from the beginning (RFC 8314, section 3.3).
const TLS_PORT: u16 = 465;

/// Checks and completes both sections.
pub(super) fn people(config: &mut Config, report: &mut Report) {
    smtp(config, report);
    oidc(config, report);
}

fn smtp(config: &mut Config, report: &mut Report) {
    let smtp = &mut config.smtp;
    let usual = if smtp.port == Some(TLS_PORT) { SmtpEncryption::Tls } else { SmtpEncryption::Starttls };
    smtp.encryption.get_or_insert(usual);
    match (&smtp.host, &smtp.from) {
        (Some(_), None) => report.problem("/smtp/host", "needs `from` (SMTP_FROM_EMAIL) too"),
        (None, Some(_)) => report.problem("/smtp/from", "needs `host` (SMTP_HOST) too"),
        _ => {}
    }
    if smtp.from.as_ref().is_some_and(|from| !from.contains('@')) {
        report.problem("/smtp/from", "expected an e-mail address such as roundhouse@example.com");
    }
    match (&smtp.username, &smtp.password) {
        (Some(_), None) if !report.has_problem_in("/smtp/password_file") => {
            report.problem("/smtp/username", "needs `password` (SMTP_PASSWORD) too");
        }
        (None, Some(_)) => report.problem("/smtp/password", "needs `username` (SMTP_USERNAME) too"),
        _ => {}
    }
}

fn oidc(config: &Config, report: &mut Report) {
    let oidc = &config.oidc;
    let Some(issuer) = &oidc.issuer else {
        if oidc.client_id.is_some() {
            report.problem("/oidc/client_id", "needs `issuer` too");
        }
        return;
    };
    if let Err(message) = http_url(issuer) {
        report.problem("/oidc/issuer", message);
    }
    if oidc.client_id.is_none() {
        report.problem("/oidc/issuer", "needs `client_id` too");
    }
    if config.server.public_url.is_none() {
        report.problem("/oidc/issuer", "needs `server.public_url`: people are sent back there");
    }
}
