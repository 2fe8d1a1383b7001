//! Looking through models.

use roundhouse_domain::ModelId;

use super::effective::{Effective, KnownModel, ModelStatus};
use super::error::ModelError;
use crate::control::Control;

/// Which models; what is absent does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelFilter {
    /// Whose.
    pub provider: Option<String>,
    /// A part of the provider's name for it, of a name under which it is served, or of its name for people; any case.
    pub q: Option<String>,
    /// Whether it is served; true leaves out what is switched off, missing and deleted.
    pub enabled: Option<bool>,
    /// Whether the provider no longer lists it.
    pub missing: Option<bool>,
    /// Whether a person removed it; without this those are left out.
    pub deleted: Option<bool>,
}

/// How many models there are, by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Served.
    pub served: usize,
    /// Switched off, by themselves or with their provider.
    pub disabled: usize,
    /// No longer listed.
    pub missing: usize,
    /// Removed by a person.
    pub deleted: usize,
}

impl ModelFilter {
    /// True when a model is one of those that are wanted.
    pub fn fits(&self, model: &KnownModel) -> bool {
        let is = |wanted: Option<bool>, status: bool| wanted.is_none_or(|wanted| wanted == status);
        let is_deleted = model.status == ModelStatus::Deleted;
        self.provider.as_deref().is_none_or(|provider| provider == model.provider.as_str())
            && is(self.enabled, model.status == ModelStatus::Served)
            && is(self.missing, model.missing_since.is_some())
            && self.deleted.map_or(!is_deleted, |wanted| wanted == is_deleted)
            && self.q.as_deref().is_none_or(|text| mentions(model, text))
    }
}

fn mentions(model: &KnownModel, text: &str) -> bool {
    let text = text.to_lowercase();
    let mut names = model.names.iter().chain(&model.listed.display_name).map(String::as_str);
    model.name().to_lowercase().contains(&text) || names.any(|name| name.to_lowercase().contains(&text))
}

impl Effective {
    /// Models that fit, by provider and name, `limit` of them after `cursor`.
    pub fn list(&self, filter: &ModelFilter, limit: usize, cursor: Option<(&str, &str)>) -> Vec<&KnownModel> {
        let place = |model: &KnownModel| Some((model.provider.as_str(), model.name())) > cursor;
        self.models.iter().filter(|model| place(model) && filter.fits(model)).take(limit).collect()
    }

    /// How many models fit, by status.
    pub fn counts(&self, filter: &ModelFilter) -> Counts {
        let mut counts = Counts::default();
        for model in self.models.iter().filter(|model| filter.fits(model)) {
            match model.status {
                ModelStatus::Served => counts.served += 1,
                ModelStatus::Disabled | ModelStatus::ProviderDisabled => counts.disabled += 1,
                ModelStatus::Missing => counts.missing += 1,
                ModelStatus::Deleted => counts.deleted += 1,
            }
        }
        counts
    }
}

impl Control {
    /// The model of that id.
    ///
    /// # Errors
    /// When there is none.
    pub fn model(&self, id: ModelId) -> Result<KnownModel, ModelError> {
        self.models().find(id).cloned().ok_or(ModelError::NotFound)
    }
}
