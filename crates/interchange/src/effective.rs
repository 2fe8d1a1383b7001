//! What is in force, as exports to other gateways take it.

use roundhouse_domain::spec::{AccessKeySpec, ModelFactsSpec, PoolSpec, ProviderSpec, RouteSpec};
use serde::de::DeserializeOwned;

use crate::configuration::{Configuration, Credential, ProviderKey, ProviderKeys};
use crate::error::WriteError;
use crate::note::Note;

/// A configuration in force, with its credentials as far as they are known.
#[derive(Clone, Debug, Default)]
pub struct Effective {
    /// Upstreams.
    pub providers: Vec<ProviderSpec>,
    /// Named sets of them.
    pub pools: Vec<PoolSpec>,
    /// How single public model names are served.
    pub routes: Vec<RouteSpec>,
    /// Credentials of clients.
    pub access_keys: Vec<AccessKeySpec>,
    /// What is known of models.
    pub catalogue: Vec<ModelFactsSpec>,
    /// Keys of providers.
    pub keys: Vec<ProviderKeys>,
    /// Credentials of access keys.
    pub credentials: Vec<Credential>,
    /// What is not here as it should be; whoever writes this elsewhere tells it.
    pub notes: Vec<Note>,
}

impl Effective {
    /// A configuration by itself.
    pub fn of(configuration: &Configuration) -> Result<Self, WriteError> {
        Ok(Self {
            notes: Vec::new(),
            providers: specs(configuration, "providers")?,
            pools: specs(configuration, "pools")?,
            routes: specs(configuration, "routes")?,
            access_keys: specs(configuration, "access_keys")?,
            catalogue: specs(configuration, "catalogue")?,
            keys: configuration.keys.clone(),
            credentials: configuration.credentials.clone(),
        })
    }

    /// The keys of a provider.
    pub(crate) fn keys_of(&self, provider: &str) -> &[ProviderKey] {
        self.keys.iter().find(|entry| entry.provider == provider).map_or(&[], |entry| &entry.keys)
    }
}

fn specs<T: DeserializeOwned>(configuration: &Configuration, list: &str) -> Result<Vec<T>, WriteError> {
    let wrong =
        |error: serde_json::Error| WriteError::Unsayable(format!("an entry of {list} is wrong: {error}"));
    configuration.document.list(list).iter().map(|entry| T::deserialize(entry).map_err(wrong)).collect()
}
