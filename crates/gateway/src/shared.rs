//! What several processes share, as the data plane sees it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;

/// A value that is being looked for.
pub type Looking<'a, T> = Pin<Box<dyn Future<Output = T> + Send + Sync + 'a>>;

/// What a shared value is for; values of different spaces never meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Answers of the response cache.
    Answers,
    /// Requests that may be repeated, and their answers.
    Repeats,
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nobody else has it.
    Ours,
    /// This is there already.
    Theirs(Bytes),
    /// The store is out of reach.
    Unknown,
}

/// Values that all processes see. Each look has a time limit of its own, and finds nothing where the store is out of reach.
pub trait Shared: Send + Sync + fmt::Debug {
    /// Looks for a value.
    fn read<'a>(&'a self, space: Space, key: &'a [u8]) -> Looking<'a, Option<Bytes>>;

    /// Hands a value over to be written soon; never waits, and loses the value where too many wait already.
    fn write(&self, space: Space, key: &[u8], value: Bytes, ttl: Duration);

    /// Puts `value` where nothing is, and keeps it there until it is written over or released, or this process is gone.
    fn claim<'a>(&'a self, space: Space, key: &'a [u8], value: Bytes) -> Looking<'a, Claim>;

    /// Takes back what was claimed.
    fn release(&self, space: Space, key: &[u8]);
}
