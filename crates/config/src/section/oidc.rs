//! Logging in with accounts that people have elsewhere.

use std::collections::BTreeMap;
use std::path::PathBuf;

use roundhouse_domain::Secret;
use schemars::JsonSchema;
use serde::Deserialize;

/// A provider of identity (OpenID Connect) that people may log in with; needs `server.public_url`, whose
/// `/api/v1/auth/oidc/callback` is the redirect address to register there.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OidcConfig {
    /// Its address, such as `https://id.example.com/realms/main`; what it offers is read from there. Default none.
    pub issuer: Option<String>,
    /// Whom it knows us as.
    #[schemars(length(min = 1))]
    pub client_id: Option<String>,
    /// The secret it gave us; none for public clients.
    #[schemars(length(min = 1))]
    pub client_secret: Option<Secret>,
    /// A file whose first line is the secret, instead of `client_secret`.
    pub client_secret_file: Option<PathBuf>,
    /// What the button says. Default Single sign-on.
    #[schemars(length(min = 1, max = 60))]
    pub label: String,
    /// What is asked for beside `openid`. Default profile and email.
    pub scopes: Vec<String>,
    /// Whether people whom nobody added become members when they log in. Default false.
    pub sign_up: bool,
    /// Whether to log in takes a verified e-mail address to be the account here that has the same one, when it does so for the
    /// first time. Default true.
    pub link_by_email: bool,
    /// The claim that lists somebody's groups, such as `groups`. Default none.
    #[schemars(length(min = 1))]
    pub groups_claim: Option<String>,
    /// Our group for each of theirs; where there are none, the names are the same on both sides.
    pub groups: BTreeMap<String, String>,
}

impl Default for OidcConfig {
    fn default() -> Self {
        Self {
            issuer: None,
            client_id: None,
            client_secret: None,
            client_secret_file: None,
            label: "Single sign-on".to_owned(),
            scopes: vec!["profile".to_owned(), "email".to_owned()],
            sign_up: false,
            link_by_email: true,
            groups_claim: None,
            groups: BTreeMap::new(),
        }
    }
}
