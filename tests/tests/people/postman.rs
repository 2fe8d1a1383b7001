//! A mail server that keeps what it gets.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail server in this process (RFC 5321, as much of it as a letter takes).
pub(crate) struct Postman {
    pub(crate) address: SocketAddr,
    letters: Arc<Mutex<Vec<Letter>>>,
}

/// A letter that came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) head: String,
    pub(crate) text: String,
}

impl Postman {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let letters: Arc<Mutex<Vec<Letter>>> = Arc::default();
        let shared = Arc::clone(&letters);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { address, letters }
    }

    /// The letters so far.
    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap().clone()
    }

    /// The letter of that number, as soon as it is there.
    pub(crate) async fn letter(&self, number: usize) -> Letter {
        roundhouse_tests::eventually("the letter came", async || self.letters().get(number).cloned()).await
    }
}

impl Letter {
    /// What stands behind `#token=` in it.
    pub(crate) fn token(&self) -> String {
        let (_, rest) = self.text.split_once("#token=").unwrap_or_else(|| panic!("{self:?}"));
        rest.split_whitespace().next().unwrap().to_owned()
    }
}

async fn serve(stream: TcpStream, letters: Arc<Mutex<Vec<Letter>>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 postman\r\n").await?;
    let mut letter = Letter::default();
    let mut line = String::new();
    while {
        line.clear();
        stream.read_line(&mut line).await?
    } > 0
    {
        let upper = line.to_uppercase();
        let reply = if upper.starts_with("EHLO") {
            "250-postman\r\n250 8BITMIME\r\n"
        } else if upper.starts_with("RCPT TO:") {
            line.trim().split_once(':').unwrap().1.trim_matches(['<', '>', ' ']).clone_into(&mut letter.to);
            "250 OK\r\n"
        } else if upper.starts_with("DATA") {
            stream.write_all(b"354 go on\r\n").await?;
            let mut whole = String::new();
            while {
                line.clear();
                stream.read_line(&mut line).await?
            } > 0
                && line != ".\r\n"
            {
                whole.push_str(line.strip_prefix('.').unwrap_or(&line));
            }
            let (head, body) = whole.split_once("\r\n\r\n").unwrap();
            letter.text = decoded(head, body);
            head.clone_into(&mut letter.head);
            letters.lock().unwrap().push(std::mem::take(&mut letter));
            "250 OK\r\n"
        } else if upper.starts_with("QUIT") {
            "221 bye\r\n"
        } else {
            "250 OK\r\n"
        };
        stream.write_all(reply.as_bytes()).await?;
    }
    Ok(())
}

/// A body without its transfer encoding (RFC 2045, section 6).
fn decoded(head: &str, body: &str) -> String {
    let head = head.to_lowercase();
    if head.contains("content-transfer-encoding: base64") {
        let letters: String = body.split_whitespace().collect();
        return String::from_utf8(STANDARD.decode(letters).unwrap()).unwrap();
    }
    if !head.contains("content-transfer-encoding: quoted-printable") {
        return body.to_owned();
    }
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'=' {
            let code = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(code, 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}
