//! Time from starting the process to the first request served.

use std::time::{Duration, Instant};

use crate::rows::Bench;
use crate::stage::{START_TIMEOUT, Setup};
use crate::table::{Section, Target, Unit, ours};

/// Measures it, on a database that exists.
pub(crate) fn measure(bench: &mut Bench) -> Section {
    let outcomes = bench.afresh("start", bench.plan.starts, |stage, contender| {
        let begin = Instant::now();
        let (mut server, request) = stage.launch(Setup::of(contender, "main"))?;
        server.wait_until_serving(&request, START_TIMEOUT)?;
        Ok(begin.elapsed())
    });
    let about = "From starting the process until a chat request is answered, asked every millisecond; Roundhouse on the \
        database it made before.";
    let mut section = Section::comparing("Start", about, &bench.contenders);
    let millis = |time: &Duration| time.as_secs_f64() * 1e3;
    section.compare("first request served after", Unit::Millis, &outcomes, millis);
    let value = ours(&outcomes, millis);
    section
        .targets
        .push(Target::at_most("First request served after", 150.0, value, |it| Unit::Millis.text(it)));
    section.note_failures(&outcomes);
    section
}
