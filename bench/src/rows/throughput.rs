//! CPU time of a request, and how many one core serves.

use crate::contender::Contender;
use crate::load::per_item_us;
use crate::load::requests::{RequestLoad, RequestReport};
use crate::request::{self, Answer};
use crate::rows::Bench;
use crate::table::{Outcome, Section, Target, Unit};

/// Shares of the server's core below which it is not saturated, and above which others disturbed.
const SATURATED: f64 = 0.95;
const DISTURBED: f64 = 0.01;

/// A case: the size of the request's body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    /// The section's heading.
    pub(crate) title: &'static str,
    /// The size of a request's body.
    pub(crate) body_bytes: usize,
}

/// A small request.
pub(crate) const SMALL: Case = Case { title: "Requests of 1 KB", body_bytes: 1_000 };
/// A large one.
pub(crate) const LARGE: Case = Case { title: "Requests of 100 KB", body_bytes: 100_000 };

/// Measures a case; also gives each contender's requests per second.
pub(crate) fn measure(bench: &mut Bench, case: Case) -> (Section, Vec<(Contender, f64)>) {
    let (window, repeats) = (bench.plan.window, bench.plan.repeats);
    let outcomes = bench.in_turn(case.title, repeats, |stage, _, server| {
        let request = request::chat(server.address, "gpt-bench", case.body_bytes, Answer::Whole);
        let load = RequestLoad::saturating(server.address, request, window);
        load.run(Some(&server.watch(stage.options.server_core)))
    });
    let about = "64 connections, each with the next request as soon as the answer (1 KB) is there.";
    let mut section = Section::comparing(case.title, about, &bench.contenders);
    let ratio = section.compare("CPU per request", Unit::Micros, &outcomes, cpu_us);
    section.compare("requests/s on one core", Unit::Count, &outcomes, RequestReport::rate);
    section.targets.push(Target::ratio(format!("{}: CPU per request", case.title), 2.0, ratio));
    note_conditions(&mut section, &outcomes);
    let rates = outcomes.iter().filter_map(|it| Some((it.contender, it.spread(RequestReport::rate)?.median)));
    let rates = rates.collect();
    (section, rates)
}

/// CPU time per request of a report.
pub(crate) fn cpu_us(report: &RequestReport) -> f64 {
    report.used.map_or(0.0, |used| per_item_us(used.cpu, report.requests))
}

fn note_conditions(section: &mut Section, outcomes: &[Outcome<RequestReport>]) {
    section.note_failures(outcomes);
    for outcome in outcomes {
        let who = outcome.contender;
        for report in outcome.samples.iter().filter(|report| report.errors > 0) {
            let first = report.first_error.as_deref().unwrap_or_default();
            section.notes.push(format!("{who}: {} requests failed, first {first}.", report.errors));
        }
        let used = |value: fn(&crate::watch::Used) -> f64| {
            outcome
                .spread(|report| report.used.as_ref().map_or(0.0, value))
                .map_or(0.0, |spread| spread.median)
        };
        note_core(section, who, Some(used(|used| used.core_busy)), used(|used| used.others));
    }
}

/// Notes a core that was not saturated, where it was to be, or not the server's alone.
pub(crate) fn note_core(section: &mut Section, who: Contender, busy: Option<f64>, others: f64) {
    if let Some(busy) = busy.filter(|busy| *busy < SATURATED) {
        section.notes.push(format!("{who}'s core was busy only {} of the time.", Unit::Share.text(busy)));
    }
    if others > DISTURBED {
        section.notes.push(format!("Other processes took {} of {who}'s core.", Unit::Share.text(others)));
    }
}
