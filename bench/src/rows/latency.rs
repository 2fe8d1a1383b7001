//! What a server adds to the latency at half of what it can do.

use std::io;
use std::time::Duration;

use crate::contender::Contender;
use crate::load::micros;
use crate::load::requests::{RequestLoad, RequestReport, Rhythm};
use crate::models::Model;
use crate::rows::Bench;
use crate::rows::throughput::note_core;
use crate::stage::chat;
use crate::table::{Section, Target, Unit, ours};

/// The connections that a fixed rate may use.
const CONNECTIONS: usize = 64;

struct Pair {
    direct: RequestReport,
    through: RequestReport,
}

impl Pair {
    fn added_us(&self, quantile: f64) -> f64 {
        micros(&self.through.latency, quantile) - micros(&self.direct.latency, quantile)
    }
}

/// Measures it, at half of the `rates`.
pub(crate) fn measure(bench: &mut Bench, rates: &[(Contender, f64)]) -> Section {
    let window = bench.plan.window;
    let repeats = bench.plan.repeats;
    let outcomes = bench.in_turn("latency", repeats, |stage, contender, server| {
        let rate = rates.iter().find(|(who, _)| *who == contender).map_or(0.0, |(_, rate)| rate / 2.0);
        let rhythm = Rhythm::Open(whole(rate).ok_or_else(|| io::Error::other("its rate is not known"))?);
        let at = |target, window| RequestLoad {
            connections: CONNECTIONS,
            rhythm,
            ..RequestLoad::saturating(target, chat(target, Model::Whole), window)
        };
        let watch = server.watch(stage.options.server_core);
        let direct = at(stage.mock, window).run(None)?;
        Ok(Pair { direct, through: at(server.address, window).run(Some(&watch))? })
    });
    let about = "Requests of 1 KB begin at a fixed rate, half of what the server did above, whatever became of the ones \
        before; latency counts from the time a request was due. Added is the difference to the same rate without a server \
        between.";
    let mut section = Section::comparing("Added latency at half of saturation", about, &bench.contenders);
    section.compare("rate, requests/s", Unit::Count, &outcomes, |pair| pair.through.rate());
    section.compare("p50 through it", Unit::Micros, &outcomes, |pair| micros(&pair.through.latency, 0.5));
    section.compare("p99 through it", Unit::Micros, &outcomes, |pair| micros(&pair.through.latency, 0.99));
    section.compare("added p50", Unit::Micros, &outcomes, |pair| pair.added_us(0.5));
    section.compare("added p99", Unit::Micros, &outcomes, |pair| pair.added_us(0.99));
    let micros = |value| Unit::Micros.text(value);
    section.targets.extend([
        Target::at_most(
            "Added p50 at half of saturation",
            150.0,
            ours(&outcomes, |it| it.added_us(0.5)),
            micros,
        ),
        Target::at_most(
            "Added p99 at half of saturation",
            1_000.0,
            ours(&outcomes, |it| it.added_us(0.99)),
            micros,
        ),
    ]);
    section.note_failures(&outcomes);
    for outcome in &outcomes {
        let others = outcome.spread(|pair| pair.through.used.map_or(0.0, |used| used.others));
        note_core(&mut section, outcome.contender, None, others.map_or(0.0, |spread| spread.median));
        let errors: u64 = outcome.samples.iter().map(|pair| pair.through.errors).sum();
        if errors > 0 {
            section.notes.push(format!("{}: {errors} requests failed.", outcome.contender));
        }
    }
    section
}

/// A rate as a whole number.
fn whole(rate: f64) -> Option<u32> {
    u32::try_from(Duration::try_from_secs_f64(rate).ok()?.as_secs()).ok().filter(|rate| *rate > 0)
}
