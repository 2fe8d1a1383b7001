//! CPU time of a streamed event.

use std::io;
use std::time::Duration;

use crate::contender::Contender;
use crate::load::per_item_us;
use crate::load::streams::{StreamLoad, StreamReport};
use crate::mock::Mock;
use crate::models::FAST_STREAM;
use crate::rows::Bench;
use crate::rows::throughput::note_core;
use crate::server::Server;
use crate::stage::{Setup, Stage, chat};
use crate::table::{Outcome, Section, Target, Unit};

/// Streams at the same time: unpaced, and with each event alone.
const UNPACED: usize = 256;
const ALONE: usize = 64;
/// Repetitions of the second case at the most.
const REPEATS: usize = 3;

/// Measures events that come as fast as they are taken, and events that come one by one.
pub(crate) fn measure(bench: &mut Bench) -> [Section; 2] {
    let (window, repeats) = (bench.plan.window, bench.plan.repeats);
    let unpaced = bench.in_turn("events, unpaced", repeats, |stage, _, server| {
        load(server, UNPACED, window).run(Some(&server.watch(stage.options.server_core)))
    });
    let alone = bench.afresh("events, one by one", repeats.min(REPEATS), |stage, contender| {
        one_by_one(stage, contender, window)
    });
    let unpaced = section(
        bench,
        "Events of streams, unpaced",
        "256 streams of 200 events (250 bytes each), which the mock writes one by one as fast as they are taken; where the \
         server falls behind, it finds several in one read.",
        &unpaced,
    );
    let alone = section(
        bench,
        "Events of streams, each alone",
        "64 such streams, with mock and load in one thread that keeps no more events under way than there are streams: a read \
         and a write for each event, as with events that come at a model's pace.",
        &alone,
    );
    [unpaced, alone]
}

fn one_by_one(stage: &mut Stage, contender: Contender, window: Duration) -> io::Result<StreamReport> {
    let address = stage.free_address()?;
    let mut mock = Mock::listen(address)?;
    let server = stage.start(Setup { upstream: Some(address), ..Setup::of(contender, "events") })?;
    load(&server, ALONE, window).run_with_upstream(&mut mock, Some(&server.watch(stage.options.server_core)))
}

fn load(server: &Server, streams: usize, window: Duration) -> StreamLoad {
    StreamLoad {
        target: server.address,
        request: chat(server.address, FAST_STREAM),
        streams,
        repeat: true,
        warm_up: Duration::from_millis(500),
        window,
    }
}

fn section(bench: &Bench, title: &'static str, about: &str, outcomes: &[Outcome<StreamReport>]) -> Section {
    let mut section = Section::comparing(title, about, &bench.contenders);
    let cpu_us = |report: &StreamReport| report.used.map_or(0.0, |used| per_item_us(used.cpu, report.events));
    let ratio = section.compare("CPU per event", Unit::Micros, outcomes, cpu_us);
    section.compare("events/s on one core", Unit::Count, outcomes, StreamReport::rate);
    section.targets.push(Target::ratio(format!("{title}: CPU per event"), 2.0, ratio));
    section.note_failures(outcomes);
    for outcome in outcomes {
        let share =
            |value: fn(&StreamReport) -> f64| outcome.spread(value).map_or(0.0, |spread| spread.median);
        let busy = Some(share(|report| report.used.map_or(0.0, |used| used.core_busy)));
        let others = share(|report| report.used.map_or(0.0, |used| used.others));
        note_core(&mut section, outcome.contender, busy, others);
    }
    section
}
