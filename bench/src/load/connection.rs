//! A connection of the load: sends one request, reads its answer.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::answer::{AnswerReader, Progress};
use crate::poll::{Interest, Poll};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection with at most one request under way.
#[derive(Debug)]
pub(super) struct Connection {
    /// When its request was due.
    pub(super) begun_ns: u64,
    stream: TcpStream,
    target: SocketAddr,
    token: u64,
    interest: Interest,
    written: usize,
    answer: AnswerReader,
}

impl Connection {
    /// Connects and has itself watched as `token`.
    pub(super) fn open(target: SocketAddr, poll: &Poll, token: u64) -> io::Result<Self> {
        let stream = connect(target, poll, token)?;
        let (interest, answer) = (Interest::Read, AnswerReader::default());
        Ok(Self { begun_ns: 0, stream, target, token, interest, written: 0, answer })
    }

    /// Connects again, forgetting what was under way.
    pub(super) fn reopen(&mut self, poll: &Poll) -> io::Result<()> {
        *self = Self::open(self.target, poll, self.token)?;
        Ok(())
    }

    /// Begins a request that was due at `begun_ns`.
    pub(super) fn begin(&mut self, request: &[u8], begun_ns: u64, poll: &Poll) -> io::Result<()> {
        (self.begun_ns, self.written) = (begun_ns, 0);
        self.write(request, poll)
    }

    /// Goes on sending the request.
    pub(super) fn write(&mut self, request: &[u8], poll: &Poll) -> io::Result<()> {
        if self.written < request.len() {
            match self.stream.write(&request[self.written..]) {
                Ok(written) => self.written += written,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        let interest = if self.written < request.len() { Interest::ReadWrite } else { Interest::Read };
        if std::mem::replace(&mut self.interest, interest) != interest {
            poll.modify(&self.stream, self.token, interest)?;
        }
        Ok(())
    }

    /// Reads what is there of the answer, handing its content to `each`.
    pub(super) fn read(&mut self, scratch: &mut [u8], each: impl FnMut(&[u8])) -> io::Result<Progress> {
        let read = match self.stream.read(scratch) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(Progress::Pending),
            Err(error) => return Err(error),
        };
        self.answer.take(&scratch[..read], each)
    }
}

fn connect(target: SocketAddr, poll: &Poll, token: u64) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&target, CONNECT_TIMEOUT)?;
    stream.set_nonblocking(true)?;
    stream.set_nodelay(true)?;
    poll.add(&stream, token, Interest::Read)?;
    Ok(stream)
}
