//! What guardrails make of texts, one after the other: each gets what the ones before it left.

use std::fmt;
use std::sync::Arc;

use metrics::counter;
use roundhouse_domain::spec::{OnError, Stage};

use super::patterns::Looked;
use super::{Blocked, Check, Guardrail, Guards};
use crate::gateway::Gateway;

/// Texts longer than this together are looked at off the threads that serve.
const LARGE_BYTES: usize = 64 << 10;

/// What is judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    /// Where it was found.
    pub(crate) stage: Stage,
    /// The public model that is asked.
    pub(crate) model: &'a str,
    /// The access key's name.
    pub(crate) access_key: &'a str,
}

/// What a model or a service thinks of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Opinion {
    Good,
    Bad,
    /// As many texts, to be taken instead.
    Better(Vec<String>),
}

/// What a guardrail did, for the record; never what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Which guardrail.
    pub guardrail: Arc<str>,
    /// `masked`, `blocked` or `failed`.
    pub verdict: &'static str,
}

/// What became of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// What is to stand in the place of each; none where it stays.
    pub texts: Vec<Option<String>>,
    /// Who blocked them, if anybody did.
    pub blocked: Option<Blocked>,
    /// What guardrails did.
    pub notes: Vec<Note>,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.guardrail, self.verdict)
    }
}

impl Judgement {
    fn note(&mut self, guardrail: &Guardrail, verdict: &'static str) {
        noted(guardrail, verdict);
        let note = Note { guardrail: guardrail.name.clone(), verdict };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// Counts what a guardrail did. Labels are names of guardrails, so their number is the configuration's.
pub(super) fn noted(guardrail: &Guardrail, verdict: &'static str) {
    counter!("roundhouse_guardrail_verdicts_total", "guardrail" => guardrail.name.to_string(), "verdict" => verdict)
        .increment(1);
}

impl Guards {
    /// Judges texts at a stage.
    pub(crate) async fn judge(
        &self,
        gateway: &Gateway,
        subject: Subject<'_>,
        texts: Vec<String>,
    ) -> Judgement {
        let mut judgement = Judgement { texts: vec![None; texts.len()], ..Judgement::default() };
        let mut now = texts;
        for guardrail in &self.0 {
            if now.iter().all(String::is_empty) {
                break;
            }
            match &guardrail.check {
                Check::Patterns(_) => now = look(guardrail, subject.stage, now, &mut judgement).await,
                Check::Moderation(_) | Check::Endpoint(_) => {
                    ask(guardrail, gateway, &subject, &mut now, &mut judgement).await;
                }
            }
            if judgement.blocked.is_some() {
                break;
            }
        }
        judgement
    }

    /// Whether any of them asks somebody.
    pub(crate) fn ask_others(&self) -> bool {
        self.0.iter().any(|guardrail| !matches!(guardrail.check, Check::Patterns(_)))
    }

    /// Those that ask somebody, or those that do not.
    pub(crate) fn that_ask(&self, others: bool) -> Self {
        let asks = |guardrail: &&Arc<Guardrail>| !matches!(guardrail.check, Check::Patterns(_)) == others;
        Self(self.0.iter().filter(asks).cloned().collect())
    }

    /// What stands when texts cannot be looked at: blocked, unless all of them let such texts pass.
    pub(crate) fn unseen(&self, stage: Stage) -> Option<Blocked> {
        let strict = self.0.iter().find(|guardrail| guardrail.on_error == OnError::Block)?;
        noted(strict, "failed");
        Some(strict.blocked(stage))
    }
}

async fn look(
    guardrail: &Arc<Guardrail>,
    stage: Stage,
    texts: Vec<String>,
    judgement: &mut Judgement,
) -> Vec<String> {
    let size: usize = texts.iter().map(String::len).sum();
    let looked = if size <= LARGE_BYTES {
        Some((each(guardrail, &texts), texts))
    } else {
        let guardrail = guardrail.clone();
        tokio::task::spawn_blocking(move || (each(&guardrail, &texts), texts)).await.ok()
    };
    let Some((looked, mut texts)) = looked else {
        judgement.note(guardrail, "failed");
        judgement.blocked = Some(guardrail.blocked(stage));
        return Vec::new();
    };
    for (index, looked) in looked.into_iter().enumerate() {
        match looked {
            Looked::Clean => {}
            Looked::Masked(masked) => {
                judgement.note(guardrail, "masked");
                judgement.texts[index] = Some(masked.clone());
                texts[index] = masked;
            }
            Looked::Blocked => {
                judgement.note(guardrail, "blocked");
                judgement.blocked = Some(guardrail.blocked(stage));
            }
        }
    }
    texts
}

fn each(guardrail: &Guardrail, texts: &[String]) -> Vec<Looked> {
    match &guardrail.check {
        Check::Patterns(patterns) => texts.iter().map(|text| patterns.look(text)).collect(),
        Check::Moderation(_) | Check::Endpoint(_) => Vec::new(),
    }
}

async fn ask(
    guardrail: &Guardrail,
    gateway: &Gateway,
    subject: &Subject<'_>,
    texts: &mut [String],
    judgement: &mut Judgement,
) {
    let asking = async {
        match &guardrail.check {
            Check::Moderation(moderation) => moderation.ask(gateway, texts).await,
            Check::Endpoint(endpoint) => endpoint.ask(&guardrail.name, subject, texts).await,
            Check::Patterns(_) => Ok(Opinion::Good),
        }
    };
    let asked = tokio::time::timeout(guardrail.timeout, asking).await;
    match asked.unwrap_or_else(|_| Err("no judgement in time".to_owned())) {
        Ok(Opinion::Good) => {}
        Ok(Opinion::Bad) => {
            judgement.note(guardrail, "blocked");
            judgement.blocked = Some(guardrail.blocked(subject.stage));
        }
        Ok(Opinion::Better(better)) => {
            for (index, better) in better.into_iter().enumerate() {
                if texts[index] != better {
                    judgement.note(guardrail, "masked");
                    judgement.texts[index] = Some(better.clone());
                    texts[index] = better;
                }
            }
        }
        Err(why) => {
            tracing::warn!(guardrail = &*guardrail.name, stage = subject.stage.as_str(), why, "no judgement");
            judgement.note(guardrail, "failed");
            if guardrail.on_error == OnError::Block {
                judgement.blocked = Some(guardrail.blocked(subject.stage));
            }
        }
    }
}
