//! Looking at the request log.

use std::time::Duration;

use roundhouse_storage::requests;
use tokio_util::sync::CancellationToken;

use crate::control::Control;

/// How often old records are removed.
const EVERY: Duration = Duration::from_mins(10);

/// Records removed in one statement: few enough that nobody waits for it.
const AT_ONCE: u64 = 2_000;

impl Control {
    /// Removes records older than the configured retention, a few at a time.
    pub async fn run_retention(self, shutdown: CancellationToken) {
        loop {
            let retention = self.config().requests.retention.0;
            if !retention.is_zero() {
                let before = self.inner().parts.clock.now().as_millis()
                    - i64::try_from(retention.as_millis()).unwrap_or(i64::MAX);
                if let Err(error) =
                    self.remove_before(roundhouse_domain::Timestamp::from_millis(before)).await
                {
                    tracing::warn!(%error, "cannot remove old request records");
                }
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    async fn remove_before(
        &self,
        time: roundhouse_domain::Timestamp,
    ) -> Result<(), roundhouse_storage::StorageError> {
        loop {
            let transaction = self.database().write().await?;
            let removed = requests::delete_before(&transaction, time, AT_ONCE).await?;
            transaction.commit().await?;
            if removed < AT_ONCE {
                return Ok(());
            }
        }
    }
}
