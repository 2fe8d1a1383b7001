//! From the configuration and what is stored to what the data plane is to do.

use std::collections::HashMap;
use std::sync::Arc;

use roundhouse_config::{Config, Source};
use roundhouse_domain::spec::{ModelEditSpec, ProviderSpec};
use roundhouse_domain::{KeyHash, KeyStateRecord};
use roundhouse_gateway::compile::Plan;
use roundhouse_storage::{ConnectionTrait, StorageError, models, provider_key_states};

use crate::control::Control;
use crate::models::{Effective, Ground, KeepOriginal};
use crate::objects::{Object, ObjectKind, Objects};
use crate::{callers, stored_keys};

/// Gathers a plan.
pub(crate) async fn build(
    control: &Control,
    connection: &impl ConnectionTrait,
    config: &Config,
    objects: &Objects,
) -> Result<(Plan, Effective), StorageError> {
    let models = effective(connection, config, objects).await?;
    let states = provider_key_states::list_all(connection).await?;
    let keys = stored_keys::gather(control, connection, &config.declared.providers).await?;
    let (access_keys, people) = callers::gather(control, connection, config, objects).await?;
    let plan = Plan {
        settings: config.gateway.clone(),
        providers: config.declared.providers.iter().map(|spec| models.provider(spec)).collect(),
        pools: config.declared.pools.clone(),
        routes: config.declared.routes.clone(),
        catalogue: config.declared.catalogue.clone(),
        guardrails: config.declared.guardrails.clone(),
        access_keys,
        stored_keys: keys.stored,
        fresh_keys: keys.fresh,
        disabled_keys: keys.disabled,
        users: people.users,
        groups: people.groups,
        key_states: by_key(states),
    };
    Ok((plan, models))
}

/// All models: what providers list, what people decided, and what the rules make of both.
async fn effective(
    connection: &impl ConnectionTrait,
    config: &Config,
    objects: &Objects,
) -> Result<Effective, StorageError> {
    let stored = models::list_all(connection).await?;
    let is_declared = |spec: &ProviderSpec| {
        config.sources.entry("providers", spec.name.as_str()).is_none_or(|source| *source != Source::Console)
    };
    let providers: Vec<_> =
        config.declared.providers.iter().map(|spec| (spec.clone(), is_declared(spec))).collect();
    let edits: Vec<ModelEditSpec> = objects.values().filter_map(decided).collect();
    let rules = config.normalisation.clone();
    let put_together = move || {
        let ground = Ground {
            providers: &providers,
            stored: &stored,
            edits: &edits,
            // Rules are checked with the rest of the configuration.
            normaliser: &rules.compile().unwrap_or_default(),
            normalise: rules.enabled.then_some(KeepOriginal(rules.keep_original)),
        };
        Effective::of(&ground)
    };
    let done = tokio::task::spawn_blocking(put_together).await;
    done.map_err(|error| StorageError::unfinished(&error))
}

/// What people decided about a model.
fn decided(object: &Object) -> Option<ModelEditSpec> {
    if object.kind != ObjectKind::Model {
        return None;
    }
    let read = serde_json::from_value(object.body.clone());
    read.inspect_err(
        |error| tracing::warn!(name = object.name, %error, "what is decided about a model cannot be read"),
    )
    .ok()
}

fn by_key(states: Vec<KeyStateRecord>) -> HashMap<(Arc<str>, KeyHash), KeyStateRecord> {
    states.into_iter().map(|state| ((state.provider.clone(), state.key_hash), state)).collect()
}
