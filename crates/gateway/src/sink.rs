//! Where the data plane reports what happened.

use std::sync::Arc;

use roundhouse_domain::{Charge, KeyHash, KeyStateRecord, RequestRecord};

/// Takes reports. Calls come from the request path: they must not wait.
pub trait Sink: Send + Sync {
    /// A client call ended.
    fn request_ended(&self, record: RequestRecord);

    /// A provider key's state changed.
    fn key_changed(&self, record: KeyStateRecord);

    /// A call was counted for those who have limits to keep.
    fn charged(&self, charge: Charge);
}

/// A provider key to be looked at soon: its provider refused it, which one probe is to confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// Whose key.
    pub provider: Arc<str>,
    /// Which key.
    pub key: KeyHash,
}
