//! What all holders use, by who they are.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use roundhouse_domain::{Amounts, Day, HolderId, Timestamp};

use super::Usage;

/// The counters of all holders. They outlive snapshots, so that nobody starts afresh by being switched off and on.
#[derive(Debug, Default)]
pub struct Usages(Mutex<HashMap<HolderId, Arc<Usage>>>);

impl Usages {
    /// The counters of `id`, new ones where there are none.
    pub fn of(&self, id: &HolderId) -> Arc<Usage> {
        let mut all = self.0.lock();
        if let Some(usage) = all.get(id) {
            return usage.clone();
        }
        all.entry(id.clone()).or_default().clone()
    }

    /// The counters of `id`, where there are some.
    pub fn get(&self, id: &HolderId) -> Option<Arc<Usage>> {
        self.0.lock().get(id).cloned()
    }

    /// All counters.
    pub fn all(&self) -> Vec<(HolderId, Arc<Usage>)> {
        self.0.lock().iter().map(|(id, usage)| (id.clone(), usage.clone())).collect()
    }

    /// Takes up what `id` used on `day` and in the month until then, as it was stored.
    pub fn restore(&self, id: &HolderId, day: Day, today: Amounts, this_month: Amounts) {
        self.of(id).restore(day, today, this_month);
    }

    /// Forgets those of whom nothing is left to know: nobody refers to them, and nothing was used this month.
    pub fn prune(&self, now: Timestamp) {
        self.0.lock().retain(|_, usage| Arc::strong_count(usage) > 1 || !usage.is_blank(now));
    }
}
