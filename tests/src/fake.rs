//! Providers that answer by script and remember what they were asked.

mod reply;
mod serve;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;

pub use reply::{Gate, Reply};

type Script = Arc<dyn Fn(&Seen) -> Reply + Send + Sync>;

/// A provider in this process. Dropping it closes its port and cuts its connections' future requests.
#[derive(Debug)]
pub struct Fake {
    address: SocketAddr,
    state: Arc<State>,
    accepting: JoinHandle<()>,
}

struct State {
    script: Mutex<Script>,
    seen: Mutex<Vec<Seen>>,
    aborted: AtomicUsize,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("seen", &self.seen).finish_non_exhaustive()
    }
}

/// A request that a fake provider got.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body's bytes.
    pub body: Bytes,
    /// How many requests came before.
    pub index: usize,
}

impl Fake {
    /// A provider that answers each request as `script` says.
    pub async fn new(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            script: Mutex::new(Arc::new(script)),
            seen: Mutex::default(),
            aborted: AtomicUsize::new(0),
        });
        let shared = state.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve::connection(stream, shared.clone()));
            }
        });
        Self { address, state, accepting }
    }

    /// Answers differently from now on.
    pub fn script(&self, script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) {
        *self.state.script.lock().expect("no script panics") = Arc::new(script);
    }

    /// Its host and port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it is, such as `http://127.0.0.1:4711`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of its OpenAI-shaped paths.
    pub fn v1(&self) -> String {
        format!("{}/v1", self.url())
    }

    /// What it was asked so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().expect("no script panics").clone()
    }

    /// What it was asked last.
    pub fn last(&self) -> Seen {
        self.seen().pop().expect("the provider was asked")
    }

    /// How often it was asked so far.
    pub fn count(&self) -> usize {
        self.state.seen.lock().expect("no script panics").len()
    }

    /// How many answers could not be finished since the other side went away.
    pub fn aborted(&self) -> usize {
        self.state.aborted.load(Ordering::Relaxed)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Seen {
    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// A header's value; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("headers are ASCII"))
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The model in the body.
    pub fn model(&self) -> String {
        self.json()["model"].as_str().unwrap_or_default().to_owned()
    }

    /// The provider key that was sent, in whichever header.
    pub fn credential(&self) -> &str {
        let bearer = self.header("authorization").strip_prefix("Bearer ").unwrap_or_default();
        let others = ["x-api-key", "x-goog-api-key", "api-key"].map(|name| self.header(name));
        others.into_iter().chain([bearer]).find(|key| !key.is_empty()).unwrap_or_default()
    }

    /// Whether a stream is asked for.
    pub fn wants_stream(&self) -> bool {
        self.json()["stream"] == true || self.path().ends_with(":streamGenerateContent")
    }
}

/// An address that nobody listens on, kept from others as long as it lives.
#[derive(Debug)]
pub struct Vacant(TcpSocket);

impl Vacant {
    /// A fresh one. A later listener that asks to reuse addresses, as the server does, may still take it.
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("a socket option");
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
        Self(socket)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.0.local_addr().expect("a bound socket").port()
    }

    /// Its address as a URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port())
    }
}

impl Default for Vacant {
    fn default() -> Self {
        Self::new()
    }
}
