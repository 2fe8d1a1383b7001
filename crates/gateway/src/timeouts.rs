//! Time limits with every level's say resolved.

use std::time::Duration;

use roundhouse_domain::spec::{Span, TimeoutSpec};

/// Time limits of an attempt and of the call it is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To open a connection.
    pub connect: Duration,
    /// From sending to the first semantic event, or to the whole answer.
    pub first_byte: Duration,
    /// Between two pieces of a started answer.
    pub idle: Duration,
    /// For the whole call, until its answer starts.
    pub total: Duration,
}

impl Timeouts {
    /// The most specific value of each, `levels` going from the most specific to the least.
    pub fn resolve(levels: &[&TimeoutSpec]) -> Self {
        let pick = |field: fn(&TimeoutSpec) -> Option<Span>, default: u64| {
            let found = levels.iter().find_map(|level| field(level));
            found.map_or(Duration::from_secs(default), |span| span.0)
        };
        Self {
            connect: pick(|t| t.connect, 10),
            first_byte: pick(|t| t.first_byte, 120),
            idle: pick(|t| t.idle, 120),
            total: pick(|t| t.total, 600),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_level_wins() {
        let model = TimeoutSpec { idle: Some(Span::secs(1)), ..TimeoutSpec::default() };
        let gateway =
            TimeoutSpec { idle: Some(Span::secs(2)), total: Some(Span::secs(3)), ..TimeoutSpec::default() };
        let resolved = Timeouts::resolve(&[&model, &gateway]);
        assert_eq!(
            (resolved.idle.as_secs(), resolved.total.as_secs(), resolved.connect.as_secs()),
            (1, 3, 10)
        );
    }
}
