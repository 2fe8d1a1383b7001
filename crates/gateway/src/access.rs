//! Access keys as the data plane sees them: who is calling, and what they may use.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use roundhouse_domain::spec::{CacheChoice, CaptureSpec, ModelRule, Network};
use roundhouse_domain::{AccessKeyId, HolderId, Timestamp, UserId};

use crate::limits::{Holder, Limits, Standing};

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
    /// What it has otherwise of the answers that are kept.
    pub cache: CacheChoice,
    /// Which bodies of its requests are kept.
    pub capture: CaptureSpec,
    /// Where it may be used from; anywhere where empty.
    pub networks: Vec<Network>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Who all has limits to keep and is counted for: itself first, then its owner and the owner's groups.
    pub holders: Box<[Holder]>,
    /// The same, by name.
    pub holder_ids: Arc<[HolderId]>,
    /// Whether it is no client's, but stands for questions of our own.
    pub is_internal: bool,
}

impl AccessKey {
    /// Stands for questions of our own, in the log by `name`: without limits, and not looked at by guardrails.
    pub fn internal(name: String, rules: Vec<ModelRule>) -> Self {
        Self { name: name.into(), rules, is_internal: true, ..Self::default() }
    }

    /// Stands for a person without an access key, who may use every model within the limits of `holders`. No access key has such
    /// a name.
    pub fn person(id: UserId, email: &str, group: Option<Arc<str>>, holders: Vec<Holder>) -> Self {
        Self {
            name: format!("playground:{email}").into(),
            user_id: Some(id),
            group,
            rules: vec![ModelRule::All],
            holder_ids: holders.iter().map(|holder| holder.id.clone()).collect(),
            holders: holders.into(),
            ..Self::default()
        }
    }

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

    /// True when it may be used from `address`; where the caller's address is not known, only where it may be used anywhere.
    pub fn admits(&self, address: Option<IpAddr>) -> bool {
        self.networks.is_empty()
            || address.is_some_and(|address| self.networks.iter().any(|network| network.contains(address)))
    }

    /// True when anything limits it.
    pub fn is_limited(&self) -> bool {
        self.any_limits(|limits| !limits.is_empty())
    }

    /// True when somebody's money counts.
    pub fn has_budget(&self) -> bool {
        self.any_limits(Limits::wants_cost)
    }

    /// True when some holder's limits are such as `wanted` looks for.
    pub(crate) fn any_limits(&self, wanted: impl Fn(&Limits) -> bool) -> bool {
        self.holders.iter().any(|holder| wanted(&holder.limits))
    }

    /// How much is left to it.
    pub fn standing(&self, now: Timestamp) -> Standing {
        Standing::of(&self.holders, now)
    }

    /// True when its time is over.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// All access keys that work, by the hashes of their credentials.
#[derive(Debug, Default)]
pub struct AccessTable {
    keys: HashMap<CredentialHash, Entry>,
}

/// A credential of an access key.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The access key.
    pub key: Arc<AccessKey>,
    /// When this credential ends, where that is before the access key does: one that was replaced goes on for a while.
    pub until: Option<Timestamp>,
}

impl AccessTable {
    /// A table of `keys`.
    pub fn new(keys: impl IntoIterator<Item = (CredentialHash, Entry)>) -> Self {
        Self { keys: keys.into_iter().collect() }
    }

    /// The access key of which a credential hashes to `hash`. Comparing hashes tells nothing about the credential, however long it takes.
    pub fn find(&self, hash: &CredentialHash) -> Option<&Entry> {
        self.keys.get(hash)
    }

    /// All access keys, once for each credential.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<AccessKey>> {
        self.keys.values().map(|entry| &entry.key)
    }
}
