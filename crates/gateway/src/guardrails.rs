//! Guardrails: what is looked for in what callers send and models answer.
//!
//! Each is compiled once with the snapshot. A call has those of its access key (`Guards`); without any it costs nothing. Patterns
//! are looked for in place; models and services are asked with a time limit. What is masked changes in place, and every other byte
//! of the document stays ([`roundhouse_llm::texts`]). Streams are looked at event by event (`screen`).

mod endpoint;
mod judge;
mod moderation;
mod patterns;
pub(crate) mod screen;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use roundhouse_domain::ErrorKind;
use roundhouse_domain::spec::{GuardedTexts, GuardrailSpec, OnError, Stage};
use roundhouse_llm::texts::Whose;
use roundhouse_outbound::Tls;

use self::endpoint::Endpoint;
pub(crate) use self::judge::Subject;
pub use self::judge::{Judgement, Note};
use self::moderation::Moderation;
use self::patterns::Patterns;
use crate::access::AccessKey;
use crate::error::CallError;
use crate::hash::LookupHasher;

/// A guardrail, compiled.
#[derive(Debug)]
pub struct Guardrail {
    name: Arc<str>,
    stages: Vec<Stage>,
    access_keys: Option<HashSet<Box<str>>>,
    whose: Whose,
    check: Check,
    timeout: Duration,
    on_error: OnError,
    hold_back_bytes: usize,
    message: Option<String>,
    /// Names what it does, for answers that are kept.
    digest: [u8; 32],
}

#[derive(Debug)]
enum Check {
    Patterns(Patterns),
    Moderation(Moderation),
    Endpoint(Box<Endpoint>),
}

/// The guardrails of one call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Guards(Vec<Arc<Guardrail>>);

/// A text was found that must not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Which guardrail found it.
    pub guardrail: Arc<str>,
    /// Where.
    pub stage: &'static str,
    /// What the caller is told besides.
    pub message: Option<String>,
}

impl Guardrail {
    /// Compiles a guardrail.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn compile(spec: &GuardrailSpec, tls: &Tls, hasher: &LookupHasher) -> Result<Self, String> {
        let check = match (&*spec.patterns, &spec.moderation, &spec.endpoint) {
            ([], None, None) | ([_, ..], Some(_), _) | ([_, ..], _, Some(_)) | (_, Some(_), Some(_)) => {
                return Err("needs exactly one of `patterns`, `moderation` and `endpoint`".to_owned());
            }
            ([], Some(moderation), None) => {
                Check::Moderation(Moderation::new(spec.name.as_str(), moderation))
            }
            ([], None, Some(endpoint)) => {
                Check::Endpoint(Box::new(Endpoint::new(endpoint, tls, spec.timeout.0)?))
            }
            (patterns, None, None) => Check::Patterns(Patterns::compile(patterns)?),
        };
        Ok(Self {
            name: spec.name.shared(),
            stages: spec.stages.clone(),
            access_keys: spec
                .access_keys
                .as_ref()
                .map(|names| names.iter().map(|name| name.as_str().into()).collect()),
            whose: match spec.texts {
                GuardedTexts::User => Whose::Users,
                GuardedTexts::All => Whose::All,
            },
            check,
            timeout: spec.timeout.0,
            on_error: spec.on_error,
            hold_back_bytes: spec.hold_back_bytes as usize,
            message: spec.message.clone(),
            digest: hasher.body(format!("{spec:?}").as_bytes()),
        })
    }

    /// Its name.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    fn is_for(&self, caller: &AccessKey) -> bool {
        self.access_keys.as_ref().is_none_or(|names| names.contains(&*caller.name))
    }

    fn looks_at(&self, stage: Stage) -> bool {
        self.stages.contains(&stage)
    }

    fn blocked(&self, stage: Stage) -> Blocked {
        Blocked { guardrail: self.name.clone(), stage: stage.as_str(), message: self.message.clone() }
    }
}

impl Guards {
    /// The guardrails that are for `caller`.
    pub(crate) fn of(all: &[Arc<Guardrail>], caller: &AccessKey) -> Self {
        if all.is_empty() || caller.is_internal {
            return Self::default();
        }
        Self(all.iter().filter(|guardrail| guardrail.is_for(caller)).cloned().collect())
    }

    /// All of `all`, whoever calls.
    pub(crate) fn every(all: &[Arc<Guardrail>]) -> Self {
        Self(all.to_vec())
    }

    /// True when there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that look at a stage.
    pub(crate) fn at(&self, stage: Stage) -> Self {
        Self(self.0.iter().filter(|guardrail| guardrail.looks_at(stage)).cloned().collect())
    }

    /// What an answer that they let pass depends on.
    pub(crate) fn digests(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|guardrail| &guardrail.digest[..])
    }

    /// Whose texts of a request they look at.
    pub(crate) fn whose(&self) -> Whose {
        let all = self.0.iter().any(|guardrail| guardrail.whose == Whose::All);
        if all { Whose::All } else { Whose::Users }
    }
}

impl Blocked {
    /// What stands in the record of the call.
    pub(crate) fn note(&self) -> Arc<str> {
        format!("the guardrail {} blocked the {}", self.guardrail, self.stage).into()
    }

    /// What the caller is told.
    pub(crate) fn error(&self) -> CallError {
        let said = self.message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
        let message = format!("this {} was blocked by the guardrail `{}`{said}", self.stage, self.guardrail);
        CallError::new(ErrorKind::Invalid, "content_filter", message)
    }
}
