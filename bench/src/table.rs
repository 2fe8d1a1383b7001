//! Measurements gathered into sections of the page.

mod figures;
mod target;

use std::io;

pub(crate) use self::figures::{Spread, Unit};
pub(crate) use self::target::Target;
use crate::contender::Contender;

/// What came of measuring one contender.
#[derive(Debug)]
pub(crate) struct Outcome<T> {
    /// Who.
    pub(crate) contender: Contender,
    /// What was measured, in order.
    pub(crate) samples: Vec<T>,
    /// Why there is nothing more.
    pub(crate) failure: Option<String>,
}

impl<T> Outcome<T> {
    /// One without a sample yet.
    pub(crate) const fn new(contender: Contender) -> Self {
        Self { contender, samples: Vec::new(), failure: None }
    }

    /// Notes why it ends.
    pub(crate) fn fail(&mut self, error: &io::Error) {
        crate::stage::say(&format!("{} failed: {error}", self.contender));
        self.failure = Some(error.to_string());
    }

    /// The middle, the lowest and the highest of a value.
    pub(crate) fn spread(&self, value: impl Fn(&T) -> f64) -> Option<Spread> {
        Spread::of(self.samples.iter().map(value).collect())
    }
}

/// A part of the page.
#[derive(Debug)]
pub(crate) struct Section {
    /// Its heading.
    pub(crate) title: &'static str,
    /// What is measured, in a sentence or two.
    pub(crate) about: String,
    /// The table's head.
    pub(crate) columns: Vec<String>,
    /// Its lines.
    pub(crate) rows: Vec<Vec<String>>,
    /// What else to know, such as failures.
    pub(crate) notes: Vec<String>,
    /// What is to be reached.
    pub(crate) targets: Vec<Target>,
}

impl Section {
    /// One that compares contenders.
    pub(crate) fn comparing(title: &'static str, about: impl Into<String>, contenders: &[Contender]) -> Self {
        let names = contenders.iter().map(ToString::to_string);
        let columns =
            [String::new()].into_iter().chain(names).chain(["Roundhouse ÷ nginx".to_owned()]).collect();
        Self { title, about: about.into(), columns, rows: Vec::new(), notes: Vec::new(), targets: Vec::new() }
    }

    /// Adds a line that compares a value of the contenders, and gives Roundhouse's part of nginx's.
    pub(crate) fn compare<T>(
        &mut self,
        what: &str,
        unit: Unit,
        outcomes: &[Outcome<T>],
        value: impl Fn(&T) -> f64,
    ) -> Option<f64> {
        let spreads: Vec<_> = outcomes.iter().map(|it| (it.contender, it.spread(&value))).collect();
        let of =
            |who| spreads.iter().find(|(contender, _)| *contender == who).and_then(|(_, spread)| *spread);
        let medians =
            of(Contender::Roundhouse).zip(of(Contender::Nginx)).map(|(ours, its)| (ours.median, its.median));
        // A difference near zero may come out below it: no measure for anything.
        let ratio = medians.filter(|(_, its)| *its > 0.0).map(|(ours, its)| ours / its);
        let mut row = vec![what.to_owned()];
        row.extend(
            spreads.iter().map(|(_, spread)| spread.map_or_else(|| "failed".to_owned(), |it| it.text(unit))),
        );
        row.push(ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")));
        self.rows.push(row);
        ratio
    }

    /// Notes why contenders failed.
    pub(crate) fn note_failures<T>(&mut self, outcomes: &[Outcome<T>]) {
        for outcome in outcomes {
            if let Some(failure) = &outcome.failure {
                self.notes.push(format!("{} failed: {failure}", outcome.contender));
            }
        }
    }
}

/// Roundhouse's middle value.
pub(crate) fn ours<T>(outcomes: &[Outcome<T>], value: impl Fn(&T) -> f64) -> Option<f64> {
    let outcome = outcomes.iter().find(|it| it.contender == Contender::Roundhouse)?;
    outcome.spread(value).map(|spread| spread.median)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(contender: Contender, samples: &[f64]) -> Outcome<f64> {
        Outcome { samples: samples.to_vec(), ..Outcome::new(contender) }
    }

    #[test]
    fn comparison_takes_middles() {
        let outcomes =
            [outcome(Contender::Nginx, &[30.0, 10.0, 20.0]), outcome(Contender::Roundhouse, &[30.0, 50.0])];
        let mut section = Section::comparing("", "", &[Contender::Nginx, Contender::Roundhouse]);
        assert_eq!(section.compare("cpu", Unit::Micros, &outcomes, |value| *value), Some(2.0));
        assert_eq!(section.rows[0], ["cpu", "20.0 µs (10.0 – 30.0)", "40.0 µs (30.0 – 50.0)", "2.00"]);
    }
}
