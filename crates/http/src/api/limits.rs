//! Limits of users and groups, and how much of them is used.

use axum::Json;
use axum::extract::{Path, State};
use roundhouse_domain::spec::LimitSpec;
use roundhouse_domain::{Amounts, HolderId, NanoUsd};
use roundhouse_gateway::limits::Used;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Body;
use crate::actor::Allowed;
use crate::need::{UsersRead, UsersWrite};
use crate::problem::Problem;
use crate::schema::spec_schema;
use crate::state::App;

spec_schema!(Limits, LimitSpec);

/// Limits, and how much of them is used.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownLimits {
    /// What is allowed; what is null is unlimited.
    #[schema(value_type = Limits)]
    limits: LimitSpec,
    usage: ShownUsage,
}

/// What was used of limits, as far as this server knows.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownUsage {
    /// Requests under way.
    open_requests: u64,
    /// Since midnight (UTC).
    today: ShownAmounts,
    /// Since the first of the month (UTC).
    this_month: ShownAmounts,
    /// Reserved for requests under way.
    reserved: ShownAmounts,
    remaining: Remaining,
}

/// Amounts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownAmounts {
    requests: u64,
    /// In and out.
    tokens: u64,
    /// In US dollars; what has no known price counts nothing.
    cost_usd: f64,
}

/// What is left of the limits; null where there is none.
#[derive(Debug, Serialize, ToSchema)]
pub struct Remaining {
    requests_today: Option<u64>,
    tokens_today: Option<u64>,
    tokens_this_month: Option<u64>,
    usd_today: Option<f64>,
    usd_this_month: Option<f64>,
}

/// Tells what a user is limited to, and what all access keys of theirs together used.
#[utoipa::path(get, path = "/users/{id}/limits", tag = "users", operation_id = "users_get_limits", params(("id" = Uuid, Path)),
    security(("bearer" = ["users.read"]), ("session" = ["users.read"])), responses((status = 200, body = ShownLimits), (status = 404, body = Problem)))]
pub async fn user(
    _: Allowed<UsersRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownLimits>, Problem> {
    shown(&app, HolderId::User(read(&id)?)).await
}

/// Limits what all access keys of a user together may use; what is absent is unlimited.
#[utoipa::path(put, path = "/users/{id}/limits", tag = "users", operation_id = "users_set_limits", params(("id" = Uuid, Path)), request_body = Limits,
    security(("bearer" = ["users.write"]), ("session" = ["users.write"])),
    responses((status = 200, body = ShownLimits), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn set_user(
    allowed: Allowed<UsersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    Body(limits): Body<LimitSpec>,
) -> Result<Json<ShownLimits>, Problem> {
    let holder = HolderId::User(read(&id)?);
    app.control.set_limits(&allowed.actor.author(), &holder, &limits).await?;
    shown(&app, holder).await
}

/// Tells what a group is limited to, and what its members together used.
#[utoipa::path(get, path = "/groups/{id}/limits", tag = "groups", operation_id = "groups_get_limits", params(("id" = Uuid, Path)),
    security(("bearer" = ["users.read"]), ("session" = ["users.read"])), responses((status = 200, body = ShownLimits), (status = 404, body = Problem)))]
pub async fn group(
    _: Allowed<UsersRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownLimits>, Problem> {
    shown(&app, HolderId::Group(read(&id)?)).await
}

/// Limits what all access keys of a group's members together may use; what is absent is unlimited.
#[utoipa::path(put, path = "/groups/{id}/limits", tag = "groups", operation_id = "groups_set_limits", params(("id" = Uuid, Path)), request_body = Limits,
    security(("bearer" = ["users.write"]), ("session" = ["users.write"])),
    responses((status = 200, body = ShownLimits), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn set_group(
    allowed: Allowed<UsersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    Body(limits): Body<LimitSpec>,
) -> Result<Json<ShownLimits>, Problem> {
    let holder = HolderId::Group(read(&id)?);
    app.control.set_limits(&allowed.actor.author(), &holder, &limits).await?;
    shown(&app, holder).await
}

async fn shown(app: &App, holder: HolderId) -> Result<Json<ShownLimits>, Problem> {
    let limits = app.control.limits_of(&holder).await?;
    let usage = ShownUsage::new(&limits, &app.control.used(&holder));
    Ok(Json(ShownLimits { limits, usage }))
}

fn read<I: From<Uuid>>(text: &str) -> Result<I, Problem> {
    Uuid::parse_str(text).map(I::from).map_err(|_| Problem::not_found())
}

impl ShownUsage {
    /// What is used of `limits`, and what is left.
    pub(super) fn new(limits: &LimitSpec, used: &Used) -> Self {
        let left = |limit: Option<u64>, used: u64| limit.map(|limit| limit.saturating_sub(used));
        let left_usd =
            |limit: Option<f64>, used: NanoUsd| limit.map(|limit| (limit - used.as_usd()).max(0.0));
        Self {
            open_requests: used.open,
            today: used.today.into(),
            this_month: used.this_month.into(),
            reserved: used.reserved.into(),
            remaining: Remaining {
                requests_today: left(limits.requests_per_day, used.today.requests),
                tokens_today: left(limits.tokens_per_day, used.today.tokens),
                tokens_this_month: left(limits.tokens_per_month, used.this_month.tokens),
                usd_today: left_usd(limits.usd_per_day, used.today.cost),
                usd_this_month: left_usd(limits.usd_per_month, used.this_month.cost),
            },
        }
    }
}

impl From<Amounts> for ShownAmounts {
    fn from(amounts: Amounts) -> Self {
        Self { requests: amounts.requests, tokens: amounts.tokens, cost_usd: amounts.cost.as_usd() }
    }
}
