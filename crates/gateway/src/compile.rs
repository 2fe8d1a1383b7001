//! From what an operator declares to a snapshot.

mod access;
mod keys;
mod providers;
mod routes;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use roundhouse_domain::spec::{
    GatewaySpec, GuardrailSpec, KeySettingsSpec, ModelFactsSpec, PoolSpec, ProviderSpec, RouteSpec,
};
use roundhouse_domain::{GroupId, KeyHash, KeyStateRecord, Secret, Timestamp, UserId};
use roundhouse_llm::catalogue::Catalogue;
use roundhouse_outbound::Tls;

pub use self::access::{AccessKeyEntry, CredentialEntry, GroupEntry, UserEntry};
use crate::guardrails::Guardrail;
use crate::hash::LookupHasher;
use crate::limits::Usages;
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
    /// What is looked for in requests and answers.
    pub guardrails: Vec<GuardrailSpec>,
    /// Access keys.
    pub access_keys: Vec<AccessKeyEntry>,
    /// Keys that people entered, by provider; used after the declared ones.
    pub stored_keys: HashMap<Arc<str>, Arc<[StoredKey]>>,
    /// Credentials of those stored keys that the snapshot before does not have.
    pub fresh_keys: HashMap<KeyHash, Secret>,
    /// Declared keys that people switched off.
    pub disabled_keys: HashSet<(Arc<str>, KeyHash)>,
    /// Owners of access keys.
    pub users: HashMap<UserId, UserEntry>,
    /// Groups that they are in.
    pub groups: HashMap<GroupId, GroupEntry>,
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
    /// The snapshot before, whose key states and connections go on.
    pub previous: &'a Snapshot,
    /// What holders of limits use, which goes on too.
    pub usages: &'a Usages,
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
        for spec in plan.guardrails.iter().filter(|spec| spec.enabled) {
            match Guardrail::compile(spec, self.tls, self.hasher) {
                Ok(guardrail) => snapshot.guardrails.push(Arc::new(guardrail)),
                Err(problem) => problems.push(format!("guardrail {}: {problem}", spec.name)),
            }
        }
        snapshot.captures = snapshot.providers.values().any(|provider| provider.capture.is_on());
        snapshot.access = self.access(plan);
        if problems.is_empty() { Ok(snapshot) } else { Err(CompileError(problems)) }
    }
}
