//! Changing and removing single keys.

use roundhouse_domain::spec::{KeyLimitSpec, KeySettingsSpec};
use roundhouse_domain::{Author, ProviderKeyId};
use roundhouse_gateway::upstream::check_proxy;
use roundhouse_storage::provider_keys::{self, PROXY_CONTEXT, Settings};
use roundhouse_storage::{MasterKey, StorageError, audit};
use serde_json::{Value, json};

use super::{KeyChange, KeyView, ProviderKeyError};
use crate::control::Control;

/// Characters of a note at the most.
const NOTE: usize = 500;
/// Tags of a key at the most.
const TAGS: usize = 20;
/// Characters of a tag at the most.
const TAG: usize = 50;

impl Control {
    /// Changes what is said of a key, or switches it off or on. Of a declared key only the switch is people's.
    pub async fn update_provider_key(
        &self,
        by: &Author,
        id: ProviderKeyId,
        change: KeyChange,
    ) -> Result<KeyView, ProviderKeyError> {
        check(&change)?;
        let key = self.stored_key(id).await?;
        if key.declared && !change.is_switch() {
            return Err(ProviderKeyError::Declared);
        }
        let detail = changed_fields(&change);
        let entry = self.key_entry(by, "provider_keys.update", &key, detail);
        let now = self.now();
        let enabled = change.enabled.unwrap_or(key.enabled);
        let transaction = self.database().write().await?;
        let found = if change.is_switch() {
            provider_keys::set_enabled(&transaction, &[id], enabled, now).await? > 0
        } else {
            let settings = settings(key.settings, change, &self.inner().parts.master)?;
            provider_keys::update(&transaction, id, &settings, enabled, now).await?
        };
        if !found {
            return Err(ProviderKeyError::NotFound);
        }
        audit::insert(&transaction, &entry).await?;
        let version = self.keys_changed(&transaction, &key.provider).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        self.apply_at_least(version).await?;
        self.provider_key(id).await
    }

    /// Removes a key; it is not used any more at once.
    pub async fn delete_provider_key(&self, by: &Author, id: ProviderKeyId) -> Result<(), ProviderKeyError> {
        let key = self.stored_key(id).await?;
        if key.declared {
            return Err(ProviderKeyError::Declared);
        }
        let transaction = self.database().write().await?;
        if provider_keys::delete_many(&transaction, &[id]).await? == 0 {
            return Err(ProviderKeyError::NotFound);
        }
        audit::insert(&transaction, &self.key_entry(by, "provider_keys.delete", &key, Value::Null)).await?;
        let version = self.keys_changed(&transaction, &key.provider).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        Ok(self.apply_at_least(version).await?)
    }
}

fn settings(before: Settings, change: KeyChange, master: &MasterKey) -> Result<Settings, ProviderKeyError> {
    let sealed_proxy = match change.proxy {
        None => before.sealed_proxy,
        Some(None) => None,
        Some(Some(proxy)) => Some(master.seal(proxy.expose().as_bytes(), PROXY_CONTEXT)?),
    };
    Ok(Settings {
        note: change.note.unwrap_or(before.note),
        tags: change.tags.unwrap_or(before.tags),
        weight: change.weight.unwrap_or(before.weight),
        limits: change.limits.unwrap_or(before.limits),
        sealed_proxy,
    })
}

/// What an audit entry says of a change: which fields, and the values that are no secrets.
fn changed_fields(change: &KeyChange) -> Value {
    let mut fields = serde_json::Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    put("note", change.note.as_ref().map(|note| json!(note)));
    put("tags", change.tags.as_ref().map(|tags| json!(tags)));
    put("weight", change.weight.map(|weight| json!(weight)));
    put("limits", change.limits.as_ref().map(|limits| json!(limits)));
    put("proxy", change.proxy.as_ref().map(|proxy| json!(proxy.as_ref().map(|_| "changed"))));
    put("enabled", change.enabled.map(|enabled| json!(enabled)));
    Value::Object(fields)
}

fn check(change: &KeyChange) -> Result<(), ProviderKeyError> {
    if change.note.as_ref().is_some_and(|note| note.chars().count() > NOTE) {
        return Err(ProviderKeyError::field("note", format!("takes at most {NOTE} characters")));
    }
    if let Some(tags) = &change.tags {
        if tags.len() > TAGS {
            return Err(ProviderKeyError::field("tags", format!("takes at most {TAGS} tags")));
        }
        if tags.iter().any(|tag| tag.trim().is_empty() || tag.chars().count() > TAG) {
            return Err(ProviderKeyError::field("tags", format!("must be texts of 1 to {TAG} characters")));
        }
    }
    if change.weight.is_some_and(|weight| weight > KeySettingsSpec::MAX_WEIGHT) {
        return Err(ProviderKeyError::field(
            "weight",
            format!("must be 0 to {}", KeySettingsSpec::MAX_WEIGHT),
        ));
    }
    if let Some(limits) = &change.limits {
        check_limits(limits)?;
    }
    if let Some(Some(proxy)) = &change.proxy
        && check_proxy(proxy).is_err()
    {
        let message = "must be an address such as http://proxy:3128 or socks5://user:password@proxy:1080";
        return Err(ProviderKeyError::field("proxy", message));
    }
    Ok(())
}

fn check_limits(limits: &KeyLimitSpec) -> Result<(), ProviderKeyError> {
    let zero = [
        ("limits.requests_per_minute", limits.requests_per_minute == Some(0)),
        ("limits.tokens_per_minute", limits.tokens_per_minute == Some(0)),
        ("limits.requests_per_day", limits.requests_per_day == Some(0)),
        ("limits.concurrent", limits.concurrent == Some(0)),
    ];
    match zero.into_iter().find(|(_, is_zero)| *is_zero) {
        Some((field, _)) => Err(ProviderKeyError::field(
            field,
            "must be at least 1; leave it out for no limit, or switch the key off",
        )),
        None => Ok(()),
    }
}
