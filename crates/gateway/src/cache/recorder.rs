//! Writing an answer down while it passes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use roundhouse_domain::Timestamp;

use super::entry::{Kept, told};
use super::flight::{Landing, Leading};
use super::{Eligible, Key, Place};

/// Writes one answer down, within bounds. Dropped before the answer's end, it came to nothing.
pub(crate) struct Recorder {
    key: Key,
    place: Place,
    ttl: Duration,
    most: u64,
    leading: Option<Leading>,
    at: Timestamp,
    head: Option<(StatusCode, HeaderMap)>,
    bytes: Vec<u8>,
    room: Room,
}

/// Room for what is being written down, of that for all answers together.
struct Room {
    taken: u64,
    all: Arc<AtomicU64>,
    most: u64,
}

impl Recorder {
    pub(super) fn new(
        eligible: &Eligible,
        place: Place,
        writing: Arc<AtomicU64>,
        leading: Option<Leading>,
        at: Timestamp,
    ) -> Self {
        let spec = &eligible.spec;
        Self {
            key: eligible.key,
            place,
            ttl: spec.ttl.0,
            most: spec.max_answer_bytes.min(spec.max_bytes),
            leading,
            at,
            head: None,
            bytes: Vec::new(),
            room: Room { taken: 0, all: writing, most: spec.max_bytes },
        }
    }

    /// Takes up the head of an answer; gives up where it is not a success.
    pub(crate) fn begin(mut self: Box<Self>, status: StatusCode, headers: &HeaderMap) -> Option<Box<Self>> {
        if status != StatusCode::OK {
            self.give_up();
            return None;
        }
        self.head = Some((status, told(headers)));
        Some(self)
    }

    /// Notes the next piece.
    pub(crate) fn note(&mut self, piece: &[u8]) {
        if self.head.is_none() {
            return;
        }
        let bytes = (self.bytes.len() + piece.len()) as u64;
        if bytes <= self.most && self.room.take(piece.len() as u64) {
            self.bytes.extend_from_slice(piece);
        } else {
            self.give_up();
        }
    }

    /// Keeps the answer, which has come to its end.
    pub(crate) fn end(mut self: Box<Self>) {
        let Some((status, headers)) = self.head.take() else { return };
        let body = Bytes::from(std::mem::take(&mut self.bytes).into_boxed_slice());
        let kept = Arc::new(Kept { status, headers, body, at: self.at, ttl: self.ttl });
        self.place.put(self.key, kept.clone());
        if let Some(leading) = &mut self.leading {
            leading.land(Landing::Answered(kept));
        }
    }

    /// Keeps nothing: those who wait must ask for themselves.
    fn give_up(&mut self) {
        self.head = None;
        self.bytes = Vec::new();
        self.room.give_back();
        if let Some(mut leading) = self.leading.take() {
            leading.land(Landing::Unkept);
        }
    }
}

impl Room {
    fn take(&mut self, bytes: u64) -> bool {
        let before = self.all.fetch_add(bytes, Ordering::AcqRel);
        self.taken += bytes;
        before + bytes <= self.most
    }

    fn give_back(&mut self) {
        self.all.fetch_sub(self.taken, Ordering::AcqRel);
        self.taken = 0;
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.give_back();
    }
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}
