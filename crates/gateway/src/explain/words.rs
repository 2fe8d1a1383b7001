//! Reasons in words.

use roundhouse_domain::choice::Standing;
use roundhouse_domain::spec::Strategy;

use super::ExplainedTarget;
use crate::key_pool::KeyCounts;

/// Why a target of a route stands as it does, in one sentence with times and numbers.
pub(super) fn reason(target: &ExplainedTarget, strategy: Strategy, is_first: bool) -> String {
    let until = target.until.map_or_else(String::new, |until| format!(" until {until}"));
    match target.standing {
        Standing::Chosen => format!("it would be asked first{}", by(target, strategy)),
        Standing::NotItsTurn => format!("it could be asked too{}", by(target, strategy)),
        Standing::LowerTier if !is_first => "it is asked when the route before has nobody left".to_owned(),
        Standing::BreakerOpen => {
            format!("it failed {} times in a row and is left alone{until}", target.failures)
        }
        Standing::BreakerTrying => {
            format!("it failed {} times in a row, and a request is just trying it again", target.failures)
        }
        Standing::KeysAtLimit => {
            let active = target.keys.map_or(0, |keys| keys.active);
            format!("all {active} of its keys that work are at a limit{until}")
        }
        Standing::KeysCooling | Standing::KeysInvalid => {
            format!("none of its keys can be used: {}{until}", target.keys.map_or_else(String::new, told))
        }
        standing => standing.meaning().to_owned(),
    }
}

/// How its turn comes.
fn by(target: &ExplainedTarget, strategy: Strategy) -> String {
    let percent = (target.share * 1_000.0).round() / 10.0;
    match strategy {
        _ if target.share >= 1.0 => "; nobody else of its tier can be asked".to_owned(),
        Strategy::Ordered if target.order == Some(1) => "; the first that can be asked always is".to_owned(),
        Strategy::Ordered => "; those before it always come first".to_owned(),
        Strategy::Weighted => format!("; it gets {percent} % of the requests by its weight"),
        Strategy::Random => format!("; it gets {percent} % of the requests by chance and its weight"),
        Strategy::RoundRobin => format!("; it gets {percent} % of the requests in turn"),
        Strategy::LeastBusy => format!("; {} of its requests are under way", target.in_flight),
        Strategy::LowestLatency => {
            format!("; its answers began after {} ms lately", target.latency.as_millis())
        }
    }
}

/// Counts of keys that are not usable.
fn told(keys: KeyCounts) -> String {
    let counts = [(keys.cooling, "resting"), (keys.invalid, "invalid"), (keys.disabled, "switched off")];
    let told: Vec<_> = counts.iter().filter(|(count, _)| *count > 0).collect();
    if told.is_empty() {
        return "it has none".to_owned();
    }
    // Those that rest stand last, since a time may follow.
    told.iter().rev().map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}
