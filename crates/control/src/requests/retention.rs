//! Removing what is old, in pieces so small that nobody waits for them.

use std::time::Duration;

use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::Span;
use roundhouse_storage::usage::{self, Grain};
use roundhouse_storage::{StorageError, request_bodies, requests};
use tokio_util::sync::CancellationToken;

use crate::control::Control;

/// How often old records are removed.
const EVERY: Duration = Duration::from_mins(10);

/// Records removed in one transaction: few enough that nobody waits for it.
const AT_ONCE: u64 = 1_000;

/// Bodies removed in one transaction.
const BODIES_AT_ONCE: u64 = 100;

impl Control {
    /// Removes records, bodies and sums older than the configured retention, a few at a time.
    pub async fn run_retention(self, shutdown: CancellationToken) {
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                removed = self.remove_old() => {
                    if let Err(error) = removed {
                        tracing::warn!(%error, "cannot remove old request records");
                    }
                }
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Removes all that is older than the configured retention.
    pub async fn remove_old(&self) -> Result<(), StorageError> {
        let kept = self.config().requests.clone();
        if let Some(before) = self.before(kept.retention) {
            self.remove_requests(before).await?;
        }
        if let Some(before) = self.before(kept.capture.retention) {
            self.remove_bodies(before).await?;
        }
        for (grain, retention) in
            [(Grain::Minute, kept.minutes_retention), (Grain::Hour, kept.hours_retention)]
        {
            let Some(before) = self.before(retention) else { continue };
            let transaction = self.database().write().await?;
            usage::delete_before(&transaction, grain, before).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// When what is kept for `retention` began; none where it is kept for ever.
    fn before(&self, retention: Span) -> Option<Timestamp> {
        let millis = i64::try_from(retention.0.as_millis()).unwrap_or(i64::MAX);
        (millis > 0).then(|| Timestamp::from_millis(self.now().as_millis().saturating_sub(millis)))
    }

    async fn remove_requests(&self, before: Timestamp) -> Result<(), StorageError> {
        loop {
            let transaction = self.database().write().await?;
            let removed = requests::delete_before(&transaction, before, AT_ONCE).await?;
            transaction.commit().await?;
            if removed < AT_ONCE {
                return Ok(());
            }
            // Those who wait to write go first.
            tokio::task::yield_now().await;
        }
    }

    async fn remove_bodies(&self, before: Timestamp) -> Result<(), StorageError> {
        loop {
            let transaction = self.database().write().await?;
            let removed = request_bodies::delete_before(&transaction, before, BODIES_AT_ONCE).await?;
            transaction.commit().await?;
            if removed < BODIES_AT_ONCE {
                return Ok(());
            }
            tokio::task::yield_now().await;
        }
    }
}
