//! How things stand, at one look.

use axum::Json;
use axum::extract::{Query, State};
use roundhouse_control::dashboard::{self, Range};
use roundhouse_domain::{ErrorKind, Timestamp};
use roundhouse_storage::usage::Counts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::usage::Sums;
use super::viewer::usage_viewer;
use crate::actor::User;
use crate::health::KeyStats;
use crate::problem::Problem;
use crate::state::App;

/// Which time.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DashboardQuery {
    /// `1h`, `24h`, `7d` or `30d`. Default `24h`.
    range: Option<String>,
}

/// How things stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dashboard {
    #[schema(value_type = String)]
    from: Timestamp,
    #[schema(value_type = String)]
    to: Timestamp,
    /// The length of a step of the series, in milliseconds.
    step_ms: i64,
    /// What the time comes to.
    now: Sums,
    /// What the time of the same length before it came to.
    before: Sums,
    /// How much more or less that is, in percent of before; null where there was nothing.
    change: Change,
    series: Vec<Step>,
    top_models: Vec<Top>,
    top_access_keys: Vec<Top>,
    top_providers: Vec<Top>,
    top_users: Vec<Top>,
    key_stats: KeyStats,
    unhealthy_providers: Vec<Unhealthy>,
    open_requests: u32,
}

/// Changes in percent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Change {
    requests: Option<f64>,
    errors: Option<f64>,
    tokens: Option<f64>,
    cost: Option<f64>,
    average_ms: Option<f64>,
    p95_ms: Option<f64>,
}

/// A step of the series.
#[derive(Debug, Serialize, ToSchema)]
pub struct Step {
    #[schema(value_type = String)]
    at: Timestamp,
    #[serde(flatten)]
    sums: Sums,
}

/// Something that is used much.
#[derive(Debug, Serialize, ToSchema)]
pub struct Top {
    name: String,
    /// What people call it, where that is something else.
    label: Option<String>,
    #[serde(flatten)]
    sums: Sums,
}

/// A provider that cannot be asked now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unhealthy {
    provider: String,
    /// `no_usable_keys` or `failing`.
    reason: &'static str,
}

/// Tells how things stand: for everybody's requests, or for one's own.
#[utoipa::path(get, path = "/dashboard", tag = "usage", operation_id = "dashboard_get", params(DashboardQuery),
    security(("bearer" = ["usage.own"]), ("session" = ["usage.own"])), responses((status = 200, body = Dashboard), (status = 400, body = Problem)))]
pub async fn get(
    User(actor): User,
    State(app): State<App>,
    Query(query): Query<DashboardQuery>,
) -> Result<Json<Dashboard>, Problem> {
    let range = Range::parse(query.range.as_deref().unwrap_or("24h"));
    let detail = "`range` must be 1h, 24h, 7d or 30d";
    let range = range.ok_or_else(|| Problem::new(ErrorKind::Invalid, "invalid_range", detail))?;
    Ok(Json(app.control.dashboard(usage_viewer(&actor)?, range).await?.into()))
}

impl From<dashboard::Dashboard> for Dashboard {
    fn from(found: dashboard::Dashboard) -> Self {
        let tops = |tops: Vec<dashboard::Top>| tops.into_iter().map(Top::from).collect();
        let step = |(at, counts): &(Timestamp, Counts)| Step { at: *at, sums: counts.into() };
        Self {
            from: found.from,
            to: found.to,
            step_ms: found.step_ms,
            now: Sums::from(&found.now),
            before: Sums::from(&found.before),
            change: Change::between(&found.before, &found.now),
            series: found.series.iter().map(step).collect(),
            top_models: tops(found.models),
            top_access_keys: tops(found.access_keys),
            top_providers: tops(found.providers),
            top_users: tops(found.users),
            key_stats: found.keys.into(),
            unhealthy_providers: found
                .unhealthy
                .into_iter()
                .map(|(provider, reason)| Unhealthy { provider: provider.to_string(), reason })
                .collect(),
            open_requests: found.open_requests,
        }
    }
}

impl From<dashboard::Top> for Top {
    fn from(top: dashboard::Top) -> Self {
        Self { name: top.name.to_string(), label: top.label, sums: Sums::from(&top.counts) }
    }
}

impl Change {
    fn between(before: &Counts, now: &Counts) -> Self {
        let tokens = |counts: &Counts| counts.input_tokens.saturating_add(counts.output_tokens);
        let of = |number: fn(&Counts) -> Option<i64>| percent(number(before), number(now));
        Self {
            requests: of(|counts| Some(counts.requests)),
            errors: of(|counts| Some(counts.errors)),
            tokens: percent(Some(tokens(before)), Some(tokens(now))),
            cost: of(|counts| Some(counts.cost_nanousd)),
            average_ms: of(Counts::average_ms),
            p95_ms: of(|counts| counts.percentile_ms(95)),
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "a percentage is rounded anyway")]
fn percent(before: Option<i64>, now: Option<i64>) -> Option<f64> {
    let (before, now) = (before.filter(|before| *before != 0)?, now?);
    Some(((now as f64 / before as f64 - 1.0) * 1_000.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_in_percent_of_before() {
        assert_eq!(percent(Some(200), Some(250)), Some(25.0));
        assert_eq!(percent(Some(3), Some(2)), Some(-33.3));
        assert_eq!((percent(Some(0), Some(5)), percent(None, Some(5))), (None, None));
    }
}
