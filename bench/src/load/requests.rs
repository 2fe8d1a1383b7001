//! Requests with whole answers: as many as are taken, or at a fixed rate.

mod run;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hdrhistogram::Histogram;

use self::run::Run;
use crate::watch::{Used, Watch};

/// When requests begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rhythm {
    /// As soon as the connection's answer is there.
    Closed,
    /// So many per second, on time; latency counts from the time a request was due, so that nothing hides behind a
    /// slow answer.
    Open(u32),
}

/// A load of requests.
#[derive(Clone, Debug)]
pub(crate) struct RequestLoad {
    /// Who is loaded.
    pub(crate) target: SocketAddr,
    /// The request as bytes.
    pub(crate) request: Vec<u8>,
    /// Connections.
    pub(crate) connections: usize,
    /// When requests begin.
    pub(crate) rhythm: Rhythm,
    /// Time before the window.
    pub(crate) warm_up: Duration,
    /// Time that is measured.
    pub(crate) window: Duration,
    /// Requests after which to stop early.
    pub(crate) most: u64,
    /// Failures after which to give up, unless more has succeeded.
    pub(crate) most_errors: u64,
}

impl RequestLoad {
    /// As many requests as are taken on 64 connections, for so long.
    pub(crate) fn saturating(target: SocketAddr, request: Vec<u8>, window: Duration) -> Self {
        let (rhythm, warm_up) = (Rhythm::Closed, Duration::from_millis(500));
        Self { target, request, connections: 64, rhythm, warm_up, window, most: u64::MAX, most_errors: 1_000 }
    }
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct RequestReport {
    /// Requests answered with 200 within the window.
    pub(crate) requests: u64,
    /// Other answers, and connections that broke, in and out of the window.
    pub(crate) errors: u64,
    /// The first of them.
    pub(crate) first_error: Option<String>,
    /// The window's real length.
    pub(crate) seconds: f64,
    /// Nanoseconds from due to answered.
    pub(crate) latency: Histogram<u64>,
    /// What the watched processes used.
    pub(crate) used: Option<Used>,
}

impl RequestReport {
    /// Requests per second.
    pub(crate) fn rate(&self) -> f64 {
        super::count(self.requests) / self.seconds.max(f64::MIN_POSITIVE)
    }
}

impl RequestLoad {
    /// Carries it out.
    ///
    /// # Errors
    /// The target cannot be connected to, or nearly nothing succeeds.
    pub(crate) fn run(&self, watch: Option<&Watch>) -> io::Result<RequestReport> {
        Run::new(self, watch)?.carry_out()
    }
}
