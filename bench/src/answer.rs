//! Answers as they come in, and the simplest way to get one.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::http1::{self, Body};

/// How long one answer is waited for.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How far an answer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// There is more to come.
    Pending,
    /// It is whole, with this status.
    Complete(u16),
}

/// Reads answers, one at a time.
#[derive(Debug, Default)]
pub(crate) struct AnswerReader {
    head: Vec<u8>,
    status: u16,
    body: Option<Body>,
}

impl AnswerReader {
    /// Takes in bytes and hands content to `each`.
    pub(crate) fn take(&mut self, mut bytes: &[u8], each: impl FnMut(&[u8])) -> io::Result<Progress> {
        if self.body.is_none() {
            let known = self.head.len();
            self.head.extend_from_slice(bytes);
            let Some(head) = http1::response_head(&self.head)? else { return Ok(Progress::Pending) };
            bytes = &bytes[head.len - known..];
            self.head.clear();
            (self.status, self.body) = (head.status, Some(head.body));
        }
        let Some(body) = self.body.as_mut() else { return Ok(Progress::Pending) };
        body.feed(bytes, each)?;
        if !body.is_done() {
            return Ok(Progress::Pending);
        }
        self.body = None;
        Ok(Progress::Complete(self.status))
    }
}

/// Sends one request on a connection of its own and gives the answer's status and content.
pub(crate) fn fetch(address: SocketAddr, request: &[u8]) -> io::Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(request)?;
    let (mut reader, mut content, mut scratch) = (AnswerReader::default(), Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut scratch)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let progress = reader.take(&scratch[..read], |bytes| content.extend_from_slice(bytes))?;
        if let Progress::Complete(status) = progress {
            return Ok((status, content));
        }
    }
}
