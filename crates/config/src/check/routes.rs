//! Checks of routes.

use roundhouse_domain::spec::RouteSpec;

use super::{Names, Placed};
use crate::report::Report;

/// Reports targets that are unknown, and tiers that would serve nothing.
pub(super) fn check(route: &Placed<RouteSpec>, names: &Names, report: &mut Report) {
    let Placed { pointer, spec } = route;
    if spec.tiers.is_empty() && spec.fallbacks.is_empty() {
        report.problem(&format!("{pointer}/tiers"), "needs at least one tier, or `fallbacks`");
    }
    for (index, tier) in spec.tiers.iter().enumerate() {
        let place = format!("{pointer}/tiers/{index}");
        if tier.is_empty() {
            report.problem(&place, "an empty tier serves nothing; give it a target or remove it");
        } else if tier.iter().all(|target| target.weight == 0) {
            report.problem(&place, "every weight is 0, so nothing would be used; raise one");
        }
        for (index, target) in tier.iter().enumerate() {
            names.require_provider(target.provider.as_str(), &format!("{place}/{index}/provider"), report);
        }
    }
    for (index, fallback) in spec.fallbacks.iter().enumerate() {
        if fallback.trim().is_empty() {
            report.problem(&format!("{pointer}/fallbacks/{index}"), "must not be empty");
        }
    }
}
