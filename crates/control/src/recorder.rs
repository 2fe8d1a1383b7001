//! Writes down what the data plane reports, behind the requests: in batches, bounded, and retried while the database is away.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use metrics::{Counter, Gauge, counter, gauge};
use parking_lot::Mutex;
use roundhouse_domain::error::chain;
use roundhouse_domain::{Charge, KeyHash, KeyStateRecord, Outcome, RequestRecord};
use roundhouse_gateway::sink::Sink;
use roundhouse_storage::{Database, StorageError, provider_key_states, requests};
use tokio::sync::Notify;

use crate::spending::Spending;

/// Records written in one transaction.
const BATCH: usize = 2_000;

/// Longest pause between two tries while the database does not take records.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Takes the data plane's reports; clones are the same one.
#[derive(Clone)]
pub struct Recorder(Arc<Inner>);

struct Inner {
    requests: Mutex<VecDeque<RequestRecord>>,
    /// Only the newest state of a key counts, so this is bounded by the number of keys.
    key_states: Mutex<HashMap<(Arc<str>, KeyHash), KeyStateRecord>>,
    spending: Spending,
    most: usize,
    full: Notify,
    dropped: Counter,
    queued: Gauge,
}

impl Recorder {
    /// A recorder that holds `max_queued_records` requests at the most.
    pub fn new(max_queued_records: usize) -> Self {
        Self(Arc::new(Inner {
            requests: Mutex::default(),
            key_states: Mutex::default(),
            spending: Spending::default(),
            most: max_queued_records.max(1),
            full: Notify::new(),
            dropped: counter!("roundhouse_request_records_dropped_total"),
            queued: gauge!("roundhouse_request_records_queued"),
        }))
    }

    /// Writes to `database` every `interval`, sooner when much has come; ends when `shutdown` is done and all is written.
    pub async fn run(self, database: Database, interval: Duration, shutdown: impl Future<Output = ()>) {
        tokio::pin!(shutdown);
        let mut pause = interval;
        loop {
            let stopping = tokio::select! {
                () = &mut shutdown => true,
                () = tokio::time::sleep(pause) => false,
                () = self.0.full.notified(), if pause == interval => false,
            };
            match self.flush(&database).await {
                Ok(()) => pause = interval,
                Err(error) => {
                    tracing::error!(error = chain(&error), "cannot write to the database; records wait");
                    pause = (pause * 2).min(LONGEST_PAUSE);
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
    /// When the database does not take it; what was not written waits on.
    pub async fn flush(&self, database: &Database) -> Result<(), StorageError> {
        self.flush_key_states(database).await?;
        self.0.spending.flush(database).await?;
        loop {
            let batch: Vec<_> = {
                let mut requests = self.0.requests.lock();
                let count = requests.len().min(BATCH);
                requests.drain(..count).collect()
            };
            if batch.is_empty() {
                self.0.queued.set(0.0);
                return Ok(());
            }
            if let Err(error) = requests::insert_batch(database, &batch).await {
                self.put_back(batch);
                return Err(error);
            }
        }
    }

    async fn flush_key_states(&self, database: &Database) -> Result<(), StorageError> {
        let states = std::mem::take(&mut *self.0.key_states.lock());
        if states.is_empty() {
            return Ok(());
        }
        let states: Vec<_> = states.into_values().collect();
        let written = async {
            let transaction = database.write().await?;
            provider_key_states::upsert_batch(&transaction, &states).await?;
            Ok(transaction.commit().await?)
        };
        written.await.inspect_err(|_: &StorageError| {
            let mut waiting = self.0.key_states.lock();
            for state in states {
                waiting.entry((state.provider.clone(), state.key_hash)).or_insert(state);
            }
        })
    }

    fn put_back(&self, batch: Vec<RequestRecord>) {
        let mut requests = self.0.requests.lock();
        for record in batch.into_iter().rev() {
            requests.push_front(record);
        }
        self.shorten(&mut requests);
    }

    fn shorten(&self, requests: &mut VecDeque<RequestRecord>) {
        let excess = requests.len().saturating_sub(self.0.most);
        if excess > 0 {
            requests.drain(..excess);
            self.0.dropped.increment(excess as u64);
        }
    }
}

impl Sink for Recorder {
    fn request_ended(&self, record: RequestRecord) {
        log(&record);
        let mut requests = self.0.requests.lock();
        requests.push_back(record);
        self.shorten(&mut requests);
        #[allow(clippy::cast_precision_loss, reason = "a gauge is a float")]
        self.0.queued.set(requests.len() as f64);
        if requests.len() == BATCH {
            self.0.full.notify_one();
        }
    }

    fn key_changed(&self, record: KeyStateRecord) {
        self.0.key_states.lock().insert((record.provider.clone(), record.key_hash), record);
    }

    fn charged(&self, charge: Charge) {
        self.0.spending.note(&charge);
    }
}

fn log(record: &RequestRecord) {
    let last = record.attempts.last();
    let provider = last.map_or("", |attempt| &attempt.provider);
    let error = record.error.as_deref().unwrap_or_default();
    macro_rules! event {
        ($level:ident) => {
            tracing::$level!(
                request_id = %record.id,
                access_key = %record.access_key,
                operation = %record.operation,
                model = %record.model,
                provider,
                attempts = record.attempts.len(),
                status = record.status,
                outcome = record.outcome.as_str(),
                input_tokens = record.usage.input,
                output_tokens = record.usage.output,
                first_byte_ms = record.first_byte_ms,
                duration_ms = record.duration_ms,
                error,
                "request"
            )
        };
    }
    match record.outcome {
        Outcome::Failed | Outcome::Broken => event!(warn),
        _ => event!(info),
    }
}
