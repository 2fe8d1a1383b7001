//! What limits, budgets and the ledger add to a request.

use std::io;

use crate::contender::{Contender, Metering};
use crate::load::requests::{RequestLoad, RequestReport};
use crate::models::Model;
use crate::rows::{Bench, throughput};
use crate::stage::{Setup, chat, say};
use crate::table::{Section, Spread, Target, Unit};

const TITLE: &str = "Limits, budgets and the ledger";
/// CPU time that all of it may add to a request.
const LIMIT_US: f64 = 20.0;

/// Nothing is counted, then more and more of it.
const CASES: [(&str, &str, Metering); 3] = [
    ("nothing counted", "metering-nothing", Metering::Nothing),
    ("ledger", "metering-ledger", Metering::Ledger),
    ("ledger, all limits and budgets", "metering-budgets", Metering::Budgets),
];

/// Measures Roundhouse with more and more to count, in turn.
pub(crate) fn measure(bench: &mut Bench) -> Section {
    let mut reports: [Vec<RequestReport>; 3] = Default::default();
    let failure = in_turn(bench, &mut reports).err();
    let mut section = section(&reports);
    section.notes.extend(failure.map(|error| format!("failed: {error}")));
    section
}

fn in_turn(bench: &mut Bench, reports: &mut [Vec<RequestReport>; 3]) -> io::Result<()> {
    let (window, repeats) = (bench.plan.window, bench.plan.repeats);
    let mut servers = Vec::new();
    for (_, name, metering) in CASES {
        servers.push(bench.stage.start(Setup { metering, ..Setup::of(Contender::Roundhouse, name) })?);
    }
    for round in 1..=repeats {
        for (((what, ..), server), reports) in CASES.iter().zip(&servers).zip(reports.iter_mut()) {
            say(&format!("{TITLE}, {what}, {round} of {repeats}"));
            let load = RequestLoad::saturating(server.address, chat(server.address, Model::Whole), window);
            reports.push(load.run(Some(&server.watch(bench.stage.options.server_core)))?);
        }
    }
    Ok(())
}

fn section(reports: &[Vec<RequestReport>; 3]) -> Section {
    let names = CASES.map(|(name, ..)| name);
    let mut section = Section {
        title: TITLE,
        about: "Roundhouse alone, requests of 1 KB as above. The ledger is a row in the log for each request and sums by \
            minute, hour and day, written to SQLite; limits and budgets are all eight that an access key has, with prices."
            .to_owned(),
        columns: [""].into_iter().chain(names).map(str::to_owned).collect(),
        rows: Vec::new(),
        notes: Vec::new(),
        targets: Vec::new(),
    };
    let spreads =
        reports.each_ref().map(|reports| Spread::of(reports.iter().map(throughput::cpu_us).collect()));
    let cells = spreads.map(|spread| spread.map_or_else(|| "failed".to_owned(), |it| it.text(Unit::Micros)));
    section.rows.push(["CPU per request".to_owned()].into_iter().chain(cells).collect());
    let added = spreads[0].zip(spreads[2]).map(|(nothing, all)| all.median - nothing.median);
    section.targets.push(Target::at_most(
        "Limits, budgets and the ledger: CPU added to a request",
        LIMIT_US,
        added,
        |it| Unit::Micros.text(it),
    ));
    for (name, reports) in names.iter().zip(reports) {
        for report in reports.iter().filter(|report| report.errors > 0) {
            let first = report.first_error.as_deref().unwrap_or_default();
            section.notes.push(format!("{name}: {} requests failed, first {first}.", report.errors));
        }
    }
    section
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hdrhistogram::Histogram;

    use super::*;
    use crate::watch::Used;

    fn report(cpu: Duration) -> RequestReport {
        RequestReport {
            requests: 1_000,
            errors: 0,
            first_error: None,
            seconds: 1.0,
            latency: Histogram::new(3).unwrap(),
            used: Some(Used { cpu, core_busy: 1.0, others: 0.0 }),
        }
    }

    #[test]
    fn what_all_of_it_adds_is_measured_from_nothing() {
        let section = section(&[20, 28, 41].map(|millis| vec![report(Duration::from_millis(millis))]));
        assert_eq!(section.rows[0], ["CPU per request", "20.0 µs", "28.0 µs", "41.0 µs"]);
        assert_eq!(section.targets[0].line()[2..], ["21.0 µs", "**missed**"]);
    }

    #[test]
    fn what_was_not_measured_is_not_reached() {
        assert!(!section(&Default::default()).targets[0].is_met());
    }
}
