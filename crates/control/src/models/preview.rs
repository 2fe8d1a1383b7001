//! What rules would do to all models, before they are in force.

use std::collections::BTreeMap;

use roundhouse_domain::spec::{NormalisationSpec, RuleError};

use super::effective::{Effective, KnownModel, ModelStatus, Origin};

/// What rules make of the models that providers list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Models whose name would be another one.
    pub renamings: Vec<Renaming>,
    /// How many names stay as they are.
    pub unchanged: usize,
    /// Names that several models of one provider would share: whoever asks for such a name gets any of them.
    pub merges: Vec<Merge>,
}

/// What rules make of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renaming {
    /// Whose model.
    pub provider: String,
    /// The provider's name for it.
    pub model: String,
    /// What it becomes.
    pub name: String,
    /// The rules that did it, in order.
    pub applied: Vec<String>,
    /// Why it does not get that name all the same; none where it does.
    pub kept: Option<&'static str>,
}

/// A public name that several models of one provider share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Whose models.
    pub provider: String,
    /// The name.
    pub name: String,
    /// The provider's names for them.
    pub models: Vec<String>,
}

impl Merge {
    /// Finds names that stand for several models, among `(provider, public name, upstream name)`.
    pub(super) fn find<'a>(named: impl Iterator<Item = (&'a str, &'a str, &'a str)>) -> Vec<Self> {
        let mut models: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for (provider, name, model) in named {
            let models = models.entry((provider, name)).or_default();
            if !models.contains(&model) {
                models.push(model);
            }
        }
        let shared = models.into_iter().filter(|(_, models)| models.len() > 1);
        let merge = |((provider, name), models): ((&str, &str), Vec<&str>)| Self {
            provider: provider.to_owned(),
            name: name.to_owned(),
            models: models.into_iter().map(str::to_owned).collect(),
        };
        shared.map(merge).collect()
    }
}

impl Effective {
    /// What `spec` would make of all models that providers list, were it in force.
    ///
    /// # Errors
    /// The first rule that cannot be applied, and why.
    pub fn preview(&self, spec: &NormalisationSpec) -> Result<Preview, RuleError> {
        let normaliser = spec.compile()?;
        let mut preview = Preview::default();
        let mut named: Vec<(&str, String, &str)> = Vec::new();
        for model in self.models.iter().filter(|model| is_concerned(model)) {
            let done = normaliser.normalise(model.name());
            if done.name == model.name() {
                preview.unchanged += 1;
                named.push((model.provider.as_str(), done.name, model.name()));
                continue;
            }
            let kept = self.kept(model, &done.name);
            if kept.is_none() {
                named.push((model.provider.as_str(), done.name.clone(), model.name()));
            }
            preview.renamings.push(Renaming {
                provider: model.provider.to_string(),
                model: model.name().to_owned(),
                name: done.name,
                applied: done.applied,
                kept,
            });
        }
        preview.merges =
            Merge::find(named.iter().map(|(provider, name, model)| (*provider, name.as_str(), *model)));
        Ok(preview)
    }

    /// Why a model would not get a normalised name.
    fn kept(&self, model: &KnownModel, name: &str) -> Option<&'static str> {
        if model.edit.as_ref().is_some_and(|edit| edit.public_name.is_some()) {
            return Some("somebody chose its name");
        }
        let others = self.models.iter().filter(|other| other.provider == model.provider);
        let is_listed = others.clone().any(|other| other.name() == name && other.missing_since.is_none());
        is_listed.then_some("the provider lists another model of exactly this name")
    }
}

/// True for models that rules are for.
fn is_concerned(model: &KnownModel) -> bool {
    model.origin == Origin::Discovered && !matches!(model.status, ModelStatus::Deleted | ModelStatus::Missing)
}
