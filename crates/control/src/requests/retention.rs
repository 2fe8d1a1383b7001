//! Removing what is old, in pieces so small that nobody waits for them.

use std::time::Duration;

use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::Span;
use roundhouse_storage::usage::{self, Grain};
use roundhouse_storage::{DatabaseTransaction, StorageError, request_bodies, requests};
use tokio_util::sync::CancellationToken;

use crate::control::Control;

/// How often old records are removed.
const EVERY: Duration = Duration::from_mins(10);

/// Records, or lines of sums, removed in one transaction: few enough that nobody waits for it.
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
            self.in_pieces(AT_ONCE, async |piece| requests::delete_before(piece, before, AT_ONCE).await)
                .await?;
        }
        if let Some(before) = self.before(kept.capture.retention) {
            self.in_pieces(BODIES_AT_ONCE, async |piece| {
                request_bodies::delete_before(piece, before, BODIES_AT_ONCE).await
            })
            .await?;
        }
        for (grain, retention) in
            [(Grain::Minute, kept.minutes_retention), (Grain::Hour, kept.hours_retention)]
        {
            let Some(before) = self.before(retention) else { continue };
            self.in_pieces(AT_ONCE, async |piece| usage::delete_before(piece, grain, before, AT_ONCE).await)
                .await?;
        }
        Ok(())
    }

    /// When what is kept for `retention` began; none where it is kept for ever.
    fn before(&self, retention: Span) -> Option<Timestamp> {
        let millis = i64::try_from(retention.0.as_millis()).unwrap_or(i64::MAX);
        (millis > 0).then(|| Timestamp::from_millis(self.now().as_millis().saturating_sub(millis)))
    }

    /// Deletes until there is less than `at_once` left to delete, each time in a transaction of its own: those who wait to
    /// write go in between.
    async fn in_pieces(
        &self,
        at_once: u64,
        delete: impl AsyncFn(&DatabaseTransaction) -> Result<u64, StorageError>,
    ) -> Result<(), StorageError> {
        loop {
            let transaction = self.database().write().await?;
            let deleted = delete(&transaction).await?;
            transaction.commit().await?;
            if deleted < at_once {
                return Ok(());
            }
        }
    }
}
