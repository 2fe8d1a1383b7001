//! Whether the process is alive, and whether it can serve.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use roundhouse_gateway::key_pool::KeyCounts;
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::App;

/// Where else [`health`] is looked for.
pub const ALIASES: [&str; 3] = ["/healthz", "/api/health", "/api/v1/health"];

/// How long the database may take to answer [`ready`]: whoever asks does not wait long either.
const PATIENCE: Duration = Duration::from_secs(2);

/// What `/health` answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `healthy`, or `degraded` when there are provider keys and none of them works now.
    pub status: &'static str,
    /// Provider keys of all providers.
    pub key_stats: KeyStats,
    /// The program's version.
    pub version: &'static str,
}

/// Provider keys, counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyStats {
    /// All.
    pub total: usize,
    /// Usable now.
    pub available: usize,
    /// Set aside after failures.
    pub failed: usize,
    /// Resting until a time.
    pub cooling: usize,
    /// Switched off by a person.
    pub disabled: usize,
}

/// What `/ready` answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// Whether requests are served.
    pub ready: bool,
    /// `ok`, or `away`: the data plane goes on with the configuration in memory, and keeps its records until the database is back;
    /// the management API does not answer.
    pub database: &'static str,
    /// `ok`, or that a newer configuration is refused; requests are served by the one before.
    pub configuration: &'static str,
    /// `ok`, or that other processes cannot be heard; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redis: Option<&'static str>,
}

/// True for what balancers and container platforms ask for, by address or whatever name they have for this host.
pub fn is_probe(path: &str) -> bool {
    matches!(path, "/health" | "/ready") || ALIASES.contains(&path)
}

/// Tells that the process is alive, and how many provider keys work. Always 200: a provider's trouble is no reason to restart.
#[utoipa::path(get, path = "/health", tag = "operations", responses((status = 200, body = Health)))]
pub async fn health(State(app): State<App>) -> Json<Health> {
    let counts = app.control.key_counts();
    let degraded = counts.total() > 0 && counts.active == 0;
    Json(Health {
        status: if degraded { "degraded" } else { "healthy" },
        key_stats: counts.into(),
        version: app.version,
    })
}

/// Tells whether requests can be served: 503 while the process stops, and, where it serves no data plane, while the database does not
/// answer. A data plane does not need its database: were it not ready, a balancer would take all processes out at once.
#[utoipa::path(get, path = "/ready", tag = "operations",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
pub async fn ready(State(app): State<App>) -> (StatusCode, Json<Readiness>) {
    let answered = tokio::time::timeout(PATIENCE, app.control.database().ping()).await;
    let is_there = matches!(answered, Ok(Ok(())));
    let ready = (is_there || app.serves.data_plane) && !app.shutdown.is_cancelled();
    let configuration = if app.control.status().is_valid() {
        "ok"
    } else {
        "the newest is refused; the one before is in force"
    };
    let redis = app.redis.as_ref().map(|redis| {
        if redis.is_up() {
            "ok"
        } else {
            "cannot be reached; each process keeps limits of its own until it can"
        }
    });
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, database: if is_there { "ok" } else { "away" }, configuration, redis }))
}

impl From<KeyCounts> for KeyStats {
    fn from(counts: KeyCounts) -> Self {
        Self {
            total: counts.total(),
            available: counts.active,
            failed: counts.invalid,
            cooling: counts.cooling,
            disabled: counts.disabled,
        }
    }
}
