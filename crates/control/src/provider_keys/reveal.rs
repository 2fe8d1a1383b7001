//! Telling credentials in full: audited, and not many in a short time.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use roundhouse_domain::{Author, KeyHash, KeyStatus, ProviderKeyId, Secret, Timestamp};
use roundhouse_storage::provider_keys::{self, Filter, ProviderKey, SEALING_CONTEXT};
use roundhouse_storage::sealing::SealingError;
use roundhouse_storage::{StorageError, audit};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{AT_ONCE, ProviderKeyError};
use crate::control::Control;

/// Keys that one person may see in a minute.
const IN_A_MINUTE: u32 = 30;

/// Who saw how many keys lately.
#[derive(Default)]
pub struct Reveals(Mutex<HashMap<String, (Timestamp, u32)>>);

/// Keys of a provider in full.
pub struct Export {
    /// What the file is called.
    pub file_name: String,
    /// The keys, one a line.
    pub text: Zeroizing<String>,
}

impl Reveals {
    /// Counts one, or says that it is one too many.
    fn admit(&self, who: &str, now: Timestamp) -> bool {
        let mut seen = self.0.lock();
        seen.retain(|_, (since, _)| now.since(*since) < Duration::from_mins(1));
        let (_, count) = seen.entry(who.to_owned()).or_insert((now, 0));
        *count += 1;
        *count <= IN_A_MINUTE
    }
}

impl Control {
    /// Tells a key in full.
    pub async fn reveal_provider_key(
        &self,
        by: &Author,
        id: ProviderKeyId,
    ) -> Result<Secret, ProviderKeyError> {
        let key = self.stored_key(id).await?;
        if !self.inner().reveals.admit(&by.name, self.now()) {
            return Err(ProviderKeyError::TooOften);
        }
        let transaction = self.database().write().await?;
        let sealed = provider_keys::get_sealed(&transaction, id).await?.ok_or(ProviderKeyError::NotFound)?;
        let secret = self.inner().parts.master.open_text(&sealed, SEALING_CONTEXT)?;
        audit::insert(&transaction, &self.key_entry(by, "provider_keys.reveal", &key, Value::Null)).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        Ok(secret)
    }

    /// Tells all keys of a provider in full, or those of one status.
    pub async fn export_provider_keys(
        &self,
        by: &Author,
        provider: &str,
        status: Option<KeyStatus>,
    ) -> Result<Export, ProviderKeyError> {
        let mut text = Zeroizing::new(String::new());
        let (mut cursor, mut count) = (None, 0u64);
        loop {
            let reader = self.database().reader();
            let filter = Filter::all(provider, self.now());
            let page = provider_keys::list(reader, &filter, AT_ONCE as u64, cursor).await?;
            let Some(last) = page.last() else { break };
            cursor = Some(last.id);
            let page: Vec<ProviderKey> = page
                .into_iter()
                .map(|key| self.key_view(key).key)
                .filter(|key| status.is_none_or(|status| key.status == status))
                .collect();
            count += page.len() as u64;
            for key in self.open_all(provider, &page).await? {
                text.push_str(key.expose());
                text.push('\n');
            }
        }
        let word = status.map_or("all", KeyStatus::as_str);
        let detail = json!({ "status": word, "keys": count });
        let transaction = self.database().write().await?;
        audit::insert(&transaction, &self.keys_entry(by, "provider_keys.export", provider, detail)).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        Ok(Export { file_name: format!("keys-{provider}-{word}.txt"), text })
    }

    /// The credentials of some keys of a provider, in their order.
    pub(super) async fn open_all(
        &self,
        provider: &str,
        keys: &[ProviderKey],
    ) -> Result<Vec<Secret>, ProviderKeyError> {
        let hashes: Vec<KeyHash> = keys.iter().map(|key| key.key_hash).collect();
        let sealed = provider_keys::find_sealed(self.database().reader(), provider, &hashes).await?;
        let master = self.inner().parts.master.clone();
        let opening = tokio::task::spawn_blocking(move || {
            let sealed: HashMap<KeyHash, Vec<u8>> = sealed.into_iter().collect();
            let open = |hash: &KeyHash| Some(master.open_text(sealed.get(hash)?, SEALING_CONTEXT));
            hashes.iter().filter_map(open).collect::<Result<Vec<_>, SealingError>>()
        });
        Ok(opening.await.map_err(|_| ProviderKeyError::Stopping)??)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_sees_some_keys_in_a_minute_and_others_are_not_held_up() {
        let reveals = Reveals::default();
        let now = Timestamp::from_millis(1_000_000);
        let seen = (0..40).filter(|_| reveals.admit("ada", now)).count();
        assert_eq!(seen, 30);
        assert!(reveals.admit("bob", now));
        assert!(reveals.admit("ada", now.plus(Duration::from_mins(1))));
    }
}
