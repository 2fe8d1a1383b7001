//! Noticing what other processes changed.

use std::time::Duration;

use roundhouse_storage::config_version;
use tokio_util::sync::CancellationToken;

use crate::control::Control;

/// How often the number of changes is looked at; a change elsewhere is in force here within two seconds.
const EVERY: Duration = Duration::from_secs(1);

impl Control {
    /// Applies what other processes change in the same database.
    pub async fn run_follow(self, shutdown: CancellationToken) {
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            // A database that is away is told of by those who need it; what is in force goes on.
            let Ok(version) = config_version::get(self.database().reader()).await else { continue };
            if version != self.version()
                && let Err(error) = self.apply().await
            {
                tracing::error!(%error, "a changed configuration is not applied; the one before stays in force");
            }
        }
    }
}
