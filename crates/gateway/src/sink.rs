//! Where the data plane reports what happened.

use std::sync::Arc;

use roundhouse_domain::{Charge, KeyHash, KeyStateRecord, RequestId, RequestRecord, Timestamp};

/// Takes reports. Calls come from the request path: they must not wait.
pub trait Sink: Send + Sync {
    /// A client call ended.
    fn request_ended(&self, record: RequestRecord);

    /// A provider key's state changed.
    fn key_changed(&self, record: KeyStateRecord);

    /// A call was counted for those who have limits to keep.
    fn charged(&self, charge: Charge);

    /// Bodies of a call were captured.
    fn captured(&self, bodies: Captured);
}

/// The bodies of a call, each with whether it was cut; as they came, with whatever is in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// Whose they are.
    pub id: RequestId,
    /// When the call ended.
    pub at: Timestamp,
    /// What the caller sent.
    pub request: Option<(Vec<u8>, bool)>,
    /// What the caller got.
    pub response: Option<(Vec<u8>, bool)>,
}

impl Captured {
    /// Bytes of both.
    pub fn len(&self) -> u64 {
        let bodies = [&self.request, &self.response].into_iter().flatten();
        bodies.map(|(bytes, _)| bytes.len() as u64).sum()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A provider key to be looked at soon: its provider refused it, which one probe is to confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// Whose key.
    pub provider: Arc<str>,
    /// Which key.
    pub key: KeyHash,
}
