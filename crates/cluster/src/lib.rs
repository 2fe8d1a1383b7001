//! What several processes of one installation share, in Redis: limits, states of provider keys, idempotency and kept answers.
//!
//! Nothing on a request's way waits for Redis, but for looks that the request itself asks for (`Idempotency-Key`, the cache), each
//! with a time limit of its own. Limits are exchanged beside the requests (`exchange`): every process tells the others what it
//! counted, and is told what they did. Without Redis each goes on with what it counts itself, and says so ([`Health`]).

mod exchange;
mod health;
mod keys;
mod link;
mod message;
mod peers;
mod values;

use std::sync::Arc;
use std::time::Duration;

use roundhouse_domain::Secret;
use roundhouse_gateway::Gateway;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use self::health::Health;
pub use self::keys::KeyNews;
use self::link::Link;
use self::message::Body;
use self::values::Values;

/// How messages and values are written; processes that write them otherwise do not hear each other.
const SCHEMA: u32 = 1;

/// Changes of keys that wait to be told; more are not, and come with what is stored.
const NEWS: usize = 4_096;

/// How the shared Redis is reached.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its address.
    pub url: Secret,
    /// What all names there begin with.
    pub prefix: String,
    /// Time limit of one look.
    pub timeout: Duration,
    /// Names this process among all; never the same twice.
    pub process: Uuid,
}

/// Redis' address cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the address of Redis cannot be used: {0}")]
pub struct AddressError(String);

/// This process among those that share a Redis; clones are the same one.
#[derive(Clone)]
pub struct Cluster(Arc<Inner>);

struct Inner {
    link: Link,
    values: Arc<Values>,
    news: tokio::sync::Mutex<mpsc::Receiver<Body>>,
    health: Health,
    process: Uuid,
}

/// What this process does when it can hear the others again.
pub trait Resync: Send + Sync {
    /// Takes up what is stored of the states of provider keys.
    fn resync(&self) -> impl Future<Output = ()> + Send;
}

impl Cluster {
    /// A process that shares what is at `options`, and what is to hear of changes of keys here. Nothing is connected yet.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub fn new(options: &Options) -> Result<(Self, KeyNews), AddressError> {
        let link = Link::new(options).map_err(|error| AddressError(error.to_string()))?;
        let health = Health::default();
        let values = Arc::new(Values::new(link.clone(), health.clone()));
        let (sender, news) = mpsc::channel(NEWS);
        let inner =
            Inner { link, values, news: tokio::sync::Mutex::new(news), health, process: options.process };
        Ok((Self(Arc::new(inner)), KeyNews::new(sender)))
    }

    /// Whether the others can be heard.
    pub fn health(&self) -> &Health {
        &self.0.health
    }

    /// Shares what `gateway` counts, keeps and learns, until `shutdown`.
    pub async fn run(self, gateway: Gateway, resync: impl Resync, shutdown: CancellationToken) {
        let Inner { link, values, news, health, process } = &*self.0;
        gateway.share(values.clone());
        let mut news = news.lock().await;
        let heard = Notify::new();
        let (sender, mut inbox) = mpsc::channel(exchange::INBOX);
        let listening = link.listen(*process, health, &heard, sender);
        let exchanging = exchange::run(exchange::Parts {
            gateway: &gateway,
            link,
            health,
            resync: &resync,
            heard: &heard,
            inbox: &mut inbox,
            news: &mut news,
        });
        tokio::select! {
            () = listening => {}
            () = exchanging => {}
            () = values.run() => {}
            () = shutdown.cancelled() => {}
        }
        // The others need not wait to find out; when they cannot be told, they do.
        let _ = link.tell(&Body::Gone).await;
    }
}
