//! Keys of providers, as people see and change them.

mod add;
mod batch;
mod change;
mod error;
mod import;
mod lines;
mod reveal;
mod view;

use roundhouse_domain::spec::{KeyLimitSpec, ProviderSpec};
use roundhouse_domain::{Author, KeyHash, ProviderKeyId, Secret};
use roundhouse_gateway::probe::{ProbeResult, Tested};
use roundhouse_storage::audit::{self, Entry};
use roundhouse_storage::provider_keys::{self, Filter, ProviderKey};
use roundhouse_storage::{ConnectionTrait, StorageError, config_version};
use serde_json::Value;

pub use self::add::{Added, Adding};
pub(crate) use self::batch::BatchKeys;
pub use self::batch::{Action, Batch, BatchResult, Batched, KeyFilter, Which};
pub use self::error::ProviderKeyError;
pub(crate) use self::import::ImportKeys;
pub use self::lines::{Lines, read as read_lines};
pub use self::reveal::{Export, Reveals};
pub use self::view::{Counts, KeyView};
use crate::control::Control;
use crate::objects::ObjectKind;

/// Keys that are worked on at once; more become a job, and a job does so many at a time.
pub(crate) const AT_ONCE: usize = 1_000;

/// What is to be different about a key; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct KeyChange {
    /// What people should know of it.
    pub note: Option<String>,
    /// Words to find it by.
    pub tags: Option<Vec<String>>,
    /// Share among the usable keys of its provider; 0 is off.
    pub weight: Option<u32>,
    /// How much may be asked for with it.
    pub limits: Option<KeyLimitSpec>,
    /// Its own proxy; none within is none.
    pub proxy: Option<Option<Secret>>,
    /// Whether it is to be used.
    pub enabled: Option<bool>,
}

impl KeyChange {
    /// True when only the switch is touched.
    fn is_switch(&self) -> bool {
        self.note.is_none()
            && self.tags.is_none()
            && self.weight.is_none()
            && self.limits.is_none()
            && self.proxy.is_none()
    }
}

impl Control {
    /// The provider of that name or id.
    pub fn provider_spec(&self, name_or_id: &str) -> Result<ProviderSpec, ProviderKeyError> {
        let config = self.config();
        let named =
            |name: &str| config.declared.providers.iter().find(|spec| spec.name.as_str() == name).cloned();
        if let Some(spec) = named(name_or_id) {
            return Ok(spec);
        }
        let id: uuid::Uuid = name_or_id.parse().map_err(|_| ProviderKeyError::NoProvider)?;
        let objects = self.objects();
        let object = objects.values().find(|object| object.kind == ObjectKind::Provider && object.id.0 == id);
        object.and_then(|object| named(&object.name)).ok_or(ProviderKeyError::NoProvider)
    }

    /// Keys of a provider, in the order they were added, `limit` of them after `cursor`.
    pub async fn provider_keys(
        &self,
        provider: &str,
        filter: &KeyFilter,
        limit: u64,
        cursor: Option<ProviderKeyId>,
    ) -> Result<Vec<KeyView>, ProviderKeyError> {
        let reader = self.database().reader();
        let found = provider_keys::list(reader, &filter.of(provider, self.now()), limit, cursor).await?;
        Ok(found.into_iter().map(|key| self.key_view(key)).collect())
    }

    /// One key.
    pub async fn provider_key(&self, id: ProviderKeyId) -> Result<KeyView, ProviderKeyError> {
        Ok(self.key_view(self.stored_key(id).await?))
    }

    /// How many keys of a provider are in which state.
    pub async fn count_provider_keys(&self, provider: &str) -> Result<Counts, ProviderKeyError> {
        let now = self.now();
        if let Some(serving) = self.gateway().snapshot_full().providers.get(provider) {
            return Ok(serving.keys.counts(now).into());
        }
        Ok(provider_keys::count_by_status(self.database().reader(), provider, now).await?.into())
    }

    /// Asks the provider whether a key works. One that does is active again, one that is refused is set aside.
    pub async fn test_provider_key(&self, id: ProviderKeyId) -> Result<Tested, ProviderKeyError> {
        let key = self.stored_key(id).await?;
        self.test_now(&key).await.ok_or(ProviderKeyError::NotServed)
    }

    /// Makes a key that is invalid or resting active again.
    pub async fn restore_provider_key(
        &self,
        by: &Author,
        id: ProviderKeyId,
    ) -> Result<KeyView, ProviderKeyError> {
        let key = self.stored_key(id).await?;
        let transaction = self.database().write().await?;
        roundhouse_storage::provider_key_states::delete(&transaction, &key.provider, &[key.key_hash]).await?;
        audit::insert(&transaction, &self.key_entry(by, "provider_keys.restore", &key, Value::Null)).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        self.restore_now(&key);
        self.provider_key(id).await
    }

    /// What a key of a provider is named by.
    pub fn provider_key_hash(&self, provider: &str, key: &Secret) -> KeyHash {
        self.inner().parts.hasher.provider_key(provider, key)
    }

    async fn stored_key(&self, id: ProviderKeyId) -> Result<ProviderKey, ProviderKeyError> {
        let found = provider_keys::get(self.database().reader(), id, self.now()).await?;
        // Keys of deleted providers wait on a shelf; nobody sees them.
        let found = found.filter(|key| self.provider_spec(&key.provider).is_ok());
        found.ok_or(ProviderKeyError::NotFound)
    }

    /// Probes a key that is served with; none when its provider is switched off, or the key was removed meanwhile.
    async fn test_now(&self, key: &ProviderKey) -> Option<Tested> {
        let snapshot = self.gateway().snapshot_full();
        let provider = snapshot.providers.get(key.provider.as_str())?;
        let cell = provider.keys.find(key.key_hash)?;
        Some(self.gateway().test_key(provider, cell).await)
    }

    fn restore_now(&self, key: &ProviderKey) {
        let snapshot = self.gateway().snapshot_full();
        if let Some(provider) = snapshot.providers.get(key.provider.as_str())
            && let Some(cell) = provider.keys.find(key.key_hash)
        {
            self.gateway().restore_key(provider, cell);
        }
    }

    /// Notes in a transaction that a provider's keys changed; returns what [`Control::apply_at_least`] takes.
    async fn keys_changed(
        &self,
        transaction: &impl ConnectionTrait,
        provider: &str,
    ) -> Result<i64, StorageError> {
        provider_keys::bump_version(transaction, provider).await?;
        config_version::bump(transaction).await
    }

    fn key_entry(&self, by: &Author, action: &str, key: &ProviderKey, detail: Value) -> Entry {
        let mut entry = self.keys_entry(by, action, &key.provider, detail);
        "provider_key".clone_into(&mut entry.object_kind);
        entry.object_id = key.id.to_string();
        entry.object_name = format!("{} {}", key.provider, key.masked);
        entry
    }

    fn keys_entry(&self, by: &Author, action: &str, provider: &str, detail: Value) -> Entry {
        let parts = &self.inner().parts;
        Entry {
            id: parts.ids.next(),
            at: parts.clock.now(),
            author: by.clone(),
            action: action.to_owned(),
            object_kind: "provider".to_owned(),
            object_id: provider.to_owned(),
            object_name: provider.to_owned(),
            detail,
        }
    }
}

/// What a probe says, in one word.
pub const fn verdict(result: &ProbeResult) -> &'static str {
    match result {
        ProbeResult::Works => "works",
        ProbeResult::Refused(_) => "refused",
        ProbeResult::Unclear(_) => "unclear",
    }
}

impl KeyFilter {
    fn of<'a>(&'a self, provider: &'a str, now: roundhouse_domain::Timestamp) -> Filter<'a> {
        Filter {
            provider,
            status: self.status,
            text: self.text.as_deref(),
            tag: self.tag.as_deref(),
            key: self.key,
            now,
        }
    }
}
