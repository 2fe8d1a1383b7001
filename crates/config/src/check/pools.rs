//! Checks of pools.

use std::collections::HashSet;

use roundhouse_domain::spec::PoolSpec;

use super::{Names, Placed};
use crate::report::Report;

/// Reports members that are unknown or there twice, and pools that would use nobody.
pub(super) fn check(pool: &Placed<PoolSpec>, names: &Names, report: &mut Report) {
    let place = format!("{}/providers", pool.pointer);
    let mut seen = HashSet::new();
    for (index, member) in pool.spec.providers.iter().enumerate() {
        let place = format!("{place}/{index}/provider");
        names.require_provider(member.provider.as_str(), &place, report);
        if !seen.insert(&member.provider) {
            report.problem(&place, format!("`{}` is in the pool twice; add up the weights", member.provider));
        }
    }
    if pool.spec.providers.iter().all(|member| member.weight == 0) {
        report.problem(&place, "every weight is 0, so nothing would be used; raise one");
    }
}
