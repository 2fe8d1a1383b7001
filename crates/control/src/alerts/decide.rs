//! Who is to be told what, given what is known and what is found now.

use std::collections::BTreeMap;

use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::AlertSpec;
use roundhouse_storage::alerts::AlertState;

/// What happened with something that a rule has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// It began, and has lasted long enough.
    Fired,
    /// It still lasts.
    Repeated,
    /// It is over.
    Resolved,
    /// Nothing happened: somebody tries whether messages arrive.
    Test,
}

impl EventKind {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Repeated => "repeated",
            Self::Resolved => "resolved",
            Self::Test => "test",
        }
    }

    /// The kind of that name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Fired, Self::Repeated, Self::Resolved, Self::Test]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// What changes about one object.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// What is to be told, and about which state.
    pub(super) event: Option<EventKind>,
    /// The state that it is about.
    pub(super) state: AlertState,
    /// Whether it is over.
    pub(super) is_over: bool,
}

/// What follows for each object that is known or found; `found` has findings as JSON by object.
pub(super) fn decide(
    rule: &AlertSpec,
    known: Vec<AlertState>,
    mut found: BTreeMap<String, String>,
    is_silenced: impl Fn(&str) -> bool,
    now: Timestamp,
) -> Vec<Step> {
    let mut steps = Vec::new();
    for mut state in known {
        if let Some(finding) = found.remove(&state.object) {
            state.finding = finding;
            steps.push(go_on(rule, state, &is_silenced, now));
        } else {
            // Who was not told that it began is not told that it is over.
            let told = state.told_at.is_some() && !is_silenced(&state.object);
            steps.push(Step { event: told.then_some(EventKind::Resolved), state, is_over: true });
        }
    }
    for (object, finding) in found {
        let rule_name = rule.name.to_string();
        let state =
            AlertState { rule: rule_name, object, finding, since: now, fired_at: None, told_at: None };
        steps.push(go_on(rule, state, &is_silenced, now));
    }
    steps
}

fn go_on(
    rule: &AlertSpec,
    mut state: AlertState,
    is_silenced: &impl Fn(&str) -> bool,
    now: Timestamp,
) -> Step {
    if state.fired_at.is_none() && now.since(state.since) >= rule.hold.0 {
        state.fired_at = Some(now);
    }
    let event = match (state.fired_at, state.told_at) {
        _ if is_silenced(&state.object) => None,
        (None, _) => None,
        (Some(_), None) => Some(EventKind::Fired),
        (Some(_), Some(told)) => {
            let again = !rule.repeat.0.is_zero() && now.since(told) >= rule.repeat.0;
            again.then_some(EventKind::Repeated)
        }
    };
    if event.is_some() {
        state.told_at = Some(now);
    }
    Step { event, state, is_over: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(hold_ms: u64, repeat_ms: u64) -> AlertSpec {
        let spec = serde_json::json!({
            "name": "down", "when": "provider_unhealthy", "hold": format!("{hold_ms}ms"), "repeat": format!("{repeat_ms}ms"),
        });
        serde_json::from_value(spec).unwrap()
    }

    /// Plays looks at these times, each with whether something is found and whether it is silenced; tells the events.
    fn play(rule: &AlertSpec, looks: &[(i64, bool, bool)]) -> Vec<(i64, EventKind)> {
        let (mut known, mut events) = (Vec::new(), Vec::new());
        for (time, is_found, is_silenced) in looks {
            let found = is_found.then(|| ("up".to_owned(), "{}".to_owned())).into_iter().collect();
            let steps = decide(
                rule,
                std::mem::take(&mut known),
                found,
                |_| *is_silenced,
                Timestamp::from_millis(*time),
            );
            for step in steps {
                events.extend(step.event.map(|kind| (*time, kind)));
                if !step.is_over {
                    known.push(step.state);
                }
            }
        }
        events
    }

    #[test]
    fn what_begins_is_told_once_again_after_a_while_and_when_it_is_over() {
        let looks =
            [(0, true, false), (5, true, false), (10, true, false), (15, false, false), (20, false, false)];
        let told = [(0, EventKind::Fired), (10, EventKind::Repeated), (15, EventKind::Resolved)];
        assert_eq!(play(&rule(0, 10), &looks), told);
    }

    #[test]
    fn what_does_not_last_is_not_told() {
        assert_eq!(play(&rule(10, 0), &[(0, true, false), (5, false, false), (20, true, false)]), []);
        let looks = [(0, true, false), (10, true, false), (9_999, true, false)];
        assert_eq!(play(&rule(10, 0), &looks), [(10, EventKind::Fired)]);
    }

    #[test]
    fn what_is_silenced_is_told_when_the_silence_ends_and_it_still_lasts() {
        let looks = [(0, true, true), (5, true, true), (9, true, false), (11, false, false)];
        assert_eq!(play(&rule(0, 0), &looks), [(9, EventKind::Fired), (11, EventKind::Resolved)]);
        assert_eq!(play(&rule(0, 0), &[(0, true, true), (5, false, false)]), [], "nobody knew of it");
    }
}
