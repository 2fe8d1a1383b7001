//! The history of the configuration.

use axum::Json;
use axum::extract::{Path, Query, State};
use roundhouse_control::changes::Difference;
use roundhouse_control::revisions::{FieldOperation, Undo, diff};
use roundhouse_domain::{ErrorKind, Timestamp};
use roundhouse_storage::revisions::{ObjectChange, Revision};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page::Page;
use crate::actor::Allowed;
use crate::need::{RevisionsRead, RevisionsWrite};
use crate::problem::Problem;
use crate::state::App;

/// One change of the configuration.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownRevision {
    /// Counts up from 1.
    id: i64,
    #[schema(value_type = String)]
    created_at: Timestamp,
    /// The person, where they have an account.
    author_id: Option<Uuid>,
    /// Who, in words.
    author: String,
    /// What was meant.
    summary: String,
    /// What changed.
    changes: Vec<ShownChange>,
}

/// What changed of one thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownChange {
    /// What it is, such as `provider`.
    kind: String,
    /// Its name.
    name: String,
    /// `added`, `changed` or `removed`.
    action: &'static str,
    /// The fields that differ; secrets are not among them.
    fields: Vec<ShownField>,
}

/// A field that differs.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownField {
    /// The field, by JSON pointer; empty for the whole.
    path: String,
    /// What it was; absent where it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Value>,
    /// What it is; absent where it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
}

/// What undoing does, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownDifference {
    /// What changes.
    changes: Vec<ShownChange>,
    /// What looks wrong in the configuration that results.
    warnings: Vec<String>,
}

/// Which page of the history.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// Items, at most 500. Default 50.
    limit: Option<u64>,
    /// Where to begin: `next_cursor` of the page before.
    cursor: Option<i64>,
}

/// Whether to do it or only say what it would do.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DryRun {
    /// Only say what it would do. Default false.
    #[serde(default)]
    dry_run: bool,
}

/// Lists revisions, newest first.
#[utoipa::path(get, path = "/revisions", tag = "revisions", operation_id = "revisions_list", params(HistoryQuery),
    security(("bearer" = ["revisions.read"]), ("session" = ["revisions.read"])), responses((status = 200, body = Page<ShownRevision>)))]
pub async fn list(
    _: Allowed<RevisionsRead>,
    State(app): State<App>,
    Query(page): Query<HistoryQuery>,
) -> Result<Json<Page<ShownRevision>>, Problem> {
    let limit = page.limit.unwrap_or(50);
    if !(1..=500).contains(&limit) {
        return Err(Problem::new(ErrorKind::Invalid, "invalid_limit", "`limit` must be 1 to 500"));
    }
    let revisions = app.control.list_revisions(limit, page.cursor).await?;
    Ok(Json(Page::new(revisions, limit, |revision| revision.number.to_string(), ShownRevision::from)))
}

/// Tells one revision with what it changed.
#[utoipa::path(get, path = "/revisions/{id}", tag = "revisions", operation_id = "revisions_get", params(("id" = i64, Path)),
    security(("bearer" = ["revisions.read"]), ("session" = ["revisions.read"])),
    responses((status = 200, body = ShownRevision), (status = 404, body = Problem)))]
pub async fn get(
    _: Allowed<RevisionsRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownRevision>, Problem> {
    let revision = app.control.get_revision(number(&id)?).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(revision.into()))
}

/// Makes everything as it was right after a revision; 0 is before the first. That is a new revision. Credentials stay as they are.
#[utoipa::path(post, path = "/revisions/{id}/rollback", tag = "revisions", operation_id = "revisions_rollback", params(("id" = i64, Path), DryRun),
    security(("bearer" = ["revisions.write"]), ("session" = ["revisions.write"])),
    responses((status = 200, body = ShownDifference), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn rollback(
    allowed: Allowed<RevisionsWrite>,
    state: State<App>,
    id: Path<String>,
    dry_run: Query<DryRun>,
) -> Result<Json<ShownDifference>, Problem> {
    undo(&allowed, state, id, dry_run, Undo::BackTo).await
}

/// Takes back what one revision did, and nothing else. That is a new revision.
#[utoipa::path(post, path = "/revisions/{id}/revert", tag = "revisions", operation_id = "revisions_revert", params(("id" = i64, Path), DryRun),
    security(("bearer" = ["revisions.write"]), ("session" = ["revisions.write"])),
    responses((status = 200, body = ShownDifference), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn revert(
    allowed: Allowed<RevisionsWrite>,
    state: State<App>,
    id: Path<String>,
    dry_run: Query<DryRun>,
) -> Result<Json<ShownDifference>, Problem> {
    undo(&allowed, state, id, dry_run, Undo::Only).await
}

async fn undo(
    allowed: &Allowed<RevisionsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(DryRun { dry_run }): Query<DryRun>,
    undo: Undo,
) -> Result<Json<ShownDifference>, Problem> {
    let (author, number) = (allowed.actor.author(), number(&id)?);
    let difference = if dry_run {
        app.control.preview_undo(&author, number, undo).await?
    } else {
        app.control.undo(&author, number, undo).await?
    };
    Ok(Json(difference.into()))
}

/// What is no number names nothing.
fn number(text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

impl From<Revision> for ShownRevision {
    fn from(revision: Revision) -> Self {
        Self {
            id: revision.number,
            created_at: revision.created_at,
            author_id: revision.author_id.map(|user| user.0),
            author: revision.author,
            summary: revision.summary,
            changes: revision.changes.into_iter().map(ShownChange::from).collect(),
        }
    }
}

impl From<Difference> for ShownDifference {
    fn from(difference: Difference) -> Self {
        Self {
            changes: difference.changes.into_iter().map(ShownChange::from).collect(),
            warnings: difference.warnings,
        }
    }
}

impl From<ObjectChange> for ShownChange {
    fn from(change: ObjectChange) -> Self {
        let body = |version: &Option<roundhouse_storage::revisions::Version>| {
            version.as_ref().map(|version| version.body.clone())
        };
        let (before, after) = (body(&change.before), body(&change.after));
        let action = match (&before, &after) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        let fields = diff(before.as_ref(), after.as_ref()).into_iter().map(|field| {
            let (before, after) = match field.operation {
                FieldOperation::Added(after) => (None, Some(after)),
                FieldOperation::Removed(before) => (Some(before), None),
                FieldOperation::Changed(before, after) => (Some(before), Some(after)),
            };
            ShownField { path: field.path, before, after }
        });
        Self { kind: change.kind, name: change.name, action, fields: fields.collect() }
    }
}
