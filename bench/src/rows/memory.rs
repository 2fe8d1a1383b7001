//! Memory with many streams open, how late their events come, and memory with nothing to do.

use std::io;
use std::thread;
use std::time::Duration;

use crate::load::streams::{StreamLoad, StreamReport};
use crate::load::{count, micros};
use crate::models::{BRISK_STREAM, Model, SLOW_STREAM};
use crate::rows::Bench;
use crate::server::Server;
use crate::stage::{Setup, Stage, chat};
use crate::table::{Section, Target, Unit, ours};

/// Files that a server may have open besides the two of each stream.
const OTHER_FILES: u64 = 400;
const SETTLE: Duration = Duration::from_secs(2);

struct Case {
    title: &'static str,
    about: &'static str,
    streams: usize,
    model: Model,
    limit_bytes: f64,
}

const CASES: [Case; 2] = [
    Case {
        title: "1,000 open streams",
        about: "A server started afresh; each stream has 20 events a second. Late is the time from when the mock was to \
            send an event until it was read.",
        streams: 1_000,
        model: BRISK_STREAM,
        limit_bytes: 80e6,
    },
    Case {
        title: "10,000 open streams",
        about: "A server started afresh; each stream has one event a second.",
        streams: 10_000,
        model: SLOW_STREAM,
        limit_bytes: 600e6,
    },
];

/// Measures open streams.
pub(crate) fn with_streams(bench: &mut Bench) -> Vec<Section> {
    CASES.iter().map(|case| measure(bench, case)).collect()
}

fn measure(bench: &mut Bench, case: &Case) -> Section {
    let (hold, file_limit) = (bench.plan.hold, bench.stage.file_limit);
    let possible = usize::try_from(file_limit.saturating_sub(OTHER_FILES) / 2).unwrap_or(usize::MAX);
    let streams = case.streams.min(possible);
    let outcomes = bench.afresh(case.title, 1, |stage, contender| {
        let server = stage.start(Setup::of(contender, case.model.public().as_str()))?;
        hold_open(stage, &server, &StreamLoad { window: hold, ..load(&server, case.model, streams) })
    });
    let mut section = Section::comparing(case.title, case.about, &bench.contenders);
    if streams < case.streams {
        let why =
            format!("a process may open only {file_limit} files here, and a stream takes two (ulimit -Hn)");
        section.notes.push(format!("{streams} streams instead, and the target in proportion: {why}."));
    }
    let resident = |report: &StreamReport| count(report.resident_bytes.unwrap_or(0));
    section.compare("streams open", Unit::Count, &outcomes, |report| count(report.open as u64));
    section.compare("resident memory", Unit::Megabytes, &outcomes, resident);
    section.compare("events late, p50", Unit::Micros, &outcomes, |report| micros(&report.lateness, 0.5));
    let late =
        section.compare("events late, p99", Unit::Micros, &outcomes, |report| micros(&report.lateness, 0.99));
    section.compare("events late, most", Unit::Micros, &outcomes, |report| micros(&report.lateness, 1.0));
    section.compare("first event, p50", Unit::Micros, &outcomes, |report| micros(&report.first_event, 0.5));
    let limit = case.limit_bytes * count(streams as u64) / count(case.streams as u64);
    let what = format!("Resident memory with {}", case.title);
    section
        .targets
        .push(Target::at_most(what, limit, ours(&outcomes, resident), |it| Unit::Megabytes.text(it)));
    if case.model == BRISK_STREAM {
        section.targets.push(Target::ratio(format!("Events late with {}, p99", case.title), 2.0, late));
    }
    section.note_failures(&outcomes);
    section
}

fn load(server: &Server, model: Model, streams: usize) -> StreamLoad {
    StreamLoad {
        target: server.address,
        request: chat(server.address, model),
        streams,
        repeat: false,
        warm_up: SETTLE,
        window: SETTLE,
    }
}

fn hold_open(stage: &Stage, server: &Server, load: &StreamLoad) -> io::Result<StreamReport> {
    let report = load.run(Some(&server.watch(stage.options.server_core)))?;
    if report.open == load.streams && report.errors == 0 {
        return Ok(report);
    }
    let why = report.first_error.unwrap_or_default();
    Err(io::Error::other(format!(
        "{} of {} streams stayed open; {} broke, first {why}",
        report.open, load.streams, report.errors
    )))
}

/// Measures memory after one request and a rest.
pub(crate) fn idle(bench: &mut Bench) -> Section {
    let outcomes = bench.afresh("idle memory", 1, |stage, contender| {
        let server = stage.start(Setup::of(contender, "main"))?;
        thread::sleep(SETTLE);
        server.watch(stage.options.server_core).resident_bytes()
    });
    let about = "Two seconds after the first request.";
    let mut section = Section::comparing("Idle", about, &bench.contenders);
    section.compare("resident memory", Unit::Megabytes, &outcomes, |bytes| count(*bytes));
    let value = ours(&outcomes, |bytes| count(*bytes));
    section.targets.push(Target::at_most("Idle resident memory", 60e6, value, |it| Unit::Megabytes.text(it)));
    section.note_failures(&outcomes);
    section
}
