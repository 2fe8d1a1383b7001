//! The whole table.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, ValueEnum};

use crate::contender::{self, Contender};
use crate::report::{self, Page};
use crate::rows::{self, Bench, Plan};
use crate::stage::{self, Stage, say};
use crate::table::Section;

/// What to measure, and where to write it.
#[derive(Args, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    stage: stage::Options,
    /// The page to write; without it, standard output.
    #[arg(long)]
    out: Option<PathBuf>,
    /// A look in under two minutes, with figures to match.
    #[arg(long)]
    quick: bool,
    /// Measure nginx and the hyper proxy only, to learn about the machine.
    #[arg(long)]
    without_roundhouse: bool,
    /// Measure one of the rows that Roundhouse has alone.
    #[arg(long, conflicts_with_all = ["out", "without_roundhouse"])]
    only: Option<Alone>,
}

/// A row without others beside Roundhouse.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Alone {
    Translation,
    Metering,
    Size,
    Keys,
}

impl Alone {
    fn measure(self, bench: &mut Bench) -> Section {
        match self {
            Self::Translation => rows::translation::measure(bench),
            Self::Metering => rows::metering::measure(bench),
            Self::Size => rows::size::measure(bench),
            Self::Keys => rows::keys::measure(bench),
        }
    }
}

/// Measures everything and writes the page.
///
/// # Errors
/// Something that all rows need is missing, or the page cannot be written. A row that fails says so in the page.
pub(crate) fn run(options: &Options) -> io::Result<()> {
    if options.only.is_none() {
        contender::nginx_version()?;
    }
    let ours = !options.without_roundhouse;
    if ours {
        options.stage.roundhouse()?;
    }
    let begin = Instant::now();
    let plan = if options.quick { Plan::QUICK } else { Plan::FULL };
    let contenders = Contender::ALL.into_iter().filter(|it| ours || *it != Contender::Roundhouse).collect();
    let mut bench = Bench { stage: Stage::new(options.stage.clone())?, plan, contenders };
    let sections = match options.only {
        Some(row) => vec![row.measure(&mut bench)],
        None => measure(&mut bench, ours),
    };
    let before = options.out.as_ref().and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
    let page = Page {
        sections,
        kept: report::kept(&before),
        quick: options.quick,
        minutes: begin.elapsed().as_secs().div_ceil(60),
    };
    let text = report::markdown(&page);
    match &options.out {
        Some(path) => {
            fs::write(path, text)?;
            say(&format!("written to {}", path.display()));
        }
        None => io::stdout().write_all(text.as_bytes())?,
    }
    for line in report::summary(&page) {
        say(&line);
    }
    Ok(())
}

fn measure(bench: &mut Bench, ours: bool) -> Vec<Section> {
    let (small, rates) = rows::throughput::measure(bench, rows::throughput::SMALL);
    let (large, _) = rows::throughput::measure(bench, rows::throughput::LARGE);
    let mut sections = vec![small, large, rows::latency::measure(bench, &rates)];
    sections.extend(rows::streaming::measure(bench));
    sections.extend(rows::memory::with_streams(bench));
    sections.push(rows::memory::idle(bench));
    sections.push(rows::start::measure(bench));
    if ours {
        sections.extend(Alone::value_variants().iter().map(|row| row.measure(bench)));
    }
    sections
}
