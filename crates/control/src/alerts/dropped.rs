//! Records of requests that were dropped: each process notes its own where all can see it.

use std::time::Duration;

use roundhouse_domain::Timestamp;
use roundhouse_domain::error::chain;
use roundhouse_storage::{StorageError, settings};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::finding::Finding;
use super::look::{Found, GATEWAY, before};
use crate::control::Control;
use crate::recorder::Recorder;

/// Where it is noted.
const PLACE: &str = "dropped_records";

/// How often it is noted.
const EVERY: Duration = Duration::from_secs(5);

/// Drops that lie closer together are told of as one.
const TOGETHER: Duration = Duration::from_mins(10);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Dropped {
    at_ms: i64,
    records: u64,
}

impl Control {
    /// Notes what `recorder` had to drop, once the database takes anything again.
    pub async fn run_dropped(self, recorder: Recorder, shutdown: CancellationToken) {
        let mut waiting = 0;
        loop {
            waiting += recorder.take_lost();
            if waiting > 0 {
                match self.note_dropped(waiting).await {
                    Ok(()) => waiting = 0,
                    Err(error) => tracing::debug!(error = chain(&error), "dropped records are not noted yet"),
                }
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    pub(super) async fn dropped_records(&self, window: Duration) -> Result<Found, StorageError> {
        let stored = settings::get(self.database().reader(), PLACE).await?;
        let known = read(stored.as_deref());
        let is_recent =
            known.records > 0 && Timestamp::from_millis(known.at_ms) >= before(self.now(), window);
        let finding = Finding::RecordsDropped { records: known.records };
        Ok(is_recent.then(|| (GATEWAY.to_owned(), finding)).into_iter().collect())
    }

    async fn note_dropped(&self, records: u64) -> Result<(), StorageError> {
        let transaction = self.database().write().await?;
        let known = read(settings::get(&transaction, PLACE).await?.as_deref());
        let now = self.now();
        let goes_on = now.since(Timestamp::from_millis(known.at_ms)) < TOGETHER;
        let records = if goes_on { known.records + records } else { records };
        let text = serde_json::json!(Dropped { at_ms: now.as_millis(), records }).to_string();
        settings::set(&transaction, PLACE, text.as_bytes()).await?;
        Ok(transaction.commit().await?)
    }
}

/// Nothing where nothing was noted, or something that only a newer version knows.
fn read(stored: Option<&[u8]>) -> Dropped {
    stored.and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default()
}
