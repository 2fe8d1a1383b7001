//! What few records have, as JSON, so that it costs the others nothing.

use std::sync::Arc;

use roundhouse_domain::{NanoUsd, RequestRecord};
use serde::{Deserialize, Serialize};

#[derive(Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct More {
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Arc<str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    guardrails: Vec<Arc<str>>,
    /// What attempts cost, by their position, where that is not all with the last one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attempt_costs: Vec<Option<NanoUsd>>,
}

impl More {
    /// Puts back what was taken from a record.
    pub(super) fn restore(self, record: &mut RequestRecord) {
        record.session = self.session;
        record.tags = self.tags;
        record.guardrails = self.guardrails;
        if self.attempt_costs.is_empty() {
            if let Some(last) = record.attempts.last_mut() {
                last.cost = record.cost;
            }
            return;
        }
        for (attempt, cost) in record.attempts.iter_mut().zip(self.attempt_costs) {
            attempt.cost = cost;
        }
    }
}

/// Writes what [`read`] reads; none for a record without anything rare.
pub(super) fn write(record: &RequestRecord) -> Option<String> {
    let has_plain_costs = match record.attempts.split_last() {
        Some((last, before)) => {
            last.cost == record.cost && before.iter().all(|attempt| attempt.cost.is_none())
        }
        None => true,
    };
    let more = More {
        session: record.session.clone(),
        tags: record.tags.clone(),
        guardrails: record.guardrails.clone(),
        attempt_costs: if has_plain_costs {
            Vec::new()
        } else {
            record.attempts.iter().map(|attempt| attempt.cost).collect()
        },
    };
    // Texts and numbers always have a JSON form.
    (more != More::default()).then(|| serde_json::to_string(&more).unwrap_or_default())
}

/// Reads what [`write`] wrote.
pub(super) fn read(text: Option<&str>) -> Option<More> {
    text.map_or_else(|| Some(More::default()), |text| serde_json::from_str(text).ok())
}
