//! What happens once a second beside the jobs: leases are renewed, progress is written, and cancelled jobs are asked to stop.

use std::sync::Arc;
use std::time::Duration;

use roundhouse_domain::Timestamp;
use roundhouse_domain::error::chain;
use roundhouse_storage::StorageError;
use roundhouse_storage::jobs::{self, Claim};
use tokio_util::sync::CancellationToken;

use super::run::Reason;
use super::{Inner, Run};

/// The longest time between two beats.
const BEAT: Duration = Duration::from_secs(1);

/// Beats between two looks for ended jobs that are too old.
const RETENTION_BEATS: u32 = 600;

/// Jobs removed in one transaction: few enough that nobody waits for it.
const AT_ONCE: u64 = 1_000;

impl Inner {
    pub(super) async fn beat(&self, idle: &CancellationToken) {
        // A lease must be renewed well before it ends, however short it is.
        let beat = BEAT.min(self.settings.lease / 6).max(Duration::from_millis(10));
        for count in (0..RETENTION_BEATS).cycle() {
            if let Err(error) = self.keep(count == 0).await {
                tracing::warn!(error = chain(&error), "cannot look after running jobs");
            }
            self.drop_lost();
            tokio::select! {
                () = idle.cancelled() => return,
                () = tokio::time::sleep(beat) => {}
            }
        }
    }

    async fn keep(&self, retention: bool) -> Result<(), StorageError> {
        let (database, now) = (self.queue.database(), self.queue.clock().now());
        let runs = self.runs();
        if !runs.is_empty() {
            self.renew(&runs, now).await?;
            self.stop_cancelled(&runs).await?;
            self.write_progress(&runs).await?;
        }
        if jobs::has_expired(database.reader(), now).await? {
            let transaction = database.write().await?;
            let released = jobs::release_expired(&transaction, now).await?;
            transaction.commit().await?;
            tracing::warn!(jobs = released, "jobs of a process that is gone wait again");
            self.freed.notify_one();
        }
        if retention && !self.settings.retention.is_zero() {
            self.remove_old(now).await?;
        }
        Ok(())
    }

    /// Renews leases of which a third is over.
    async fn renew(&self, runs: &[Arc<Run>], now: Timestamp) -> Result<(), StorageError> {
        let fresh = self.settings.lease.mul_f64(2.0 / 3.0);
        let due = |run: &&Arc<Run>| run.lease_until().since(now) <= fresh;
        let due: Vec<_> = runs.iter().filter(due).collect();
        if due.is_empty() {
            return Ok(());
        }
        let claims: Vec<Claim> = due.iter().map(|run| run.claim).collect();
        let until = now.plus(self.settings.lease);
        let transaction = self.queue.database().write().await?;
        let held = jobs::renew(&transaction, self.owner, &claims, until).await?;
        transaction.commit().await?;
        for run in due {
            if held.contains(&run.claim) {
                run.set_lease_until(until);
            } else if self.running.lock().contains_key(&run.claim.id) {
                run.stop_for(Reason::Lost);
            }
        }
        Ok(())
    }

    async fn stop_cancelled(&self, runs: &[Arc<Run>]) -> Result<(), StorageError> {
        let cancelled = jobs::cancel_requested(self.queue.database().reader(), self.owner).await?;
        for run in runs.iter().filter(|run| cancelled.contains(&run.claim.id)) {
            run.stop_for(Reason::Cancelled);
        }
        Ok(())
    }

    async fn write_progress(&self, runs: &[Arc<Run>]) -> Result<(), StorageError> {
        let news: Vec<_> = runs.iter().filter_map(|run| Some((run, run.take_progress()?))).collect();
        if news.is_empty() {
            return Ok(());
        }
        let written = async {
            let transaction = self.queue.database().write().await?;
            for (run, progress) in &news {
                jobs::update_progress(&transaction, &run.claim, progress).await?;
            }
            Ok(transaction.commit().await?)
        };
        written.await.inspect_err(|_: &StorageError| {
            for (run, progress) in &news {
                run.return_progress(progress.clone());
            }
        })
    }

    /// Stops what could not be renewed in time: somebody else may have it now.
    fn drop_lost(&self) {
        let now = self.queue.clock().now();
        for run in self.runs() {
            if run.lease_until() < now {
                run.stop_for(Reason::Lost);
            }
        }
    }

    async fn remove_old(&self, now: Timestamp) -> Result<(), StorageError> {
        let retention = i64::try_from(self.settings.retention.as_millis()).unwrap_or(i64::MAX);
        let before = Timestamp::from_millis(now.as_millis().saturating_sub(retention));
        loop {
            let transaction = self.queue.database().write().await?;
            let removed = jobs::delete_ended(&transaction, before, AT_ONCE).await?;
            transaction.commit().await?;
            if removed < AT_ONCE {
                return Ok(());
            }
        }
    }
}
