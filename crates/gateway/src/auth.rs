//! How calls of a provider are authorised: from a provider key to what stands on the request.

mod amazon;
mod google;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderValue, Request};
use roundhouse_domain::spec::{Family, ProviderKind};
use roundhouse_domain::{KeyHash, Secret, Timestamp};
use roundhouse_llm::target::{self, Credential};

use crate::failure::Sign;
use crate::key::ProviderKey;
use crate::upstream::Client;

/// The logins of a provider whose keys are more than a text for a header.
#[derive(Debug)]
pub(crate) struct Auth {
    kind: ProviderKind,
    region: Option<String>,
    logins: HashMap<KeyHash, Login>,
}

/// What a cloud's key is.
#[derive(Clone, Debug)]
enum Login {
    Amazon(Arc<amazon::Keys>),
    Google(Arc<google::Account>),
    /// A service account that cannot be used, and why.
    Broken(Arc<str>),
}

/// A credential, ready to go onto requests.
#[derive(Clone, Debug)]
pub(crate) enum Signer<'a> {
    /// Nothing is added.
    Nothing,
    /// A key that stands in a header as it is.
    Key(&'a Secret),
    /// A key that stands in the header of Google's API keys.
    GoogleKey(&'a Secret),
    /// A token of a service account, and the account's project.
    Token(HeaderValue, Option<&'a str>),
    /// Keys that sign each request, in a region.
    Amazon(&'a amazon::Keys, &'a str),
}

/// Why a credential cannot be used; judged like a provider's answer.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    /// How it showed.
    pub(crate) sign: Sign,
    /// What was said, without secrets.
    pub(crate) message: Arc<str>,
    /// How long to wait before it is tried again.
    pub(crate) retry_after: Option<Duration>,
}

impl Refused {
    fn new(sign: Sign, message: impl Into<Arc<str>>) -> Self {
        Self { sign, message: message.into(), retry_after: None }
    }

    /// A credential that is none: like a 401 of the provider.
    fn credential(message: impl Into<Arc<str>>) -> Self {
        Self::new(Sign::Status(401), message)
    }
}

impl Auth {
    /// The logins of `keys`; those that `known` has go on with their tokens.
    pub(crate) fn new<'a>(
        kind: ProviderKind,
        region: Option<String>,
        keys: impl Iterator<Item = &'a ProviderKey>,
        known: Option<&Self>,
    ) -> Self {
        let known = known.filter(|known| known.kind == kind);
        let login = |key: &ProviderKey| {
            let kept = known.and_then(|known| known.logins.get(&key.hash())).cloned();
            Some((key.hash(), kept.or_else(|| Login::read(kind, key.secret()))?))
        };
        let logins = match kind.family() {
            Family::Vertex | Family::Bedrock => keys.filter_map(login).collect(),
            _ => HashMap::new(),
        };
        Self { kind, region, logins }
    }

    /// What `key` puts on requests now; for a service account this may ask for a token, through the provider's own `client`.
    pub(crate) async fn signer<'a>(
        &'a self,
        key: Option<&'a ProviderKey>,
        client: &Client,
        now: Timestamp,
    ) -> Result<Signer<'a>, Refused> {
        let Some(key) = key.filter(|_| self.kind != ProviderKind::Demo) else { return Ok(Signer::Nothing) };
        match self.logins.get(&key.hash()) {
            None if self.kind == ProviderKind::Vertex && google::is_api_key(key.secret()) => {
                Ok(Signer::GoogleKey(key.secret()))
            }
            None => Ok(Signer::Key(key.secret())),
            Some(Login::Amazon(keys)) => match &self.region {
                Some(region) => Ok(Signer::Amazon(keys, region)),
                None => Err(Refused::credential("the provider has no region to sign for")),
            },
            Some(Login::Google(account)) => {
                let token = account.token(client, now).await?;
                Ok(Signer::Token(token.header, account.project.as_deref()))
            }
            Some(Login::Broken(why)) => Err(Refused::credential(why.clone())),
        }
    }
}

impl Login {
    fn read(kind: ProviderKind, secret: &Secret) -> Option<Self> {
        match kind.family() {
            Family::Bedrock => amazon::Keys::read(secret.expose()).map(|keys| Self::Amazon(Arc::new(keys))),
            Family::Vertex => google::Account::read(secret.expose()).map(|account| match account {
                Ok(account) => Self::Google(Arc::new(account)),
                Err(why) => Self::Broken(why.into()),
            }),
            _ => None,
        }
    }
}

impl Signer<'_> {
    /// The project of Google's that calls are made in; `declared` is the operator's word. None with an API key, which has its own.
    pub(crate) fn project<'a>(&'a self, declared: Option<&'a str>) -> Option<&'a str> {
        match self {
            Self::GoogleKey(_) => None,
            Self::Token(_, own) => declared.or(*own),
            _ => declared,
        }
    }

    /// Puts the credential on `request`, whose body is `body` and which is otherwise as it will be sent.
    pub(crate) fn sign<B>(
        &self,
        kind: ProviderKind,
        request: &mut Request<B>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), Refused> {
        let (name, value) = match self {
            Self::Nothing => return Ok(()),
            Self::Amazon(keys, region) => return keys.sign(region, request, body, now),
            Self::Token(header, _) => (AUTHORIZATION, header.clone()),
            Self::GoogleKey(key) => (HeaderName::from_static("x-goog-api-key"), bare(key)?),
            Self::Key(key) => match target::credential(kind, request.uri().path()) {
                Credential::Bearer => (AUTHORIZATION, bearer(key.expose())?),
                Credential::Header(name) => (HeaderName::from_static(name), bare(key)?),
            },
        };
        request.headers_mut().insert(name, value);
        Ok(())
    }

    /// True when the body's bytes are needed to sign.
    pub(crate) const fn reads_body(&self) -> bool {
        matches!(self, Self::Amazon(..))
    }
}

fn bearer(text: &str) -> Result<HeaderValue, Refused> {
    sensitive(HeaderValue::try_from(["Bearer ", text].concat()))
}

fn bare(key: &Secret) -> Result<HeaderValue, Refused> {
    sensitive(HeaderValue::from_str(key.expose()))
}

fn sensitive<E>(value: Result<HeaderValue, E>) -> Result<HeaderValue, Refused> {
    let unfit = |_| Refused::credential("the key has characters that headers cannot carry");
    let mut value = value.map_err(unfit)?;
    value.set_sensitive(true);
    Ok(value)
}
