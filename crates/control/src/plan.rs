//! From the configuration and what is stored to what the data plane is to do.

use std::collections::HashMap;
use std::sync::Arc;

use roundhouse_config::Config;
use roundhouse_domain::spec::{BodyRules, CacheChoice, ModelSpec, ProviderSpec, TimeoutSpec};
use roundhouse_domain::{KeyHash, KeyStateRecord};
use roundhouse_gateway::compile::{AccessKeyEntry, CredentialEntry, Plan};
use roundhouse_storage::{ConnectionTrait, StorageError, access_keys, provider_key_states};

use crate::control::Control;
use crate::objects::Objects;
use crate::stored_keys;

/// Gathers a plan.
pub(crate) async fn build(
    control: &Control,
    connection: &impl ConnectionTrait,
    config: &Config,
    _objects: &Objects,
) -> Result<Plan, StorageError> {
    let states = provider_key_states::list_all(connection).await?;
    let keys = stored_keys::gather(control, connection, &config.declared.providers).await?;
    Ok(Plan {
        settings: config.gateway.clone(),
        providers: config
            .declared
            .providers
            .iter()
            .map(|spec| with_discovered_models(control, spec))
            .collect(),
        pools: config.declared.pools.clone(),
        routes: config.declared.routes.clone(),
        catalogue: config.declared.catalogue.clone(),
        guardrails: config.declared.guardrails.clone(),
        access_keys: access_key_entries(control, connection, config).await?,
        stored_keys: keys.stored,
        fresh_keys: keys.fresh,
        disabled_keys: keys.disabled,
        users: HashMap::new(),
        groups: HashMap::new(),
        key_states: by_key(states),
    })
}

fn with_discovered_models(control: &Control, spec: &ProviderSpec) -> ProviderSpec {
    let mut spec = spec.clone();
    if spec.models.is_none()
        && let Some(names) = control.inner().discovered.lock().names(spec.name.as_str())
    {
        let model = |name: &String| ModelSpec {
            name: name.clone(),
            public_name: None,
            body: BodyRules::default(),
            timeouts: TimeoutSpec::default(),
        };
        spec.models = Some(names.iter().map(model).collect());
    }
    spec
}

fn by_key(states: Vec<KeyStateRecord>) -> HashMap<(Arc<str>, KeyHash), KeyStateRecord> {
    states.into_iter().map(|state| ((state.provider.clone(), state.key_hash), state)).collect()
}

async fn access_key_entries(
    control: &Control,
    connection: &impl ConnectionTrait,
    config: &Config,
) -> Result<Vec<AccessKeyEntry>, StorageError> {
    let hasher = &control.inner().parts.hasher;
    let stored = access_keys::list_all(connection).await?;
    let mut entries: Vec<_> = stored
        .into_iter()
        .filter(|key| key.enabled)
        .map(|key| AccessKeyEntry {
            id: Some(key.id),
            name: key.name,
            user_id: key.created_by,
            credentials: vec![CredentialEntry { hash: key.key_hash, until: None }],
            rules: key.models,
            limits: key.limits,
            cache: CacheChoice::default(),
            networks: Vec::new(),
            expires_at: key.expires_at,
        })
        .collect();
    // A declared key of the same name or credential comes last, and so wins.
    entries.extend(config.declared.access_keys.iter().filter(|spec| spec.enabled).filter_map(|spec| {
        Some(AccessKeyEntry {
            id: None,
            name: spec.name.clone(),
            user_id: None,
            credentials: vec![CredentialEntry {
                hash: hasher.credential(spec.key.as_ref()?.expose().as_bytes()),
                until: None,
            }],
            rules: spec.models.clone(),
            limits: spec.limits.clone(),
            cache: spec.cache.clone(),
            networks: spec.allowed_networks.clone(),
            expires_at: spec.expires_at,
        })
    }));
    Ok(entries)
}
