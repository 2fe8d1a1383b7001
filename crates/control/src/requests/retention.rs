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
        let old = [
            (Old::Requests, kept.retention),
            (Old::Bodies, kept.capture.retention),
            (Old::Sums(Grain::Minute), kept.minutes_retention),
            (Old::Sums(Grain::Hour), kept.hours_retention),
        ];
        for (old, retention) in old {
            let Some(before) = self.before(retention) else { continue };
            while old.delete_some(self, before).await? {}
        }
        Ok(())
    }

    /// When what is kept for `retention` began; none where it is kept for ever.
    fn before(&self, retention: Span) -> Option<Timestamp> {
        let millis = i64::try_from(retention.0.as_millis()).unwrap_or(i64::MAX);
        (millis > 0).then(|| Timestamp::from_millis(self.now().as_millis().saturating_sub(millis)))
    }
}

/// What grows old.
#[derive(Clone, Copy)]
enum Old {
    Requests,
    Bodies,
    Sums(Grain),
}

impl Old {
    /// Deletes some of what is from `before`, in a transaction of its own, so that those who wait to write go in between;
    /// tells whether there may be more.
    async fn delete_some(self, control: &Control, before: Timestamp) -> Result<bool, StorageError> {
        let transaction = control.database().write().await?;
        let (deleted, at_once) = match self {
            Self::Requests => (requests::delete_before(&transaction, before, AT_ONCE).await?, AT_ONCE),
            Self::Bodies => {
                let deleted = request_bodies::delete_before(&transaction, before, BODIES_AT_ONCE).await?;
                (deleted, BODIES_AT_ONCE)
            }
            Self::Sums(grain) => (usage::delete_before(&transaction, grain, before, AT_ONCE).await?, AT_ONCE),
        };
        transaction.commit().await?;
        Ok(deleted >= at_once)
    }
}
