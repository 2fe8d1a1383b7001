//! Whether the shared Redis can be reached.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use metrics::gauge;

/// Whether the others can be heard; clones are the same one. It is logged when that changes.
#[derive(Clone, Debug, Default)]
pub struct Health(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_up: AtomicBool,
    was_told: AtomicBool,
    processes: AtomicU32,
}

impl Health {
    /// True while the others can be heard.
    pub fn is_up(&self) -> bool {
        self.0.is_up.load(Ordering::Acquire)
    }

    /// Processes that share, this one included.
    pub fn processes(&self) -> u32 {
        if self.is_up() { self.0.processes.load(Ordering::Acquire).max(1) } else { 1 }
    }

    pub(crate) fn up(&self) {
        if !self.0.is_up.swap(true, Ordering::AcqRel) {
            self.0.was_told.store(true, Ordering::Release);
            gauge!("roundhouse_redis_up").set(1.0);
            tracing::info!("Redis is reached: limits, states of keys and kept answers are shared");
        }
    }

    pub(crate) fn down(&self, why: &str) {
        let was_up = self.0.is_up.swap(false, Ordering::AcqRel);
        let is_news = was_up || !self.0.was_told.swap(true, Ordering::AcqRel);
        gauge!("roundhouse_redis_up").set(0.0);
        if is_news {
            tracing::warn!(
                why,
                "Redis cannot be reached: this process goes on with limits of its own until it can"
            );
        }
    }

    pub(crate) fn count(&self, processes: usize) {
        let count = u32::try_from(processes).unwrap_or(u32::MAX);
        self.0.processes.store(count, Ordering::Release);
        gauge!("roundhouse_processes").set(f64::from(count));
    }
}
