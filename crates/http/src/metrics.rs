//! Prometheus metrics.

use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use metrics::gauge;

use crate::actor::Administrator;
use crate::problem::Problem;
use crate::state::App;

/// What is known of the process, from the kernel.
const SELF_STATUS: &str = "/proc/self/status";

/// Renders all metrics in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", tag = "operations", responses((status = 200, body = String, content_type = "text/plain")))]
pub async fn metrics(State(app): State<App>) -> ([(http::HeaderName, &'static str); 1], String) {
    observe(&app);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.prometheus.render())
}

/// The same on the main listener, where it may ask for an administrator.
pub async fn guarded(State(app): State<App>, mut parts: http::request::Parts) -> Result<Response, Problem> {
    if !app.clients.metrics_public {
        Administrator::from_request_parts(&mut parts, &app).await?;
    }
    Ok(metrics(State(app)).await.into_response())
}

/// Sets the gauges that are looked at only when somebody asks.
#[allow(clippy::cast_precision_loss, reason = "gauges are floats")]
fn observe(app: &App) {
    let (snapshot, now) = (app.gateway.snapshot(), app.control.now());
    for provider in snapshot.providers.values() {
        let counts = provider.keys.counts(now);
        let by_status = [
            ("active", counts.active),
            ("cooling", counts.cooling),
            ("invalid", counts.invalid),
            ("disabled", counts.disabled),
        ];
        for (status, count) in by_status {
            gauge!("roundhouse_provider_keys", "provider" => provider.name.to_string(), "status" => status)
                .set(count as f64);
        }
    }
    gauge!("roundhouse_build_info", "version" => app.version).set(1.0);
    if let Some(bytes) = resident_bytes() {
        gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        gauge!("process_open_fds").set(files.count() as f64);
    }
}

fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string(SELF_STATUS).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? * 1_024)
}
