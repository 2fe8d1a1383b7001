//! Guardrails on a stream's way.

use bytes::Bytes;
use roundhouse_domain::Outcome;

use super::Streaming;
use crate::guardrails::Blocked;
use crate::guardrails::screen::{Checked, Finish};

impl Streaming {
    /// Lets guardrails look at what has come; false where it goes no further.
    pub(super) fn look_at(&mut self, fresh: Vec<Bytes>) -> bool {
        let Some(screen) = &mut self.screen else {
            self.ready.extend(fresh);
            return true;
        };
        let passed = screen.pass(fresh);
        self.settlement.screened(&screen.notes());
        match passed {
            Ok(passed) => {
                self.ready.extend(passed);
                true
            }
            Err(blocked) => {
                self.blocked(&blocked);
                false
            }
        }
    }

    /// Lets guardrails look at the end, and settles the answer once they have.
    pub(super) fn look_at_end(&mut self) {
        let Some(screen) = &mut self.screen else { return self.concluded() };
        let finished = screen.finish();
        self.settlement.screened(&screen.notes());
        match finished {
            Ok(Finish::Passed(rest)) => {
                self.ready.extend(rest);
                self.concluded();
            }
            Ok(Finish::Checking(checking)) => self.checking = Some(checking),
            Err(blocked) => self.blocked(&blocked),
        }
    }

    /// Takes up the judgement of a whole answer.
    pub(super) fn checked(&mut self, checked: Checked) {
        self.checking = None;
        self.settlement.screened(&checked.notes);
        match checked.outcome {
            Ok(passed) => {
                self.ready.extend(passed);
                self.concluded();
            }
            Err(blocked) => self.blocked(&blocked),
        }
    }

    /// Ends an answer that must not pass.
    fn blocked(&mut self, blocked: &Blocked) {
        self.upstream = None;
        self.is_broken = true;
        self.guard.succeeded();
        let sequence = self.events.as_ref().map_or(0, |events| events.reading.sequence());
        if let Some(screen) = &self.screen {
            self.ready.push_back(screen.refusal(&blocked.error(), self.settlement.id(), sequence));
        }
        if let Some(events) = &self.events {
            self.settlement.used(events.reading.usage(), || events.reading.said_tokens());
        }
        self.settlement.settle(Outcome::CallerFault, self.status, Some(blocked.note()));
    }
}
