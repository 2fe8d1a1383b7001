//! The way of a call: attempt after attempt, until one answers or nothing is left.

mod exhausted;
mod screening;

use std::sync::Arc;

use bytes::Bytes;
use http::response::Parts;
use http::{HeaderMap, HeaderValue, Response};
use roundhouse_domain::{ErrorKind, Outcome, Timestamp, TokenUsage};
use roundhouse_llm::Protocol;
use roundhouse_llm::answer::Answer;
use roundhouse_llm::catalogue::Facts;
use roundhouse_llm::estimate;
use tokio::time::Instant;

use self::exhausted::Tally;
use self::screening::refused;
use crate::access::AccessKey;
use crate::answer::{AnswerBody, Kind};
use crate::attempt::{self, AttemptGuard, Failed, Got};
use crate::cache::{self, Admission as Found, Recorder, Standing};
use crate::call::{Call, Prepared};
use crate::capture::Tap;
use crate::error::CallError;
use crate::failure::{self, Failure, Verdict};
use crate::gateway::Gateway;
use crate::guardrails::screen::{self, Screen};
use crate::idempotency::Admission;
use crate::route::Route;
use crate::selection::{Choice, Selection, Wish};
use crate::settlement::Settlement;
use crate::stream::{Events, Streaming};
use crate::target::Target;
use crate::timeouts::Timeouts;
use crate::upstream::UpstreamBody;
use crate::waiting::Waiting;

/// What became of a call.
pub(crate) enum Relayed {
    /// A whole answer, of the provider or about the caller's own fault.
    Whole(Response<Bytes>),
    /// An answer that has begun.
    Streaming(Response<Box<Streaming>>),
    /// Nothing was left after so many attempts.
    Failed(CallError, usize),
}

impl Relayed {
    fn headers_mut(&mut self) -> Option<&mut HeaderMap> {
        match self {
            Self::Whole(response) => Some(response.headers_mut()),
            Self::Streaming(response) => Some(response.headers_mut()),
            Self::Failed(..) => None,
        }
    }

    /// Has the answer written down, where it is one that may be kept.
    fn record(&mut self, recorder: Box<Recorder>) {
        match self {
            Self::Whole(response) => {
                if let Some(mut recorder) = recorder.begin(response.status(), response.headers()) {
                    recorder.note(response.body());
                    recorder.end();
                }
            }
            Self::Streaming(response) => {
                let recorder = recorder.begin(response.status(), response.headers());
                response.body_mut().record(recorder);
            }
            // The recorder is dropped: whoever waits for this answer takes its place.
            Self::Failed(..) => {}
        }
    }
}

impl Gateway {
    /// Serves a call.
    pub async fn call(&self, settlement: Settlement, call: Call) -> Response<AnswerBody> {
        let (id, protocol, caller) = (settlement.id(), call.ask.protocol(), settlement.caller().clone());
        let mut settlement = settlement;
        let tap = Tap::new(&mut settlement, &call);
        let admission =
            self.idempotency().admit(self.hasher(), self.shared(), settlement.caller(), &call).await;
        let mut response = match admission {
            Admission::Replayed(response) => {
                let mut settlement = settlement;
                settlement.asked(call.ask.name(), "".into(), false);
                settlement.settle(Outcome::Ok, response.status().as_u16(), None);
                response.map(AnswerBody::whole)
            }
            Admission::Refused(error) => {
                let mut settlement = settlement;
                settlement.asked(call.ask.name(), "".into(), false);
                settlement.settle(
                    Outcome::CallerFault,
                    error.kind.status(),
                    Some(error.message.as_str().into()),
                );
                error.render(protocol, id).map(AnswerBody::whole)
            }
            Admission::First(recorder) => {
                let response = self.serve(settlement, call).await;
                recorder.attach(response)
            }
            Admission::Unasked => self.serve(settlement, call).await,
        };
        if let Ok(value) = HeaderValue::try_from(id.to_string()) {
            response.headers_mut().insert("x-request-id", value);
        }
        self.tell_limits(&caller, protocol, response.headers_mut());
        response.map(|body| body.tapped(tap))
    }

    /// Says in an answer's headers what is left to its caller.
    pub fn tell_limits(&self, caller: &AccessKey, protocol: Protocol, headers: &mut HeaderMap) {
        if caller.is_limited() {
            let now = self.now();
            caller.standing(now).tell(headers, protocol, now);
        }
    }

    async fn serve(&self, mut settlement: Settlement, call: Call) -> Response<AnswerBody> {
        let (id, protocol, name) = (settlement.id(), call.ask.protocol(), call.ask.name());
        settlement.asked(name, "".into(), false);
        settlement.labelled(&call.headers);
        let (caller, ip, began) = (settlement.caller().clone(), settlement.client_ip(), settlement.began());
        let prepared = match Prepared::new(self, caller, id, ip, began, call) {
            Ok(prepared) => {
                settlement.asked(name, prepared.public_model.clone(), prepared.stream);
                self.look_at_request(prepared, &mut settlement).await
            }
            Err(error) => Err((error, None)),
        };
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err((error, note)) => {
                settlement.settle(
                    Outcome::CallerFault,
                    error.kind.status(),
                    Some(note.unwrap_or_else(|| error.message.as_str().into())),
                );
                return error.render(protocol, id).map(AnswerBody::whole);
            }
        };
        settlement.asking(prepared.operation, prepared.body());
        let standing = Standing::of(&prepared, self.hasher()).await;
        let said = standing.word();
        let patience = prepared.snapshot.settings.keepalive_interval.0;
        let operation = prepared.operation.filter(|_| prepared.is_event_stream() && !patience.is_zero());
        let gateway = self.clone();
        let mut work = Box::pin(async move { gateway.find(prepared, standing, settlement).await });
        let Some(operation) = operation else { return render(work.await, protocol, id) };
        if let Ok(relayed) = tokio::time::timeout(patience, &mut work).await {
            return render(relayed, protocol, id);
        }
        let waiting = Waiting::new(work, patience, operation, id);
        let mut response = Response::new(AnswerBody::from(Kind::Waiting(Box::new(waiting))));
        let headers = response.headers_mut();
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(http::header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if let Some(word) = said {
            cache::tag(headers, word);
        }
        response
    }

    /// Finds an answer that is kept, or gets one and keeps it.
    async fn find(&self, call: Prepared, standing: Standing, mut settlement: Settlement) -> Relayed {
        let word = standing.word();
        let recorder = match standing {
            Standing::Off => None,
            Standing::Bypass => {
                self.cache().bypassed();
                None
            }
            Standing::Eligible(eligible) => {
                let end = Instant::from_std(call.began)
                    + Timeouts::resolve(&[&call.snapshot.settings.timeouts]).total;
                match self.cache().admit(&eligible, self.shared(), (self.now(), end)).await {
                    Found::Hit(kept) => {
                        settlement.answered_from_cache();
                        settlement.settle(Outcome::Ok, kept.status.as_u16(), None);
                        return Relayed::Whole(cache::replay(&kept, self.now()));
                    }
                    Found::Miss(recorder) => recorder,
                }
            }
        };
        let mut relayed = self.relay(call, settlement).await;
        if let (Some(word), Some(headers)) = (word, relayed.headers_mut()) {
            cache::tag(headers, word);
        }
        if let Some(recorder) = recorder {
            relayed.record(recorder);
        }
        relayed
    }

    async fn relay(&self, call: Prepared, mut settlement: Settlement) -> Relayed {
        if let Err(error) = call.expected().map_or(Ok(()), |expected| settlement.reserve(expected)) {
            let (status, message) = (error.kind.status(), error.message.as_str().into());
            settlement.settle(Outcome::CallerFault, status, Some(message));
            return Relayed::Failed(error, 0);
        }
        let mut tally = Tally::default();
        let mut routes = vec![call.route.clone()];
        routes.extend(call.route.fallbacks.iter().filter_map(|name| call.snapshot.routes.get(name)).cloned());
        for route in routes {
            match self.try_route(&call, &route, settlement, &mut tally).await {
                Ok(relayed) => return relayed,
                Err(unsettled) => settlement = unsettled,
            }
        }
        tally.conclude(&call, settlement)
    }

    /// Tries one route until an answer can be given; gives the settlement back when nothing is left.
    async fn try_route(
        &self,
        call: &Prepared,
        route: &Route,
        mut settlement: Settlement,
        tally: &mut Tally,
    ) -> Result<Relayed, Settlement> {
        let serves = |target: &Target| call.serves(target);
        let wish = Wish {
            caller: &call.caller,
            rule: call.rule(),
            serves: &serves,
            affinity: call.affinity,
            pin: call.pin.as_ref(),
        };
        let mut selection = Selection::new(route, wish);
        let most = call.snapshot.settings.max_attempts as usize;
        while settlement.attempts() < most + tally.unfit {
            let Some(mut choice) = selection.next(self.now()) else {
                settlement.chose(route, call.affinity.is_some(), selection.last_round(self.now()));
                settlement.name_targets(route);
                break;
            };
            settlement.chose(route, call.affinity.is_some(), std::mem::take(&mut choice.round));
            let now = Instant::now();
            let end = Instant::from_std(call.began) + choice.target.timeouts.total;
            if now >= end {
                tally.out_of_time = true;
                break;
            }
            settlement.attempt_began(
                &choice.target,
                &call.public_model,
                choice.key.as_ref().map(|key| key.hash()),
            );
            let mut guard = attempt::guard(self, &mut choice);
            match attempt::attempt(self, call, &choice, end).await {
                Err(error) => {
                    let (verdict, outcome) = match error.kind {
                        ErrorKind::Unavailable => ("unavailable", Outcome::Failed),
                        _ => ("caller_fault", Outcome::CallerFault),
                    };
                    settlement.attempt_ended(None, verdict, None);
                    settlement.settle(outcome, error.kind.status(), Some(error.message.as_str().into()));
                    return Ok(Relayed::Failed(error, settlement.attempts()));
                }
                Ok(Got::Whole(parts, bytes, seen)) => {
                    guard.began_to_answer();
                    let bytes = match self.look_at(call, &parts, bytes, &mut settlement).await {
                        Ok(bytes) => bytes,
                        Err(blocked) => {
                            return Ok(refused(call, &parts, &seen, &choice, &blocked, settlement));
                        }
                    };
                    return Ok(whole(call, parts, bytes, &seen, &choice, &guard, settlement));
                }
                Ok(Got::Streaming(parts, held, body, events)) => {
                    guard.began_to_answer();
                    let started = Started { parts, held, body, events };
                    return Ok(started.stream(self, call, &choice, guard, settlement));
                }
                Ok(Got::Failed(failed)) => {
                    settlement.name_targets(route);
                    if let Some(answer) =
                        Self::note(call, &choice, *failed, guard, &mut selection, &mut settlement, tally)
                    {
                        settlement.settle(Outcome::CallerFault, answer.status().as_u16(), tally.last_error());
                        return Ok(Relayed::Whole(answer));
                    }
                }
            }
        }
        tally.nothing = selection.nothing(self.now());
        Err(settlement)
    }

    /// Notes a failed attempt everywhere; an answer when it is the caller's own fault.
    #[allow(clippy::too_many_arguments, reason = "the one place where a failure meets all that it concerns")]
    fn note(
        call: &Prepared,
        choice: &Choice,
        failed: Failed,
        mut guard: AttemptGuard,
        selection: &mut Selection<'_>,
        settlement: &mut Settlement,
        tally: &mut Tally,
    ) -> Option<Response<Bytes>> {
        let failure =
            Failure { sign: failed.sign, error: failed.error.as_ref(), retry_after: failed.retry_after };
        let verdict = failure::judge(&failure, &call.snapshot.settings.provider_fault_texts);
        let said = failed.error.as_ref().map_or_else(String::new, |error| guard.redact(&error.message));
        let error: Arc<str> = said.into();
        settlement.attempt_ended(failed.status, verdict.name(), Some(error.clone()));
        guard.failed(verdict, Some(error.clone()));
        selection.failed(choice, verdict, failed.sign);
        let answer = failed.answer.map(|(parts, bytes)| {
            let bytes = guard.redacted(bytes);
            passed_on(parts, bytes, choice, settlement.attempts())
        });
        tally.note(&choice.target.provider.name, verdict, failed.sign, failed.status, error);
        match (verdict, answer) {
            (Verdict::CallerFault, Some(answer)) => Some(answer),
            // Told inside a success: the error stands for an answer of that status.
            (Verdict::CallerFault, None) => {
                let said = tally.last_error().unwrap_or_default();
                let error = CallError::new(ErrorKind::Invalid, "provider_refused", &*said);
                Some(error.render(call.protocol, call.id))
            }
            (_, answer) => {
                tally.keep(verdict, failed.sign, answer);
                None
            }
        }
    }
}

fn whole(
    call: &Prepared,
    parts: Parts,
    bytes: Bytes,
    seen: &Answer,
    choice: &Choice,
    guard: &AttemptGuard,
    mut settlement: Settlement,
) -> Relayed {
    let status = parts.status.as_u16();
    let facts = call.snapshot.facts(&choice.target, &call.public_model);
    settlement.attempt_answers(status, choice, facts.clone());
    let said = || call.operation.map_or(0, |operation| estimate::answer(operation, &bytes));
    settlement.used(seen.usage, || if seen.usage.output == 0 { said() } else { 0 });
    guard.answered(seen.response_id.as_deref(), &settlement.caller().name);
    let mut response = passed_on(parts, bytes, choice, settlement.attempts());
    tell_cost(response.headers_mut(), &facts, &seen.usage, settlement.gateway().now());
    settlement.settle(Outcome::Ok, status, None);
    Relayed::Whole(response)
}

/// Says what the answer cost, where its tokens and their prices are known.
fn tell_cost(headers: &mut HeaderMap, facts: &Facts, usage: &TokenUsage, now: Timestamp) {
    if usage.is_empty() {
        return;
    }
    if let Some(value) =
        facts.cost_at(usage, now).and_then(|cost| HeaderValue::try_from(cost.to_string()).ok())
    {
        headers.insert("x-roundhouse-cost-usd", value);
    }
}

/// An upstream's answer that has begun.
struct Started {
    parts: Parts,
    held: Vec<Bytes>,
    body: UpstreamBody,
    events: Option<Events>,
}

impl Started {
    fn stream(
        self,
        gateway: &Gateway,
        call: &Prepared,
        choice: &Choice,
        guard: AttemptGuard,
        mut settlement: Settlement,
    ) -> Relayed {
        let Self { parts, held, body, events } = self;
        let status = parts.status.as_u16();
        let facts = call.snapshot.facts(&choice.target, &call.public_model);
        settlement.attempt_answers(status, choice, facts);
        let attempts = settlement.attempts();
        let limits = (choice.target.timeouts.idle, call.snapshot.settings.keepalive_interval.0);
        let is_events = events.as_ref().is_some_and(|events| events.server_sent);
        let mut streaming = Streaming::new(held, body, events, (settlement, guard, status), limits);
        if let Some(screen) = screen::Parts::of(gateway, call) {
            streaming.screened(Screen::new(screen, is_events));
        }
        Relayed::Streaming(passed_on(parts, Box::new(streaming), choice, attempts))
    }
}

/// The upstream's status and headers, with what we have to say ourselves.
fn passed_on<B>(parts: Parts, body: B, choice: &Choice, attempts: usize) -> Response<B> {
    let mut response = Response::new(body);
    *response.status_mut() = parts.status;
    let mut headers: HeaderMap = parts.headers;
    if let Ok(provider) = HeaderValue::from_str(&choice.target.provider.name) {
        headers.insert("x-roundhouse-provider", provider);
    }
    headers.insert("x-roundhouse-attempts", HeaderValue::from(attempts));
    *response.headers_mut() = headers;
    response
}

fn render(
    relayed: Relayed,
    protocol: roundhouse_llm::Protocol,
    id: roundhouse_domain::RequestId,
) -> Response<AnswerBody> {
    match relayed {
        Relayed::Whole(response) => response.map(AnswerBody::whole),
        Relayed::Streaming(response) => response.map(|streaming| Kind::Streaming(streaming).into()),
        Relayed::Failed(error, attempts) => {
            let mut response = error.render(protocol, id).map(AnswerBody::whole);
            response.headers_mut().insert("x-roundhouse-attempts", HeaderValue::from(attempts));
            response
        }
    }
}
