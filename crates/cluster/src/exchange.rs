//! Telling the others what was counted here, and counting what they tell.
//!
//! Each process tells what changed ten times a second, sooner when a limit was reached, and everything from time to time and
//! when another asks. Until it hears of the others again it takes no more than its portion
//! ([`roundhouse_gateway::limits::Usage::divide`]), so that all together stay within a limit.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use roundhouse_domain::HolderId;
use roundhouse_gateway::Gateway;
use roundhouse_gateway::limits::{Limits, Shared};
use roundhouse_gateway::snapshot::Snapshot;
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep_until};

use crate::Resync;
use crate::health::Health;
use crate::link::Link;
use crate::message::{Body, Counted, Message, holder};
use crate::peers::Peers;

/// Messages of others that wait to be read.
pub(crate) const INBOX: usize = 1_024;

/// How often is told what changed.
const TICK: Duration = Duration::from_millis(100);

/// How often at the most, while limits are reached.
const PRESSED: Duration = Duration::from_millis(20);

/// How often something is told at least, so that the others know that this process is there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// How often everything is told, whatever was lost on the way.
const EVERYTHING: Duration = Duration::from_secs(10);

/// Holders in one message.
const AT_ONCE: usize = 1_000;

/// What the exchange works with.
pub(crate) struct Parts<'a, R> {
    pub(crate) gateway: &'a Gateway,
    pub(crate) link: &'a Link,
    pub(crate) health: &'a Health,
    pub(crate) resync: &'a R,
    /// Notified when this process begins to hear.
    pub(crate) heard: &'a Notify,
    pub(crate) inbox: &'a mut mpsc::Receiver<Message>,
    pub(crate) news: &'a mut mpsc::Receiver<Body>,
}

/// What this process told, and was told.
struct Exchange {
    peers: Peers,
    limits: HolderLimits,
    told: HashMap<HolderId, Shared>,
    told_at: Instant,
    told_all_at: Instant,
    /// Whether those who are there now may have been there before this process.
    is_fresh: bool,
    began: Instant,
    was_up: bool,
}

/// The limits of holders in the snapshot that is served by.
#[derive(Default)]
struct HolderLimits {
    snapshot: Option<Arc<Snapshot>>,
    divided: HashMap<HolderId, Limits>,
}

impl HolderLimits {
    /// The limits of a holder, where there are such that are divided among processes.
    fn of(&self, holder: &HolderId) -> Option<&Limits> {
        self.divided.get(holder)
    }

    fn refresh(&mut self, gateway: &Gateway) {
        let now = gateway.snapshot_full();
        if self.snapshot.as_ref().is_some_and(|before| Arc::ptr_eq(before, &now)) {
            return;
        }
        let holders = now.access.iter().flat_map(|key| &key.holders);
        let are_divided =
            |limits: &Limits| limits.requests_per_minute.is_some() || limits.concurrent.is_some();
        self.divided = holders
            .filter(|holder| are_divided(&holder.limits))
            .map(|holder| (holder.id.clone(), holder.limits))
            .collect();
        self.snapshot = Some(now);
    }
}

/// Exchanges until it is dropped.
pub(crate) async fn run<R: Resync>(parts: Parts<'_, R>) {
    let Parts { gateway, link, health, resync, heard, inbox, news } = parts;
    let mut exchange = Exchange::new();
    let mut next = Instant::now();
    loop {
        tokio::select! {
            biased;
            () = heard.notified() => {
                // What was told meanwhile was missed; it is stored by now, or told again.
                told(link, health, &Body::Hello).await;
                resync.resync().await;
                exchange.tell_all(gateway, link, health).await;
            }
            Some(body) = news.recv() => told(link, health, &body).await,
            Some(message) = inbox.recv() => {
                if exchange.take(message, gateway) {
                    exchange.tell_all(gateway, link, health).await;
                }
            }
            () = sleep_until(next) => {
                exchange.tick(gateway, link, health).await;
                next = Instant::now() + TICK;
            }
            () = gateway.pressed() => {
                let soonest = exchange.told_at + PRESSED;
                next = next.min(soonest.max(Instant::now()));
            }
        }
    }
}

/// Tells something; what cannot be told is told again with everything.
async fn told(link: &Link, health: &Health, body: &Body) {
    if health.is_up()
        && let Err(error) = link.tell(body).await
    {
        tracing::debug!(%error, "the other processes cannot be told");
    }
}

impl Exchange {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            peers: Peers::default(),
            limits: HolderLimits::default(),
            told: HashMap::new(),
            told_at: now,
            told_all_at: now,
            is_fresh: true,
            began: now,
            was_up: false,
        }
    }

    /// Takes up a message; true where its sender wants to be told everything.
    fn take(&mut self, message: Message, gateway: &Gateway) -> bool {
        let Message { from, body } = message;
        let now = Instant::now();
        self.peers.heard(from, now);
        match body {
            Body::Hello => return true,
            Body::Counted { is_all, holders } => {
                let known =
                    holders.into_iter().filter_map(|(name, counted)| Some((holder(&name)?, counted.into())));
                self.peers.counted(from, is_all, self.is_fresh, known.collect(), now);
            }
            Body::Key(key) => {
                gateway.adopt_key_state(&key.into());
            }
            Body::Gone => self.peers.gone(from),
        }
        false
    }

    /// Tells what changed, and counts what others told.
    async fn tick(&mut self, gateway: &Gateway, link: &Link, health: &Health) {
        let now = Instant::now();
        // Who was there before this process has told so by now.
        self.is_fresh &= now.duration_since(self.began) < SIGN_OF_LIFE * 3;
        let is_up = health.is_up();
        if self.was_up && !is_up {
            self.peers.all_gone();
            gateway.usages().all().iter().for_each(|(_, usage)| usage.go_alone());
        }
        self.was_up = is_up;
        self.peers.expire(now);
        self.count(gateway);
        health.count(self.peers.processes());
        if !is_up {
            return;
        }
        if now.duration_since(self.told_all_at) >= EVERYTHING {
            return self.tell_all(gateway, link, health).await;
        }
        let changed = self.changed(gateway);
        if !changed.is_empty() || now.duration_since(self.told_at) >= SIGN_OF_LIFE {
            self.tell(link, health, false, changed).await;
        }
    }

    /// Takes up what the others counted.
    fn count(&mut self, gateway: &Gateway) {
        let now = gateway.now();
        for holder in self.peers.take_fresh() {
            // A holder that was never seen here is counted from now on.
            gateway.usages().of(&holder).others(self.peers.sum(&holder), now);
        }
    }

    /// What changed of what this process has to tell. All portions are renewed with it.
    fn changed(&mut self, gateway: &Gateway) -> Vec<(HolderId, Shared)> {
        self.limits.refresh(gateway);
        let now = gateway.now();
        let mut changed = Vec::new();
        for (holder, usage) in gateway.usages().all() {
            let mut shared = usage.shared(now);
            if let Some(limits) = self.limits.of(&holder) {
                let division = self.peers.division(&holder);
                (shared.minute_requests, shared.open) = usage.divide(limits, &division, now);
            }
            if self.told.get(&holder) != Some(&shared) {
                self.told.insert(holder.clone(), shared);
                changed.push((holder, shared));
            }
        }
        changed
    }

    async fn tell_all(&mut self, gateway: &Gateway, link: &Link, health: &Health) {
        self.told.clear();
        let all = self.changed(gateway);
        self.told_all_at = Instant::now();
        self.tell(link, health, true, all).await;
    }

    async fn tell(&mut self, link: &Link, health: &Health, is_all: bool, holders: Vec<(HolderId, Shared)>) {
        self.told_at = Instant::now();
        let mut holders: Vec<(String, Counted)> =
            holders.into_iter().map(|(holder, shared)| (holder.to_string(), shared.into())).collect();
        // What is told in several messages is all of nothing by itself.
        let is_all = is_all && holders.len() <= AT_ONCE;
        loop {
            let rest = holders.split_off(holders.len().min(AT_ONCE));
            told(link, health, &Body::Counted { is_all, holders }).await;
            if rest.is_empty() {
                return;
            }
            holders = rest;
        }
    }
}
