//! The audit log.

use axum::Json;
use axum::extract::{Query, State};
use roundhouse_accounts::trail::{self, AuditError};
use roundhouse_domain::{ErrorKind, Timestamp, UserId};
use roundhouse_storage::audit::{Entry, Filter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page::{Page, PageQuery};
use crate::actor::Allowed;
use crate::need::AuditRead;
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(AuditError);

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Id of the person who did it.
    actor: Option<String>,
    /// What was done, such as `provider_keys.reveal`; `provider_keys.` is everything done to provider keys.
    action: Option<String>,
    /// What kind of thing it was done to.
    object_kind: Option<String>,
    /// Id of what it was done to.
    object_id: Option<String>,
    /// Not before; RFC 3339.
    from: Option<String>,
    /// Before; RFC 3339.
    to: Option<String>,
}

/// A change that somebody made.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownEntry {
    id: Uuid,
    #[schema(value_type = String)]
    at: Timestamp,
    /// Id of the person; null for the machine's operator and the program itself.
    actor_id: Option<Uuid>,
    /// The person's e-mail address then, `operator` or `system`.
    actor: String,
    /// What was done.
    action: String,
    object_kind: String,
    object_id: String,
    /// What it was called then.
    object_name: String,
    /// What else is worth knowing.
    detail: Value,
}

/// Lists what people changed, newest first.
#[utoipa::path(get, path = "/audit", tag = "audit", operation_id = "audit_list", params(PageQuery, AuditQuery),
    security(("bearer" = ["audit.read"]), ("session" = ["audit.read"])), responses((status = 200, body = Page<ShownEntry>), (status = 400, body = Problem)))]
pub async fn list(
    allowed: Allowed<AuditRead>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Page<ShownEntry>>, Problem> {
    let limit = page.limit()?;
    let (by, filter) = ((&allowed.actor).into(), query.filter()?);
    let found = trail::list(&app.accounts, by, &filter, (limit, page.after()?)).await?;
    Ok(Json(Page::new(found, limit, |entry| entry.id.to_string(), ShownEntry::from)))
}

impl AuditQuery {
    fn filter(self) -> Result<Filter, Problem> {
        let actor = self.actor.map(|id| {
            let detail = "`actor` must be the id of a user";
            id.parse::<UserId>().map_err(|_| Problem::new(ErrorKind::Invalid, "invalid_actor", detail))
        });
        Ok(Filter {
            actor: actor.transpose()?,
            action: self.action,
            object_kind: self.object_kind,
            object_id: self.object_id,
            from: time("from", self.from)?,
            to: time("to", self.to)?,
        })
    }
}

fn time(name: &str, text: Option<String>) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let detail = format!("`{name}` must be a time such as 2026-12-31T23:59:59Z");
    Timestamp::parse(&text).map(Some).ok_or_else(|| Problem::new(ErrorKind::Invalid, "invalid_time", detail))
}

impl From<Entry> for ShownEntry {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id.0,
            at: entry.at,
            actor_id: entry.author.user_id.map(|user| user.0),
            actor: entry.author.name,
            action: entry.action,
            object_kind: entry.object_kind,
            object_id: entry.object_id,
            object_name: entry.object_name,
            detail: entry.detail,
        }
    }
}
