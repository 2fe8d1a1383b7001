//! Changing many models at once.

use axum::Json;
use axum::extract::State;
use roundhouse_control::models::{Action, Batch, Change, Outcome, Pick};
use roundhouse_domain::{ErrorKind, ModelId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ModelsQuery;
use super::shown::ShownMerge;
use crate::actor::Allowed;
use crate::need::ModelsWrite;
use crate::problem::Problem;
use crate::state::App;

/// A change of many models.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeModels {
    /// Which; or `filter`.
    ids: Option<Vec<Uuid>>,
    /// Which; or `ids`.
    filter: Option<ModelsQuery>,
    /// What is done.
    action: BatchAction,
    /// For `rename`: the regular expression whose first match in the public name is replaced.
    pattern: Option<String>,
    /// For `rename`: what stands there instead; `$1` is the expression's first group. Default nothing.
    with: Option<String>,
    /// For `add_prefix` and `strip_prefix`.
    prefix: Option<String>,
    /// Only tells what would be done. Default false.
    #[serde(default)]
    dry_run: bool,
}

/// What is done to each model.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchAction {
    /// Replaces a part of the public name.
    Rename,
    /// Puts a prefix before the public name, where it is not there.
    AddPrefix,
    /// Takes a prefix off the public name.
    StripPrefix,
    /// Takes a date off the end of the public name.
    StripDate,
    /// Gives it the name that the rules make of the provider's.
    Normalise,
    /// Gives it its usual names again.
    ResetName,
    /// Serves it.
    Enable,
    /// Stops serving it.
    Disable,
    /// Leaves it out of everything, also when the provider goes on listing it.
    Delete,
    /// Takes back `delete`.
    Restore,
}

/// What a change of many models did, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchOutcome {
    dry_run: bool,
    /// Models that change.
    changes: Vec<ShownModelChange>,
    /// How many stay as they are.
    unchanged: usize,
    /// Models that cannot be changed.
    skipped: Vec<Skipped>,
    /// Names that several models of one provider share afterwards.
    merges: Vec<ShownMerge>,
}

/// A model that changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownModelChange {
    id: Uuid,
    provider: String,
    /// The provider's name.
    model: String,
    /// Names under which it was served.
    names_before: Vec<String>,
    /// Names under which it is served.
    names_after: Vec<String>,
    enabled: bool,
    deleted: bool,
}

/// A model that cannot be changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Skipped {
    provider: String,
    /// The provider's name.
    model: String,
    /// Why.
    reason: String,
}

/// Changes many models in one revision, or tells what that would do.
#[utoipa::path(post, path = "/models/batch", tag = "models", operation_id = "models_batch", request_body = ChangeModels,
    security(("bearer" = ["models.write"]), ("session" = ["models.write"])),
    responses((status = 200, body = BatchOutcome), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn batch(
    allowed: Allowed<ModelsWrite>,
    State(app): State<App>,
    crate::api::Body(asked): crate::api::Body<ChangeModels>,
) -> Result<Json<BatchOutcome>, Problem> {
    let batch = asked.read()?;
    let outcome = app.control.change_models(&batch, &allowed.actor.author()).await?;
    Ok(Json(BatchOutcome::new(outcome, batch.dry_run)))
}

impl ChangeModels {
    fn read(self) -> Result<Batch, Problem> {
        let invalid = |detail: &str| Problem::new(ErrorKind::Invalid, "invalid_batch", detail);
        let pick = match (self.ids, self.filter) {
            (Some(ids), None) => Pick::Ids(ids.into_iter().map(ModelId).collect()),
            (None, Some(filter)) => Pick::Filter(filter.into()),
            _ => return Err(invalid("give either `ids` or `filter`; an empty filter is all models")),
        };
        let prefix = self.prefix.ok_or_else(|| invalid("`prefix` must be given for this action"));
        let action = match self.action {
            BatchAction::Rename => Action::Rename {
                pattern: self.pattern.ok_or_else(|| invalid("`pattern` must be given for `rename`"))?,
                with: self.with.unwrap_or_default(),
            },
            BatchAction::AddPrefix => Action::AddPrefix(prefix?),
            BatchAction::StripPrefix => Action::StripPrefix(prefix?),
            BatchAction::StripDate => Action::StripDate,
            BatchAction::Normalise => Action::Normalise,
            BatchAction::ResetName => Action::ResetName,
            BatchAction::Enable => Action::Enable,
            BatchAction::Disable => Action::Disable,
            BatchAction::Delete => Action::Delete,
            BatchAction::Restore => Action::Restore,
        };
        Ok(Batch { pick, action, dry_run: self.dry_run })
    }
}

impl BatchOutcome {
    fn new(outcome: Outcome, dry_run: bool) -> Self {
        let change = |change: Change| ShownModelChange {
            id: change.id.0,
            provider: change.after.provider.to_string(),
            model: change.after.model,
            names_before: change.names_before,
            names_after: change.names_after,
            enabled: change.after.enabled,
            deleted: change.after.deleted,
        };
        let skipped = |problem: roundhouse_control::models::Problem| Skipped {
            provider: problem.provider.to_string(),
            model: problem.model,
            reason: problem.message,
        };
        Self {
            dry_run,
            changes: outcome.changes.into_iter().map(change).collect(),
            unchanged: outcome.unchanged,
            skipped: outcome.skipped.into_iter().map(skipped).collect(),
            merges: outcome.merges.into_iter().map(ShownMerge::from).collect(),
        }
    }
}
