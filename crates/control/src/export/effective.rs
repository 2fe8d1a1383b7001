//! What is in force, with the keys of providers.

use std::collections::HashMap;

use roundhouse_domain::spec::{KeySettingsSpec, ProviderSpec};
use roundhouse_domain::{KeyHash, KeyStatus, Secret};
use roundhouse_interchange::{Credential, Effective, Notes, ProviderKey, ProviderKeys};
use roundhouse_storage::provider_keys::{self, Filter, PROXY_CONTEXT, SEALING_CONTEXT};

use super::ExportError;
use crate::control::Control;

/// Keys read at a time.
const PAGE: u64 = 2_000;

/// Why something cannot be opened.
const SEALED_ELSEWHERE: &str = "was sealed under another encryption key";

impl Control {
    /// Everything in force, from files and the console alike.
    pub(crate) async fn effective(&self) -> Result<Effective, ExportError> {
        let declared = self.config().declared.clone();
        let (mut keys, mut notes) = (Vec::new(), Notes::default());
        for spec in &declared.providers {
            keys.push(self.keys_of(spec, &mut notes).await?);
        }
        let credential = |key: &roundhouse_domain::spec::AccessKeySpec| {
            Some(Credential { access_key: key.name.clone(), secret: key.key.clone()? })
        };
        Ok(Effective {
            credentials: declared.access_keys.iter().filter_map(credential).collect(),
            providers: declared.providers,
            pools: declared.pools,
            routes: declared.routes,
            access_keys: declared.access_keys,
            catalogue: declared.catalogue,
            keys,
            notes: notes.finish(),
        })
    }

    /// The keys of a provider, those of its file first.
    pub(crate) async fn keys_of(
        &self,
        spec: &ProviderSpec,
        notes: &mut Notes,
    ) -> Result<ProviderKeys, ExportError> {
        let provider = spec.name.as_str();
        let mut keys: Vec<ProviderKey> = spec
            .keys
            .iter()
            .map(|key| ProviderKey {
                settings: key.settings.as_deref().cloned().unwrap_or_default(),
                ..ProviderKey::active(key.key.clone())
            })
            .collect();
        let hasher = &self.inner().parts.hasher;
        let known: Vec<KeyHash> =
            spec.keys.iter().map(|key| hasher.provider_key(provider, &key.key)).collect();
        let stored = self.stored_keys_of([provider].into_iter(), notes).await?;
        let is_new = |key: &ProviderKey| !known.contains(&hasher.provider_key(provider, &key.secret));
        keys.extend(stored.into_iter().flat_map(|entry| entry.keys).filter(is_new));
        Ok(ProviderKeys { provider: provider.to_owned(), keys })
    }

    /// The keys of providers that are stored, with what is said of them. What cannot be opened is left out and noted.
    pub(crate) async fn stored_keys_of(
        &self,
        providers: impl Iterator<Item = &str>,
        notes: &mut Notes,
    ) -> Result<Vec<ProviderKeys>, ExportError> {
        let mut all = Vec::new();
        for provider in providers {
            let keys = self.open_keys(provider, notes).await?;
            if !keys.is_empty() {
                all.push(ProviderKeys { provider: provider.to_owned(), keys });
            }
        }
        Ok(all)
    }

    async fn open_keys(&self, provider: &str, notes: &mut Notes) -> Result<Vec<ProviderKey>, ExportError> {
        let (reader, master) = (self.database().reader(), &self.inner().parts.master);
        let sealed: HashMap<KeyHash, Vec<u8>> =
            provider_keys::list_sealed(reader, provider).await?.into_iter().collect();
        let filter = Filter::all(provider, self.now());
        let (mut keys, mut after) = (Vec::with_capacity(sealed.len()), None);
        loop {
            let page = provider_keys::list(reader, &filter, PAGE, after).await?;
            for key in &page {
                let place = || format!("providers[{provider}].keys[{}]", key.masked);
                let Some(secret) = sealed
                    .get(&key.key_hash)
                    .and_then(|sealed| master.open_text(sealed, SEALING_CONTEXT).ok())
                else {
                    notes.skip(place(), format!("{SEALED_ELSEWHERE}; the key is left out"));
                    continue;
                };
                let open = |sealed: &Vec<u8>| master.open_text(sealed, PROXY_CONTEXT).ok();
                let proxy: Option<Secret> = key.settings.sealed_proxy.as_ref().and_then(open);
                if proxy.is_none() && key.settings.sealed_proxy.is_some() {
                    notes.warn(place(), format!("{SEALED_ELSEWHERE}; its proxy is left out"));
                }
                let settings = KeySettingsSpec {
                    weight: key.settings.weight,
                    limits: key.settings.limits.clone(),
                    proxy,
                    note: key.settings.note.clone(),
                    tags: key.settings.tags.clone(),
                };
                // A rest that ends soon is nothing to carry elsewhere.
                let status = match key.status {
                    KeyStatus::Cooling => KeyStatus::Active,
                    status => status,
                };
                keys.push(ProviderKey { secret, status, settings, failures: key.failures });
            }
            after = page.last().map(|key| key.id);
            if (page.len() as u64) < PAGE {
                return Ok(keys);
            }
        }
    }
}
