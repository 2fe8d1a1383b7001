//! Outbound proxies in miniature: they note where they were asked to lead, and lead there.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A proxy.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    accepting: JoinHandle<()>,
}

/// How a proxy is spoken to.
#[derive(Clone, Copy, Debug)]
pub enum Language {
    /// `CONNECT` of HTTP; what was asked is noted with its credential.
    Http,
    /// SOCKS5 without authentication (RFC 1928).
    Socks5,
}

impl Proxy {
    /// A proxy on a free port.
    pub async fn new(language: Language) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let noted = asked.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(lead(stream, language, noted.clone()));
            }
        });
        Self { address, asked, accepting }
    }

    /// Host and port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it was asked to lead.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("nobody panics").clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn lead(mut stream: TcpStream, language: Language, noted: Arc<Mutex<Vec<String>>>) {
    let greeted = match language {
        Language::Http => greet_http(&mut stream).await,
        Language::Socks5 => greet_socks(&mut stream).await,
    };
    let Some((target, asked)) = greeted else { return };
    noted.lock().expect("nobody panics").push(asked);
    if let Ok(mut onward) = TcpStream::connect(&target).await {
        let _ = copy_bidirectional(&mut stream, &mut onward).await;
    }
}

async fn greet_http(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let target = head.strip_prefix("CONNECT ")?.split(' ').next()?.to_owned();
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    let credential = fields.find(|(name, _)| name.eq_ignore_ascii_case("proxy-authorization"));
    stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await.ok()?;
    let asked = credential.map_or_else(|| target.clone(), |(_, value)| format!("{target} {value}"));
    Some((target, asked))
}

async fn greet_socks(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut greeting = [0; 2];
    stream.read_exact(&mut greeting).await.ok()?;
    let mut methods = vec![0; usize::from(greeting[1])];
    stream.read_exact(&mut methods).await.ok()?;
    stream.write_all(&[5, 0]).await.ok()?;
    let mut request = [0; 4];
    stream.read_exact(&mut request).await.ok()?;
    let host = match request[3] {
        1 => std::net::Ipv4Addr::from(stream.read_u32().await.ok()?).to_string(),
        3 => {
            let mut name = vec![0; usize::from(stream.read_u8().await.ok()?)];
            stream.read_exact(&mut name).await.ok()?;
            String::from_utf8(name).ok()?
        }
        _ => return None,
    };
    let target = format!("{host}:{}", stream.read_u16().await.ok()?);
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.ok()?;
    Some((target.clone(), target))
}
