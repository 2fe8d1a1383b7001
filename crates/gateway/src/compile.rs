//! From what an operator declares to a snapshot.

mod keys;
mod providers;
mod routes;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use roundhouse_domain::spec::{
    CacheChoice, GatewaySpec, KeySettingsSpec, LimitSpec, ModelFactsSpec, ModelRule, PoolSpec, ProviderSpec,
    RouteSpec,
};
use roundhouse_domain::{AccessKeyId, KeyHash, KeyStateRecord, Secret, Timestamp, UserId};
use roundhouse_llm::catalogue::Catalogue;
use roundhouse_outbound::Tls;

use crate::access::{AccessKey, AccessTable, CredentialHash};
use crate::hash::LookupHasher;
use crate::limits::Usage;
use crate::snapshot::Snapshot;

/// Everything that a snapshot is made from.
#[derive(Debug, Default)]
pub struct Plan {
    /// Settings.
    pub settings: GatewaySpec,
    /// Providers, with kinds and addresses filled in.
    pub providers: Vec<ProviderSpec>,
    /// Pools.
    pub pools: Vec<PoolSpec>,
    /// Explicit routes.
    pub routes: Vec<RouteSpec>,
    /// What an operator knows of models.
    pub catalogue: Vec<ModelFactsSpec>,
    /// Access keys.
    pub access_keys: Vec<AccessKeyEntry>,
    /// Keys that people entered, by provider; used after the declared ones.
    pub stored_keys: HashMap<Arc<str>, Arc<[StoredKey]>>,
    /// Credentials of those stored keys that the snapshot before does not have.
    pub fresh_keys: HashMap<KeyHash, Secret>,
    /// Declared keys that people switched off.
    pub disabled_keys: HashSet<(Arc<str>, KeyHash)>,
    /// States of provider keys that were kept, for keys that are not in memory yet.
    pub key_states: HashMap<(Arc<str>, KeyHash), KeyStateRecord>,
}

/// A stored provider key, without its credential.
#[derive(Clone, Debug)]
pub struct StoredKey {
    /// Names the key.
    pub hash: KeyHash,
    /// Whether people want it used.
    pub enabled: bool,
    /// What is said of it beyond its credential; most keys have nothing.
    pub settings: Option<Box<KeySettingsSpec>>,
}

/// An access key by the hash of its credential.
#[derive(Clone, Debug)]
pub struct AccessKeyEntry {
    /// Its row, where it has one.
    pub id: Option<AccessKeyId>,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub user_id: Option<UserId>,
    /// The group that its use counts for.
    pub group: Option<Arc<str>>,
    /// What it is looked up by.
    pub hash: CredentialHash,
    /// What it may use.
    pub rules: Vec<ModelRule>,
    /// How much it may use.
    pub limits: LimitSpec,
    /// What it has otherwise of the answers that are kept.
    pub cache: CacheChoice,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// Why a plan cannot be compiled: every problem, one a line.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct CompileError(pub Vec<String>);

/// What compiling needs besides the plan.
pub struct Compiler<'a> {
    /// Names keys.
    pub hasher: &'a LookupHasher,
    /// TLS of providers.
    pub tls: &'a Tls,
    /// The snapshot before, whose key states, connections and counters go on.
    pub previous: &'a Snapshot,
    /// The time.
    pub now: Timestamp,
}

impl Compiler<'_> {
    /// Compiles `plan`, or says all that is wrong with it.
    pub fn compile(&self, plan: &Plan) -> Result<Snapshot, CompileError> {
        let mut problems = Vec::new();
        let mut snapshot = Snapshot {
            made_at: self.now,
            settings: plan.settings.clone(),
            catalogue: Catalogue::with_overrides(&plan.catalogue),
            ..Snapshot::default()
        };
        for spec in plan.providers.iter().filter(|spec| spec.enabled) {
            match self.provider(spec, plan) {
                Ok(provider) => {
                    snapshot.providers.insert(provider.name.clone(), Arc::new(provider));
                }
                Err(problem) => problems.push(format!("provider {}: {problem}", spec.name)),
            }
        }
        if problems.is_empty() {
            self.routes(plan, &mut snapshot, &mut problems);
        }
        snapshot.access = self.access(&plan.access_keys);
        if problems.is_empty() { Ok(snapshot) } else { Err(CompileError(problems)) }
    }

    fn access(&self, entries: &[AccessKeyEntry]) -> AccessTable {
        let known: HashMap<&str, &Arc<Usage>> =
            self.previous.access.iter().map(|key| (&*key.name, &key.usage)).collect();
        AccessTable::new(entries.iter().map(|entry| {
            let usage = known.get(entry.name.as_str()).map_or_else(Arc::default, |usage| Arc::clone(usage));
            let key = AccessKey {
                id: entry.id,
                name: entry.name.as_str().into(),
                user_id: entry.user_id,
                group: entry.group.clone(),
                rules: entry.rules.clone(),
                limits: entry.limits.clone(),
                cache: entry.cache.clone(),
                expires_at: entry.expires_at,
                usage,
            };
            (entry.hash, Arc::new(key))
        }))
    }
}
