//! Budgets that are near their end.

use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::AlertSpec;
use roundhouse_gateway::limits::Holder;

use super::finding::Finding;
use super::look::Found;
use crate::control::Control;

impl Control {
    /// Budgets of access keys, people and groups of which more than the threshold is used.
    pub(super) fn budgets(&self, rule: &AlertSpec) -> Found {
        let (snapshot, now) = (self.gateway().snapshot_full(), self.now());
        let holders = snapshot.access.iter().flat_map(|key| key.holders.iter());
        let about = holders.filter(|holder| rule.is_about(&holder.name));
        about.flat_map(|holder| near_their_end(holder, rule.threshold().into(), now)).collect()
    }
}

fn near_their_end(holder: &Holder, threshold: u64, now: Timestamp) -> Vec<(String, Finding)> {
    let (limits, used) = (&holder.limits, holder.usage.used(now));
    let money =
        |limit: Option<roundhouse_domain::NanoUsd>| limit.map(|limit| u64::try_from(limit.0).unwrap_or(0));
    let spent = |cost: roundhouse_domain::NanoUsd| u64::try_from(cost.0).unwrap_or(0);
    let budgets = [
        ("usd_per_day", money(limits.cost_per_day), spent(used.today.cost)),
        ("usd_per_month", money(limits.cost_per_month), spent(used.this_month.cost)),
        ("tokens_per_day", limits.tokens_per_day, used.today.tokens),
        ("tokens_per_month", limits.tokens_per_month, used.this_month.tokens),
    ];
    let near = |(name, limit, used): (&str, Option<u64>, u64)| {
        let percent = share(used, limit?);
        let (owner, limit) = (holder.name.to_string(), name.to_owned());
        (percent >= threshold)
            .then(|| (format!("{}/{name}", holder.id), Finding::Budget { owner, percent, limit }))
    };
    budgets.into_iter().filter_map(near).collect()
}

/// How much of a hundred is used; a budget of nothing is used up.
fn share(used: u64, limit: u64) -> u64 {
    if limit == 0 {
        return 100;
    }
    u64::try_from(u128::from(used) * 100 / u128::from(limit)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use roundhouse_domain::{Amounts, Day, HolderId, NanoUsd};
    use roundhouse_gateway::limits::{Limits, Usage};

    use super::*;

    #[test]
    fn budgets_are_near_their_end_at_the_threshold() {
        let now = Timestamp::from_millis(1_793_491_200_000);
        let usage = Arc::new(Usage::default());
        let used = |tokens, usd: i64| Amounts { requests: 1, tokens, cost: NanoUsd(usd * 1_000_000_000) };
        usage.restore(Day::of(now), used(79, 8), used(500, 8));
        let limits = Limits {
            tokens_per_day: Some(100),
            tokens_per_month: Some(1_000),
            cost_per_day: Some(NanoUsd(10_000_000_000)),
            ..Limits::default()
        };
        let id = HolderId::DeclaredKey("ci".into());
        let holder = Holder { id, name: "ci".into(), limits, usage };
        let found = near_their_end(&holder, 80, now);
        let expected =
            Finding::Budget { owner: "ci".to_owned(), percent: 80, limit: "usd_per_day".to_owned() };
        assert_eq!(found.iter().map(|(_, finding)| finding).collect::<Vec<_>>(), [&expected]);
        assert_eq!(near_their_end(&holder, 50, now).len(), 3);
        assert_eq!(share(0, 0), 100);
    }
}
