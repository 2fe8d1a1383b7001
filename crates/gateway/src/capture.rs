//! Bodies of calls, kept while they pass: as many bytes as may be, never more.

use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use roundhouse_domain::RequestId;
use roundhouse_domain::spec::CaptureSpec;

use crate::call::Call;
use crate::gateway::Gateway;
use crate::settlement::Settlement;
use crate::sink::Captured;

/// What is wanted of a call: known only when somebody answers it.
pub(crate) type Wanted = Arc<Mutex<CaptureSpec>>;

/// Keeps the bodies of one call, and hands them on when it is dropped, however the call ends.
pub(crate) struct Tap {
    gateway: Gateway,
    id: RequestId,
    wanted: Wanted,
    request: Bytes,
    response: Vec<u8>,
    is_cut: bool,
    most: usize,
}

impl Tap {
    /// A tap for a call, where anything may be wanted of it.
    pub(crate) fn new(settlement: &mut Settlement, call: &Call) -> Option<Box<Self>> {
        let gateway = settlement.gateway().clone();
        let own = settlement.caller().capture;
        let snapshot = gateway.snapshot_full();
        if !own.is_on() && !snapshot.captures {
            return None;
        }
        let providers = snapshot.providers.values().map(|provider| provider.capture);
        let most = providers.chain([own]).filter(CaptureSpec::is_on).map(|spec| spec.max_bytes).max()?;
        let wanted = Wanted::new(Mutex::new(own));
        settlement.tapped(wanted.clone());
        Some(Box::new(Self {
            id: settlement.id(),
            gateway,
            wanted,
            request: call.body.clone(),
            response: Vec::new(),
            is_cut: false,
            most: most as usize,
        }))
    }

    /// Takes a piece of what the caller gets.
    pub(crate) fn note(&mut self, piece: &[u8]) {
        let room = self.most - self.response.len();
        self.is_cut |= piece.len() > room;
        self.response.extend_from_slice(&piece[..piece.len().min(room)]);
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        let wanted = *self.wanted.lock();
        if !wanted.is_on() {
            return;
        }
        let most = wanted.max_bytes as usize;
        let request = wanted.request.then(|| {
            let kept = self.request.len().min(most);
            (self.request[..kept].to_vec(), kept < self.request.len())
        });
        let response = wanted.response.then(|| {
            let mut kept = std::mem::take(&mut self.response);
            let is_cut = self.is_cut || kept.len() > most;
            kept.truncate(most);
            (kept, is_cut)
        });
        self.gateway.sink().captured(Captured { id: self.id, at: self.gateway.now(), request, response });
    }
}

impl std::fmt::Debug for Tap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tap")
    }
}
