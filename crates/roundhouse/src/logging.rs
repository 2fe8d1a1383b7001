//! Logs and traces.

use std::fs::OpenOptions;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use roundhouse_config::{Config, LogConfig, LogFormat};
use tracing_appender::non_blocking::{NonBlocking, WorkerGuard};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry};

use crate::failure::Failure;
use crate::traces;

/// The target of spans that are only for traces.
const TRACE: &str = "trace";

/// Libraries that say much of little.
const QUIET: [&str; 5] = ["sqlx", "sea_orm", "sea_orm_migration", "hyper_util", "rustls"];

/// Writes what is left when dropped.
pub struct Logging {
    _writer: WorkerGuard,
    tracer: Option<SdkTracerProvider>,
}

impl Drop for Logging {
    fn drop(&mut self) {
        if let Some(tracer) = &self.tracer
            && let Err(error) = tracer.shutdown()
        {
            tracing::warn!(%error, "some traces could not be sent");
        }
    }
}

/// Begins to log as configured, and to send traces when a collector is.
pub fn start(config: &Config) -> Result<Logging, Failure> {
    let (writer, guard) = writer(&config.log)?;
    let level: LevelFilter = config.log.level.as_str().parse().unwrap_or(LevelFilter::INFO);
    let quiet = QUIET.iter().map(|target| (*target, level.min(LevelFilter::WARN)));
    let filter = Targets::new().with_default(level).with_targets(quiet).with_target(TRACE, LevelFilter::OFF);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match config.log.format {
        LogFormat::Json => {
            let json = tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(false);
            Box::new(json.with_span_list(false).with_writer(writer).with_filter(filter))
        }
        LogFormat::Text => {
            let text = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer);
            Box::new(text.with_filter(filter))
        }
    };
    let endpoint = config.telemetry.otlp_endpoint.as_deref();
    let tracer = endpoint.map(|endpoint| traces::provider(&config.telemetry, endpoint)).transpose()?;
    let spans = tracer.as_ref().map(|provider| {
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("roundhouse"));
        layer.with_filter(Targets::new().with_target(TRACE, LevelFilter::INFO))
    });
    Registry::default().with(lines).with(spans).try_init()?;
    Ok(Logging { _writer: guard, tracer })
}

fn writer(log: &LogConfig) -> Result<(NonBlocking, WorkerGuard), Failure> {
    let Some(path) = &log.file else { return Ok(tracing_appender::non_blocking(std::io::stdout())) };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::new(format!("cannot make the log folder {}: {error}", folder.display()))
        })?;
    }
    let file = OpenOptions::new().create(true).append(true).open(path);
    let file =
        file.map_err(|error| Failure::new(format!("cannot write the log file {}: {error}", path.display())))?;
    Ok(tracing_appender::non_blocking(file))
}
