//! What a caller is told when nothing was left to try.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use roundhouse_domain::{ErrorKind, Outcome};
use roundhouse_llm::Operation;
use roundhouse_llm::target::native;

use super::Relayed;
use crate::call::{self, Prepared, Way};
use crate::error::CallError;
use crate::failure::{Sign, Verdict};
use crate::gateway::Gateway;
use crate::provider::Provider;
use crate::selection::Nothing;
use crate::settlement::Settlement;
use crate::target::Target;

/// When it is worth asking again after health checks have set all providers aside.
const RECHECK: Duration = Duration::from_secs(30);

/// What happened in the attempts of one call.
#[derive(Default)]
pub(super) struct Tally {
    /// The total time was over before anything more could be tried.
    pub(super) out_of_time: bool,
    /// Why the last route had nothing (more) to choose.
    pub(super) nothing: Nothing,
    /// Targets that could not be told what is asked; nobody was asked for them.
    pub(super) unfit: usize,
    attempts: usize,
    limited: usize,
    timed_out: usize,
    missing: usize,
    last: Option<(Arc<str>, Option<u16>, Arc<str>)>,
    spare: Option<Spare>,
}

/// An answer that is better than none.
struct Spare {
    response: Response<Bytes>,
    outcome: Outcome,
}

impl Tally {
    /// Counts an attempt that failed.
    pub(super) fn note(
        &mut self,
        provider: &Arc<str>,
        verdict: Verdict,
        sign: Sign,
        status: Option<u16>,
        error: Arc<str>,
    ) {
        self.attempts += 1;
        self.unfit += usize::from(verdict == Verdict::Unfit);
        self.limited += usize::from(matches!(verdict, Verdict::RateLimited(_) | Verdict::QuotaExhausted));
        self.timed_out += usize::from(sign == Sign::Timeout);
        self.missing += usize::from(matches!(verdict, Verdict::ModelMissing | Verdict::Unfit));
        self.last = Some((provider.clone(), status, error));
    }

    /// Keeps an answer that may be passed on in the end: an empty one, since some answers are rightly empty, the word that the model
    /// is not there, or that it cannot be told what is asked.
    pub(super) fn keep(&mut self, verdict: Verdict, sign: Sign, response: Option<Response<Bytes>>) {
        let outcome = match (verdict, sign) {
            (_, Sign::Empty) => Outcome::Ok,
            (Verdict::ModelMissing | Verdict::Unfit, _) => Outcome::CallerFault,
            _ => return,
        };
        if let Some(response) = response {
            self.spare = Some(Spare { response, outcome });
        }
    }

    /// What the last attempt said.
    pub(super) fn last_error(&self) -> Option<Arc<str>> {
        self.last.as_ref().map(|(_, _, error)| error.clone())
    }

    /// Ends a call for which nothing is left.
    pub(super) fn conclude(mut self, call: &Prepared, mut settlement: Settlement) -> Relayed {
        let only_missing = self.missing == self.attempts;
        if let Some(spare) = self.spare.take().filter(|spare| spare.outcome == Outcome::Ok || only_missing) {
            let error = (spare.outcome != Outcome::Ok).then(|| self.last_error()).flatten();
            settlement.settle(spare.outcome, spare.response.status().as_u16(), error);
            return Relayed::Whole(spare.response);
        }
        let estimate = call.estimate().filter(|_| self.attempts == 0 && self.nothing.other_protocol);
        let error = if let Some(estimate) = estimate {
            match estimate {
                Ok(response) => {
                    settlement.settle(Outcome::Ok, response.status().as_u16(), None);
                    return Relayed::Whole(response);
                }
                Err(error) => error,
            }
        } else if self.attempts == 0 {
            self.never_tried(call, settlement.gateway())
        } else {
            self.all_failed(settlement.gateway())
        };
        let outcome = match error.kind {
            ErrorKind::Invalid | ErrorKind::Denied | ErrorKind::NotFound => Outcome::CallerFault,
            _ => Outcome::Failed,
        };
        settlement.settle(outcome, error.kind.status(), Some(error.message.as_str().into()));
        Relayed::Failed(error, self.attempts)
    }

    fn never_tried(&self, call: &Prepared, gateway: &Gateway) -> CallError {
        let model = &call.public_model;
        let wait = self.nothing.ready_at.map(|at| at.since(gateway.now()));
        if self.out_of_time {
            return CallError::new(
                ErrorKind::Timeout,
                "deadline_exceeded",
                "the time for this request was over before it could be tried",
            );
        }
        if wait.is_some() && !self.nothing.resting {
            let message =
                format!("every provider of {model:?} is failing and passed over for now; try again later");
            return CallError::new(ErrorKind::Unavailable, "providers_failing", message).after(wait);
        }
        if wait.is_some() {
            let message = format!(
                "every provider key for {model:?} is resting after rate limits or failures, or at a limit of its own; try again later"
            );
            return CallError::new(ErrorKind::RateLimited, "all_keys_cooling", message).after(wait);
        }
        if self.nothing.set_aside && !self.nothing.without_keys {
            let message =
                format!("every provider of {model:?} has failed its health checks; they are checked on");
            return CallError::new(ErrorKind::Unavailable, "providers_unhealthy", message)
                .after(Some(RECHECK));
        }
        if self.nothing.without_keys {
            let message =
                format!("no provider key for {model:?} works now; the operator must look at the keys");
            return CallError::new(ErrorKind::Unavailable, "no_usable_key", message);
        }
        if self.nothing.other_protocol {
            return other_protocol(call);
        }
        if self.nothing.forbidden {
            let what = if matches!(call.way, Way::Operation(_)) {
                format!("the model {model:?}")
            } else {
                "this provider's native paths".to_owned()
            };
            return CallError::new(
                ErrorKind::Denied,
                "model_not_allowed",
                format!("this access key may not use {what}"),
            );
        }
        call::unknown_model(model)
    }

    fn all_failed(&self, gateway: &Gateway) -> CallError {
        let (provider, status, said) = match &self.last {
            Some((provider, status, said)) => (&**provider, *status, &**said),
            None => ("", None, ""),
        };
        let answered = status.map_or_else(String::new, |status| format!(" answered {status}:"));
        let attempts = self.attempts;
        let message =
            format!("all {attempts} attempts failed; the last one: provider {provider}{answered} {said}");
        let wait = self.nothing.ready_at.map(|at| at.since(gateway.now()));
        if self.limited == self.attempts {
            CallError::new(ErrorKind::RateLimited, "provider_rate_limited", message).after(wait)
        } else if self.timed_out == self.attempts || self.out_of_time {
            CallError::new(ErrorKind::Timeout, "provider_timeout", message)
        } else {
            CallError::new(ErrorKind::UpstreamFailed, "provider_failed", message)
        }
    }
}

fn other_protocol(call: &Prepared) -> CallError {
    let targets = call.route.tiers.iter().flat_map(|tier| &tier.targets);
    let mut paths: Vec<&str> = targets.map(|target| native_path(target)).collect();
    paths.sort_unstable();
    paths.dedup();
    let message = format!(
        "no provider of the model {:?} does what this path asks for; call it at {}",
        call.public_model,
        paths.join(" or ")
    );
    CallError::new(ErrorKind::Invalid, "protocol_not_served", message)
}

fn native_path(target: &Target) -> &'static str {
    let paths = [
        (Operation::ChatCompletions, "/v1/chat/completions"),
        (Operation::Responses, "/v1/responses"),
        (Operation::Messages, "/v1/messages"),
        (Operation::GenerateContent, "/v1beta/models/{model}:generateContent"),
        (Operation::Embeddings, "/v1/embeddings"),
    ];
    let Provider { kind, dialects, .. } = *target.provider;
    let mut paths = paths.into_iter();
    let path = paths.find(|(operation, _)| native(kind, dialects, &target.model, *operation));
    path.map_or("/v1/rerank", |(_, path)| path)
}
