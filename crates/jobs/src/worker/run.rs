//! One run of a job, as its worker and the job itself share it.

use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::Mutex;
use roundhouse_domain::Timestamp;
use roundhouse_storage::jobs::{Claim, Progress};
use tokio_util::sync::CancellationToken;

#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) claim: Claim,
    pub(crate) kind: String,
    pub(crate) max_attempts: u32,
    pub(crate) stop: CancellationToken,
    reason: Mutex<Option<Reason>>,
    /// What is not written yet.
    progress: Mutex<Option<Progress>>,
    lease_until: AtomicI64,
}

/// Why a run is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Somebody cancelled the job.
    Cancelled,
    /// The process ends.
    Shutdown,
    /// The lease has ended: the job is somebody else's now.
    Lost,
}

impl Run {
    pub(crate) fn new(claim: Claim, kind: String, max_attempts: u32, lease_until: Timestamp) -> Self {
        Self {
            claim,
            kind,
            max_attempts,
            stop: CancellationToken::new(),
            reason: Mutex::default(),
            progress: Mutex::default(),
            lease_until: AtomicI64::new(lease_until.as_millis()),
        }
    }

    /// Asks it to stop. The first reason stays, but for a lost lease, which outdoes all.
    pub(crate) fn stop_for(&self, reason: Reason) {
        let mut held = self.reason.lock();
        if held.is_none() || reason == Reason::Lost {
            *held = Some(reason);
        }
        drop(held);
        self.stop.cancel();
    }

    pub(crate) fn reason(&self) -> Option<Reason> {
        *self.reason.lock()
    }

    pub(crate) fn set_progress(&self, progress: Progress) {
        *self.progress.lock() = Some(progress);
    }

    pub(crate) fn take_progress(&self) -> Option<Progress> {
        self.progress.lock().take()
    }

    /// Puts back what could not be written, unless there is something newer.
    pub(crate) fn return_progress(&self, progress: Progress) {
        self.progress.lock().get_or_insert(progress);
    }

    pub(crate) fn lease_until(&self) -> Timestamp {
        Timestamp::from_millis(self.lease_until.load(Ordering::Relaxed))
    }

    pub(crate) fn set_lease_until(&self, time: Timestamp) {
        self.lease_until.store(time.as_millis(), Ordering::Relaxed);
    }
}
