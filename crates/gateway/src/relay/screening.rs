//! Guardrails before a call goes out, and on answers that are whole.

use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::response::{Parts, Response};
use roundhouse_domain::Outcome;
use roundhouse_domain::spec::Stage;
use roundhouse_llm::answer::Answer;
use roundhouse_llm::texts::{of_request, replaced};

use super::Relayed;
use crate::answer::AnswerBody;
use crate::call::{Call, Prepared};
use crate::error::CallError;
use crate::gateway::Gateway;
use crate::guardrails::screen;
use crate::guardrails::{Blocked, Guards, Judgement, Subject};
use crate::selection::Choice;
use crate::settlement::Settlement;

/// Why a request goes no further, and what the record says of it where that is something else.
type Refused = (CallError, Option<Arc<str>>);

impl Gateway {
    /// Lets guardrails look at a request, and puts what they mask in its place.
    pub(super) async fn look_at_request(
        &self,
        mut call: Prepared,
        settlement: &mut Settlement,
    ) -> Result<Prepared, Refused> {
        if call.guards.is_empty() {
            return Ok(call);
        }
        let guards = call.guards.at(Stage::Request);
        let Some(operation) = call.json_operation().filter(|_| !guards.is_empty()) else { return Ok(call) };
        let found = of_request(call.body(), operation, guards.whose()).unwrap_or_default();
        if found.is_empty() {
            return Ok(call);
        }
        let subject =
            Subject { stage: Stage::Request, model: &call.public_model, access_key: &call.caller.name };
        let texts = found.iter().map(|found| found.text.clone()).collect();
        let judgement = Box::pin(guards.judge(self, subject, texts)).await;
        settlement.screened(&judgement.notes);
        if let Some(blocked) = judgement.blocked {
            return Err((blocked.error(), Some(blocked.note())));
        }
        if judgement.texts.iter().any(Option::is_some) {
            let body = replaced(call.body(), &found, &judgement.texts);
            call.say(body.into(), operation).map_err(|error| (error, None))?;
        }
        Ok(call)
    }

    /// Lets guardrails look at an answer that is whole.
    pub(super) async fn look_at(
        &self,
        call: &Prepared,
        head: &Parts,
        body: Bytes,
        settlement: &mut Settlement,
    ) -> Result<Bytes, Blocked> {
        let Some(parts) = screen::Parts::of(self, call) else { return Ok(body) };
        let content_type = head.headers.get(CONTENT_TYPE);
        let is_events = content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"));
        let checked = Box::pin(parts.check(body, is_events)).await;
        settlement.screened(&checked.notes);
        Ok(match checked.outcome?.as_slice() {
            [only] => only.clone(),
            pieces => pieces.concat().into(),
        })
    }

    /// Serves a question of our own. Boxed, since it may be asked while another call is being served.
    pub(crate) fn call_boxed(
        &self,
        settlement: Settlement,
        call: Call,
    ) -> Pin<Box<dyn Future<Output = Response<AnswerBody>> + Send + Sync + '_>> {
        Box::pin(self.call(settlement, call))
    }

    /// What the guardrails in force, or the one of that name, make of a text; none where there is none of that name.
    pub async fn test_guardrails(&self, name: Option<&str>, stage: Stage, text: String) -> Option<Judgement> {
        let snapshot = self.snapshot_full();
        let all: Vec<_> = snapshot
            .guardrails
            .iter()
            .filter(|guardrail| name.is_none_or(|name| **guardrail.name() == *name))
            .cloned()
            .collect();
        if all.is_empty() && name.is_some() {
            return None;
        }
        let subject = Subject { stage, model: "", access_key: "" };
        Some(Guards::every(&all).at(stage).judge(self, subject, vec![text]).await)
    }
}

/// Ends a call whose answer must not pass.
pub(super) fn refused(
    call: &Prepared,
    head: &Parts,
    seen: &Answer,
    choice: &Choice,
    blocked: &Blocked,
    mut settlement: Settlement,
) -> Relayed {
    let facts = call.snapshot.facts(&choice.target, &call.public_model);
    settlement.attempt_answers(head.status.as_u16(), choice, facts);
    settlement.used(seen.usage, || 0);
    let error = blocked.error();
    let attempts = settlement.attempts();
    settlement.settle(Outcome::CallerFault, error.kind.status(), Some(blocked.note()));
    Relayed::Failed(error, attempts)
}
