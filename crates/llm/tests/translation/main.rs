//! Recorded traffic of real providers through every conversion; what holds is written to `docs/translation.md`.
//! Skipped where there are no recordings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod answers;
mod cuts;
mod edges;
mod meaning;
mod record;
mod requests;
mod rules;
mod table;
mod talks;
mod targets;
mod wish;

use table::REPORT;

#[test]
fn every_recorded_answer_means_the_same_in_every_callers_dialect() {
    let failures = &REPORT.answer_failures;
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_recorded_request_keeps_to_every_providers_rules_and_its_meaning() {
    let failures = &REPORT.request_failures;
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn an_error_with_a_good_status_is_an_error_in_every_callers_dialect() {
    for record in record::all().iter().filter(|record| record.status == 200 && record.tells_error()) {
        for dialect in answers::CALLERS {
            let why = answers::converted(record, dialect, &[]).unwrap_err();
            assert!(why.starts_with("cannot be read"), "{}: {why}", record.name());
        }
    }
}
