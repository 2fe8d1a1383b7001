//! Changing models: one, or many in one revision.

use roundhouse_domain::spec::ModelEditSpec;
use roundhouse_domain::{Author, ModelId};

use super::batch::{Batch, Outcome, check_name};
use super::effective::{KnownModel, Origin};
use super::error::ModelError;
use crate::changes::{ChangeError, Draft};
use crate::control::Control;
use crate::objects::ObjectKind;

/// Names that a model may have beside its public one, at the most.
const MAX_ALIASES: usize = 20;

/// What is changed of a model; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelPatch {
    /// The name callers use; none inside gives it its usual names again.
    #[allow(clippy::option_option, reason = "absent, none and a name are three cases")]
    pub public_name: Option<Option<String>>,
    /// Further names.
    pub aliases: Option<Vec<String>>,
    /// Whether it is served.
    pub enabled: Option<bool>,
    /// Whether it is left out of everything.
    pub deleted: Option<bool>,
}

impl ModelPatch {
    fn apply(self, mut edit: ModelEditSpec) -> Result<ModelEditSpec, ModelError> {
        let invalid = |field, message| ModelError::Invalid { field, message };
        if let Some(name) = self.public_name {
            if let Some(name) = &name {
                check_name(name).map_err(|message| invalid("public_name", format!("is wrong: {message}")))?;
            }
            // The provider's own name needs no decision.
            edit.public_name = name;
        }
        if let Some(aliases) = self.aliases {
            if aliases.len() > MAX_ALIASES {
                return Err(invalid("aliases", format!("may be {MAX_ALIASES} at the most")));
            }
            for alias in &aliases {
                check_name(alias).map_err(|message| invalid("aliases", format!("are wrong: {message}")))?;
            }
            edit.aliases = aliases;
        }
        edit.enabled = self.enabled.unwrap_or(edit.enabled);
        edit.deleted = self.deleted.unwrap_or(edit.deleted);
        Ok(edit)
    }
}

impl Control {
    /// Changes a model; it is served by that from now on.
    ///
    /// # Errors
    /// When there is no such model, it is declared in a file, or a name is wrong.
    pub async fn update_model(
        &self,
        id: ModelId,
        patch: ModelPatch,
        author: &Author,
    ) -> Result<KnownModel, ModelError> {
        let model = self.model(id)?;
        if model.origin == Origin::Declared {
            return Err(ModelError::ReadOnly(model.name().to_owned()));
        }
        let summary = format!("change the model {} of {}", model.name(), model.provider);
        self.change(author, &summary, |draft| {
            // What others decided meanwhile stays: only what is asked for is changed.
            let edit = decided(draft, &model);
            let edit = patch.apply(edit).map_err(|error| match error {
                ModelError::Invalid { field, message } => ChangeError::field(field, message),
                error => ChangeError::field("", error.to_string()),
            })?;
            keep(draft, &edit);
            Ok(())
        })
        .await?;
        self.model(id)
    }

    /// Changes many models in one revision, or tells what that would do.
    ///
    /// # Errors
    /// When an id is unknown or the action is wrong; then nothing changes.
    pub async fn change_models(&self, batch: &Batch, author: &Author) -> Result<Outcome, ModelError> {
        let mut outcome = batch.plan(&self.models())?;
        if batch.dry_run || outcome.changes.is_empty() {
            return Ok(outcome);
        }
        let summary = format!("{} {} models", batch.action.name(), outcome.changes.len());
        self.change(author, &summary, |draft| {
            outcome.changes.iter().for_each(|change| keep(draft, &change.after));
            Ok(())
        })
        .await?;
        let effective = self.models();
        for change in &mut outcome.changes {
            if let Some(model) = effective.find(change.id) {
                change.names_after = model.served_names().to_vec();
            }
        }
        Ok(outcome)
    }
}

fn decided(draft: &Draft, model: &KnownModel) -> ModelEditSpec {
    let nothing = || ModelEditSpec::nothing(model.provider.clone(), model.name().to_owned());
    let object = draft.get(ObjectKind::Model, &nothing().key());
    object.and_then(|object| serde_json::from_value(object.body.clone()).ok()).unwrap_or_else(nothing)
}

/// Writes what is decided; where that is nothing, it is not kept.
fn keep(draft: &mut Draft, edit: &ModelEditSpec) {
    if edit.is_nothing() {
        draft.delete(ObjectKind::Model, &edit.key());
    } else if let Ok(body) = serde_json::to_value(edit) {
        draft.put(ObjectKind::Model, &edit.key(), body);
    }
}
