//! Many streams at the same time, read as they come.

mod run;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hdrhistogram::Histogram;

use self::run::Run;
use crate::mock::Mock;
use crate::watch::{Used, Watch};

/// A load of streams.
#[derive(Clone, Debug)]
pub(crate) struct StreamLoad {
    /// Who is loaded.
    pub(crate) target: SocketAddr,
    /// The request as bytes.
    pub(crate) request: Vec<u8>,
    /// Streams at the same time.
    pub(crate) streams: usize,
    /// Whether a stream that has ended begins again.
    pub(crate) repeat: bool,
    /// Time between the last stream's first event and the window.
    pub(crate) warm_up: Duration,
    /// Time that is measured.
    pub(crate) window: Duration,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct StreamReport {
    /// Streams open at the end of the window.
    pub(crate) open: usize,
    /// Events read within the window.
    pub(crate) events: u64,
    /// Other answers, and streams that broke.
    pub(crate) errors: u64,
    /// The first of them.
    pub(crate) first_error: Option<String>,
    /// The window's real length.
    pub(crate) seconds: f64,
    /// Nanoseconds from a request to its first event.
    pub(crate) first_event: Histogram<u64>,
    /// Nanoseconds from when the mock was to send an event to when it was read.
    pub(crate) lateness: Histogram<u64>,
    /// What the watched processes used.
    pub(crate) used: Option<Used>,
    /// Memory of the watched processes at the end of the window.
    pub(crate) resident_bytes: Option<u64>,
}

impl StreamReport {
    /// Events per second.
    pub(crate) fn rate(&self) -> f64 {
        super::count(self.events) / self.seconds.max(f64::MIN_POSITIVE)
    }
}

impl StreamLoad {
    /// Carries it out.
    ///
    /// # Errors
    /// The target cannot be connected to, streams break, or they do not open in time.
    pub(crate) fn run(&self, watch: Option<&Watch>) -> io::Result<StreamReport> {
        Run::new(self, None)?.carry_out(watch)
    }

    /// Carries it out and is the upstream as well, so that no more events are under way than there are streams.
    ///
    /// # Errors
    /// As for [`StreamLoad::run`].
    pub(crate) fn run_with_upstream(
        &self,
        mock: &mut Mock,
        watch: Option<&Watch>,
    ) -> io::Result<StreamReport> {
        Run::new(self, Some(mock))?.carry_out(watch)
    }
}
