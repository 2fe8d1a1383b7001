//! Requests with whole answers: as many as are taken, or at a fixed rate.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hdrhistogram::Histogram;

use super::connection::Connection;
use crate::answer::Progress;
use crate::clock::{nanos, now_ns};
use crate::poll::{Poll, Ready};
use crate::watch::{Used, Watch, Window};

const SCRATCH_BYTES: usize = 64 << 10;
/// How long answers are waited for after the window.
const DRAIN: Duration = Duration::from_secs(2);
/// Failures after which a run is given up.
const MOST_ERRORS: u64 = 1_000;

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
        let mut run = Run::new(self, watch)?;
        run.begin()?;
        let mut ready = Vec::new();
        while !run.is_over() {
            run.poll.wait(&mut ready, Some(run.timeout()))?;
            for event in &ready {
                run.on_ready(*event)?;
            }
            run.on_time()?;
        }
        run.report()
    }
}

struct Run<'a> {
    load: &'a RequestLoad,
    watch: Option<&'a Watch>,
    poll: Poll,
    connections: Vec<Connection>,
    idle: Vec<usize>,
    /// When requests were due that found no connection idle.
    backlog: VecDeque<u64>,
    next_due_ns: u64,
    window_ns: (u64, u64),
    real_ns: (u64, u64),
    phase: Phase<'a>,
    answered: u64,
    report: RequestReport,
    scratch: Vec<u8>,
}

enum Phase<'a> {
    WarmUp,
    Measured(Option<Window<'a>>),
    Drain,
}

impl<'a> Run<'a> {
    fn new(load: &'a RequestLoad, watch: Option<&'a Watch>) -> io::Result<Self> {
        let poll = Poll::new()?;
        let open = |index| Connection::open(load.target, &poll, index);
        let connections = (0..load.connections as u64).map(open).collect::<io::Result<Vec<_>>>()?;
        let latency = super::histogram()?;
        let report = RequestReport { requests: 0, errors: 0, first_error: None, seconds: 0.0, latency, used: None };
        let begin_ns = now_ns() + nanos(load.warm_up);
        Ok(Self {
            load,
            watch,
            poll,
            idle: (0..connections.len()).collect(),
            connections,
            backlog: VecDeque::new(),
            next_due_ns: now_ns(),
            window_ns: (begin_ns, begin_ns + nanos(load.window)),
            real_ns: (begin_ns, begin_ns),
            phase: Phase::WarmUp,
            answered: 0,
            report,
            scratch: vec![0; SCRATCH_BYTES],
        })
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.load.rhythm == Rhythm::Closed {
            while let Some(index) = self.idle.pop() {
                self.send(index, now_ns())?;
            }
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        let waits = self.load.rhythm != Rhythm::Closed && self.unanswered() > 0;
        let late = now_ns() > self.window_ns.1 + nanos(DRAIN);
        matches!(self.phase, Phase::Drain) && (late || !waits)
    }

    fn unanswered(&self) -> usize {
        self.connections.len() - self.idle.len() + self.backlog.len()
    }

    fn timeout(&self) -> Duration {
        let mut until_ns = match self.phase {
            Phase::WarmUp => self.window_ns.0,
            Phase::Measured(_) => self.window_ns.1,
            Phase::Drain => self.window_ns.1 + nanos(DRAIN),
        };
        if self.load.rhythm != Rhythm::Closed && !matches!(self.phase, Phase::Drain) {
            until_ns = until_ns.min(self.next_due_ns);
        }
        Duration::from_nanos(until_ns.saturating_sub(now_ns()))
    }

    fn on_time(&mut self) -> io::Result<()> {
        let now_ns = now_ns();
        match &mut self.phase {
            Phase::WarmUp if now_ns >= self.window_ns.0 => {
                self.phase = Phase::Measured(self.watch.map(Watch::begin).transpose()?);
                self.real_ns.0 = now_ns;
            }
            Phase::Measured(window) if now_ns >= self.window_ns.1 || self.answered >= self.load.most => {
                self.report.used = window.take().map(Window::end).transpose()?;
                self.phase = Phase::Drain;
                self.real_ns.1 = now_ns;
            }
            _ => {}
        }
        if let Rhythm::Open(rate) = self.load.rhythm
            && !matches!(self.phase, Phase::Drain)
        {
            self.send_due(now_ns, 1_000_000_000 / u64::from(rate.max(1)))?;
        }
        Ok(())
    }

    fn send_due(&mut self, now_ns: u64, interval_ns: u64) -> io::Result<()> {
        while self.next_due_ns <= now_ns {
            let due_ns = self.next_due_ns;
            self.next_due_ns += interval_ns;
            match self.idle.pop() {
                Some(index) => self.send(index, due_ns)?,
                None => self.backlog.push_back(due_ns),
            }
        }
        Ok(())
    }

    fn on_ready(&mut self, event: Ready) -> io::Result<()> {
        let index = usize::try_from(event.token).unwrap_or_default();
        let connection = &mut self.connections[index];
        if event.writable && connection.write(&self.load.request, &self.poll).is_err() {
            return self.on_failure(index, "a connection broke while sending");
        }
        if !event.readable {
            return Ok(());
        }
        match connection.read(&mut self.scratch, |_| {}) {
            Ok(Progress::Pending) => Ok(()),
            Ok(Progress::Complete(200)) => {
                self.record(index);
                self.next(index)
            }
            Ok(Progress::Complete(status)) => {
                self.count_error(&format!("an answer with status {status}"))?;
                self.next(index)
            }
            Err(error) => self.on_failure(index, &format!("a connection broke: {error}")),
        }
    }

    fn record(&mut self, index: usize) {
        let (now_ns, due_ns) = (now_ns(), self.connections[index].begun_ns);
        self.answered += 1;
        let measured = match (self.load.rhythm, &self.phase) {
            (Rhythm::Closed, phase) => matches!(phase, Phase::Measured(_)),
            (Rhythm::Open(_), phase) => due_ns >= self.window_ns.0 && !matches!(phase, Phase::WarmUp),
        };
        if measured {
            self.report.requests += 1;
            self.report.latency.saturating_record(now_ns.saturating_sub(due_ns));
        }
    }

    fn next(&mut self, index: usize) -> io::Result<()> {
        if self.load.rhythm == Rhythm::Closed {
            return if matches!(self.phase, Phase::Drain) { Ok(()) } else { self.send(index, now_ns()) };
        }
        match self.backlog.pop_front() {
            Some(due_ns) => self.send(index, due_ns),
            None => {
                self.idle.push(index);
                Ok(())
            }
        }
    }

    fn send(&mut self, index: usize, due_ns: u64) -> io::Result<()> {
        if self.connections[index].begin(&self.load.request, due_ns, &self.poll).is_err() {
            return self.on_failure(index, "a connection broke between two requests");
        }
        Ok(())
    }

    fn on_failure(&mut self, index: usize, what: &str) -> io::Result<()> {
        self.count_error(what)?;
        self.connections[index].reopen(&self.poll)?;
        self.next(index)
    }

    fn count_error(&mut self, what: &str) -> io::Result<()> {
        self.report.errors += 1;
        self.report.first_error.get_or_insert_with(|| what.to_owned());
        if self.report.errors > MOST_ERRORS.max(self.answered) {
            return Err(io::Error::other(format!("given up after {} failures, first {what}", self.report.errors)));
        }
        Ok(())
    }

    fn report(mut self) -> io::Result<RequestReport> {
        if self.load.rhythm != Rhythm::Closed && self.unanswered() > 0 {
            let what = format!("{} requests without an answer", self.unanswered());
            self.report.errors += self.unanswered() as u64;
            self.report.first_error.get_or_insert(what);
        }
        self.report.seconds = Duration::from_nanos(self.real_ns.1 - self.real_ns.0).as_secs_f64();
        Ok(self.report)
    }
}
