//! A mail server that keeps what it is given.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A mail server in this process, which speaks as much of SMTP (RFC 5321) as it takes to be given letters.
#[derive(Debug)]
pub struct Postbox {
    port: u16,
    letters: Arc<Mutex<Vec<Posted>>>,
    accepting: JoinHandle<()>,
}

/// A letter as it was given to the server.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    /// Who it is from, by the envelope.
    pub from: String,
    /// Who it goes to, by the envelope.
    pub to: Vec<String>,
    /// Headers and body.
    pub text: String,
}

impl Postbox {
    /// An empty one.
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let letters = Arc::new(Mutex::new(Vec::new()));
        let kept = letters.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, kept.clone()));
            }
        });
        Self { port, letters, accepting }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The letters so far.
    pub fn letters(&self) -> Vec<Posted> {
        self.letters.lock().expect("nobody panics with it").clone()
    }
}

impl Drop for Postbox {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(stream: TcpStream, letters: Arc<Mutex<Vec<Posted>>>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut letter = Posted::default();
    writer.write_all(b"220 postbox\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let verb = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        let address = line.split_once('<').and_then(|(_, rest)| Some(rest.split_once('>')?.0.to_owned()));
        let answer = match verb.as_str() {
            "MAIL" => {
                letter = Posted { from: address.unwrap_or_default(), ..Posted::default() };
                "250 ok\r\n"
            }
            "RCPT" => {
                letter.to.extend(address);
                "250 ok\r\n"
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                    letter.text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    letter.text.push('\n');
                }
                letters.lock().expect("nobody panics with it").push(std::mem::take(&mut letter));
                "250 kept\r\n"
            }
            "QUIT" => {
                writer.write_all(b"221 bye\r\n").await.ok()?;
                return Some(());
            }
            _ => "250 postbox\r\n",
        };
        writer.write_all(answer.as_bytes()).await.ok()?;
    }
    Some(())
}
