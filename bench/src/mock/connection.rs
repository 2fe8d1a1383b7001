//! A connection of the mock: reads a request, writes an answer, owes a stream its events.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use super::request::{Pace, RequestReader, Wish};
use super::schedule::Due;
use crate::clock::nanos;
use crate::poll::Interest;

/// The next piece of a stream.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// An event with content, due at a time if the stream has a pace.
    Content {
        /// That time, on the monotonic clock.
        due_ns: Option<u64>,
    },
    /// Everything from the finish reason on.
    Closing,
}

/// A connection and what it owes.
#[derive(Debug)]
pub(super) struct Connection {
    /// Its number, never used again.
    pub(super) id: u64,
    /// The socket.
    pub(super) stream: TcpStream,
    reader: RequestReader,
    flow: Option<Flow>,
    unsent: Vec<u8>,
    interest: Interest,
}

/// A stream under way.
#[derive(Debug)]
struct Flow {
    left: u32,
    interval_ns: u64,
    due_ns: Option<u64>,
}

impl Connection {
    /// Takes over a socket that does not block.
    pub(super) fn new(stream: TcpStream, id: u64) -> Self {
        let reader = RequestReader::default();
        Self { id, stream, reader, flow: None, unsent: Vec::new(), interest: Interest::Read }
    }

    /// Reads what is there, and gives the request when it is whole.
    ///
    /// # Errors
    /// The connection is to be closed: by the peer, or since its input is malformed.
    pub(super) fn read(&mut self, scratch: &mut [u8]) -> io::Result<Option<Wish>> {
        match self.stream.read(scratch) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => self.reader.feed(&scratch[..read]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Begins a stream whose first event with content is due now.
    pub(super) fn begin_stream(&mut self, pace: Pace, now_ns: u64) {
        let interval_ns = nanos(pace.interval);
        let due_ns = (interval_ns > 0).then_some(now_ns);
        self.flow = Some(Flow { left: pace.events, interval_ns, due_ns });
    }

    /// Takes the next event off the stream, if there is one.
    pub(super) fn next_event(&mut self) -> Option<Event> {
        let flow = self.flow.as_mut()?;
        if flow.left == 0 {
            self.flow = None;
            return Some(Event::Closing);
        }
        flow.left -= 1;
        let due_ns = flow.due_ns;
        flow.due_ns = due_ns.map(|due_ns| due_ns + flow.interval_ns);
        Some(Event::Content { due_ns })
    }

    /// When the next event is due, if it may be sent at all.
    pub(super) fn due(&self) -> Option<Due> {
        let flow = self.flow.as_ref().filter(|_| self.unsent.is_empty())?;
        Some(flow.due_ns.map_or(Due::NextTurn, Due::At))
    }

    /// Writes `bytes`, or keeps what finds no room.
    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let written = if self.unsent.is_empty() { write(&mut self.stream, bytes)? } else { 0 };
        self.unsent.extend_from_slice(&bytes[written..]);
        Ok(())
    }

    /// Writes what found no room before.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        let written = write(&mut self.stream, &self.unsent)?;
        self.unsent.drain(..written);
        Ok(())
    }

    /// What it is to be watched for, when that has changed.
    pub(super) fn changed_interest(&mut self) -> Option<Interest> {
        let interest = if self.unsent.is_empty() { Interest::Read } else { Interest::ReadWrite };
        (std::mem::replace(&mut self.interest, interest) != interest).then_some(interest)
    }
}

fn write(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<usize> {
    match stream.write(bytes) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
        result => result,
    }
}
