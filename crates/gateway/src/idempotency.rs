//! Answering a repeated request with the first one's answer, whichever process gave it.

mod wire;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use parking_lot::{Mutex, RwLock};
use roundhouse_domain::ErrorKind;
use roundhouse_domain::spec::IdempotencySpec;
use tokio::sync::watch;

use self::wire::Known;
use crate::access::AccessKey;
use crate::answer::{AnswerBody, CutOff};
use crate::call::Call;
use crate::error::CallError;
use crate::hash::LookupHasher;
use crate::shared::{Claim, Shared, Space};

/// Between two looks for the answer of another process.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Keys longer than this are refused.
const KEY_BYTES: usize = 255;

/// Answers by access key and `Idempotency-Key`.
#[derive(Debug, Default)]
pub struct Idempotency(RwLock<Option<Kept>>);

#[derive(Clone, Debug)]
struct Kept {
    spec: IdempotencySpec,
    entries: moka::sync::Cache<(Arc<str>, Box<str>), Arc<Entry>>,
}

#[derive(Debug)]
struct Entry {
    body: [u8; 32],
    state: watch::Sender<State>,
    stored_bytes: Mutex<u32>,
}

#[derive(Clone, Debug)]
enum State {
    Underway,
    Done(StatusCode, HeaderMap, Bytes),
    Failed,
}

/// What a request's `Idempotency-Key` leads to.
pub(crate) enum Admission {
    /// It has none.
    Unasked,
    /// It is the first of its kind.
    First(Recorder),
    /// It was answered before.
    Replayed(Response<Bytes>),
    /// It cannot be served.
    Refused(CallError),
}

impl Idempotency {
    /// Takes up settings; answers are kept over a change that does not concern them.
    pub(crate) fn configure(&self, spec: &IdempotencySpec) {
        let mut kept = self.0.write();
        if kept.as_ref().is_some_and(|kept| kept.spec == *spec) {
            return;
        }
        *kept = (!spec.ttl.0.is_zero()).then(|| {
            let weigh = |key: &(Arc<str>, Box<str>), entry: &Arc<Entry>| {
                let own = u32::try_from(key.1.len() + 256).unwrap_or(u32::MAX);
                entry.stored_bytes.lock().saturating_add(own)
            };
            let entries = moka::sync::Cache::builder()
                .weigher(weigh)
                .max_capacity(spec.max_bytes)
                .time_to_live(spec.ttl.0)
                .build();
            Kept { spec: spec.clone(), entries }
        });
    }

    /// Looks a request up: waits for the first of its kind while that is under way, here or in another process.
    pub(crate) async fn admit(
        &self,
        hasher: &LookupHasher,
        shared: Option<&Arc<dyn Shared>>,
        caller: &AccessKey,
        call: &Call,
    ) -> Admission {
        let Some(value) = call.headers.get("idempotency-key") else { return Admission::Unasked };
        let Some(kept) = self.0.read().clone() else { return Admission::Unasked };
        let key = match value.to_str() {
            Ok(key) if !key.is_empty() && key.len() <= KEY_BYTES => key,
            _ => {
                let message = format!("Idempotency-Key must be 1 to {KEY_BYTES} visible ASCII characters");
                return Admission::Refused(CallError::new(
                    ErrorKind::Invalid,
                    "invalid_idempotency_key",
                    message,
                ));
            }
        };
        let place = (caller.name.clone(), Box::from(key));
        let body = hasher.body(&[format!("{:?}\0", call.ask).as_bytes(), &call.body].concat());
        let end = tokio::time::Instant::now() + kept.spec.wait.0;
        loop {
            let fresh = || {
                Arc::new(Entry {
                    body,
                    state: watch::Sender::new(State::Underway),
                    stored_bytes: Mutex::new(0),
                })
            };
            let found = kept.entries.entry(place.clone()).or_insert_with(fresh);
            let (is_fresh, entry) = (found.is_fresh(), found.into_value());
            if is_fresh {
                let recorder = Recorder::new(kept, place, entry);
                return match shared {
                    None => Admission::First(recorder),
                    Some(shared) => everywhere(recorder, hasher, shared, body, end).await,
                };
            }
            if entry.body != body {
                return Admission::Refused(reused());
            }
            match wait(&entry, end).await {
                Some(State::Done(status, headers, bytes)) => {
                    return Admission::Replayed(replay(status, headers, bytes));
                }
                // The first one failed: this one takes its place.
                Some(_) => {}
                None => return Admission::Refused(in_use()),
            }
        }
    }
}

/// Looks for the request among those of all processes. Out of reach, each process is on its own.
async fn everywhere(
    mut recorder: Recorder,
    hasher: &LookupHasher,
    shared: &Arc<dyn Shared>,
    body: [u8; 32],
    end: tokio::time::Instant,
) -> Admission {
    let (access_key, key) = &recorder.place;
    let name = hasher.parts(&[access_key.as_bytes(), key.as_bytes()]);
    loop {
        let claim = wire::underway(body, fastrand::u128(..));
        let theirs = match shared.claim(Space::Repeats, &name, claim).await {
            Claim::Unknown => return Admission::First(recorder),
            Claim::Ours => {
                recorder.shared = Some((shared.clone(), name));
                return Admission::First(recorder);
            }
            Claim::Theirs(theirs) => wire::read(&theirs),
        };
        match theirs {
            Some(Known::Underway(other) | Known::Done(other, ..)) if other != body => {
                return Admission::Refused(reused());
            }
            Some(Known::Done(_, status, headers, bytes)) => {
                recorder.keep(status, headers.clone(), bytes.clone());
                return Admission::Replayed(replay(status, headers, bytes));
            }
            Some(Known::Underway(_)) if tokio::time::Instant::now() >= end => {
                return Admission::Refused(in_use());
            }
            Some(Known::Underway(_)) => tokio::time::sleep(LOOK_AGAIN).await,
            // Another version wrote it: this one serves as if it were alone.
            None => return Admission::First(recorder),
        }
    }
}

fn reused() -> CallError {
    let message = "this Idempotency-Key was used for another request; use a new key for a new request";
    CallError::new(ErrorKind::Conflict, "idempotency_key_reused", message)
}

fn in_use() -> CallError {
    let message = "the first request with this Idempotency-Key is still under way; try again later";
    let error = CallError::new(ErrorKind::Conflict, "idempotency_key_in_use", message);
    error.after(Some(Duration::from_secs(5)))
}

async fn wait(entry: &Entry, end: tokio::time::Instant) -> Option<State> {
    let mut state = entry.state.subscribe();
    let settled = state.wait_for(|state| !matches!(state, State::Underway));
    match tokio::time::timeout_at(end, settled).await {
        Ok(Ok(state)) => Some(state.clone()),
        Ok(Err(_)) => Some(State::Failed),
        Err(_) => None,
    }
}

fn replay(status: StatusCode, headers: HeaderMap, bytes: Bytes) -> Response<Bytes> {
    let mut response = Response::new(bytes);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.headers_mut().insert("x-roundhouse-idempotent-replay", http::HeaderValue::from_static("true"));
    response
}

/// Writes an answer down as it passes. An answer that is not written down to its end frees the key.
#[derive(Debug)]
pub struct Recorder {
    kept: Kept,
    place: (Arc<str>, Box<str>),
    entry: Arc<Entry>,
    head: Option<(StatusCode, HeaderMap)>,
    bytes: Vec<u8>,
    ended: bool,
    /// Where all processes see it, and its name there.
    shared: Option<(Arc<dyn Shared>, [u8; 32])>,
}

impl Recorder {
    fn new(kept: Kept, place: (Arc<str>, Box<str>), entry: Arc<Entry>) -> Self {
        Self { kept, place, entry, head: None, bytes: Vec::new(), ended: false, shared: None }
    }

    /// Takes up the answer; only a success is kept.
    pub(crate) fn attach(mut self, response: Response<AnswerBody>) -> Response<AnswerBody> {
        if !response.status().is_success() {
            return response;
        }
        self.head = Some((response.status(), response.headers().clone()));
        response.map(|body| body.recorded(self))
    }

    /// Notes the next piece, or the end.
    pub(crate) fn note(&mut self, item: Option<&Result<Bytes, CutOff>>) {
        match item {
            Some(Ok(piece)) if (self.bytes.len() + piece.len()) as u64 <= self.kept.spec.max_answer_bytes => {
                self.bytes.extend_from_slice(piece);
            }
            Some(_) => self.head = None,
            None => self.end(),
        }
    }

    fn end(&mut self) {
        if let Some((status, headers)) = self.head.take() {
            let bytes = Bytes::from(std::mem::take(&mut self.bytes));
            if let Some((shared, name)) = self.shared.take() {
                let value = wire::done(self.entry.body, status, &headers, &bytes);
                shared.write(Space::Repeats, &name, value, self.kept.spec.ttl.0);
            }
            self.keep(status, headers, bytes);
        }
    }

    fn keep(&mut self, status: StatusCode, headers: HeaderMap, bytes: Bytes) {
        self.ended = true;
        *self.entry.stored_bytes.lock() = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.entry.state.send_replace(State::Done(status, headers, bytes));
        // Inserted again, so that the cache weighs it anew.
        self.kept.entries.insert(self.place.clone(), self.entry.clone());
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        if !self.ended {
            self.kept.entries.invalidate(&self.place);
            self.entry.state.send_replace(State::Failed);
            if let Some((shared, name)) = self.shared.take() {
                shared.release(Space::Repeats, &name);
            }
        }
    }
}
