//! The rows of the table, by what they measure.

pub(crate) mod keys;
pub(crate) mod latency;
pub(crate) mod memory;
pub(crate) mod metering;
pub(crate) mod size;
pub(crate) mod start;
pub(crate) mod streaming;
pub(crate) mod throughput;
pub(crate) mod translation;

use std::io;
use std::time::Duration;

use crate::contender::Contender;
use crate::server::Server;
use crate::stage::{Setup, Stage, say};
use crate::table::Outcome;

/// How long and how often to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Times each throughput is measured.
    pub(crate) repeats: usize,
    /// Length of one measurement.
    pub(crate) window: Duration,
    /// Times a server is started to time it.
    pub(crate) starts: usize,
    /// Time that open streams are watched.
    pub(crate) hold: Duration,
    /// Time that refused keys may take to be set aside.
    pub(crate) set_aside: Duration,
}

impl Plan {
    /// The one for `docs/performance.md`.
    pub(crate) const FULL: Self = Self {
        repeats: 5,
        window: Duration::from_secs(3),
        starts: 10,
        hold: Duration::from_secs(8),
        set_aside: Duration::from_secs(90),
    };
    /// The one for a look in between.
    pub(crate) const QUICK: Self = Self {
        repeats: 1,
        window: Duration::from_secs(1),
        starts: 3,
        hold: Duration::from_secs(2),
        set_aside: Duration::from_secs(20),
    };
}

/// Everything that the rows share.
#[derive(Debug)]
pub(crate) struct Bench {
    /// Where it happens.
    pub(crate) stage: Stage,
    /// How long and how often.
    pub(crate) plan: Plan,
    /// Who takes part.
    pub(crate) contenders: Vec<Contender>,
}

impl Bench {
    /// Starts all contenders, then measures them in turn, `repeats` times; one that fails is left out from then on.
    fn in_turn<T>(
        &mut self,
        what: &str,
        repeats: usize,
        mut measure: impl FnMut(&mut Stage, Contender, &Server) -> io::Result<T>,
    ) -> Vec<Outcome<T>> {
        let mut started: Vec<_> = self.contenders.iter().map(|it| (Outcome::new(*it), None)).collect();
        for (outcome, server) in &mut started {
            match self.stage.start(Setup::of(outcome.contender, "main")) {
                Ok(running) => *server = Some(running),
                Err(error) => outcome.fail(&error),
            }
        }
        for round in 1..=repeats {
            for (outcome, server) in &mut started {
                let Some(running) = server else { continue };
                say(&format!("{what}, {}, {round} of {repeats}", outcome.contender));
                match measure(&mut self.stage, outcome.contender, running) {
                    Ok(sample) => outcome.samples.push(sample),
                    Err(error) => {
                        outcome.fail(&error);
                        *server = None;
                    }
                }
            }
        }
        started.into_iter().map(|(outcome, _)| outcome).collect()
    }

    /// Measures all contenders in turn, `repeats` times, each time started afresh by `measure`.
    fn afresh<T>(
        &mut self,
        what: &str,
        repeats: usize,
        mut measure: impl FnMut(&mut Stage, Contender) -> io::Result<T>,
    ) -> Vec<Outcome<T>> {
        let mut outcomes: Vec<_> = self.contenders.iter().map(|it| Outcome::new(*it)).collect();
        for round in 1..=repeats {
            for outcome in outcomes.iter_mut().filter(|it| it.failure.is_none()) {
                say(&format!("{what}, {}, {round} of {repeats}", outcome.contender));
                match measure(&mut self.stage, outcome.contender) {
                    Ok(sample) => outcome.samples.push(sample),
                    Err(error) => outcome.fail(&error),
                }
            }
        }
        outcomes
    }
}
