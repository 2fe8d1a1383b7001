//! How letters are sent.

use std::path::PathBuf;

use roundhouse_domain::Secret;
use roundhouse_domain::spec::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The server that sends letters: invitations, links to new passwords, alerts. Without one, links are shown to
/// administrators.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SmtpConfig {
    /// Its host name; needs `from` too. Default none: no letters are sent.
    #[schemars(length(min = 1))]
    pub host: Option<String>,
    /// Its port. Default 587 with `starttls`, 465 with `tls`, 25 with `none`.
    #[schemars(range(min = 1))]
    pub port: Option<u16>,
    /// How the connection is kept private. Default tls with port 465, else starttls.
    pub encryption: Option<SmtpEncryption>,
    /// Whom to log in as; needs `password` too. Default nobody.
    #[schemars(length(min = 1))]
    pub username: Option<String>,
    /// With which password.
    #[schemars(length(min = 1))]
    pub password: Option<Secret>,
    /// A file whose first line is the password, instead of `password`.
    pub password_file: Option<PathBuf>,
    /// Who letters are from: `roundhouse@example.com`, or `Roundhouse <roundhouse@example.com>`.
    #[schemars(length(min = 3))]
    pub from: Option<String>,
    /// Time a letter may take. Default 15s.
    pub timeout: Span,
}

/// How the connection to a mail server is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SmtpEncryption {
    /// It begins plainly and goes on in TLS, or not at all.
    Starttls,
    /// It is TLS from the beginning.
    Tls,
    /// It is not: only for servers on this machine or in its network.
    None,
}

impl Default for SmtpConfig {
    fn default() -> Self {
        Self {
            host: None,
            port: None,
            encryption: None,
            username: None,
            password: None,
            password_file: None,
            from: None,
            timeout: Span::secs(15),
        }
    }
}
