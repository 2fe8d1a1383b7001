//! The load: HTTP/1.1 with keep-alive, one thread, on this machine only, bounded in count and time.

mod connection;
mod events;
pub(crate) mod requests;
pub(crate) mod streams;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use hdrhistogram::Histogram;
use serde_json::json;

use self::requests::{RequestLoad, Rhythm};
use self::streams::StreamLoad;
use crate::mock::Mock;
use crate::process;
use crate::request::{self, Answer};
use crate::watch::Watch;

/// Beyond it a latency counts as this.
const LONGEST_NS: u64 = 600_000_000_000;

/// What to send, and how much of it.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The loopback address to load.
    #[arg(long)]
    target: SocketAddr,
    /// Model to ask for.
    #[arg(long, default_value = "gpt-bench")]
    model: String,
    /// Size of a request's body.
    #[arg(long, default_value_t = 1_000)]
    body_bytes: usize,
    /// Connections at the same time; with `--streams`, streams.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Length of the measurement.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Requests per second, begun on time whatever became of the ones before; without it, each answer is followed by the
    /// next request.
    #[arg(long)]
    rate: Option<u32>,
    /// Requests after which to stop early.
    #[arg(long)]
    requests: Option<u64>,
    /// Read answers as events.
    #[arg(long)]
    streams: bool,
    /// With `--streams`: begin a stream again when it has ended.
    #[arg(long)]
    repeat: bool,
    /// With `--streams`: be the upstream too, at this address, in the same thread, with no more events under way than
    /// there are streams; so each event passes alone, at the pace of the server between.
    #[arg(long)]
    upstream: Option<SocketAddr>,
    /// A process whose CPU time and memory to report.
    #[arg(long)]
    watch: Option<u32>,
    /// The core it is pinned to.
    #[arg(long, default_value_t = 0)]
    watch_core: usize,
}

/// Loads, and prints a report as JSON.
pub(crate) fn run(options: &Options) -> io::Result<()> {
    process::loopback_only(options.target)?;
    process::raise_file_limit();
    process::sharpen_timers()?;
    let report = if options.streams { stream_report(options)? } else { request_report(options)? };
    writeln!(io::stdout(), "{report:#}")
}

fn request_report(options: &Options) -> io::Result<serde_json::Value> {
    let load = RequestLoad {
        target: options.target,
        request: request::chat(options.target, &options.model, options.body_bytes, Answer::Whole),
        connections: options.connections,
        rhythm: options.rate.map_or(Rhythm::Closed, Rhythm::Open),
        warm_up: Duration::from_millis(500),
        window: Duration::from_secs(options.seconds),
        most: options.requests.unwrap_or(u64::MAX),
    };
    let report = load.run(options.watch.map(|pid| Watch::new(pid, options.watch_core)).as_ref())?;
    Ok(json!({
        "requests": report.requests, "errors": report.errors, "first_error": report.first_error,
        "seconds": report.seconds, "requests_per_second": report.rate(), "latency_us": quantiles(&report.latency),
        "cpu_us_per_request": report.used.map(|used| per_item_us(used.cpu, report.requests)),
        "core_busy": report.used.map(|used| used.core_busy), "core_others": report.used.map(|used| used.others),
    }))
}

fn stream_report(options: &Options) -> io::Result<serde_json::Value> {
    let load = StreamLoad {
        target: options.target,
        request: request::chat(options.target, &options.model, options.body_bytes, Answer::Events),
        streams: options.connections,
        repeat: options.repeat,
        warm_up: Duration::from_millis(500),
        window: Duration::from_secs(options.seconds),
    };
    let watch = options.watch.map(|pid| Watch::new(pid, options.watch_core));
    let report = match options.upstream {
        Some(upstream) => load.run_with_upstream(&mut Mock::listen(upstream)?, watch.as_ref())?,
        None => load.run(watch.as_ref())?,
    };
    Ok(json!({
        "open_streams": report.open, "events": report.events, "errors": report.errors, "first_error": report.first_error,
        "seconds": report.seconds, "events_per_second": report.rate(),
        "first_event_us": quantiles(&report.first_event), "lateness_us": quantiles(&report.lateness),
        "cpu_us_per_event": report.used.map(|used| per_item_us(used.cpu, report.events)),
        "core_busy": report.used.map(|used| used.core_busy), "core_others": report.used.map(|used| used.others),
        "resident_bytes": report.resident_bytes,
    }))
}

fn quantiles(histogram: &Histogram<u64>) -> serde_json::Value {
    let at = |quantile: f64| micros(histogram, quantile);
    json!({ "p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "p99.9": at(0.999), "max": at(1.0) })
}

/// A quantile of a histogram of nanoseconds, in microseconds.
pub(crate) fn micros(histogram: &Histogram<u64>, quantile: f64) -> f64 {
    Duration::from_nanos(histogram.value_at_quantile(quantile)).as_secs_f64() * 1e6
}

/// Microseconds of CPU time for each of `items`.
pub(crate) fn per_item_us(cpu: Duration, items: u64) -> f64 {
    cpu.as_secs_f64() * 1e6 / count(items).max(1.0)
}

/// A count as a number to divide by.
#[expect(clippy::cast_precision_loss, reason = "counts of a bounded run are far below 2^52")]
pub(crate) fn count(items: u64) -> f64 {
    items as f64
}

fn histogram() -> io::Result<Histogram<u64>> {
    Histogram::new_with_bounds(1, LONGEST_NS, 3).map_err(io::Error::other)
}
