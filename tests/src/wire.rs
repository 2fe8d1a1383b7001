//! A wire to a service that tests can cut: what goes through it arrives, until it does not.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A wire. Dropped, it is cut for good.
#[derive(Debug)]
pub struct Wire {
    address: SocketAddr,
    state: watch::Sender<State>,
    accepting: JoinHandle<()>,
    carried: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Whole,
    /// Connections are refused, and those that there were are closed.
    Cut,
    /// Connections are taken and stay open, and nothing arrives.
    Silent,
}

impl Wire {
    /// A wire to `target`, such as `127.0.0.1:5432`.
    pub async fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (state, seen) = watch::channel(State::Whole);
        let carried = Arc::<Mutex<Vec<JoinHandle<()>>>>::default();
        let (target, all) = (target.to_owned(), carried.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let task = tokio::spawn(carry(stream, target.clone(), seen.clone()));
                all.lock().expect("nobody panics").push(task);
            }
        });
        Self { address, state, accepting, carried }
    }

    /// Where it begins.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes all connections, and every new one at once.
    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// Lets nothing arrive any more, in open connections and in new ones.
    pub fn silence(&self) {
        self.state.send_replace(State::Silent);
    }

    /// Lets everything arrive again, in new connections.
    pub fn mend(&self) {
        self.state.send_replace(State::Whole);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.accepting.abort();
        self.carried.lock().expect("nobody panics").iter().for_each(JoinHandle::abort);
    }
}

async fn carry(mut stream: TcpStream, target: String, mut state: watch::Receiver<State>) {
    if *state.borrow() == State::Whole
        && let Ok(mut onward) = TcpStream::connect(&target).await
    {
        tokio::select! {
            _ = copy_bidirectional(&mut stream, &mut onward) => return,
            _ = state.wait_for(|state| *state != State::Whole) => {}
        }
    }
    // What fell silent stays open, and says nothing even when the wire is whole again.
    let _ = state.wait_for(|state| *state != State::Silent).await;
}
