//! The writing side: from memory into the database, and over the disk while that is away.

use std::time::Duration;

use metrics::{Gauge, gauge};
use roundhouse_domain::error::chain;
use roundhouse_domain::{ErrorKind, RequestRecord};
use roundhouse_storage::{Database, StorageError, provider_key_states, request_bodies, requests};
use tokio::task::JoinHandle;

use super::spool::Spool;
use super::{BATCH, Recorder};
use crate::capture::{self, Redactor};

/// Longest pause between two tries while the database does not take records.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How long the database may take for one batch before it counts as away.
const PATIENCE: Duration = Duration::from_secs(5);

/// Writes what a [`Recorder`] took.
pub struct Writer {
    pub(super) recorder: Recorder,
    pub(super) database: Database,
    pub(super) redactor: Redactor,
    /// The writing of what holders of limits use. It adds, so that it is never cut short and tried again.
    spending: Option<JoinHandle<Result<(), StorageError>>>,
    spool: Option<Spool>,
    spooled: Gauge,
}

/// Why not all could be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The database does not take it.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The database does not answer.
    #[error("the database did not take a batch of records in time")]
    Late,
}

impl Writer {
    /// A writer of what `recorder` takes, and of what a process before left on disk.
    pub fn new(recorder: Recorder, database: Database, redactor: Redactor) -> Self {
        let spool = recorder.0.bounds.spool.as_ref().filter(|(_, most)| *most > 0);
        let spool = spool.and_then(|(path, most)| {
            let opened = Spool::open(path, *most);
            opened
                .inspect_err(
                    |error| tracing::error!(%error, file = %path.display(), "records cannot be kept on disk"),
                )
                .ok()
        });
        let spooled = gauge!("roundhouse_request_records_spooled_bytes");
        Self { recorder, database, redactor, spending: None, spool, spooled }
    }

    /// Writes every `interval`, sooner when much has come; ends when `shutdown` is done and all is written, or on disk.
    pub async fn run(mut self, interval: Duration, shutdown: impl Future<Output = ()>) {
        tokio::pin!(shutdown);
        let mut pause = interval;
        loop {
            let stopping = tokio::select! {
                () = &mut shutdown => true,
                () = tokio::time::sleep(interval) => false,
                () = self.recorder.0.full.notified() => false,
            };
            // While the database is away, what comes goes to disk as often as it would be written; the database is asked less often.
            pause = pause.saturating_sub(interval);
            if !pause.is_zero() && !stopping {
                self.spool_queue();
                continue;
            }
            match self.flush().await {
                Ok(()) => pause = Duration::ZERO,
                Err(error) => {
                    tracing::error!(error = chain(&error), "cannot write to the database; records wait");
                    pause = (pause * 2).clamp(interval * 2, LONGEST_PAUSE);
                }
            }
            if stopping {
                return;
            }
        }
    }

    /// Writes all that waits.
    ///
    /// # Errors
    /// When the database does not take it; what was not written waits on, on disk as far as there is room.
    pub async fn flush(&mut self) -> Result<(), WriteError> {
        let written = self.write_all().await;
        if written.is_err() {
            self.spool_queue();
        }
        written
    }

    async fn write_all(&mut self) -> Result<(), WriteError> {
        in_time(self.flush_key_states()).await?;
        self.flush_spending().await?;
        loop {
            let more = self.deliver_spooled().await?;
            let batch = self.recorder.take_requests();
            if batch.is_empty() && !more {
                break;
            }
            if let Err(error) = self.insert(&batch).await {
                self.recorder.put_back(batch.into_iter());
                return Err(error);
            }
        }
        self.flush_bodies().await
    }

    async fn insert(&self, batch: &[RequestRecord]) -> Result<(), WriteError> {
        if batch.is_empty() {
            return Ok(());
        }
        match in_time(async { Ok(requests::insert_batch(&self.database, batch).await.map(drop)?) }).await {
            // What one record has that cannot be written must not keep all others from it.
            Err(WriteError::Storage(error)) if error.kind() == ErrorKind::Internal => {
                self.insert_apart(batch, error).await
            }
            result => result,
        }
    }

    async fn insert_apart(&self, batch: &[RequestRecord], error: StorageError) -> Result<(), WriteError> {
        if let [record] = batch {
            tracing::error!(error = chain(&error), request_id = %record.id, "a record cannot be written and is left out");
            self.recorder.0.dropped.increment(1);
            return Ok(());
        }
        let (first, second) = batch.split_at(batch.len() / 2);
        Box::pin(self.insert(first)).await?;
        Box::pin(self.insert(second)).await
    }

    /// Delivers a batch from disk; tells whether there is more.
    async fn deliver_spooled(&mut self) -> Result<bool, WriteError> {
        let Some(spool) = self.spool.as_mut().filter(|spool| !spool.is_empty()) else { return Ok(false) };
        let batch = match spool.next(BATCH) {
            Ok(batch) => batch,
            Err(error) => {
                tracing::error!(%error, "records on disk cannot be read");
                self.spool = None;
                return Ok(false);
            }
        };
        self.insert(&batch.records).await?;
        self.recorder.0.dropped.increment(batch.unreadable);
        let Some(spool) = &mut self.spool else { return Ok(false) };
        if let Err(error) = spool.delivered(&batch) {
            tracing::error!(%error, "records on disk cannot be removed; they are delivered again, and count once");
        }
        let is_empty = spool.is_empty();
        self.show_spooled();
        Ok(!is_empty)
    }

    /// Moves what waits in memory to disk, as far as there is room.
    fn spool_queue(&mut self) {
        let Some(spool) = &mut self.spool else { return };
        loop {
            let batch = self.recorder.take_requests();
            if batch.is_empty() {
                break;
            }
            let count = spool.append(&batch).unwrap_or_else(|error| {
                tracing::error!(%error, "records cannot be kept on disk");
                0
            });
            let is_full = count < batch.len();
            self.recorder.put_back(batch.into_iter().skip(count));
            if is_full {
                break;
            }
        }
        self.show_spooled();
    }

    #[allow(clippy::cast_precision_loss, reason = "a gauge is a float")]
    fn show_spooled(&self) {
        self.spooled.set(self.spool.as_ref().map_or(0, Spool::size) as f64);
    }

    async fn flush_spending(&mut self) -> Result<(), WriteError> {
        let (recorder, database) = (self.recorder.clone(), self.database.clone());
        let begin = || tokio::spawn(async move { recorder.0.spending.flush(&database).await });
        let task = self.spending.get_or_insert_with(begin);
        let Ok(ended) = tokio::time::timeout(PATIENCE, task).await else { return Err(WriteError::Late) };
        self.spending = None;
        // It was not cancelled, and a panic was reported where it happened.
        Ok(ended.unwrap_or(Ok(()))?)
    }

    /// Writes captured bodies. Those that the database does not take are lost: they are large, and not the ledger.
    async fn flush_bodies(&self) -> Result<(), WriteError> {
        loop {
            let bodies = capture::prepare(&self.recorder, &self.redactor).await;
            if bodies.is_empty() {
                return Ok(());
            }
            in_time(async {
                let transaction = self.database.write().await?;
                for body in &bodies {
                    request_bodies::insert(&transaction, body).await?;
                }
                Ok(transaction.commit().await.map_err(StorageError::from)?)
            })
            .await?;
        }
    }

    async fn flush_key_states(&self) -> Result<(), WriteError> {
        let states = std::mem::take(&mut *self.recorder.0.key_states.lock());
        if states.is_empty() {
            return Ok(());
        }
        let waiting = Waiting { recorder: &self.recorder, states: states.into_values().collect() };
        let transaction = self.database.write().await?;
        provider_key_states::upsert_batch(&transaction, &waiting.states).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        waiting.written();
        Ok(())
    }
}

/// Key states that go back into the queue unless they are written, also when nobody waits for that any more.
struct Waiting<'a> {
    recorder: &'a Recorder,
    states: Vec<roundhouse_domain::KeyStateRecord>,
}

impl Waiting<'_> {
    fn written(mut self) {
        self.states.clear();
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut waiting = self.recorder.0.key_states.lock();
        for state in self.states.drain(..) {
            waiting.entry((state.provider.clone(), state.key_hash)).or_insert(state);
        }
    }
}

pub(super) async fn in_time<T>(work: impl Future<Output = Result<T, WriteError>>) -> Result<T, WriteError> {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or(Err(WriteError::Late))
}
