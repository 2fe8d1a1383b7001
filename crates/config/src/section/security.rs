//! Secrets and sessions.

use std::path::PathBuf;

use roundhouse_domain::Secret;
use roundhouse_domain::spec::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// Who gets in, and how secrets are kept.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SecurityConfig {
    /// Signs sessions; made at first start when absent.
    #[schemars(length(min = 1))]
    pub secret_key: Option<Secret>,
    /// A file whose first line is the secret, instead of `secret_key`.
    pub secret_key_file: Option<PathBuf>,
    /// Master key that seals secrets at rest; made at first start when absent.
    #[schemars(length(min = 1))]
    pub encryption_key: Option<Secret>,
    /// A file whose first line is the key, instead of `encryption_key`.
    pub encryption_key_file: Option<PathBuf>,
    /// Time an access token is valid. Default 30m.
    pub access_token_ttl: Span,
    /// Time a session can be prolonged without a password. Default 30d.
    pub refresh_token_ttl: Span,
    /// Whether strangers may add themselves as members. Default false.
    pub registration: bool,
    /// Time an invitation is valid. Default 7d.
    pub invitation_ttl: Span,
    /// Time a link to a new password is valid. Default 1h.
    pub password_reset_ttl: Span,
    /// Time entries of the audit log are kept; 0 is forever. Default 365d.
    pub audit_retention: Span,
    /// E-mail address of the first administrator, made at first start; needs `admin_password` too.
    #[schemars(length(min = 3, max = 320))]
    pub admin_email: Option<String>,
    /// Password of the first administrator.
    #[schemars(length(min = 1))]
    pub admin_password: Option<Secret>,
    /// A file whose first line is the password, instead of `admin_password`.
    pub admin_password_file: Option<PathBuf>,
}

impl Default for SecurityConfig {
    fn default() -> Self {
        Self {
            secret_key: None,
            secret_key_file: None,
            encryption_key: None,
            encryption_key_file: None,
            access_token_ttl: Span::secs(30 * 60),
            refresh_token_ttl: Span::secs(30 * 86_400),
            registration: false,
            invitation_ttl: Span::secs(7 * 86_400),
            password_reset_ttl: Span::secs(3_600),
            audit_retention: Span::secs(365 * 86_400),
            admin_email: None,
            admin_password: None,
            admin_password_file: None,
        }
    }
}
