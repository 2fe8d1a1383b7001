//! Roundhouse under load with `perf` watching.

use std::io;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::contender::Contender;
use crate::load::requests::RequestLoad;
use crate::load::streams::StreamLoad;
use crate::models::{FAST_STREAM, Model};
use crate::request::{self, Answer};
use crate::server::Server;
use crate::stage::{self, Setup, Stage, chat, say};

/// What to look at.
#[derive(Args, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    stage: stage::Options,
    /// The load.
    #[arg(long, value_enum, default_value = "small")]
    load: Load,
    /// How long.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Where the samples go.
    #[arg(long, default_value = "perf.data")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Load {
    /// Requests of 1 KB.
    Small,
    /// Requests of 100 KB.
    Large,
    /// Events as fast as they are taken.
    Stream,
    /// Requests of 1 KB in another dialect than the provider's.
    Converted,
    /// Events in another dialect than the provider's.
    ConvertedStream,
}

/// Records a profile.
pub(crate) fn run(options: &Options) -> io::Result<()> {
    let mut stage = Stage::new(options.stage.clone())?;
    let server = stage.start(Setup::of(Contender::Roundhouse, "profile"))?;
    let mut perf = Command::new("perf");
    perf.args(["record", "--freq", "1999", "--call-graph", "dwarf,4096", "--pid", &server.pid().to_string()]);
    perf.arg("--output").arg(&options.out).args(["--", "sleep", &options.seconds.to_string()]);
    let mut recording = perf.spawn().map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("perf does not start ({error}); install it: apt-get install linux-perf"),
        )
    })?;
    load(&server, options.load, Duration::from_secs(options.seconds))?;
    let status = recording.wait()?;
    say(&format!("perf ended with {status}; read it with: perf report --input {}", options.out.display()));
    Ok(())
}

fn load(server: &Server, load: Load, window: Duration) -> io::Result<()> {
    let (target, whole) = (server.address, Model::Whole.public());
    let stream =
        |request| StreamLoad { target, request, streams: 64, repeat: true, warm_up: Duration::ZERO, window };
    let requests = |request| RequestLoad::saturating(target, request, window);
    match load {
        Load::Small => drop(requests(request::chat(target, &whole, 1_000, Answer::Whole)).run(None)?),
        Load::Large => drop(requests(request::chat(target, &whole, 100_000, Answer::Whole)).run(None)?),
        Load::Converted => drop(requests(request::messages(target, &whole, 1_000, Answer::Whole)).run(None)?),
        Load::Stream => drop(stream(chat(target, FAST_STREAM)).run(None)?),
        Load::ConvertedStream => {
            let request = request::messages(target, &FAST_STREAM.public(), 1_000, Answer::Events);
            drop(stream(request).run(None)?);
        }
    }
    Ok(())
}
