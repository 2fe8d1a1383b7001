//! Carries out a load of streams.

use std::io;
use std::time::Duration;

use super::{StreamLoad, StreamReport};
use crate::answer::Progress;
use crate::clock::{nanos, now_ns};
use crate::load::connection::Connection;
use crate::load::events::EventCounter;
use crate::load::histogram;
use crate::mock::Mock;
use crate::poll::{Poll, Ready};
use crate::watch::{Watch, Window};

const SCRATCH_BYTES: usize = 64 << 10;
/// Streams being opened at the same time; fewer than a listener's queue.
const OPENING: usize = 64;
/// How long opening may take.
const OPEN_TIMEOUT: Duration = Duration::from_mins(1);
const MOST_ERRORS: u64 = 100;

struct Stream {
    connection: Connection,
    /// Absent when it has ended.
    counter: Option<EventCounter>,
    started: bool,
}

/// A load under way.
pub(super) struct Run<'a> {
    load: &'a StreamLoad,
    upstream: Option<&'a mut Mock>,
    /// Events that the upstream had sent before.
    sent_before: u64,
    poll: Poll,
    ready: Vec<Ready>,
    streams: Vec<Stream>,
    /// Streams that have had an event.
    started: usize,
    /// Events read so far.
    events: u64,
    measured: bool,
    report: StreamReport,
    scratch: Vec<u8>,
}

impl<'a> Run<'a> {
    /// Prepares it.
    pub(super) fn new(load: &'a StreamLoad, upstream: Option<&'a mut Mock>) -> io::Result<Self> {
        let report = StreamReport {
            open: 0,
            events: 0,
            errors: 0,
            first_error: None,
            seconds: 0.0,
            first_event: histogram()?,
            lateness: histogram()?,
            used: None,
            resident_bytes: None,
        };
        Ok(Self {
            load,
            sent_before: upstream.as_ref().map_or(0, |mock| mock.events()),
            upstream,
            poll: Poll::new()?,
            ready: Vec::new(),
            streams: Vec::with_capacity(load.streams),
            started: 0,
            events: 0,
            measured: false,
            report,
            scratch: vec![0; SCRATCH_BYTES],
        })
    }

    /// Opens the streams, then measures.
    pub(super) fn carry_out(mut self, watch: Option<&Watch>) -> io::Result<StreamReport> {
        let begin_ns = now_ns();
        while self.started < self.load.streams {
            self.open_more()?;
            self.turn(Duration::from_millis(100))?;
            if now_ns() - begin_ns > nanos(OPEN_TIMEOUT) {
                let error =
                    format!("{} of {} streams opened in {OPEN_TIMEOUT:?}", self.started, self.load.streams);
                return Err(io::Error::new(io::ErrorKind::TimedOut, error));
            }
        }
        self.for_time(self.load.warm_up)?;
        let window = watch.map(Watch::begin).transpose()?;
        let window_ns = now_ns();
        self.measured = true;
        self.for_time(self.load.window)?;
        self.report.seconds = Duration::from_nanos(now_ns() - window_ns).as_secs_f64();
        self.report.used = window.map(Window::end).transpose()?;
        self.report.resident_bytes = watch.map(Watch::resident_bytes).transpose()?;
        self.report.open = self.streams.iter().filter(|stream| stream.counter.is_some()).count();
        Ok(self.report)
    }

    fn open_more(&mut self) -> io::Result<()> {
        while self.streams.len() < self.load.streams && self.streams.len() - self.started < OPENING {
            let mut connection = Connection::open(self.load.target, &self.poll, self.streams.len() as u64)?;
            connection.begin(&self.load.request, now_ns(), &self.poll)?;
            self.streams.push(Stream { connection, counter: Some(EventCounter::default()), started: false });
        }
        Ok(())
    }

    fn for_time(&mut self, time: Duration) -> io::Result<()> {
        let end_ns = now_ns() + nanos(time);
        loop {
            let now_ns = now_ns();
            if now_ns >= end_ns {
                return Ok(());
            }
            self.turn(Duration::from_nanos(end_ns - now_ns))?;
        }
    }

    fn turn(&mut self, mut timeout: Duration) -> io::Result<()> {
        if let Some(mock) = &mut self.upstream {
            let under_way = (mock.events() - self.sent_before).saturating_sub(self.events);
            mock.turn(Some(Duration::ZERO), (self.load.streams as u64).saturating_sub(under_way))?;
            timeout = Duration::ZERO;
        }
        let mut ready = std::mem::take(&mut self.ready);
        self.poll.wait(&mut ready, Some(timeout))?;
        for event in &ready {
            self.on_ready(*event)?;
        }
        self.ready = ready;
        Ok(())
    }

    fn on_ready(&mut self, event: Ready) -> io::Result<()> {
        let index = usize::try_from(event.token).unwrap_or_default();
        let stream = &mut self.streams[index];
        if event.writable {
            stream.connection.write(&self.load.request, &self.poll)?;
        }
        if !event.readable {
            return Ok(());
        }
        let now_ns = now_ns();
        let (counter, lateness) = (&mut stream.counter, &mut self.report.lateness);
        let measured = self.measured;
        let mut events = 0;
        let read = stream.connection.read(&mut self.scratch, |bytes| {
            let Some(counter) = counter else { return };
            events += counter.feed(bytes, |due_ns| {
                if measured {
                    lateness.saturating_record(now_ns.saturating_sub(due_ns));
                }
            });
        });
        self.events += events;
        self.report.events += if measured { events } else { 0 };
        if events > 0 && !stream.started {
            stream.started = true;
            self.started += 1;
            self.report.first_event.saturating_record(now_ns.saturating_sub(stream.connection.begun_ns));
        }
        self.after_read(index, read)
    }

    fn after_read(&mut self, index: usize, read: io::Result<Progress>) -> io::Result<()> {
        let stream = &mut self.streams[index];
        match read {
            Ok(Progress::Pending) => return Ok(()),
            Ok(Progress::Complete(200)) if self.load.repeat => {
                stream.counter = Some(EventCounter::default());
                return stream.connection.begin(&self.load.request, now_ns(), &self.poll);
            }
            Ok(Progress::Complete(200)) => {
                stream.counter = None;
                return Ok(());
            }
            Ok(Progress::Complete(status)) => self.count_error(&format!("an answer with status {status}"))?,
            Err(error) => self.count_error(&format!("a stream broke: {error}"))?,
        }
        let stream = &mut self.streams[index];
        stream.connection.reopen(&self.poll)?;
        stream.counter = Some(EventCounter::default());
        stream.connection.begin(&self.load.request, now_ns(), &self.poll)
    }

    fn count_error(&mut self, what: &str) -> io::Result<()> {
        self.report.errors += 1;
        self.report.first_error.get_or_insert_with(|| what.to_owned());
        if self.report.errors > MOST_ERRORS {
            return Err(io::Error::other(format!(
                "given up after {} failures, first {what}",
                self.report.errors
            )));
        }
        Ok(())
    }
}
