//! Writes down what the data plane reports, behind the requests: in batches, bounded, and on disk while the database is away.

mod log;
mod spool;
mod writer;

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use metrics::{Counter, Gauge, counter, gauge};
use parking_lot::Mutex;
use roundhouse_domain::{Charge, KeyHash, KeyStateRecord, RequestRecord};
use roundhouse_gateway::sink::{Captured, Sink};
use tokio::sync::{Notify, broadcast};

pub use self::writer::Writer;
use crate::spending::Spending;

/// Records written in one transaction.
const BATCH: usize = 2_000;

/// Records that a slow watcher may lag behind.
const WATCHED: usize = 1_024;

/// What a [`Recorder`] may take.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// Records in memory.
    pub queued_records: usize,
    /// Bytes of captured bodies in memory.
    pub waiting_body_bytes: u64,
    /// Where records go while the database is away, and how many bytes of them.
    pub spool: Option<(PathBuf, u64)>,
}

/// Takes the data plane's reports; clones are the same one.
#[derive(Clone)]
pub struct Recorder(Arc<Inner>);

struct Inner {
    requests: Mutex<VecDeque<RequestRecord>>,
    /// Only the newest state of a key counts, so this is bounded by the number of keys.
    key_states: Mutex<HashMap<(Arc<str>, KeyHash), KeyStateRecord>>,
    spending: Spending,
    bodies: Mutex<VecDeque<Captured>>,
    body_bytes: AtomicU64,
    watchers: broadcast::Sender<Arc<RequestRecord>>,
    bounds: Bounds,
    full: Notify,
    dropped: Counter,
    /// Records dropped that nobody has taken note of.
    lost: AtomicU64,
    dropped_bodies: Counter,
    queued: Gauge,
}

impl Recorder {
    /// A recorder that holds as much as `bounds` say.
    pub fn new(bounds: Bounds) -> Self {
        Self(Arc::new(Inner {
            requests: Mutex::default(),
            key_states: Mutex::default(),
            spending: Spending::default(),
            bodies: Mutex::default(),
            body_bytes: AtomicU64::new(0),
            watchers: broadcast::Sender::new(WATCHED),
            bounds,
            full: Notify::new(),
            dropped: counter!("roundhouse_request_records_dropped_total"),
            lost: AtomicU64::new(0),
            dropped_bodies: counter!("roundhouse_captured_bodies_dropped_total"),
            queued: gauge!("roundhouse_request_records_queued"),
        }))
    }

    /// Tells requests as they end, from now on.
    pub fn watch(&self) -> broadcast::Receiver<Arc<RequestRecord>> {
        self.0.watchers.subscribe()
    }

    /// How many records were dropped since it was last asked.
    pub(crate) fn take_lost(&self) -> u64 {
        self.0.lost.swap(0, Ordering::Relaxed)
    }

    fn take_requests(&self) -> Vec<RequestRecord> {
        let mut requests = self.0.requests.lock();
        let count = requests.len().min(BATCH);
        let batch = requests.drain(..count).collect();
        self.show_queued(requests.len());
        batch
    }

    /// Takes captured bodies that wait, `count` at the most.
    pub(crate) fn take_bodies(&self, count: usize) -> Vec<Captured> {
        let mut bodies = self.0.bodies.lock();
        let count = bodies.len().min(count);
        let taken: Vec<Captured> = bodies.drain(..count).collect();
        let size = taken.iter().map(Captured::len).sum();
        self.0.body_bytes.fetch_sub(size, Ordering::AcqRel);
        taken
    }

    fn put_back(&self, batch: impl DoubleEndedIterator<Item = RequestRecord>) {
        let mut requests = self.0.requests.lock();
        for record in batch.rev() {
            requests.push_front(record);
        }
        self.shorten(&mut requests);
        self.show_queued(requests.len());
    }

    fn shorten(&self, requests: &mut VecDeque<RequestRecord>) {
        let excess = requests.len().saturating_sub(self.0.bounds.queued_records.max(1));
        if excess > 0 {
            requests.drain(..excess);
            self.0.dropped.increment(excess as u64);
            self.0.lost.fetch_add(excess as u64, Ordering::Relaxed);
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "a gauge is a float")]
    fn show_queued(&self, count: usize) {
        self.0.queued.set(count as f64);
    }
}

impl Sink for Recorder {
    fn request_ended(&self, mut record: RequestRecord) {
        log::write(&record);
        tidy(&mut record);
        if self.0.watchers.receiver_count() > 0 {
            // Nobody listens any more: that is their affair.
            let _ = self.0.watchers.send(Arc::new(record.clone()));
        }
        let mut requests = self.0.requests.lock();
        requests.push_back(record);
        self.shorten(&mut requests);
        self.show_queued(requests.len());
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

    fn captured(&self, bodies: Captured) {
        let size = bodies.len();
        let waiting = self.0.body_bytes.fetch_add(size, Ordering::AcqRel);
        if waiting + size > self.0.bounds.waiting_body_bytes {
            self.0.body_bytes.fetch_sub(size, Ordering::AcqRel);
            self.0.dropped_bodies.increment(1);
            return;
        }
        self.0.bodies.lock().push_back(bodies);
    }
}

/// Takes out what PostgreSQL's texts cannot hold (its manual, section 8.3): zero characters, which callers and providers may send.
fn tidy(record: &mut RequestRecord) {
    let clean = |text: &mut Arc<str>| {
        if text.contains('\0') {
            *text = text.replace('\0', "\u{fffd}").into();
        }
    };
    let RequestRecord { model, error, session, tags, attempts, .. } = record;
    let attempts = attempts.iter_mut().flat_map(|attempt| [Some(&mut attempt.model), attempt.error.as_mut()]);
    [Some(model), error.as_mut(), session.as_mut()]
        .into_iter()
        .chain(attempts)
        .flatten()
        .chain(tags)
        .for_each(clean);
}

#[cfg(test)]
mod tests {
    use roundhouse_domain::{RequestId, Timestamp};

    use super::*;

    fn record(model: &str) -> RequestRecord {
        RequestRecord {
            model: model.into(),
            ..RequestRecord::new(RequestId(uuid::Uuid::nil()), Timestamp::default())
        }
    }

    fn recorder(queued_records: usize, waiting_body_bytes: u64) -> Recorder {
        Recorder::new(Bounds { queued_records, waiting_body_bytes, spool: None })
    }

    #[test]
    fn the_oldest_records_make_room_for_new_ones() {
        let recorder = recorder(2, 0);
        for model in ["a", "b", "c"] {
            recorder.request_ended(record(model));
        }
        let kept: Vec<_> =
            recorder.take_requests().into_iter().map(|record| record.model.to_string()).collect();
        assert_eq!(kept, ["b", "c"]);
    }

    #[test]
    fn watchers_see_records_without_zero_characters() {
        let recorder = recorder(2, 0);
        let mut watching = recorder.watch();
        recorder.request_ended(record("a\0b"));
        assert_eq!(&*watching.try_recv().unwrap().model, "a\u{fffd}b");
    }

    #[test]
    fn no_more_bodies_wait_than_there_is_room_for() {
        let recorder = recorder(2, 10);
        let body = |size: usize| Captured {
            id: RequestId(uuid::Uuid::nil()),
            at: Timestamp::default(),
            request: Some((vec![0; size], false)),
            response: None,
        };
        recorder.captured(body(6));
        recorder.captured(body(6));
        recorder.captured(body(4));
        assert_eq!(recorder.0.bodies.lock().len(), 2);
    }
}
