//! Requests under way that others like them wait for.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::Instant;

use super::Key;
use super::entry::Kept;

/// All requests under way that others may wait for; bounded by the number of open calls.
#[derive(Debug, Default)]
pub(crate) struct Flights(Mutex<HashMap<Key, watch::Sender<Option<Landing>>>>);

/// What a request came to.
#[derive(Clone, Debug)]
pub(crate) enum Landing {
    /// An answer that is everybody's.
    Answered(Arc<Kept>),
    /// An answer that is only for who asked: everybody else asks for themselves.
    Unkept,
    /// Nothing: it failed, or its caller went away.
    Failed,
}

/// What a request does.
pub(crate) enum Joined {
    /// It goes ahead.
    Leading(Leading),
    /// It waits for another.
    Following(Following),
}

/// A request that others may wait for. Dropped, it came to nothing.
#[derive(Debug)]
pub(crate) struct Leading {
    flights: Arc<Flights>,
    key: Key,
    is_landed: bool,
}

/// A request that waits for another.
#[derive(Debug)]
pub(crate) struct Following(watch::Receiver<Option<Landing>>);

impl Flights {
    /// Goes ahead where no other is under way, else follows that.
    pub(super) fn join(flights: &Arc<Self>, key: Key) -> Joined {
        let mut open = flights.0.lock();
        if let Some(sender) = open.get(&key) {
            return Joined::Following(Following(sender.subscribe()));
        }
        open.insert(key, watch::Sender::new(None));
        drop(open);
        Joined::Leading(Leading { flights: flights.clone(), key, is_landed: false })
    }
}

impl Leading {
    /// Tells those who wait what it came to.
    pub(super) fn land(&mut self, landing: Landing) {
        self.is_landed = true;
        if let Some(sender) = self.flights.0.lock().remove(&self.key) {
            sender.send_replace(Some(landing));
        }
    }
}

impl Drop for Leading {
    fn drop(&mut self) {
        if !self.is_landed {
            self.land(Landing::Failed);
        }
    }
}

impl Following {
    /// What the other came to; none when it takes too long.
    ///
    /// # Cancel safety
    /// Dropped, nobody is missed.
    pub(super) async fn wait(mut self, end: Instant) -> Option<Landing> {
        let landed = self.0.wait_for(Option::is_some);
        match tokio::time::timeout_at(end, landed).await {
            Ok(Ok(landing)) => landing.clone(),
            Ok(Err(_)) => Some(Landing::Failed),
            Err(_) => None,
        }
    }
}
