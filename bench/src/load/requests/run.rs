//! Carries out a load of requests.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use super::{RequestLoad, RequestReport, Rhythm};
use crate::answer::Progress;
use crate::clock::{nanos, now_ns};
use crate::load::connection::Connection;
use crate::load::histogram;
use crate::poll::{Poll, Ready};
use crate::watch::{Watch, Window};

const SCRATCH_BYTES: usize = 64 << 10;
/// How long answers are waited for after the window.
const DRAIN: Duration = Duration::from_secs(2);

/// A load under way.
pub(super) struct Run<'a> {
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
    phase: Phase,
    answered: u64,
    report: RequestReport,
    scratch: Vec<u8>,
}

enum Phase {
    WarmUp,
    Measured(Option<Window>),
    Drain,
}

impl<'a> Run<'a> {
    /// Opens the connections.
    pub(super) fn new(load: &'a RequestLoad, watch: Option<&'a Watch>) -> io::Result<Self> {
        let poll = Poll::new()?;
        let open = |index| Connection::open(load.target, &poll, index);
        let connections = (0..load.connections as u64).map(open).collect::<io::Result<Vec<_>>>()?;
        let latency = histogram()?;
        let report =
            RequestReport { requests: 0, errors: 0, first_error: None, seconds: 0.0, latency, used: None };
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

    /// Sends and measures until the time is over.
    pub(super) fn carry_out(mut self) -> io::Result<RequestReport> {
        self.begin()?;
        let mut ready = Vec::new();
        while !self.is_over() {
            self.poll.wait(&mut ready, Some(self.timeout()))?;
            for event in &ready {
                self.on_ready(*event)?;
            }
            self.on_time()?;
        }
        Ok(self.report())
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
            Phase::Measured(window)
                if now_ns >= self.window_ns.1 || self.report.requests >= self.load.most =>
            {
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
        if let Some(due_ns) = self.backlog.pop_front() {
            return self.send(index, due_ns);
        }
        self.idle.push(index);
        Ok(())
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
        if self.report.errors > self.load.most_errors.max(self.answered) {
            return Err(io::Error::other(format!(
                "given up after {} failures, first {what}",
                self.report.errors
            )));
        }
        Ok(())
    }

    fn report(mut self) -> RequestReport {
        if self.load.rhythm != Rhythm::Closed && self.unanswered() > 0 {
            let what = format!("{} requests without an answer", self.unanswered());
            self.report.errors += self.unanswered() as u64;
            self.report.first_error.get_or_insert(what);
        }
        self.report.seconds = Duration::from_nanos(self.real_ns.1 - self.real_ns.0).as_secs_f64();
        self.report
    }
}
