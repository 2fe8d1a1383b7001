//! Compiling the keys of a provider.

use std::collections::HashMap;
use std::sync::Arc;

use roundhouse_domain::spec::{KeySettingsSpec, ProviderSpec};
use roundhouse_domain::{KeyHash, Secret};

use super::{Compiler, Plan};
use crate::key::{KeyState, ProviderKey};
use crate::key_pool::KeyPool;
use crate::key_settings::KeySettings;
use crate::upstream::Client;

/// The proxies that keys of a provider have for themselves.
pub(super) fn proxies<'a>(spec: &'a ProviderSpec, plan: &'a Plan) -> impl Iterator<Item = &'a Secret> {
    let declared = spec.keys.iter().filter_map(|key| key.settings.as_ref());
    let stored = plan.stored_keys.get(spec.name.as_str()).into_iter().flat_map(|keys| keys.iter());
    let settings = declared.chain(stored.filter_map(|key| key.settings.as_ref()));
    settings.filter_map(|settings| settings.proxy.as_ref())
}

impl Compiler<'_> {
    /// The provider's keys: those that are known go on with their state, others take up the one that was kept.
    pub(super) fn keys(
        &self,
        spec: &ProviderSpec,
        plan: &Plan,
        proxies: &HashMap<Secret, Client>,
    ) -> Arc<KeyPool> {
        let name = spec.name.shared();
        let mut made =
            Made { compiler: self, spec, plan, proxies, keys: Vec::new(), settings: HashMap::new() };
        let stored = plan.stored_keys.get(&name).map_or(&[][..], |keys| keys);
        made.keys.reserve(spec.keys.len() + stored.len());
        for key in &spec.keys {
            let hash = self.hasher.provider_key(&name, &key.key);
            let enabled =
                plan.disabled_keys.is_empty() || !plan.disabled_keys.contains(&(name.clone(), hash));
            made.add(hash, Some(&key.key), enabled, key.settings.as_deref());
        }
        for key in stored {
            made.add(key.hash, plan.fresh_keys.get(&key.hash), key.enabled, key.settings.as_deref());
        }
        Arc::new(KeyPool::with_settings(made.keys, made.settings, spec.key_limits.clone()))
    }
}

/// Keys of a pool that is being made.
struct Made<'a> {
    compiler: &'a Compiler<'a>,
    spec: &'a ProviderSpec,
    plan: &'a Plan,
    proxies: &'a HashMap<Secret, Client>,
    keys: Vec<Arc<ProviderKey>>,
    settings: HashMap<KeyHash, KeySettings>,
}

impl Made<'_> {
    fn add(
        &mut self,
        hash: KeyHash,
        secret: Option<&Secret>,
        enabled: bool,
        settings: Option<&KeySettingsSpec>,
    ) {
        let name = self.spec.name.shared();
        let known = self.compiler.previous.providers.get(&name).and_then(|provider| provider.keys.find(hash));
        let key = match (known, secret) {
            (Some(key), _) => key.clone(),
            (None, Some(secret)) => {
                let kept = self.plan.key_states.get(&(name, hash)).map(KeyState::from);
                Arc::new(ProviderKey::new(secret.clone(), hash, kept.unwrap_or_default()))
            }
            // Whoever made the plan looked at the same snapshot before, so there is no such key.
            (None, None) => return,
        };
        key.set_enabled(enabled, self.compiler.now);
        self.keys.push(key);
        if let Some(settings) = settings {
            let limits = settings.limits.or(&self.spec.key_limits);
            let client = settings.proxy.as_ref().and_then(|proxy| self.proxies.get(proxy)).cloned();
            let made = KeySettings { weight: settings.weight, limits, client };
            // A declared key that was entered as well is as it is declared.
            self.settings.entry(hash).or_insert(made);
        }
    }
}
