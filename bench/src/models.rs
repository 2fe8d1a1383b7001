//! The models that the mock serves and Roundhouse knows under another name, so that it has a name to rewrite.

use std::fmt;

/// A model of the mock, by how it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Model {
    /// One whole answer.
    Whole,
    /// So many events, so many milliseconds apart.
    Stream(u32, u32),
}

/// 200 events as fast as they are taken.
pub(crate) const FAST_STREAM: Model = Model::Stream(200, 0);
/// 20 events a second for 30 seconds.
pub(crate) const BRISK_STREAM: Model = Model::Stream(600, 50);
/// An event a second for ten minutes.
pub(crate) const SLOW_STREAM: Model = Model::Stream(600, 1_000);
/// All that are used.
pub(crate) const ALL: [Model; 4] = [Model::Whole, FAST_STREAM, BRISK_STREAM, SLOW_STREAM];

impl Model {
    /// Its name at the mock.
    pub(crate) fn upstream(self) -> String {
        format!("mock{self}")
    }

    /// Its name for callers.
    pub(crate) fn public(self) -> String {
        format!("gpt-bench{self}")
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Stream(events, interval_ms) => write!(f, "-stream-{events}x{interval_ms}"),
        }
    }
}
