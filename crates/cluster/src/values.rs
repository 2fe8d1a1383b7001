//! Values that all processes see: kept answers, and answers to requests that may be repeated.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use metrics::counter;
use parking_lot::Mutex;
use redis::{Cmd, FromRedisValue};
use roundhouse_gateway::shared::{Claim, Looking, Shared, Space};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::health::Health;
use crate::link::Link;

/// Values that wait to be written.
const QUEUE: usize = 1_024;

/// Bytes of values that wait to be written.
const QUEUE_BYTES: usize = 64 << 20;

/// How long a claim lasts when its owner falls silent, and how often it is renewed.
const CLAIM: Duration = Duration::from_secs(30);
const RENEW: Duration = Duration::from_secs(10);

/// Deletes a value that is still the one it was (Redis manual, `SET`, "Patterns": a lock is given back by its owner only).
const RELEASE: &str =
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

/// Values in Redis.
pub(crate) struct Values {
    link: Link,
    health: Health,
    queue: mpsc::Sender<Work>,
    works: tokio::sync::Mutex<mpsc::Receiver<Work>>,
    /// Bytes that wait.
    waiting: Mutex<usize>,
    /// Claims of this process, to be renewed.
    claims: Mutex<HashMap<Vec<u8>, Bytes>>,
}

enum Work {
    Write { name: Vec<u8>, value: Bytes, ttl: Duration },
    Release { name: Vec<u8>, value: Bytes },
}

impl Values {
    pub(crate) fn new(link: Link, health: Health) -> Self {
        let (queue, works) = mpsc::channel(QUEUE);
        Self {
            link,
            health,
            queue,
            works: tokio::sync::Mutex::new(works),
            waiting: Mutex::default(),
            claims: Mutex::default(),
        }
    }

    /// Writes what waits and renews claims; never ends.
    pub(crate) async fn run(&self) {
        let mut works = self.works.lock().await;
        let mut renewing = interval(RENEW);
        renewing.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                Some(work) = works.recv() => self.work(work).await,
                _ = renewing.tick() => self.renew().await,
            }
        }
    }

    async fn work(&self, work: Work) {
        match work {
            Work::Write { name, value, ttl } => {
                *self.waiting.lock() -= value.len();
                let mut command = redis::cmd("SET");
                command.arg(&name).arg(&value[..]).arg("PX").arg(millis(ttl));
                self.ask::<()>(&command).await;
            }
            Work::Release { name, value } => {
                let mut command = redis::cmd("EVAL");
                command.arg(RELEASE).arg(1).arg(&name).arg(&value[..]);
                self.ask::<i64>(&command).await;
            }
        }
    }

    async fn renew(&self) {
        let names: Vec<Vec<u8>> = self.claims.lock().keys().cloned().collect();
        for name in names {
            let mut command = redis::cmd("PEXPIRE");
            command.arg(&name).arg(millis(CLAIM));
            self.ask::<i64>(&command).await;
        }
    }

    /// Asks Redis, within the time limit; nothing while it cannot be reached.
    async fn ask<T: FromRedisValue + Send + 'static>(&self, command: &Cmd) -> Option<T> {
        if !self.health.is_up() {
            return None;
        }
        let (mut connection, command) = (self.link.speaking(), command.clone());
        // A task of its own: the library's futures cannot be part of those that requests are served by.
        let asking = tokio::spawn(async move { command.query_async::<T>(&mut connection).await });
        match timeout(self.link.timeout(), asking).await {
            Ok(Ok(Ok(value))) => Some(value),
            Ok(Ok(Err(error))) => {
                tracing::debug!(%error, "a shared value cannot be reached");
                None
            }
            Ok(Err(_)) | Err(_) => None,
        }
    }

    fn name(&self, space: Space, key: &[u8]) -> Vec<u8> {
        let space = match space {
            Space::Answers => "answer:",
            Space::Repeats => "repeat:",
        };
        let mut name = self.link.name(space).into_bytes();
        name.extend_from_slice(key);
        name
    }

    fn enqueue(&self, work: Work) {
        let bytes = match &work {
            Work::Write { value, .. } => value.len(),
            Work::Release { .. } => 0,
        };
        {
            let mut waiting = self.waiting.lock();
            if *waiting + bytes > QUEUE_BYTES {
                counter!("roundhouse_shared_values_lost_total").increment(1);
                return;
            }
            *waiting += bytes;
        }
        if self.queue.try_send(work).is_err() {
            *self.waiting.lock() -= bytes;
            counter!("roundhouse_shared_values_lost_total").increment(1);
        }
    }
}

impl Shared for Values {
    fn read<'a>(&'a self, space: Space, key: &'a [u8]) -> Looking<'a, Option<Bytes>> {
        Box::pin(async move {
            let mut command = redis::cmd("GET");
            command.arg(self.name(space, key));
            let found: Option<Vec<u8>> = self.ask(&command).await?;
            found.map(Bytes::from)
        })
    }

    fn write(&self, space: Space, key: &[u8], value: Bytes, ttl: Duration) {
        let name = self.name(space, key);
        self.claims.lock().remove(&name);
        self.enqueue(Work::Write { name, value, ttl });
    }

    fn claim<'a>(&'a self, space: Space, key: &'a [u8], value: Bytes) -> Looking<'a, Claim> {
        Box::pin(async move {
            let name = self.name(space, key);
            let mut command = redis::cmd("SET");
            command.arg(&name).arg(&value[..]).arg("NX").arg("GET").arg("PX").arg(millis(CLAIM));
            match self.ask::<Option<Vec<u8>>>(&command).await {
                None => Claim::Unknown,
                Some(None) => {
                    self.claims.lock().insert(name, value);
                    Claim::Ours
                }
                Some(Some(theirs)) => Claim::Theirs(theirs.into()),
            }
        })
    }

    fn release(&self, space: Space, key: &[u8]) {
        let name = self.name(space, key);
        if let Some(value) = self.claims.lock().remove(&name) {
            self.enqueue(Work::Release { name, value });
        }
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Values")
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX).max(1)
}
