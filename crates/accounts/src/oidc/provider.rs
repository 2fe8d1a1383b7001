//! The provider's side: what it offers, and what it says of somebody.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION};
use openidconnect::core::{CoreClient, CoreProviderMetadata, CoreTokenResponse};
use openidconnect::{
    AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeVerifier,
    RedirectUrl, TokenResponse,
};
use roundhouse_domain::Secret;
use roundhouse_outbound::{Guard, Outbound, OutboundError};
use serde_json::{Map, Value};

use super::flow::Flow;
use super::{CALLBACK, OidcError, OidcSettings};
use crate::accounts::Accounts;

/// Time a provider has for an answer, and how large one may be.
const TIMEOUT: Duration = Duration::from_secs(15);
const MAX_BYTES: u64 = 1 << 20;

/// What is said of somebody, rightly signed.
pub(super) type Claims = Map<String, Value>;

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A provider, as it describes itself.
pub(super) struct Provider {
    metadata: Arc<CoreProviderMetadata>,
    web: Web,
}

impl Provider {
    /// Reads what the provider offers, unless that was done a short while ago.
    pub(super) async fn find(accounts: &Accounts, settings: &OidcSettings) -> Result<Self, OidcError> {
        let context = accounts.context();
        let outbound = Outbound::new(&context.tls, Guard::none(), TIMEOUT, MAX_BYTES);
        let web = Web(outbound.map_err(OidcError::provider)?);
        if let Some(metadata) = context.providers.get(&settings.issuer) {
            return Ok(Self { metadata, web });
        }
        let metadata = discover(&web, settings).await?;
        context.providers.insert(settings.issuer.clone(), Arc::clone(&metadata));
        Ok(Self { metadata, web })
    }

    /// Us, as the provider knows us.
    pub(super) fn client(&self, accounts: &Accounts, settings: &OidcSettings) -> Result<Client, OidcError> {
        let base = accounts.context().settings.load().public_url.clone();
        let redirect = RedirectUrl::new(format!("{base}{CALLBACK}")).map_err(OidcError::provider)?;
        let id = ClientId::new(settings.client_id.clone());
        let secret =
            settings.client_secret.as_ref().map(|secret| ClientSecret::new(secret.expose().to_owned()));
        let client = CoreClient::from_provider_metadata((*self.metadata).clone(), id, secret);
        Ok(client.set_redirect_uri(redirect))
    }

    /// Exchanges a code for what the provider says of somebody.
    pub(super) async fn claims(
        mut self,
        accounts: &Accounts,
        settings: &OidcSettings,
        (code, flow): (&Secret, &Flow),
    ) -> Result<Claims, OidcError> {
        let client = self.client(accounts, settings)?;
        let code = AuthorizationCode::new(code.expose().to_owned());
        let answer = client
            .exchange_code(code)
            .map_err(OidcError::provider)?
            .set_pkce_verifier(PkceCodeVerifier::new(flow.verifier.clone()))
            .request_async(&self.web)
            .await
            .map_err(OidcError::provider)?;
        let nonce = Nonce::new(flow.nonce.clone());
        let mut claims = verified(&client, &answer, &nonce);
        if claims.is_err() {
            // It may have changed its keys since we last looked.
            self.metadata = discover(&self.web, settings).await?;
            let held = &accounts.context().providers;
            held.insert(settings.issuer.clone(), Arc::clone(&self.metadata));
            claims = verified(&self.client(accounts, settings)?, &answer, &nonce);
        }
        let claims = claims?;
        self.complete(claims, settings, &answer).await
    }

    /// Asks for what was not said at once, where the provider has a place for that (`OpenID` Connect Core, section 5.3).
    async fn complete(
        &self,
        mut claims: Claims,
        settings: &OidcSettings,
        answer: &CoreTokenResponse,
    ) -> Result<Claims, OidcError> {
        let wanted = ["email"].into_iter().chain(settings.groups_claim.as_deref());
        let complete = wanted.into_iter().all(|name| claims.contains_key(name));
        let Some(place) = self.metadata.userinfo_endpoint().filter(|_| !complete) else { return Ok(claims) };
        let request = http::Request::get(place.as_str())
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, format!("Bearer {}", answer.access_token().secret()))
            .body(Bytes::new())
            .map_err(OidcError::provider)?;
        let said = self.web.0.send(request).await.map_err(OidcError::provider)?;
        let said: Claims = serde_json::from_slice(said.body()).map_err(OidcError::provider)?;
        // Somebody else's would be a mix-up or an attack (section 5.3.2).
        if said.get("sub") != claims.get("sub") {
            return Err(OidcError::Refused);
        }
        for (name, value) in said {
            claims.entry(name).or_insert(value);
        }
        Ok(claims)
    }
}

async fn discover(web: &Web, settings: &OidcSettings) -> Result<Arc<CoreProviderMetadata>, OidcError> {
    let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(OidcError::provider)?;
    let metadata = CoreProviderMetadata::discover_async(issuer, web).await;
    metadata.map(Arc::new).map_err(OidcError::provider)
}

/// The claims of an answer, once signature, issuer, audience, times and nonce are right.
fn verified(client: &Client, answer: &CoreTokenResponse, nonce: &Nonce) -> Result<Claims, OidcError> {
    let token = answer.id_token().ok_or(OidcError::Refused)?;
    token.claims(&client.id_token_verifier(), nonce).map_err(OidcError::untrusted)?;
    // The library reads the claims it knows; which one lists groups, each provider decides.
    let text = token.to_string();
    let payload = text.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    serde_json::from_slice(&payload.ok_or(OidcError::Refused)?).map_err(OidcError::untrusted)
}

/// The way to the provider, as the library wants it.
struct Web(Outbound);

impl<'c> AsyncHttpClient<'c> for Web {
    type Error = OutboundError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OutboundError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let answer = self.0.send(request.map(Bytes::from)).await?;
            Ok(answer.map(|body| body.to_vec()))
        })
    }
}
