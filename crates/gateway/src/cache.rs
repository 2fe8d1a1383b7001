//! Answers kept for the next one who asks the same.
//!
//! A request is looked up by what decides its answer ([`canonical`]), if it is of a kind that may be answered so ([`policy`]). An
//! answer is written down while it passes ([`recorder`]) and kept when it came to its end, in memory within bounds or in what all
//! processes share. Requests that are the same as one under way may wait for that one ([`flight`]).

mod canonical;
mod entry;
mod flight;
mod memory;
mod policy;
mod recorder;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response};
use metrics::{Counter, counter};
use parking_lot::RwLock;
use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::{CacheSpec, CacheStore};
use tokio::time::Instant;

pub(crate) use self::entry::Kept;
use self::flight::{Flights, Joined, Landing};
use self::memory::Memory;
pub(crate) use self::policy::{Eligible, Standing, Wish};
pub(crate) use self::recorder::Recorder;
use crate::shared::{Shared, Space};

/// Says what became of a request in the cache: `hit`, `miss` or `bypass`.
const HEADER: &str = "x-roundhouse-cache";

/// What a request is looked up by.
pub(crate) type Key = [u8; 32];

/// All answers that are kept.
pub(crate) struct Cache {
    kept: RwLock<Option<Arc<Memory>>>,
    flights: Arc<Flights>,
    /// Bytes being written down now.
    writing: Arc<AtomicU64>,
    hits: Counter,
    misses: Counter,
    bypasses: Counter,
}

/// Where one answer is kept.
#[derive(Clone)]
pub(crate) enum Place {
    Memory(Arc<Memory>),
    Shared(Arc<dyn Shared>),
}

/// What a request finds.
pub(crate) enum Admission {
    /// An answer.
    Hit(Arc<Kept>),
    /// Nothing; what it gets is written down, where there is a recorder.
    Miss(Option<Box<Recorder>>),
}

impl Default for Cache {
    fn default() -> Self {
        let count = |result: &'static str| counter!("roundhouse_cache_requests_total", "result" => result);
        Self {
            kept: RwLock::default(),
            flights: Arc::default(),
            writing: Arc::default(),
            hits: count("hit"),
            misses: count("miss"),
            bypasses: count("bypass"),
        }
    }
}

impl Cache {
    /// Takes up settings; answers are kept over a change that does not concern their room. Without any use for it there is no cache.
    pub(crate) fn configure(&self, spec: &CacheSpec, is_used: bool) {
        let mut kept = self.kept.write();
        if !is_used {
            *kept = None;
        } else if kept.as_ref().is_none_or(|memory| !memory.fits(spec)) {
            *kept = Some(Arc::new(Memory::new(spec)));
        }
    }

    /// Forgets all answers in memory.
    pub(crate) fn clear(&self) {
        if let Some(memory) = &*self.kept.read() {
            memory.clear();
        }
    }

    /// Counts a request that is not looked up.
    pub(crate) fn bypassed(&self) {
        self.bypasses.increment(1);
    }

    /// Looks a request up; waits for one like it that is under way, until `end`, where that is wanted.
    pub(crate) async fn admit(
        &self,
        eligible: &Eligible,
        shared: Option<&Arc<dyn Shared>>,
        (now, end): (Timestamp, Instant),
    ) -> Admission {
        let Some(place) = self.place(eligible.spec.store, shared) else { return Admission::Miss(None) };
        let admission = self.look(eligible, &place, (now, end)).await;
        match &admission {
            Admission::Hit(_) => self.hits.increment(1),
            Admission::Miss(_) if eligible.is_fresh_wanted => self.bypasses.increment(1),
            Admission::Miss(_) => self.misses.increment(1),
        }
        admission
    }

    async fn look(&self, eligible: &Eligible, place: &Place, (now, end): (Timestamp, Instant)) -> Admission {
        let recorder =
            |landing| Box::new(Recorder::new(eligible, place.clone(), self.writing.clone(), landing, now));
        if eligible.is_fresh_wanted {
            return Admission::Miss(Some(recorder(None)));
        }
        if !eligible.spec.single_flight {
            return match place.get(&eligible.key).await {
                Some(kept) => Admission::Hit(kept),
                None => Admission::Miss(Some(recorder(None))),
            };
        }
        loop {
            match Flights::join(&self.flights, eligible.key) {
                Joined::Leading(mut landing) => {
                    return match place.get(&eligible.key).await {
                        Some(kept) => {
                            landing.land(Landing::Answered(kept.clone()));
                            Admission::Hit(kept)
                        }
                        None => Admission::Miss(Some(recorder(Some(landing)))),
                    };
                }
                Joined::Following(following) => match following.wait(end).await {
                    Some(Landing::Answered(kept)) => return Admission::Hit(kept),
                    // It came to nothing: this one, or another that waits, takes its place.
                    Some(Landing::Failed) => {}
                    Some(Landing::Unkept) | None => return Admission::Miss(None),
                },
            }
        }
    }

    fn place(&self, store: CacheStore, shared: Option<&Arc<dyn Shared>>) -> Option<Place> {
        match (store, shared) {
            (CacheStore::Redis, Some(shared)) => Some(Place::Shared(shared.clone())),
            _ => self.kept.read().clone().map(Place::Memory),
        }
    }
}

impl Place {
    async fn get(&self, key: &Key) -> Option<Arc<Kept>> {
        match self {
            Self::Memory(memory) => memory.get(key),
            Self::Shared(shared) => {
                let bytes = shared.read(Space::Answers, key).await?;
                Kept::decode(&bytes).map(Arc::new)
            }
        }
    }

    fn put(&self, key: Key, kept: Arc<Kept>) {
        match self {
            Self::Memory(memory) => memory.put(key, kept),
            Self::Shared(shared) => shared.write(Space::Answers, &key, kept.encode(), kept.ttl),
        }
    }
}

/// A kept answer for who asks now.
pub(crate) fn replay(kept: &Kept, now: Timestamp) -> Response<Bytes> {
    let mut response = Response::new(kept.body.clone());
    *response.status_mut() = kept.status;
    let headers = response.headers_mut();
    headers.clone_from(&kept.headers);
    headers.insert("x-roundhouse-attempts", HeaderValue::from(0));
    headers.insert("x-roundhouse-cost-usd", HeaderValue::from_static("0"));
    headers.insert(http::header::AGE, HeaderValue::from(now.since(kept.at).as_secs()));
    tag(headers, "hit");
    response
}

/// Tells the caller what became of its request in the cache.
pub(crate) fn tag(headers: &mut HeaderMap, word: &'static str) {
    headers.insert(HEADER, HeaderValue::from_static(word));
}
