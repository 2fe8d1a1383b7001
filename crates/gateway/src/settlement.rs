//! The one owner of a client call's end: it settles the call exactly once, also when the caller goes away.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::HeaderMap;
use roundhouse_domain::choice::{Candidate, Round, RouteChoices};
use roundhouse_domain::{
    Amounts, AttemptRecord, Charge, Day, NanoUsd, Outcome, RequestId, RequestRecord, Timestamp, TokenUsage,
};
use roundhouse_llm::catalogue::Facts;
use roundhouse_llm::{Operation, estimate};
use tracing::{Span, field};

use crate::access::AccessKey;
use crate::call::Ask;
use crate::capture::Wanted;
use crate::error::CallError;
use crate::gateway::{Gateway, Place};
use crate::guardrails::Note;
use crate::key::ProviderKey;
use crate::limits::Permit;
use crate::route::Route;
use crate::selection::Choice;
use crate::target::Target;

/// Status that stands in the log for a caller that went away; nginx's convention.
pub(crate) const CLIENT_CLOSED_REQUEST: u16 = 499;

/// Tags of a call at the most.
const TAGS: usize = 10;

/// Bytes of a tag or a session's id at the most; longer ones are not kept.
const LABEL: usize = 200;

/// A call under way: who calls, what is known of it so far, and the places it takes.
#[derive(Debug)]
pub struct Settlement {
    gateway: Gateway,
    caller: Arc<AccessKey>,
    began: Instant,
    record: Option<Box<RequestRecord>>,
    attempt: Option<Underway>,
    answered_by: Option<Answering>,
    question: Option<(Operation, Bytes)>,
    wanted: Option<Wanted>,
    said_tokens: u64,
    span: Span,
    permit: Permit,
    _place: Place,
}

/// Who answers, and what is known of the model.
#[derive(Debug)]
struct Answering {
    target: Arc<Target>,
    key: Option<Arc<ProviderKey>>,
    facts: Arc<Facts>,
}

#[derive(Debug)]
struct Underway {
    record: AttemptRecord,
    span: Span,
    began: Instant,
}

impl Settlement {
    pub(crate) fn new(
        gateway: Gateway,
        caller: Arc<AccessKey>,
        id: RequestId,
        client_ip: Option<IpAddr>,
        span: Span,
        places: (Permit, Place),
    ) -> Self {
        gateway.metrics().began();
        let record = RequestRecord {
            access_key_id: caller.id,
            access_key: caller.name.clone(),
            user_id: caller.user_id,
            group: caller.group.clone(),
            client_ip,
            ..RequestRecord::new(id, gateway.now())
        };
        Self {
            gateway,
            caller,
            began: Instant::now(),
            record: Some(Box::new(record)),
            attempt: None,
            answered_by: None,
            question: None,
            wanted: None,
            said_tokens: 0,
            span,
            permit: places.0,
            _place: places.1,
        }
    }

    /// The call's id.
    pub fn id(&self) -> RequestId {
        self.record.as_ref().map_or(RequestId(uuid::Uuid::nil()), |record| record.id)
    }

    /// Who calls.
    pub fn caller(&self) -> &Arc<AccessKey> {
        &self.caller
    }

    pub(crate) fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// When the call arrived.
    pub fn began(&self) -> Instant {
        self.began
    }

    /// Where the caller is.
    pub fn client_ip(&self) -> Option<IpAddr> {
        self.record.as_ref().and_then(|record| record.client_ip)
    }

    /// Reserves what the call is expected to take; says which limit stands against it.
    pub(crate) fn reserve(&mut self, expected: Amounts) -> Result<(), CallError> {
        Ok(self.permit.reserve(expected, self.gateway.now())?)
    }

    /// Ends a call that was refused before it could be read.
    pub fn refuse(mut self, ask: &Ask, error: &CallError) {
        self.asked(ask.name(), "".into(), false);
        self.settle(Outcome::CallerFault, error.kind.status(), Some(error.message.as_str().into()));
    }

    /// Notes what is asked for.
    pub(crate) fn asked(&mut self, operation: &'static str, model: Arc<str>, stream: bool) {
        if let Some(record) = &mut self.record {
            record.operation = operation.into();
            record.model = model;
            record.stream = stream;
        }
    }

    /// Notes what was chosen on a route, or that nothing was.
    pub(crate) fn chose(&mut self, route: &Route, affine: bool, round: Round) {
        let Some(record) = &mut self.record else { return };
        let routes = &mut record.choices.routes;
        match routes.last_mut().filter(|last| last.route == route.name && last.shape == route.shape) {
            Some(last) => last.rounds.push(round),
            None => routes.push(RouteChoices {
                route: route.name.clone(),
                strategy: route.strategy,
                affine,
                shape: route.shape,
                targets: Vec::new(),
                rounds: vec![round],
            }),
        }
    }

    /// Notes who the targets of the route are: for requests that their first attempt did not answer.
    pub(crate) fn name_targets(&mut self, route: &Route) {
        let last = self.record.as_mut().and_then(|record| record.choices.routes.last_mut());
        if let Some(last) = last.filter(|last| last.targets.is_empty()) {
            let candidate = |(tier, target): (usize, &Arc<Target>)| Candidate {
                provider: target.provider.name.clone(),
                model: target.model.clone(),
                tier: u16::try_from(tier).unwrap_or(u16::MAX),
                weight: target.weight,
            };
            last.targets = route.targets().take(Round::MOST).map(candidate).collect();
        }
    }

    /// Notes that an attempt begins.
    pub(crate) fn attempt_began(
        &mut self,
        target: &Target,
        model: &str,
        key: Option<roundhouse_domain::KeyHash>,
    ) {
        let model = if target.model.is_empty() { model.into() } else { target.model.clone() };
        let record = AttemptRecord {
            provider: target.provider.name.clone(),
            model,
            key_hash: key,
            status: None,
            verdict: "cancelled".into(),
            error: None,
            started_ms: millis(self.began),
            first_byte_ms: None,
            duration_ms: 0,
            cost: None,
        };
        let span = tracing::info_span!(
            target: "trace",
            parent: &self.span,
            "attempt",
            otel.kind = "client",
            provider = %record.provider,
            model = %record.model,
            verdict = field::Empty,
            http.response.status_code = field::Empty,
        );
        self.attempt = Some(Underway { record, span, began: Instant::now() });
    }

    /// Notes how the attempt under way ended.
    pub(crate) fn attempt_ended(
        &mut self,
        status: Option<u16>,
        verdict: &'static str,
        error: Option<Arc<str>>,
    ) {
        if let Some(underway) = &mut self.attempt {
            underway.record.status = status;
            underway.record.verdict = verdict.into();
            underway.record.error = error;
        }
        self.close_attempt();
    }

    /// Notes that the attempt under way began to answer, and goes on until the call ends.
    pub(crate) fn attempt_answers(&mut self, status: u16, choice: &Choice, facts: Arc<Facts>) {
        if let Some(wanted) = &self.wanted {
            let mut wanted = wanted.lock();
            *wanted = wanted.or(choice.target.provider.capture);
        }
        if let Some(underway) = &mut self.attempt {
            underway.record.status = Some(status);
            underway.record.verdict = "ok".into();
            underway.record.first_byte_ms = Some(millis(underway.began));
        }
        if let Some(record) = &mut self.record {
            record.first_byte_ms = Some(millis(self.began));
        }
        let (target, key) = (choice.target.clone(), choice.key.clone());
        self.answered_by = Some(Answering { target, key, facts });
    }

    /// Attempts made so far.
    pub(crate) fn attempts(&self) -> usize {
        self.record.as_ref().map_or(0, |record| record.attempts.len()) + usize::from(self.attempt.is_some())
    }

    /// Notes tokens, as far as the provider told them, and how many were said, which is asked where it did not.
    pub(crate) fn used(&mut self, usage: TokenUsage, said: impl FnOnce() -> u64) {
        if let Some(record) = &mut self.record {
            record.usage = usage;
            // A count of the last event may still have come: then less than that was said.
            self.said_tokens = said();
        }
    }

    /// Notes by which words of its own the caller wants to find the call again.
    pub(crate) fn labelled(&mut self, headers: &HeaderMap) {
        let Some(record) = &mut self.record else { return };
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        record.session =
            text("x-session-id").filter(|text| !text.is_empty() && text.len() <= LABEL).map(Arc::from);
        let tags = text("x-roundhouse-tags").unwrap_or_default().split(',').map(str::trim);
        let tags = tags.filter(|tag| !tag.is_empty() && tag.len() <= LABEL).take(TAGS);
        record.tags = tags.map(Arc::from).collect();
    }

    /// Notes whom to tell which bodies are wanted.
    pub(crate) fn tapped(&mut self, wanted: Wanted) {
        self.wanted = Some(wanted);
    }

    /// Notes what is asked, until it is known how many tokens that is.
    pub(crate) fn asking(&mut self, operation: Option<Operation>, body: &Bytes) {
        self.question = operation.map(|operation| (operation, body.clone()));
    }

    /// Puts estimates where the provider told no tokens, or was cut short before it told all.
    fn estimate(&mut self, outcome: Outcome) {
        let Some((operation, body)) = self.question.take() else { return };
        let (Some(record), Some(_)) = (&mut self.record, &self.answered_by) else { return };
        let usage = &mut record.usage;
        let is_cut = matches!(outcome, Outcome::Broken | Outcome::Cancelled);
        if usage.input == 0 && (operation.generates() || operation == Operation::Embeddings) {
            usage.input = estimate::request(operation, &record.model, &body);
            record.estimated = true;
        }
        if (usage.output == 0 || is_cut) && self.said_tokens > usage.output {
            usage.output = self.said_tokens;
            record.estimated = true;
        }
    }

    /// Notes what guardrails did.
    pub(crate) fn screened(&mut self, notes: &[Note]) {
        let Some(record) = &mut self.record else { return };
        for note in notes.iter().map(Note::to_string) {
            if !record.guardrails.iter().any(|known| **known == *note) {
                record.guardrails.push(note.into());
            }
        }
    }

    /// Notes that the answer is one that was kept: it costs nothing.
    pub(crate) fn answered_from_cache(&mut self) {
        if let Some(record) = &mut self.record {
            record.cache_hit = true;
            record.cost = Some(NanoUsd::default());
            record.first_byte_ms = Some(millis(self.began));
        }
    }

    /// Ends the call.
    pub(crate) fn settle(&mut self, outcome: Outcome, status: u16, error: Option<Arc<str>>) {
        if outcome == Outcome::Broken
            && let Some(underway) = &mut self.attempt
        {
            underway.record.verdict = "broken".into();
            underway.record.error.clone_from(&error);
        }
        self.estimate(outcome);
        self.price();
        self.close_attempt();
        let Some(mut record) = self.record.take() else { return };
        record.outcome = outcome;
        record.status = status;
        record.error = error;
        record.duration_ms = millis(self.began);
        self.span.record("http.response.status_code", status);
        self.span.record("outcome", outcome.as_str());
        let now = self.gateway.now();
        if let Some(answering) = &self.answered_by {
            answering.target.health.metrics.count_tokens(&record.usage);
            if let Some(key) = &answering.key {
                key.count_tokens(record.usage.total(), now);
            }
        }
        self.charge(&record, now);
        self.gateway.metrics().ended(outcome, self.began.elapsed());
        self.gateway.sink().request_ended(*record);
    }

    /// Says what the answer cost, at the prices that are in force now.
    fn price(&mut self) {
        let (Some(record), Some(answering)) = (&mut self.record, &self.answered_by) else { return };
        let cost = answering.facts.cost_at(&record.usage, self.gateway.now());
        record.cost = cost;
        if let Some(underway) = &mut self.attempt {
            underway.record.cost = cost;
        }
    }

    /// Counts what the call took for all who have limits to keep.
    fn charge(&mut self, record: &RequestRecord, now: Timestamp) {
        let (tokens, cost) = (record.usage.total(), record.cost.unwrap_or_default());
        let used = Amounts { requests: 0, tokens, cost };
        if let Some(amounts) = self.permit.settle(used, now) {
            let holders = self.caller.holder_ids.clone();
            self.gateway.sink().charged(Charge { holders, day: Day::of(now), amounts });
        }
    }

    fn close_attempt(&mut self) {
        if let Some(Underway { mut record, span, began }) = self.attempt.take() {
            record.duration_ms = millis(began);
            span.record("verdict", &*record.verdict);
            if let Some(status) = record.status {
                span.record("http.response.status_code", status);
            }
            if let Some(call) = &mut self.record {
                tracing::debug!(
                    request_id = %call.id,
                    provider = %record.provider,
                    model = %record.model,
                    verdict = &*record.verdict,
                    status = record.status,
                    duration_ms = record.duration_ms,
                    error = record.error.as_deref().unwrap_or_default(),
                    "attempt"
                );
                call.attempts.push(record);
            }
        }
    }
}

impl Drop for Settlement {
    fn drop(&mut self) {
        self.settle(Outcome::Cancelled, CLIENT_CLOSED_REQUEST, None);
    }
}

fn millis(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_millis()).unwrap_or(u32::MAX)
}
