//! Budgets see only what has a price: what has none is told.

use std::collections::HashMap;
use std::sync::Arc;

use roundhouse_gateway::access::AccessKey;
use roundhouse_gateway::snapshot::Snapshot;

/// Models that are named; the rest is counted.
const NAMED: usize = 5;

/// What to say of all access keys with budgets, where some may use models without a price.
pub(crate) fn warning(snapshot: &Snapshot) -> Option<String> {
    let callers: Vec<&AccessKey> =
        snapshot.access.iter().map(Arc::as_ref).filter(|key| key.has_budget()).collect();
    let told = tell(&snapshot.unpriced(&callers))?;
    Some(format!(
        "access keys with budgets may use models without a price, which count nothing: {told}; say their prices in the catalogue"
    ))
}

/// What to say of each access key with a budget that may use models without a price, by its name.
pub(crate) fn warnings(snapshot: &Snapshot) -> HashMap<Arc<str>, String> {
    let callers = snapshot.access.iter().filter(|key| key.has_budget());
    let warning = |key: &Arc<AccessKey>| {
        let told = tell(&snapshot.unpriced(&[key]))?;
        Some((key.name.clone(), format!("models without a price count nothing against its budget: {told}")))
    };
    callers.filter_map(warning).collect()
}

fn tell(models: &[Arc<str>]) -> Option<String> {
    let (named, rest) = models.split_at(models.len().min(NAMED));
    let named = named.join(", ");
    match rest.len() {
        _ if models.is_empty() => None,
        0 => Some(named),
        more => Some(format!("{named} and {more} more")),
    }
}
