//! What the events of a stream have come to so far.

use roundhouse_domain::TokenUsage;

use super::{Sink, filter};
use crate::document::{self, Facts};
use crate::estimate::Said;
use crate::usage::Counts;
use crate::{UpstreamError, Wire};

#[derive(Debug)]
pub(super) struct Ledger {
    wire: Wire,
    has_content: bool,
    is_terminal: bool,
    choices: u32,
    finished: u32,
    counts: Counts,
    response_id: Option<String>,
    failure: Option<Box<UpstreamError>>,
    said: Said,
}

impl Ledger {
    pub(super) fn new(wire: Wire) -> Self {
        Self {
            wire,
            has_content: false,
            is_terminal: false,
            choices: 0,
            finished: 0,
            counts: Counts::default(),
            response_id: None,
            failure: None,
            said: Said::default(),
        }
    }

    pub(super) fn has_content(&self) -> bool {
        self.has_content
    }

    pub(super) fn is_complete(&self) -> bool {
        self.is_terminal || (self.finished != 0 && self.finished == self.choices)
    }

    pub(super) fn failure(&self) -> Option<&UpstreamError> {
        self.failure.as_deref()
    }

    pub(super) fn usage(&self) -> TokenUsage {
        self.counts.usage(self.wire.counting())
    }

    pub(super) fn said_tokens(&self) -> u64 {
        self.said.tokens()
    }

    pub(super) fn response_id(&self) -> Option<&str> {
        self.response_id.as_deref()
    }

    fn take(&mut self, facts: Facts, data: &[u8]) {
        if facts.is_error && self.failure.is_none() {
            self.failure = Some(Box::new(document::error(data)));
        }
        self.has_content |= facts.is_semantic;
        self.is_terminal |= facts.is_terminal;
        self.choices |= facts.choices;
        self.finished |= facts.finished;
        self.counts.update(&facts.counts);
        if self.wire.is_stored() && self.response_id.is_none() {
            self.response_id = facts.response_id;
        }
    }

    fn unreadable(&mut self, data: &[u8]) {
        // After the first content a broken event is the client's to judge; before it nobody can use the stream.
        if self.has_content || self.failure.is_some() {
            return;
        }
        let start = String::from_utf8_lossy(&data[..data.len().min(200)]);
        let message = format!("an event of the stream is not JSON: {start}");
        self.failure = Some(Box::new(UpstreamError { message, ..UpstreamError::default() }));
    }
}

impl Sink for Ledger {
    fn event(&mut self, name: &[u8], data: &[u8]) {
        let data = data.trim_ascii();
        if data == b"[DONE]" {
            self.is_terminal = true;
            return;
        }
        self.said.event(self.wire, name, data);
        if data.is_empty() || (self.has_content && !filter::selects(self.wire, name, data)) {
            return;
        }
        match document::read(self.wire, name, data) {
            Ok(facts) => self.take(facts, data),
            Err(_) => self.unreadable(data),
        }
    }

    fn opaque(&mut self) {
        self.has_content = true;
    }

    fn whole(&mut self) {
        self.is_terminal = true;
    }
}
