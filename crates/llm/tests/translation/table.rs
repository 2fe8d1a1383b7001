//! The table of `docs/translation.md`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::{env, fs};

use roundhouse_llm::dialect::Dialect;

use crate::answers::{self, CALLERS};
use crate::{record, requests, targets};

const ANSWERS: &[&str] = &["answer", "text", "tools", "finish", "usage"];
const REQUESTS: &[&str] = &[
    "accepted", "system", "user", "model", "calls", "results", "media", "order", "tools", "choice", "format",
    "stop", "tokens", "drawing",
];

/// How many cases of a capability hold, and how many there are.
type Cells = BTreeMap<&'static str, (usize, usize)>;

/// What holds of all recordings.
#[derive(Default)]
pub struct Report {
    /// By the caller's place in [`CALLERS`] and the provider.
    answers: BTreeMap<(usize, String), Cells>,
    requests: BTreeMap<(usize, usize), (Cells, usize)>,
    pub answer_failures: Vec<String>,
    pub request_failures: Vec<String>,
    is_empty: bool,
}

/// Computed once for all tests.
pub static REPORT: LazyLock<Report> = LazyLock::new(report);

fn report() -> Report {
    let mut report = Report::default();
    let records = record::all();
    report.is_empty = records.is_empty();
    let kinds = targets::all();
    for record in &records {
        if record.is_answer() {
            for (place, dialect) in CALLERS.into_iter().enumerate() {
                let outcome = answers::compare(record, dialect);
                let provider = format!("{} {}", record.provider, record.dialect.name());
                count(report.answers.entry((place, provider)).or_default(), &outcome.held);
                report.answer_failures.extend(outcome.failures);
            }
        }
        let Some(place) = CALLERS.into_iter().position(|dialect| dialect == record.dialect) else { continue };
        if record.request.is_null() {
            continue;
        }
        let caller = match requests::read(record.dialect, record.is_stream, &record.request) {
            Ok(caller) => caller,
            Err(why) => {
                report.request_failures.push(format!("{}: {why}", record.name()));
                continue;
            }
        };
        for (number, kind) in kinds.iter().enumerate() {
            let outcome = requests::compare(record.dialect, &record.request, &caller, kind);
            let (cells, refused) = report.requests.entry((place, number)).or_default();
            count(cells, &outcome.held);
            *refused += usize::from(outcome.is_refused);
            let name = format!("{} {} for {}", record.name(), record.dialect.name(), kind.name);
            let failures = outcome.failures.iter().map(|failure| format!("{name}: {failure}"));
            report.request_failures.extend(failures);
        }
    }
    report
}

fn count(cells: &mut Cells, held: &[(&'static str, bool)]) {
    for (what, holds) in held {
        let (good, all) = cells.entry(what).or_default();
        *good += usize::from(*holds);
        *all += 1;
    }
}

fn head(out: &mut String, columns: &[&str]) {
    writeln!(out, "| {} |\n|{}", columns.join(" | "), "---|".repeat(columns.len())).unwrap();
}

fn row(cells: &Cells, columns: &[&str]) -> String {
    let cell = |what: &&str| cells.get(what).map_or("–".to_owned(), |(good, all)| format!("{good}/{all}"));
    columns.iter().map(cell).collect::<Vec<_>>().join(" | ")
}

fn answers_table(report: &Report) -> String {
    let mut out = String::new();
    head(&mut out, &[&["caller", "provider"], ANSWERS].concat());
    for ((place, provider), cells) in &report.answers {
        let caller = CALLERS[*place].name();
        writeln!(out, "| {caller} | {provider} | {} |", row(cells, ANSWERS)).unwrap();
    }
    out
}

fn requests_table(report: &Report) -> String {
    let kinds = targets::all();
    let mut out = String::new();
    head(&mut out, &[&["caller", "dialect", "provider and model"], REQUESTS, &["refused"]].concat());
    for ((place, number), (cells, refused)) in &report.requests {
        let (caller, kind): (Dialect, _) = (CALLERS[*place], &kinds[*number]);
        let row = row(cells, REQUESTS);
        writeln!(out, "| {} | {} | {} | {row} | {refused} |", caller.name(), kind.dialect.name(), kind.name)
            .unwrap();
    }
    out
}

/// `text` with `table` between the marks of `name`.
fn replaced(text: &str, name: &str, table: &str) -> String {
    let (begin, end) = (format!("<!-- {name}: made by a test -->\n"), format!("<!-- end of {name} -->"));
    let (before, rest) = text.split_once(&begin).expect("the mark is there");
    let (_, after) = rest.split_once(&end).expect("the mark is there");
    format!("{before}{begin}\n{table}\n{end}{after}")
}

#[test]
fn the_document_tells_what_holds() {
    if REPORT.is_empty {
        return;
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/translation.md");
    let text = fs::read_to_string(&path).unwrap();
    let wanted = replaced(&text, "answers", &answers_table(&REPORT));
    let wanted = replaced(&wanted, "requests", &requests_table(&REPORT));
    #[allow(clippy::disallowed_methods, reason = "it is the switch of a test, no setting")]
    if env::var("UPDATE_TRANSLATION_TABLE").is_ok() {
        fs::write(&path, wanted).unwrap();
        return;
    }
    assert!(
        text == wanted,
        "docs/translation.md is out of date: run this test with UPDATE_TRANSLATION_TABLE=1"
    );
}
