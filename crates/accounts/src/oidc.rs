//! Logging in with an account that somebody has elsewhere: OpenID Connect Core 1.0, the code flow with PKCE (RFC 7636), with
//! what the provider offers read from its discovery document.
//!
//! What has to be remembered between going there and coming back travels with the browser, sealed: any replica can end what
//! another began.

mod error;
mod flow;
mod person;
mod provider;

use std::collections::BTreeMap;

use openidconnect::core::CoreAuthenticationFlow;
use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge, Scope};
use roundhouse_domain::Secret;

pub use self::error::OidcError;
use self::flow::Flow;
use self::provider::Provider;
use crate::accounts::Accounts;
use crate::sessions::{self, Device, Tokens};

/// Where people come back to, below the public address.
const CALLBACK: &str = "/api/v1/auth/oidc/callback";

/// A provider of identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcSettings {
    /// Its address.
    pub issuer: String,
    /// Whom it knows us as.
    pub client_id: String,
    /// The secret it gave us.
    pub client_secret: Option<Secret>,
    /// What the button says.
    pub label: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// Whether people whom nobody added become members.
    pub sign_up: bool,
    /// Whether a verified e-mail address makes somebody the person here that has the same one.
    pub link_by_email: bool,
    /// The claim that lists somebody's groups.
    pub groups_claim: Option<String>,
    /// Our group for each of theirs; where there are none, the names are the same.
    pub groups: BTreeMap<String, String>,
}

/// Where to send a browser, and what it must bring back.
#[derive(Clone, Debug)]
pub struct Departure {
    /// The provider's page.
    pub url: String,
    /// For a cookie that only the callback gets.
    pub flow: Secret,
}

/// What a browser brings back.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// What [`Departure::flow`] was.
    pub flow: Secret,
    /// The provider's code for us.
    pub code: Secret,
    /// What shows that the answer belongs to the question.
    pub state: Secret,
}

/// What the button to log in elsewhere says, if there is one.
pub fn label(accounts: &Accounts) -> Option<String> {
    accounts.context().settings.load().oidc.as_ref().map(|oidc| oidc.label.clone())
}

/// Sends somebody to the provider; they come back to `return_to`, a path of ours, when all is done.
pub async fn depart(accounts: &Accounts, return_to: &str) -> Result<Departure, OidcError> {
    let settings = settings(accounts)?;
    let provider = Provider::find(accounts, &settings).await?;
    let client = provider.client(accounts, &settings)?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let mut request = client.authorize_url(
        CoreAuthenticationFlow::AuthorizationCode,
        CsrfToken::new_random,
        Nonce::new_random,
    );
    for scope in settings.scopes.iter().filter(|scope| *scope != "openid") {
        request = request.add_scope(Scope::new(scope.clone()));
    }
    let (url, state, nonce) = request.set_pkce_challenge(challenge).url();
    let flow = Flow {
        state: state.secret().clone(),
        nonce: nonce.secret().clone(),
        verifier: verifier.secret().clone(),
        return_to: flow::own_path(return_to).to_owned(),
        began_at: accounts.context().clock.now(),
    };
    Ok(Departure { url: url.to_string(), flow: flow.seal(accounts)? })
}

/// Logs somebody in who comes back from the provider; returns where they wanted to go.
pub async fn arrive(
    accounts: &Accounts,
    arrival: &Arrival,
    device: &Device,
) -> Result<(Tokens, String), OidcError> {
    let settings = settings(accounts)?;
    let flow = Flow::open(accounts, &arrival.flow, &arrival.state)?;
    let provider = Provider::find(accounts, &settings).await?;
    let claims = provider.claims(accounts, &settings, (&arrival.code, &flow)).await?;
    let user = person::of(accounts, &settings, &claims).await?;
    Ok((sessions::start(accounts, user, device).await?, flow.return_to))
}

fn settings(accounts: &Accounts) -> Result<OidcSettings, OidcError> {
    accounts.context().settings.load().oidc.clone().ok_or(OidcError::Off)
}
