//! Speaking HTTP/1.1 by hand, so that every fault can be made.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::reply::{Framing, Reply, Step};
use super::{Seen, State};

/// Whether the connection goes on.
#[derive(PartialEq, Eq)]
enum Next {
    Request,
    Close,
}

/// Answers one connection until either side has enough.
pub(super) async fn connection(mut stream: TcpStream, state: Arc<State>) {
    let _ = stream.set_nodelay(true);
    let mut buffer = BytesMut::new();
    while let Some(mut seen) = read(&mut stream, &mut buffer).await {
        let script = state.script.lock().expect("no script panics").clone();
        {
            let mut all = state.seen.lock().expect("no script panics");
            seen.index = all.len();
            all.push(seen.clone());
        }
        match write(&mut stream, script(&seen)).await {
            Some(Next::Request) => {}
            Some(Next::Close) => break,
            None => {
                state.aborted.fetch_add(1, Ordering::Relaxed);
                break;
            }
        }
    }
    let _ = stream.shutdown().await;
}

/// Reads one request; none at the end of the connection.
async fn read(stream: &mut TcpStream, buffer: &mut BytesMut) -> Option<Seen> {
    let (mut seen, length) = loop {
        if let Some(head) = head(buffer) {
            break head;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    while buffer.len() < length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    seen.body = buffer.split_to(length).freeze();
    Some(seen)
}

/// The head at the start of `buffer`, taken off it, and the length of its body.
fn head(buffer: &mut BytesMut) -> Option<(Seen, usize)> {
    let mut headers = [httparse::EMPTY_HEADER; 200];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(end) = request.parse(buffer).expect("the gateway speaks HTTP") else {
        return None;
    };
    let mut map = HeaderMap::new();
    for header in &*request.headers {
        let name = HeaderName::from_bytes(header.name.as_bytes()).expect("a name");
        map.append(name, HeaderValue::from_bytes(header.value).expect("a value"));
    }
    let target = request.path.unwrap_or_default().to_owned();
    let method = request.method.unwrap_or_default().to_owned();
    let length = map
        .get("content-length")
        .map_or(0, |value| value.to_str().expect("a number").parse().expect("a number"));
    assert!(!map.contains_key("transfer-encoding"), "the gateway knows the length of what it sends");
    buffer.advance(end);
    Some((Seen { method, target, headers: map, body: Bytes::new(), index: 0 }, length))
}

/// Writes an answer; none where the other side went away meanwhile.
async fn write(stream: &mut TcpStream, reply: Reply) -> Option<Next> {
    if let Some(head) = &reply.head {
        let end = match reply.framing {
            Framing::Length(length) => format!("content-length: {length}"),
            Framing::Chunked => "transfer-encoding: chunked".to_owned(),
        };
        let fields: String =
            head.headers.iter().map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect();
        let text = format!("HTTP/1.1 {} Scripted\r\n{fields}{end}\r\n\r\n", head.status);
        stream.write_all(text.as_bytes()).await.ok()?;
    }
    for step in reply.steps {
        match step {
            Step::Send(bytes) if bytes.is_empty() => {}
            Step::Send(bytes) => stream.write_all(&framed(reply.framing, &bytes)).await.ok()?,
            Step::Pause(pause) => unless_gone(stream, tokio::time::sleep(pause)).await?,
            Step::Wait(gate) => unless_gone(stream, gate.passed()).await?,
            Step::Hang => unless_gone(stream, tokio::time::sleep(Duration::from_hours(1))).await?,
            Step::Close => return Some(Next::Close),
        }
    }
    if reply.framing == Framing::Chunked {
        stream.write_all(b"0\r\n\r\n").await.ok()?;
    }
    Some(Next::Request)
}

fn framed(framing: Framing, bytes: &[u8]) -> Vec<u8> {
    match framing {
        Framing::Length(_) => bytes.to_vec(),
        Framing::Chunked => [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat(),
    }
}

/// Waits for `work` as long as the other side is there.
async fn unless_gone(stream: &mut TcpStream, work: impl Future<Output = ()>) -> Option<()> {
    let mut byte = [0];
    tokio::select! {
        () = work => Some(()),
        // A client that waits for an answer says nothing: what can be read here is the end.
        _ = stream.peek(&mut byte) => None,
    }
}
