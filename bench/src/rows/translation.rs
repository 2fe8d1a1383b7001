//! What it costs that the caller speaks another dialect than the provider.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use crate::contender::Contender;
use crate::load::per_item_us;
use crate::load::requests::{RequestLoad, RequestReport};
use crate::load::streams::{StreamLoad, StreamReport};
use crate::models::{FAST_STREAM, Model};
use crate::request::{self, Answer};
use crate::rows::{Bench, throughput};
use crate::server::Server;
use crate::stage::{Setup, Stage, say};
use crate::table::{Section, Spread, Target, Unit};

const TITLE: &str = "Translation";
/// Streams at the same time.
const STREAMS: usize = 256;
/// So many times a call that is passed through may a converted one cost.
const LIMIT: f64 = 1.5;

/// Makes a request of about so many bytes.
type Write = fn(SocketAddr, &str, usize, Answer) -> Vec<u8>;

/// The provider's dialect, then another one.
const DIALECTS: [(&str, Write); 2] =
    [("Chat, passed through", request::chat), ("Messages, converted", request::messages)];

/// What was measured of callers in one dialect.
#[derive(Debug, Default)]
struct Calls {
    requests: Vec<RequestReport>,
    streams: Vec<StreamReport>,
}

/// Measures Roundhouse in front of a provider of chat completions, asked in its dialect and in another, in turn.
pub(crate) fn measure(bench: &mut Bench) -> Section {
    let mut calls: [Calls; 2] = Default::default();
    let failure = in_turn(bench, &mut calls).err();
    let mut section = section(&calls);
    section.notes.extend(failure.map(|error| format!("failed: {error}")));
    section
}

fn in_turn(bench: &mut Bench, calls: &mut [Calls; 2]) -> io::Result<()> {
    let (window, repeats) = (bench.plan.window, bench.plan.repeats);
    let server = bench.stage.start(Setup::of(Contender::Roundhouse, "translation"))?;
    for round in 1..=repeats {
        for ((name, write), calls) in DIALECTS.iter().zip(calls.iter_mut()) {
            say(&format!("{TITLE}, {name}, {round} of {repeats}"));
            calls.measure(&bench.stage, &server, *write, window)?;
        }
    }
    Ok(())
}

impl Calls {
    fn measure(&mut self, stage: &Stage, server: &Server, write: Write, window: Duration) -> io::Result<()> {
        let (target, watch) = (server.address, server.watch(stage.options.server_core));
        let request = write(target, &Model::Whole.public(), 1_000, Answer::Whole);
        self.requests.push(RequestLoad::saturating(target, request, window).run(Some(&watch))?);
        let request = write(target, &FAST_STREAM.public(), 1_000, Answer::Events);
        let (streams, warm_up) = (STREAMS, Duration::from_millis(500));
        let load = StreamLoad { target, request, streams, repeat: true, warm_up, window };
        self.streams.push(load.run(Some(&watch))?);
        Ok(())
    }
}

fn section(calls: &[Calls; 2]) -> Section {
    let names = DIALECTS.map(|(name, _)| name);
    let columns = [""].into_iter().chain(names).chain(["converted ÷ passed through"]);
    let mut section = Section {
        title: TITLE,
        about: "Roundhouse alone. The provider speaks Chat Completions; callers ask in that dialect, or the same in Anthropic \
            Messages. Requests and streams as above: 1 KB each way, and 256 streams of 200 events, unpaced."
            .to_owned(),
        columns: columns.map(str::to_owned).collect(),
        rows: Vec::new(),
        notes: Vec::new(),
        targets: Vec::new(),
    };
    let event_us = |report: &StreamReport| report.used.map_or(0.0, |it| per_item_us(it.cpu, report.events));
    let request = section.dialects("CPU per request", Unit::Micros, calls, |calls| {
        calls.requests.iter().map(throughput::cpu_us).collect()
    });
    section.dialects("requests/s on one core", Unit::Count, calls, |calls| {
        calls.requests.iter().map(RequestReport::rate).collect()
    });
    let event = section
        .dialects("CPU per event", Unit::Micros, calls, |calls| calls.streams.iter().map(event_us).collect());
    section.dialects("events/s on one core", Unit::Count, calls, |calls| {
        calls.streams.iter().map(StreamReport::rate).collect()
    });
    let target =
        |what, ratio| Target::at_most(what, LIMIT, ratio, |ratio| format!("{ratio:.2} × passed through"));
    section.targets.push(target("Requests of 1 KB, converted: CPU per request", request));
    section.targets.push(target("Events of streams, converted: CPU per event", event));
    section.notes.extend(errors(calls));
    section
}

impl Section {
    /// Adds a line that compares the dialects, and gives how many times the first one's value the second one's is.
    fn dialects(
        &mut self,
        what: &str,
        unit: Unit,
        calls: &[Calls; 2],
        values: impl Fn(&Calls) -> Vec<f64>,
    ) -> Option<f64> {
        let spreads = calls.each_ref().map(|calls| Spread::of(values(calls)));
        let medians = spreads[0].zip(spreads[1]).map(|(passed, converted)| (passed.median, converted.median));
        let ratio = medians.filter(|(passed, _)| *passed > 0.0).map(|(passed, converted)| converted / passed);
        let shown = spreads.map(|spread| spread.map_or_else(|| "failed".to_owned(), |it| it.text(unit)));
        let times = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        self.rows.push([what.to_owned()].into_iter().chain(shown).chain([times]).collect());
        ratio
    }
}

fn errors(calls: &[Calls; 2]) -> Vec<String> {
    let note = |name: &str, count: u64, first: Option<&String>| {
        let first = first.map_or("", String::as_str);
        (count > 0).then(|| format!("{name}: {count} failed, first {first}."))
    };
    let mut notes = Vec::new();
    for ((name, _), calls) in DIALECTS.iter().zip(calls) {
        notes.extend(calls.requests.iter().filter_map(|it| note(name, it.errors, it.first_error.as_ref())));
        notes.extend(calls.streams.iter().filter_map(|it| note(name, it.errors, it.first_error.as_ref())));
    }
    notes
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hdrhistogram::Histogram;

    use super::*;
    use crate::watch::Used;

    fn calls(cpu: Duration) -> Calls {
        let used = Some(Used { cpu, core_busy: 1.0, others: 0.0 });
        let histogram = || Histogram::new(3).unwrap();
        let request = RequestReport {
            requests: 1_000,
            errors: 0,
            first_error: None,
            seconds: 1.0,
            latency: histogram(),
            used,
        };
        let stream = StreamReport {
            open: 1,
            events: 1_000,
            errors: 2,
            first_error: Some("a stream broke".to_owned()),
            seconds: 1.0,
            first_event: histogram(),
            lateness: histogram(),
            used,
            resident_bytes: None,
        };
        Calls { requests: vec![request], streams: vec![stream] }
    }

    #[test]
    fn converted_calls_are_measured_by_those_passed_through() {
        let section = section(&[calls(Duration::from_millis(20)), calls(Duration::from_millis(29))]);
        assert_eq!(section.rows[0], ["CPU per request", "20.0 µs", "29.0 µs", "1.45"]);
        assert_eq!(section.rows[2], ["CPU per event", "20.0 µs", "29.0 µs", "1.45"]);
        assert!(section.targets.iter().all(Target::is_met));
        assert_eq!(section.notes.len(), 2);
    }

    #[test]
    fn what_was_not_measured_is_not_reached() {
        let section = section(&Default::default());
        assert_eq!(section.rows[0], ["CPU per request", "failed", "failed", ""]);
        assert!(!section.targets.iter().any(Target::is_met));
    }
}
