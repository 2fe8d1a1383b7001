//! Checking many providers, in the background.

use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{StreamExt, stream};
use roundhouse_domain::{HealthStatus, Timestamp};
use roundhouse_jobs::{Context, Job, JobError};
use roundhouse_storage::{StorageError, health};
use serde::{Deserialize, Serialize};

use super::HealthError;
use crate::control::Control;

/// Providers checked at the same time.
const AT_ONCE: usize = 16;

/// Old checks removed in one transaction.
const SWEEP: u64 = 2_000;

/// Checks providers.
#[derive(Debug, Serialize, Deserialize)]
pub struct CheckProviders {
    /// Only those that health checks have disabled.
    only_disabled: bool,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Checked {
    /// Providers that were checked.
    checked: usize,
    /// Those that are not healthy now.
    not_healthy: Vec<String>,
}

impl CheckProviders {
    /// All that are in use.
    pub fn all() -> Self {
        Self { only_disabled: false }
    }

    /// Those that health checks have disabled.
    pub fn disabled() -> Self {
        Self { only_disabled: true }
    }
}

impl Job for CheckProviders {
    const KIND: &'static str = "health.check";
    /// The schedule comes again soon.
    const MAX_ATTEMPTS: u32 = 1;
    type Services = Control;
    type Output = Checked;

    async fn run(self, control: Control, context: Context) -> Result<Checked, JobError> {
        let names = names(&control, self.only_disabled);
        let (total, done) = (names.len() as u64, AtomicU64::new(0));
        let check = async |name: String| {
            context.check()?;
            let checked = control.check_provider(&name, false).await;
            context.progress(done.fetch_add(1, Ordering::Relaxed) + 1, Some(total), &*name);
            match checked {
                Ok((_, health)) => Ok((health.status != HealthStatus::Healthy).then_some(name)),
                // It was taken out meanwhile.
                Err(HealthError::NotFound) => Ok(None),
                Err(HealthError::Storage(error)) => Err(JobError::from(error)),
            }
        };
        let checked: Vec<_> = stream::iter(names).map(check).buffer_unordered(AT_ONCE).collect().await;
        let mut not_healthy = Vec::new();
        for result in checked {
            not_healthy.extend(result?);
        }
        not_healthy.sort_unstable();
        if !self.only_disabled {
            sweep(&control).await?;
        }
        Ok(Checked { checked: usize::try_from(total).unwrap_or(usize::MAX), not_healthy })
    }
}

fn names(control: &Control, only_disabled: bool) -> Vec<String> {
    let snapshot = control.gateway().snapshot();
    let providers = snapshot.providers.values();
    let wanted = providers.filter(|provider| !only_disabled || provider.is_set_aside());
    wanted.map(|provider| provider.name.to_string()).collect()
}

/// Removes checks that are too old, and what is known of providers that are gone.
async fn sweep(control: &Control) -> Result<(), StorageError> {
    let (database, retention) = (control.database(), control.config().health.retention.0);
    let snapshot = control.gateway().snapshot_full();
    let known = health::list_all(database.reader()).await?;
    for gone in known.iter().filter(|known| !snapshot.providers.contains_key(&*known.provider)) {
        let transaction = database.write().await?;
        health::delete(&transaction, &gone.provider).await?;
        transaction.commit().await?;
    }
    let age = i64::try_from(retention.as_millis()).unwrap_or(i64::MAX);
    let before = Timestamp::from_millis(control.now().as_millis().saturating_sub(age));
    while !retention.is_zero() {
        let transaction = database.write().await?;
        let removed = health::delete_before(&transaction, before, SWEEP).await?;
        transaction.commit().await?;
        if removed < SWEEP {
            break;
        }
    }
    Ok(())
}
