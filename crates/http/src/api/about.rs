//! What this server is, how it stands, and whose work is in it.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::header::CONTENT_TYPE;
use roundhouse_control::findings::Finding;
use roundhouse_domain::{Permission, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::actor::User;
use crate::health::KeyStats;
use crate::state::{App, Serves};

/// Licences of all crates that are linked into the program; made by `cargo xtask generate`.
const LICENCES: &str = include_str!("about/licences.json");

/// What this server is, and how it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct About {
    /// The program's version.
    version: &'static str,
    /// How the program was built.
    build: Build,
    /// When the process began to serve.
    #[schema(value_type = String)]
    started_at: Timestamp,
    /// What this process does: `gateway`, `app` and `worker`.
    roles: Vec<&'static str>,
    /// The database.
    database: DatabaseFacts,
    /// The Redis that processes share: `off` where none is configured, `connected`, or `away`.
    redis: &'static str,
    /// Providers in the configuration in force.
    providers: usize,
    /// Keys of all providers.
    provider_keys: KeyStats,
    /// What is in order and what is not; only for those who may see the settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<Vec<ShownFinding>>,
}

/// How the program was built.
#[derive(Debug, Serialize, ToSchema)]
pub struct Build {
    /// The operating system, such as `linux`.
    os: &'static str,
    /// The processor, such as `x86_64`.
    architecture: &'static str,
    /// `release`, or `debug` for one that checks more and is slower.
    profile: &'static str,
}

/// The database.
#[derive(Debug, Serialize, ToSchema)]
pub struct DatabaseFacts {
    /// `sqlite` or `postgres`.
    kind: &'static str,
    /// Its version; null while it does not answer.
    version: Option<String>,
}

/// What was found of one thing, as `roundhouse doctor` tells it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownFinding {
    /// `ok`, `warning` or `problem`.
    level: &'static str,
    /// What it is, and what to do.
    text: String,
}

/// A crate that is linked into the program.
#[derive(Debug, ToSchema)]
#[allow(dead_code, reason = "describes what is generated")]
pub struct LinkedCrate {
    name: String,
    version: String,
    /// An SPDX expression.
    licence: String,
    /// Where its source is.
    repository: Option<String>,
}

/// Tells what this server is; to those who may see the settings also what is in order and what is not.
#[utoipa::path(get, path = "/about", tag = "operations", operation_id = "about_get",
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 200, body = About)))]
pub async fn get(User(actor): User, State(app): State<App>) -> Json<About> {
    let database = app.control.database();
    let findings = if actor.may(Permission::SettingsRead) {
        Some(app.control.findings().await.into_iter().map(ShownFinding::from).collect())
    } else {
        None
    };
    Json(About {
        version: app.version,
        build: Build {
            os: std::env::consts::OS,
            architecture: std::env::consts::ARCH,
            profile: if cfg!(debug_assertions) { "debug" } else { "release" },
        },
        started_at: app.started_at,
        roles: roles(app.serves),
        database: DatabaseFacts { kind: database.backend().as_str(), version: database.version().await.ok() },
        redis: app.redis.as_ref().map_or("off", |redis| if redis.is_up() { "connected" } else { "away" }),
        providers: app.control.config().declared.providers.len(),
        provider_keys: app.control.key_counts().into(),
        findings,
    })
}

/// Lists the crates that are linked into the program, with their licences.
#[utoipa::path(get, path = "/about/licences", tag = "operations", operation_id = "about_licences",
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 200, body = Vec<LinkedCrate>)))]
pub async fn licences(_: User) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], LICENCES)
}

fn roles(serves: Serves) -> Vec<&'static str> {
    let roles = [("gateway", serves.data_plane), ("app", serves.app), ("worker", serves.worker)];
    roles.into_iter().filter_map(|(name, plays)| plays.then_some(name)).collect()
}

impl From<Finding> for ShownFinding {
    fn from(finding: Finding) -> Self {
        Self { level: finding.level.as_str(), text: finding.text }
    }
}
