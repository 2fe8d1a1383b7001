//! What is to be reached.

use std::fmt::Display;

/// What is to be reached, and what was.
#[derive(Debug)]
pub(crate) struct Target {
    what: String,
    wanted: String,
    reached: String,
    met: Option<bool>,
}

impl Target {
    /// `value` must not be over `limit`; absent when it could not be measured.
    pub(crate) fn at_most(
        what: impl Display,
        limit: f64,
        value: Option<f64>,
        text: impl Fn(f64) -> String,
    ) -> Self {
        Self {
            what: what.to_string(),
            wanted: format!("≤ {}", text(limit)),
            reached: value.map_or_else(|| "not measured".to_owned(), text),
            met: value.map(|value| value <= limit),
        }
    }

    /// The value must not be over so many times nginx's.
    pub(crate) fn ratio(what: impl Display, limit: f64, ratio: Option<f64>) -> Self {
        Self::at_most(what, limit, ratio, |ratio| format!("{ratio:.2} × nginx"))
    }

    /// As a line of a table; a target missed says by how much.
    pub(crate) fn line(&self) -> Vec<String> {
        let verdict = match self.met {
            Some(true) => "reached",
            Some(false) => "**missed**",
            None => "**not measured**",
        };
        vec![self.what.clone(), self.wanted.clone(), self.reached.clone(), verdict.to_owned()]
    }

    /// True when it was measured and reached.
    pub(crate) fn is_met(&self) -> bool {
        self.met == Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missed_and_unmeasured_targets_show() {
        assert_eq!(
            Target::ratio("x", 2.0, Some(2.5)).line(),
            ["x", "≤ 2.00 × nginx", "2.50 × nginx", "**missed**"]
        );
        assert_eq!(Target::ratio("x", 2.0, None).line()[3], "**not measured**");
        assert!(Target::ratio("x", 2.0, Some(2.0)).is_met());
    }
}
