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
    let request = request::chat(options.target, &options.model, options.body_bytes, Answer::Whole);
    let load = RequestLoad {
        connections: options.connections,
        rhythm: options.rate.map_or(Rhythm::Closed, Rhythm::Open),
        most: options.requests.unwrap_or(u64::MAX),
        ..RequestLoad::saturating(options.target, request, Duration::from_secs(options.seconds))
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

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    const FOREVER: Duration = Duration::from_mins(1);

    fn free_address() -> SocketAddr {
        std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
    }

    fn with_mock(test: impl FnOnce(SocketAddr) + Send) {
        let address = free_address();
        let mut mock = Mock::listen(address).unwrap();
        thread::scope(|scope| {
            let test = scope.spawn(move || test(address));
            while !test.is_finished() {
                mock.turn(Some(Duration::from_millis(10)), u64::MAX).unwrap();
            }
        });
    }

    fn load(target: SocketAddr, body_bytes: usize) -> RequestLoad {
        let request = request::chat(target, "mock", body_bytes, Answer::Whole);
        RequestLoad {
            warm_up: Duration::ZERO,
            most: 200,
            ..RequestLoad::saturating(target, request, FOREVER)
        }
    }

    #[test]
    fn requests_of_any_size_are_answered_and_counted() {
        with_mock(|address| {
            for body_bytes in [200, 1_000, 100_000, 1_000_000] {
                let report = load(address, body_bytes).run(None).unwrap();
                assert_eq!((report.errors, report.first_error), (0, None));
                assert_eq!(report.latency.len(), report.requests);
                assert!(report.requests >= 200);
            }
        });
    }

    #[test]
    fn fixed_rate_counts_every_request_that_was_due() {
        with_mock(|address| {
            let open = RequestLoad { rhythm: Rhythm::Open(5_000), connections: 2, ..load(address, 1_000) };
            let report = open.run(None).unwrap();
            assert_eq!(report.errors, 0);
            assert!(report.requests >= 200);
        });
    }

    #[test]
    fn refused_requests_are_errors() {
        with_mock(|address| {
            let request = request::chat(address, "mock", 200, Answer::Whole);
            let request = String::from_utf8(request).unwrap().replace("/chat/completions", "/chat/nothing");
            let refused = RequestLoad { request: request.into_bytes(), ..load(address, 200) };
            assert!(refused.run(None).unwrap_err().to_string().contains("status 404"));
        });
    }

    #[test]
    fn streams_begin_again_and_none_is_lost() {
        let address = free_address();
        let mut mock = Mock::listen(address).unwrap();
        let streams = StreamLoad {
            target: address,
            request: request::chat(address, "mock-stream-3x0", 200, Answer::Events),
            streams: 5,
            repeat: true,
            warm_up: Duration::ZERO,
            window: Duration::from_millis(50),
        };
        let report = streams.run_with_upstream(&mut mock, None).unwrap();
        assert_eq!((report.errors, report.open, report.first_event.len()), (0, 5, 5));
        assert!(report.events > 5 * 7, "streams of 7 events have begun again: {}", report.events);
    }

    #[test]
    fn other_machines_are_refused() {
        assert!(process::loopback_only("192.0.2.1:80".parse().unwrap()).is_err());
        assert!(process::loopback_only("[::1]:80".parse().unwrap()).is_ok());
    }
}
