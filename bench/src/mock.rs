//! The mock upstream: one thread, prebuilt answers, one write per event.
//!
//! `POST …/chat/completions` answers about 1 KB. With `"stream":true` and a model whose name holds `stream-NxMS` it
//! sends N events, MS milliseconds apart (0: as fast as they are taken), each in a write of its own and marked with the
//! time it was due. A credential that begins with `bad-` gets a 401. `GET /mock/counts` tells what was served.

mod answers;
mod connection;
mod request;
mod schedule;

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::{AsRawFd, RawFd};
use std::time::Duration;

use clap::Args;

use self::answers::{Answers, Counts};
use self::connection::{Connection, Event};
use self::request::Wish;
use self::schedule::Schedule;
use crate::clock::now_ns;
use crate::poll::{Interest, Poll, Ready};
use crate::process;

const LISTENER: u64 = u64::MAX;
const SCRATCH_BYTES: usize = 256 << 10;

/// How to serve.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The loopback address to listen on.
    #[arg(long, default_value = "127.0.0.1:18080")]
    listen: SocketAddr,
}

/// Serves until it is stopped.
pub(crate) fn serve(options: &Options) -> io::Result<Infallible> {
    process::raise_file_limit();
    process::sharpen_timers()?;
    let mut mock = Mock::listen(options.listen)?;
    loop {
        mock.turn(None, u64::MAX)?;
    }
}

/// The mock, to be turned.
pub(crate) struct Mock {
    listener: TcpListener,
    poll: Poll,
    ready: Vec<Ready>,
    /// By file descriptor: small, dense numbers.
    connections: Vec<Option<Connection>>,
    opened: u64,
    schedule: Schedule,
    answers: Answers,
    counts: Counts,
    scratch: Vec<u8>,
}

impl Mock {
    /// Listens at a loopback address.
    pub(crate) fn listen(address: SocketAddr) -> io::Result<Self> {
        process::loopback_only(address)?;
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let poll = Poll::new()?;
        poll.add(&listener, LISTENER, Interest::Read)?;
        let (schedule, answers, counts) = (Schedule::default(), Answers::new(), Counts::default());
        let (ready, scratch) = (Vec::new(), vec![0; SCRATCH_BYTES]);
        Ok(Self {
            listener,
            poll,
            ready,
            connections: Vec::new(),
            opened: 0,
            schedule,
            answers,
            counts,
            scratch,
        })
    }

    /// Events sent so far.
    pub(crate) fn events(&self) -> u64 {
        self.counts.events
    }

    /// Does what there is to do, with at most `most` pieces of streams, after waiting for it as long as `timeout`.
    pub(crate) fn turn(&mut self, timeout: Option<Duration>, most: u64) -> io::Result<()> {
        let planned = self.schedule.timeout(now_ns());
        let timeout =
            timeout.map_or(planned, |timeout| Some(planned.map_or(timeout, |planned| planned.min(timeout))));
        let mut ready = std::mem::take(&mut self.ready);
        self.poll.wait(&mut ready, timeout)?;
        for event in &ready {
            if event.token == LISTENER {
                self.accept()?;
            } else if let Ok(fd) = RawFd::try_from(event.token) {
                self.on_ready(fd, *event)?;
            }
        }
        self.ready = ready;
        let now_ns = now_ns();
        for _ in 0..most.min(self.schedule.due(now_ns)) {
            let Some((fd, id)) = self.schedule.next() else { break };
            self.send_event(fd, id, now_ns)?;
        }
        Ok(())
    }

    fn accept(&mut self) -> io::Result<()> {
        loop {
            let stream = match self.listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                Err(error) => return Err(error),
            };
            stream.set_nonblocking(true)?;
            stream.set_nodelay(true)?;
            let index = usize::try_from(stream.as_raw_fd()).unwrap_or_default();
            self.poll.add(&stream, index as u64, Interest::Read)?;
            if self.connections.len() <= index {
                self.connections.resize_with(index + 1, || None);
            }
            self.opened += 1;
            self.connections[index] = Some(Connection::new(stream, self.opened));
        }
    }

    fn on_ready(&mut self, fd: RawFd, event: Ready) -> io::Result<()> {
        if event.writable
            && let Some(connection) = open(&mut self.connections, fd)
        {
            let sent = connection.flush();
            self.settle(fd, &sent)?;
        }
        if event.readable
            && let Some(connection) = open(&mut self.connections, fd)
        {
            match connection.read(&mut self.scratch) {
                Ok(Some(wish)) => self.answer(fd, wish)?,
                Ok(None) => {}
                Err(_) => self.close(fd),
            }
        }
        Ok(())
    }

    fn answer(&mut self, fd: RawFd, wish: Wish) -> io::Result<()> {
        let Some(connection) = open(&mut self.connections, fd) else { return Ok(()) };
        self.counts.requests += 1;
        let sent = match wish {
            Wish::Completion => connection.send(&self.answers.completion),
            Wish::Models => connection.send(&self.answers.models),
            Wish::Counts => connection.send(&self.counts.answer()),
            Wish::Unknown => connection.send(&self.answers.unknown),
            Wish::Rejection => {
                self.counts.rejected += 1;
                connection.send(&self.answers.rejection)
            }
            Wish::Stream(pace) => {
                self.counts.streams += 1;
                self.counts.events += 1;
                connection.begin_stream(pace, now_ns());
                connection.send(&self.answers.opening)
            }
        };
        self.settle(fd, &sent)
    }

    fn send_event(&mut self, fd: RawFd, id: u64, now_ns: u64) -> io::Result<()> {
        let connection = open(&mut self.connections, fd).filter(|connection| connection.id == id);
        let Some((connection, event)) = connection.and_then(|it| it.next_event().map(|event| (it, event)))
        else {
            return Ok(());
        };
        let (bytes, events) = match event {
            Event::Content { due_ns } => (self.answers.content(due_ns.unwrap_or(now_ns)), 1),
            Event::Closing => (self.answers.closing.as_slice(), answers::CLOSING_EVENTS),
        };
        self.counts.events += events;
        let sent = connection.send(bytes);
        self.settle(fd, &sent)
    }

    /// After something was sent: watches for room if some is left, else plans the stream's next event.
    fn settle(&mut self, fd: RawFd, sent: &io::Result<()>) -> io::Result<()> {
        if sent.is_err() {
            self.close(fd);
        }
        let Some(connection) = open(&mut self.connections, fd) else { return Ok(()) };
        if let Some(interest) = connection.changed_interest() {
            self.poll.modify(&connection.stream, u64::from(fd.unsigned_abs()), interest)?;
        }
        if let Some(due) = connection.due() {
            self.schedule.push(due, (fd, connection.id));
        }
        Ok(())
    }

    fn close(&mut self, fd: RawFd) {
        if let Some(slot) = usize::try_from(fd).ok().and_then(|index| self.connections.get_mut(index)) {
            *slot = None;
        }
    }
}

fn open(connections: &mut [Option<Connection>], fd: RawFd) -> Option<&mut Connection> {
    connections.get_mut(usize::try_from(fd).ok()?)?.as_mut()
}
