//! Doing something with many keys.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use roundhouse_control::provider_keys::{Action, Batch, Batched, Which};
use roundhouse_domain::{ErrorKind, ProviderKeyId};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shown::BatchDone;
use super::{KeysQuery, QueuedJob};
use crate::actor::Allowed;
use crate::api::Body;
use crate::need::KeysWrite;
use crate::problem::Problem;
use crate::state::App;

/// Something to be done with many keys of a provider.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchKeys {
    /// `delete`, `restore`, `enable`, `disable`, `test` or `copy`.
    action: Verb,
    /// These keys; at most 10,000. Either this or `filter`.
    ids: Option<Vec<Uuid>>,
    /// All keys that fit; an empty object is all keys.
    filter: Option<KeysQuery>,
    /// The provider that keys are copied to, by name or id.
    to: Option<String>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Remove them; declared ones stay.
    Delete,
    /// Make those that are invalid or resting active again.
    Restore,
    /// Switch them on.
    Enable,
    /// Switch them off.
    Disable,
    /// Ask the provider whether they work.
    Test,
    /// Give them to another provider as well.
    Copy,
}

/// Does something with many keys of a provider; with more than 1,000 (or to test more than 10) as a job.
#[utoipa::path(post, path = "/providers/{id}/keys/batch", tag = "provider-keys", operation_id = "provider_keys_batch",
    params(("id" = String, Path)), request_body = BatchKeys, security(("bearer" = ["keys.write"]), ("session" = ["keys.write"])),
    responses((status = 200, body = BatchDone), (status = 202, body = QueuedJob), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn batch(
    caller: Allowed<KeysWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    Body(asked): Body<BatchKeys>,
) -> Result<Response, Problem> {
    let provider = app.control.provider_spec(&id)?.name.as_str().to_owned();
    let which = match (asked.ids, asked.filter) {
        (Some(ids), None) => Which::Ids(ids.into_iter().map(ProviderKeyId).collect()),
        (None, Some(filter)) => Which::Filter(filter.filter(&app, &provider)?),
        _ => {
            let detail = "give `ids` or `filter`, one of them; an empty `filter` is all keys";
            return Err(Problem::new(ErrorKind::Invalid, "invalid_field", detail));
        }
    };
    let action = action(asked.action, asked.to)?;
    let batch = Batch { provider, which, action };
    Ok(match app.control.batch_provider_keys(&caller.actor.author(), batch).await? {
        Batched::Done(result) => Json(BatchDone::from(result)).into_response(),
        Batched::Job(job) => (StatusCode::ACCEPTED, Json(QueuedJob::from(job))).into_response(),
    })
}

fn action(verb: Verb, to: Option<String>) -> Result<Action, Problem> {
    let action = match (verb, to) {
        (Verb::Copy, Some(to)) => Action::Copy { to },
        (Verb::Copy, None) => {
            let detail = "`to` must name the provider that the keys are copied to";
            return Err(Problem::new(ErrorKind::Invalid, "invalid_field", detail));
        }
        (_, Some(_)) => {
            let detail = "`to` only goes with the action `copy`";
            return Err(Problem::new(ErrorKind::Invalid, "invalid_field", detail));
        }
        (Verb::Delete, None) => Action::Delete,
        (Verb::Restore, None) => Action::Restore,
        (Verb::Enable, None) => Action::Enable,
        (Verb::Disable, None) => Action::Disable,
        (Verb::Test, None) => Action::Test,
    };
    Ok(action)
}
