//! The request log.

use axum::Json;
use axum::extract::{Path, Query, State};
use roundhouse_domain::{AttemptRecord, ErrorKind, Outcome, RequestRecord, Timestamp, TokenUsage};
use roundhouse_storage::StorageError;
use roundhouse_storage::requests::{self, Filter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page::{Page, PageQuery};
use crate::actor::Administrator;
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(StorageError);

/// Which requests.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RequestsQuery {
    /// The access key's name.
    access_key: Option<String>,
    /// The public model name.
    model: Option<String>,
    /// The provider that was asked last.
    provider: Option<String>,
    /// The answer's status.
    status: Option<u16>,
    /// `ok`, `caller_fault`, `failed`, `broken` or `cancelled`.
    outcome: Option<String>,
    /// Not before; RFC 3339.
    from: Option<String>,
    /// Before; RFC 3339.
    to: Option<String>,
}

/// A logged request.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownRequest {
    id: Uuid,
    #[schema(value_type = String)]
    started_at: Timestamp,
    duration_ms: u32,
    first_byte_ms: Option<u32>,
    access_key: String,
    operation: String,
    model: String,
    stream: bool,
    status: u16,
    outcome: &'static str,
    error: Option<String>,
    #[schema(value_type = Usage)]
    usage: TokenUsage,
    client_ip: Option<String>,
    attempts: Vec<ShownAttempt>,
}

/// Tokens by kind.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used: TokenUsage is the value")]
pub struct Usage {
    input: u64,
    output: u64,
    cached: u64,
    cache_write: u64,
    reasoning: u64,
}

/// An upstream call made for a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownAttempt {
    provider: String,
    model: String,
    /// Names the provider key without telling it.
    key: Option<String>,
    status: Option<u16>,
    verdict: String,
    error: Option<String>,
    started_ms: u32,
    first_byte_ms: Option<u32>,
    duration_ms: u32,
}

/// Lists logged requests, newest first.
#[utoipa::path(get, path = "/requests", tag = "requests", operation_id = "requests_list", params(PageQuery, RequestsQuery),
    security(("bearer" = []), ("session" = [])), responses((status = 200, body = Page<ShownRequest>), (status = 400, body = Problem)))]
pub async fn list(
    _: Administrator,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
    Query(query): Query<RequestsQuery>,
) -> Result<Json<Page<ShownRequest>>, Problem> {
    let limit = page.limit()?;
    let filter = query.filter()?;
    let found = requests::list(app.control.database().reader(), &filter, limit, page.after()?).await?;
    Ok(Json(Page::new(found, limit, |request| request.id.to_string(), ShownRequest::from)))
}

/// Tells one logged request with its attempts.
#[utoipa::path(get, path = "/requests/{id}", tag = "requests", operation_id = "requests_get", params(("id" = Uuid, Path)),
    security(("bearer" = []), ("session" = [])), responses((status = 200, body = ShownRequest), (status = 404, body = Problem)))]
pub async fn get(
    _: Administrator,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownRequest>, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let found = requests::get(app.control.database().reader(), id).await?;
    found.map(|request| Json(request.into())).ok_or_else(Problem::not_found)
}

impl RequestsQuery {
    fn filter(self) -> Result<Filter, Problem> {
        let outcome = self.outcome.map(|text| {
            let detail = "`outcome` must be ok, caller_fault, failed, broken or cancelled";
            Outcome::parse(&text).ok_or_else(|| Problem::new(ErrorKind::Invalid, "invalid_outcome", detail))
        });
        Ok(Filter {
            access_key: self.access_key,
            model: self.model,
            provider: self.provider,
            status: self.status.map(|status| (status, status)),
            outcome: outcome.transpose()?,
            from: time("from", self.from)?,
            to: time("to", self.to)?,
            ..Filter::default()
        })
    }
}

fn time(name: &str, text: Option<String>) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let detail = format!("`{name}` must be a time such as 2026-12-31T23:59:59Z");
    Timestamp::parse(&text).map(Some).ok_or_else(|| Problem::new(ErrorKind::Invalid, "invalid_time", detail))
}

impl From<RequestRecord> for ShownRequest {
    fn from(record: RequestRecord) -> Self {
        Self {
            id: record.id.0,
            started_at: record.started_at,
            duration_ms: record.duration_ms,
            first_byte_ms: record.first_byte_ms,
            access_key: record.access_key.to_string(),
            operation: record.operation.into_owned(),
            model: record.model.to_string(),
            stream: record.stream,
            status: record.status,
            outcome: record.outcome.as_str(),
            error: record.error.map(|error| error.to_string()),
            usage: record.usage,
            client_ip: record.client_ip.map(|ip| ip.to_string()),
            attempts: record.attempts.into_iter().map(ShownAttempt::from).collect(),
        }
    }
}

impl From<AttemptRecord> for ShownAttempt {
    fn from(attempt: AttemptRecord) -> Self {
        Self {
            provider: attempt.provider.to_string(),
            model: attempt.model.to_string(),
            key: attempt.key_hash.map(|hash| hash.to_string()),
            status: attempt.status,
            verdict: attempt.verdict.into_owned(),
            error: attempt.error.map(|error| error.to_string()),
            started_ms: attempt.started_ms,
            first_byte_ms: attempt.first_byte_ms,
            duration_ms: attempt.duration_ms,
        }
    }
}
