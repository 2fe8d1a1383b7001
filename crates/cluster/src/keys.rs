//! States of provider keys, told to the others as they change.

use std::sync::Arc;

use metrics::{Counter, counter};
use roundhouse_domain::KeyStateRecord;
use tokio::sync::mpsc;

use crate::message::Body;

/// Hears of changes of keys in this process and has them told to the others; never waits.
#[derive(Clone)]
pub struct KeyNews {
    sender: mpsc::Sender<Body>,
    lost: Arc<Counter>,
}

impl KeyNews {
    pub(crate) fn new(sender: mpsc::Sender<Body>) -> Self {
        Self { sender, lost: Arc::new(counter!("roundhouse_key_news_lost_total")) }
    }

    /// Has a change told.
    pub fn changed(&self, record: &KeyStateRecord) {
        if self.sender.try_send(Body::Key(record.clone().into())).is_err() {
            self.lost.increment(1);
        }
    }
}
