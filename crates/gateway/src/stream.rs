//! Passing a started answer on: bytes as they come, whole events only, and an end that the caller can tell from a cut.

mod boundary;
mod events;
mod reading;
mod screening;

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, SizeHint};
use roundhouse_domain::{ErrorKind, Outcome};
use tokio::time::{Instant, Sleep};

pub(crate) use self::events::Events;
pub(crate) use self::reading::Reading;
use crate::answer::CutOff;
use crate::attempt::AttemptGuard;
use crate::cache::Recorder;
use crate::error::CallError;
use crate::guardrails::screen::{Checking, Screen};
use crate::settlement::Settlement;
use crate::upstream::UpstreamBody;

/// A comment that every reader of server-sent events skips (WHATWG HTML, section 9.2.6).
pub(crate) const KEEPALIVE: &[u8] = b": keepalive\n\n";

/// A committed answer on its way.
#[derive(Debug)]
pub(crate) struct Streaming {
    ready: VecDeque<Bytes>,
    upstream: Option<UpstreamBody>,
    events: Option<Events>,
    settlement: Settlement,
    guard: AttemptGuard,
    status: u16,
    is_broken: bool,
    recorder: Option<Box<Recorder>>,
    screen: Option<Box<Screen>>,
    checking: Option<Checking>,
    pace: Pace,
}

/// Time limits between pieces. One timer is set again only when it rings: pieces that come just note the time.
#[derive(Debug)]
struct Pace {
    idle: Duration,
    keepalive: Duration,
    last_piece: Instant,
    last_sent: Instant,
    timer: Pin<Box<Sleep>>,
}

impl Pace {
    fn new(idle: Duration, keepalive: Duration) -> Self {
        let now = Instant::now();
        let keepalive = if keepalive.is_zero() { Duration::MAX } else { keepalive };
        let first = now + idle.min(keepalive);
        Self {
            idle,
            keepalive,
            last_piece: now,
            last_sent: now,
            timer: Box::pin(tokio::time::sleep_until(first)),
        }
    }

    fn piece(&mut self) {
        self.last_piece = Instant::now();
        self.last_sent = self.last_piece;
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Ring> {
        loop {
            if self.timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            let now = Instant::now();
            if now.duration_since(self.last_piece) >= self.idle {
                return Poll::Ready(Ring::Idle);
            }
            let due = now.duration_since(self.last_sent) >= self.keepalive;
            if due {
                self.last_sent = now;
            }
            let keepalive_at = self.last_sent.checked_add(self.keepalive);
            let next =
                keepalive_at.map_or(self.last_piece + self.idle, |at| at.min(self.last_piece + self.idle));
            self.timer.as_mut().reset(next);
            if due {
                return Poll::Ready(Ring::Keepalive);
            }
        }
    }
}

enum Ring {
    Idle,
    Keepalive,
}

impl Streaming {
    /// An answer that begins with the bytes `held` and goes on with `upstream`.
    pub(crate) fn new(
        held: Vec<Bytes>,
        upstream: UpstreamBody,
        events: Option<Events>,
        parts: (Settlement, AttemptGuard, u16),
        limits: (Duration, Duration),
    ) -> Self {
        let (settlement, guard, status) = parts;
        let keepalive =
            if events.as_ref().is_some_and(|events| events.server_sent) { limits.1 } else { Duration::ZERO };
        let mut streaming = Self {
            ready: VecDeque::new(),
            upstream: Some(upstream),
            events,
            settlement,
            guard,
            status,
            is_broken: false,
            recorder: None,
            screen: None,
            checking: None,
            pace: Pace::new(limits.0, keepalive),
        };
        for piece in held {
            streaming.forward(piece);
        }
        streaming.redact(0);
        streaming
    }

    /// Has the answer written down as it passes.
    pub(crate) fn record(&mut self, recorder: Option<Box<Recorder>>) {
        self.recorder = recorder;
    }

    /// Has the answer looked at before it passes.
    pub(crate) fn screened(&mut self, screen: Screen) {
        let fresh = self.ready.drain(..).collect();
        self.screen = Some(Box::new(screen));
        self.look_at(fresh);
    }

    /// The size of what is to come, where the upstream told it and nothing can be added.
    pub(crate) fn size_hint(&self) -> SizeHint {
        match (&self.events, &self.upstream) {
            (None, Some(upstream)) if self.ready.is_empty() && self.screen.is_none() => upstream.size_hint(),
            _ => SizeHint::default(),
        }
    }

    /// True when the answer broke off: what came of it may not be told again.
    pub(crate) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// True when there is nothing more to come.
    pub(crate) fn is_over(&self) -> bool {
        self.upstream.is_none() && self.ready.is_empty() && self.checking.is_none()
    }

    /// The next piece for the caller.
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, CutOff>>> {
        let polled = self.poll_piece(cx);
        if self.recorder.is_some()
            && let Poll::Ready(item) = &polled
        {
            self.write_down(item.as_ref());
        }
        polled
    }

    /// Lets the recorder have a piece, and the end where it has come.
    fn write_down(&mut self, item: Option<&Result<Bytes, CutOff>>) {
        if self.is_broken || matches!(item, Some(Err(_))) {
            self.recorder = None;
            return;
        }
        if let (Some(recorder), Some(Ok(piece))) = (&mut self.recorder, item)
            && piece != KEEPALIVE
        {
            recorder.note(piece);
        }
        // Who was told the length of an answer does not ask for its end.
        if self.is_over()
            && let Some(recorder) = self.recorder.take()
        {
            recorder.end();
        }
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, CutOff>>> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(piece)));
            }
            if let Some(checking) = &mut self.checking {
                match Pin::new(checking).poll(cx) {
                    Poll::Ready(checked) => self.checked(checked),
                    Poll::Pending => match self.pace.poll(cx) {
                        Poll::Pending => return Poll::Pending,
                        Poll::Ready(Ring::Keepalive) => self.keep_alive(),
                        // It is not the provider that takes its time.
                        Poll::Ready(Ring::Idle) => self.pace.piece(),
                    },
                }
                continue;
            }
            let Some(upstream) = &mut self.upstream else { return Poll::Ready(None) };
            match Pin::new(upstream).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    if let Ok(piece) = frame.into_data() {
                        self.pace.piece();
                        if self.take(piece) {
                            return Poll::Ready(Some(Err(CutOff)));
                        }
                    }
                }
                Poll::Ready(None) => {
                    if self.ended() {
                        return Poll::Ready(Some(Err(CutOff)));
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    if self.broken(&format!("the provider's answer broke off: {error}")) {
                        return Poll::Ready(Some(Err(CutOff)));
                    }
                }
                Poll::Pending => match self.pace.poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ring::Keepalive) => self.keep_alive(),
                    Poll::Ready(Ring::Idle) => {
                        if self.broken("the provider sent nothing more in time") {
                            return Poll::Ready(Some(Err(CutOff)));
                        }
                    }
                },
            }
        }
    }

    /// Takes a piece of the answer; true where it broke off with that and only a cut can tell.
    fn take(&mut self, piece: Bytes) -> bool {
        let piece = match &mut self.events {
            Some(events) => events.reading.push(piece),
            None => piece,
        };
        let waiting = self.ready.len();
        self.forward(piece);
        self.redact(waiting);
        if self.screen.is_some() {
            let fresh = self.ready.drain(waiting..).collect();
            if !self.look_at(fresh) {
                return false;
            }
        }
        if let Some(events) = &self.events {
            return events.reading.hides_failure() && self.told_failure();
        }
        // Who was told the length of an answer does not ask for its end.
        if self.upstream.as_ref().is_some_and(Body::is_end_stream) {
            self.ended();
        }
        false
    }

    /// Tells the caller of the failure that a converted stream told us.
    fn told_failure(&mut self) -> bool {
        let failure = self.events.as_ref().and_then(|events| events.reading.failure());
        let said = failure.map_or_else(String::new, |failure| self.guard.redact(&failure.message));
        self.broken(&said)
    }

    /// Passes on what is whole of the events so far; the rest waits for its end.
    fn forward(&mut self, piece: Bytes) {
        match &mut self.events {
            Some(events) => events.pass(piece, &mut self.ready),
            None => self.ready.push_back(piece),
        }
    }

    /// Takes the key that a failed stream may echo out of what is ready from `start` on.
    fn redact(&mut self, start: usize) {
        if let Some(events) = &self.events {
            events.redact(&mut self.ready, start, |bytes| self.guard.redacted(bytes));
        }
    }

    fn keep_alive(&mut self) {
        if self.events.as_ref().is_some_and(|events| events.server_sent) {
            self.ready.push_back(Bytes::from_static(KEEPALIVE));
        }
    }

    /// Settles an answer whose bytes have ended; true where they ended too early and only a cut can tell.
    fn ended(&mut self) -> bool {
        let Some(events) = &mut self.events else {
            self.upstream = None;
            self.look_at_end();
            return false;
        };
        let was_complete = events.reading.is_complete();
        let rest = events.reading.finish();
        if events.reading.hides_failure() {
            return self.told_failure();
        }
        let failure = events.reading.failure().map(|failure| self.guard.redact(&failure.message));
        if failure.is_none() && !events.reading.is_complete() {
            return self.broken("the provider ended its answer too early");
        }
        let waiting = self.ready.len();
        events.pass(rest, &mut self.ready);
        events.end(&mut self.ready, was_complete);
        events.redact(&mut self.ready, waiting, |bytes| self.guard.redacted(bytes));
        self.upstream = None;
        if self.screen.is_some() {
            let fresh = self.ready.drain(waiting..).collect();
            if !self.look_at(fresh) {
                return false;
            }
        }
        if let Some(failure) = failure {
            self.settle_broken(failure.into());
            return false;
        }
        self.look_at_end();
        false
    }

    /// Settles an answer that came to its end and may pass.
    fn concluded(&mut self) {
        self.guard.succeeded();
        if let Some(events) = &self.events {
            self.guard.answered(events.reading.response_id(), &self.settlement.caller().name);
            self.settlement.used(events.reading.usage(), || events.reading.said_tokens());
        }
        self.settlement.settle(Outcome::Ok, self.status, None);
    }

    /// Ends a broken answer with the protocol's own error event; true where there is none and only a cut can tell.
    fn broken(&mut self, why: &str) -> bool {
        self.upstream = None;
        let error = CallError::new(ErrorKind::UpstreamFailed, "stream_broken", why);
        let told = match &mut self.events {
            Some(events) if events.server_sent => {
                events.discard();
                let sequence = events.reading.sequence();
                self.ready.push_back(error.event(events.operation, self.settlement.id(), sequence));
                true
            }
            // An array that we write ourselves never ends within an element.
            Some(Events { reading: Reading::Converted(_), operation, .. }) => {
                self.ready.push_back(error.last_element(*operation, self.settlement.id()));
                true
            }
            _ => false,
        };
        self.settle_broken(why.into());
        !told
    }

    fn settle_broken(&mut self, error: Arc<str>) {
        self.is_broken = true;
        self.guard.broke();
        if let Some(events) = &self.events {
            self.settlement.used(events.reading.usage(), || events.reading.said_tokens());
        }
        self.settlement.settle(Outcome::Broken, self.status, Some(error));
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        // The caller went away: what was used until now is still used.
        let is_under_way = self.upstream.is_some() || self.checking.is_some();
        if let Some(events) = self.events.as_ref().filter(|_| is_under_way) {
            self.settlement.used(events.reading.usage(), || events.reading.said_tokens());
        }
    }
}
