//! Access keys as the data plane sees them: who is calling, and what they may use.

use std::collections::HashMap;
use std::sync::Arc;

use roundhouse_domain::spec::{CacheChoice, LimitSpec, ModelRule};
use roundhouse_domain::{AccessKeyId, Timestamp, UserId};

use crate::limits::Usage;

/// The hash that access keys are looked up by: of the credential, keyed with the master key.
pub type CredentialHash = [u8; 32];

/// A credential of a client of ours.
#[derive(Debug, Default)]
pub struct AccessKey {
    /// Its row, where it has one.
    pub id: Option<AccessKeyId>,
    /// Its name in logs.
    pub name: Arc<str>,
    /// Whose it is.
    pub user_id: Option<UserId>,
    /// The group that its use counts for.
    pub group: Option<Arc<str>>,
    /// What it may use.
    pub rules: Vec<ModelRule>,
    /// How much it may use.
    pub limits: LimitSpec,
    /// What it has otherwise of the answers that are kept.
    pub cache: CacheChoice,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// What it has used.
    pub usage: Arc<Usage>,
}

impl AccessKey {
    /// True when it may use `model` as served by `provider`.
    pub fn allows(&self, provider: &str, model: &str) -> bool {
        self.rules.iter().any(|rule| rule.allows(provider, model))
    }

    /// True when it may use anything at all of `provider`: for native paths, whose model may not be known.
    pub fn allows_provider(&self, provider: &str) -> bool {
        self.rules.iter().any(|rule| match rule {
            ModelRule::All => true,
            ModelRule::Provider(name) => name == provider,
            ModelRule::Model(_) | ModelRule::ProviderModel { .. } => false,
        })
    }

    /// True when its time is over.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// All access keys that work, by the hash of their credential.
#[derive(Debug, Default)]
pub struct AccessTable {
    keys: HashMap<CredentialHash, Arc<AccessKey>>,
}

impl AccessTable {
    /// A table of `keys`.
    pub fn new(keys: impl IntoIterator<Item = (CredentialHash, Arc<AccessKey>)>) -> Self {
        Self { keys: keys.into_iter().collect() }
    }

    /// The access key whose credential hashes to `hash`. Comparing hashes tells nothing about the credential, however long it takes.
    pub fn find(&self, hash: &CredentialHash) -> Option<&Arc<AccessKey>> {
        self.keys.get(hash)
    }

    /// All access keys.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<AccessKey>> {
        self.keys.values()
    }
}
