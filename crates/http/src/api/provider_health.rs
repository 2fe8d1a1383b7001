//! How providers fare.

use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use roundhouse_control::health::{HealthError, HealthReport, Statistics};
use roundhouse_domain::{HealthStatus, Timestamp};
use roundhouse_gateway::check::Check;
use roundhouse_jobs::Options;
use roundhouse_storage::health::{CheckRecord, ProviderHealth};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::page::{Page, PageQuery};
use crate::actor::Allowed;
use crate::need::{HealthRead, ProvidersWrite};
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(HealthError);

/// How a provider fares.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownHealth {
    provider: String,
    /// `healthy`, `warning`, `unhealthy`, or `unknown` before the first check.
    status: &'static str,
    /// Why not better.
    reason: Option<String>,
    /// Whether it gets no requests, for having failed its health checks.
    disabled_by_health: bool,
    /// Since when.
    #[schema(value_type = Option<String>)]
    disabled_at: Option<Timestamp>,
    /// Checks in a row that failed.
    failures: u32,
    #[schema(value_type = Option<String>)]
    checked_at: Option<Timestamp>,
    /// Since when it has this status.
    #[schema(value_type = Option<String>)]
    changed_at: Option<Timestamp>,
    traffic: ShownTraffic,
    /// What its checks come to.
    statistics: Vec<ShownStatistics>,
}

/// What real traffic of the last 15 minutes shows.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownTraffic {
    /// Upstream calls.
    calls: u64,
    /// Those that went wrong by the provider's fault.
    failed: u64,
}

/// What checks come to over a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownStatistics {
    /// `24h`, `7d` or `30d`.
    window: &'static str,
    checks: u64,
    /// Share of checks that were answered, 0 to 1; null without checks.
    uptime: Option<f64>,
    p50_ms: Option<u32>,
    p95_ms: Option<u32>,
    p99_ms: Option<u32>,
}

/// How a provider fares, with a page of its checks, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthPage {
    health: ShownHealth,
    checks: Page<ShownCheck>,
}

/// One check of one address.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownCheck {
    id: Uuid,
    #[schema(value_type = String)]
    at: Timestamp,
    /// Which address was asked.
    address: String,
    /// `works`, `doubtful` (it is up, but a key was refused or limited) or `failed`.
    outcome: &'static str,
    latency_ms: u32,
    error: Option<String>,
    /// Whether a person asked for it.
    manual: bool,
}

/// What a test has shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tested {
    /// Whether all addresses work.
    works: bool,
    /// `healthy`, `warning` or `unhealthy`.
    status: &'static str,
    reason: Option<String>,
    disabled_by_health: bool,
    /// One for each address.
    checks: Vec<TestedAddress>,
}

/// What an address has shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestedAddress {
    address: String,
    /// `works`, `doubtful` or `failed`.
    outcome: &'static str,
    latency_ms: u32,
    error: Option<String>,
}

/// How all providers fare.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthOverview {
    total: usize,
    healthy: usize,
    warning: usize,
    unhealthy: usize,
    unknown: usize,
    disabled_by_health: usize,
    /// By name; with the statistics of a day.
    items: Vec<ShownHealth>,
}

/// A job that was started.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartedJob {
    job_id: Uuid,
}

/// Tells how a provider fares: status, latencies and uptime over a day, a week and thirty days, and each check.
#[utoipa::path(get, path = "/providers/{id}/health", tag = "providers", operation_id = "providers_health",
    params(("id" = String, Path, description = "The provider's name."), PageQuery), security(("bearer" = ["health.read"]), ("session" = ["health.read"])),
    responses((status = 200, body = HealthPage), (status = 404, body = Problem)))]
pub async fn get(
    _: Allowed<HealthRead>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<Json<HealthPage>, Problem> {
    let limit = page.limit()?;
    let health = app.control.provider_health(&id).await?.into();
    let checks = app.control.provider_checks(&id, limit, page.after()?).await?;
    let checks = Page::new(checks, limit, |check| check.id.to_string(), ShownCheck::from);
    Ok(Json(HealthPage { health, checks }))
}

/// Asks a provider now, at each of its addresses.
#[utoipa::path(post, path = "/providers/{id}/test", tag = "providers", operation_id = "providers_test",
    params(("id" = String, Path, description = "The provider's name.")), security(("bearer" = ["providers.write"]), ("session" = ["providers.write"])),
    responses((status = 200, body = Tested), (status = 404, body = Problem)))]
pub async fn test(
    _: Allowed<ProvidersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Tested>, Problem> {
    let (checks, health) = app.control.check_provider(&id, true).await?;
    Ok(Json(tested(checks, health)))
}

/// Tells how all providers fare.
#[utoipa::path(get, path = "/health-overview", tag = "providers", operation_id = "health_overview",
    security(("bearer" = ["health.read"]), ("session" = ["health.read"])), responses((status = 200, body = HealthOverview)))]
pub async fn overview(
    _: Allowed<HealthRead>,
    State(app): State<App>,
) -> Result<Json<HealthOverview>, Problem> {
    let items: Vec<ShownHealth> =
        app.control.health_overview().await?.into_iter().map(ShownHealth::from).collect();
    let count = |status: &str| items.iter().filter(|item| item.status == status).count();
    Ok(Json(HealthOverview {
        total: items.len(),
        healthy: count("healthy"),
        warning: count("warning"),
        unhealthy: count("unhealthy"),
        unknown: count(UNKNOWN),
        disabled_by_health: items.iter().filter(|item| item.disabled_by_health).count(),
        items,
    }))
}

/// Checks all providers, as a job.
#[utoipa::path(post, path = "/health/check-all", tag = "providers", operation_id = "health_check_all",
    security(("bearer" = ["providers.write"]), ("session" = ["providers.write"])), responses((status = 202, body = StartedJob)))]
pub async fn check_all(
    allowed: Allowed<ProvidersWrite>,
    State(app): State<App>,
) -> Result<(StatusCode, Json<StartedJob>), Problem> {
    let job = app.control.check_all_providers(Options::default().by(allowed.actor.user_id)).await?;
    Ok((StatusCode::ACCEPTED, Json(StartedJob { job_id: job.id().0 })))
}

/// The status of a provider that was never checked.
const UNKNOWN: &str = "unknown";

fn tested(checks: Vec<Check>, health: ProviderHealth) -> Tested {
    let address = |check: Check| TestedAddress {
        address: check.address,
        outcome: check.outcome.as_str(),
        latency_ms: check.latency_ms,
        error: check.error.map(|error| error.to_string()),
    };
    let checks: Vec<_> = checks.into_iter().map(address).collect();
    Tested {
        works: checks.iter().all(|check| check.outcome == "works"),
        status: health.status.as_str(),
        reason: health.reason,
        disabled_by_health: health.disabled_at.is_some(),
        checks,
    }
}

impl From<HealthReport> for ShownHealth {
    fn from(report: HealthReport) -> Self {
        let health = report.health;
        let known = health.as_ref();
        Self {
            status: known.map_or(UNKNOWN, |health| HealthStatus::as_str(health.status)),
            disabled_by_health: known.is_some_and(|health| health.disabled_at.is_some()),
            disabled_at: known.and_then(|health| health.disabled_at),
            failures: known.map_or(0, |health| health.failures),
            checked_at: known.map(|health| health.checked_at),
            changed_at: known.map(|health| health.changed_at),
            traffic: ShownTraffic { calls: report.traffic.calls, failed: report.traffic.failed },
            statistics: report.statistics.into_iter().map(ShownStatistics::from).collect(),
            provider: report.provider,
            reason: health.and_then(|health| health.reason),
        }
    }
}

impl From<Statistics> for ShownStatistics {
    fn from(statistics: Statistics) -> Self {
        let Statistics { window, checks, uptime, p50_ms, p95_ms, p99_ms } = statistics;
        Self { window, checks, uptime, p50_ms, p95_ms, p99_ms }
    }
}

impl From<CheckRecord> for ShownCheck {
    fn from(check: CheckRecord) -> Self {
        Self {
            id: check.id,
            at: check.at,
            address: check.address,
            outcome: check.outcome.as_str(),
            latency_ms: check.latency_ms,
            error: check.error,
            manual: check.manual,
        }
    }
}
