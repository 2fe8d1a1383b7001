//! The connection to Redis: one to speak, one to listen.

use std::time::Duration;

use futures_util::StreamExt;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError, RedisResult};
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::health::Health;
use crate::message::{Body, Message};
use crate::{Options, SCHEMA};

/// Every process hears at least itself this often; where there is silence for longer, the connection is dead.
const SILENCE: Duration = Duration::from_millis(2_500);

/// Pauses between tries to connect.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The connection; clones share it.
#[derive(Clone)]
pub(crate) struct Link {
    client: Client,
    speaking: ConnectionManager,
    prefix: String,
    timeout: Duration,
    process: Uuid,
}

impl Link {
    pub(crate) fn new(options: &Options) -> RedisResult<Self> {
        let client = Client::open(options.url.expose())?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(options.timeout))
            .set_response_timeout(Some(options.timeout))
            .set_number_of_retries(0)
            .set_max_delay(LONGEST_PAUSE);
        let speaking = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
        Ok(Self {
            client,
            speaking,
            prefix: format!("{}:{SCHEMA}", options.prefix),
            timeout: options.timeout,
            process: options.process,
        })
    }

    /// Speaks to Redis; each call has a time limit.
    pub(crate) fn speaking(&self) -> ConnectionManager {
        self.speaking.clone()
    }

    /// Time limit of one call.
    pub(crate) const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The name of something there.
    pub(crate) fn name(&self, what: &str) -> String {
        format!("{}:{what}", self.prefix)
    }

    /// Tells all processes something, this one too.
    pub(crate) async fn tell(&self, body: &Body) -> RedisResult<()> {
        let message = serde_json::to_vec(&Message { from: self.process, body: body.clone() })
            .map_err(|error| RedisError::from((redis::ErrorKind::Client, "message", error.to_string())))?;
        let mut connection = self.speaking();
        let command = redis::cmd("PUBLISH").arg(self.name("exchange")).arg(message).to_owned();
        match timeout(self.timeout, command.query_async::<()>(&mut connection)).await {
            Ok(result) => result,
            Err(_) => Err(RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut))),
        }
    }

    /// Hears what all others tell, and connects again and again; never ends. `heard` is notified when it begins to hear.
    pub(crate) async fn listen(
        &self,
        process: Uuid,
        health: &Health,
        heard: &Notify,
        inbox: mpsc::Sender<Message>,
    ) {
        let mut pause = FIRST_PAUSE;
        loop {
            let why = match self.hear(process, health, heard, &inbox, &mut pause).await {
                Ok(()) => "it fell silent".to_owned(),
                Err(error) => error.to_string(),
            };
            health.down(&why);
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn hear(
        &self,
        process: Uuid,
        health: &Health,
        heard: &Notify,
        inbox: &mpsc::Sender<Message>,
        pause: &mut Duration,
    ) -> RedisResult<()> {
        let timed_out = |_| RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut));
        let connecting = async {
            let mut listening = self.client.get_async_pubsub().await?;
            listening.subscribe(self.name("exchange")).await?;
            Ok::<_, RedisError>(listening)
        };
        let mut listening = timeout(self.timeout.max(SILENCE), connecting).await.map_err(timed_out)??;
        health.up();
        *pause = FIRST_PAUSE;
        heard.notify_one();
        let mut messages = listening.on_message();
        while let Ok(Some(message)) = timeout(SILENCE, messages.next()).await {
            let Ok(message) = serde_json::from_slice::<Message>(message.get_payload_bytes()) else {
                continue;
            };
            if message.from != process && inbox.send(message).await.is_err() {
                break;
            }
        }
        Ok(())
    }
}
