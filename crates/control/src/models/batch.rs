//! Changing many models at once. What would change is decided here, purely; so a dry run tells exactly what would be done.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use regex::Regex;
use roundhouse_domain::ModelId;
use roundhouse_domain::spec::{DATE, ModelEditSpec, Name, expression};

use super::effective::{Effective, KnownModel, Origin};
use super::error::ModelError;
use super::listing::ModelFilter;
use super::preview::Merge;

/// Bytes of the longest public name.
pub(super) const MAX_NAME_BYTES: usize = 300;

/// What is done to each model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The first match of an expression in the public name is replaced; `$1` is its first group.
    Rename {
        /// The regular expression.
        pattern: String,
        /// What stands there instead.
        with: String,
    },
    /// The public name gets a prefix, where it does not have it.
    AddPrefix(String),
    /// The public name loses a prefix, where it has it.
    StripPrefix(String),
    /// The public name loses a date at its end.
    StripDate,
    /// The public name becomes what the rules make of the provider's.
    Normalise,
    /// The model gets its usual names again.
    ResetName,
    /// It is served.
    Enable,
    /// It is not served.
    Disable,
    /// It is left out of everything from now on.
    Delete,
    /// It is no longer left out.
    Restore,
}

impl Action {
    /// What it does, for the history.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Rename { .. } | Self::AddPrefix(_) | Self::StripPrefix(_) => "rename",
            Self::StripDate => "strip the date of",
            Self::Normalise => "normalise",
            Self::ResetName => "reset the names of",
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::Delete => "delete",
            Self::Restore => "restore",
        }
    }
}

/// Which models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// These.
    Ids(Vec<ModelId>),
    /// Those that fit.
    Filter(ModelFilter),
}

/// A change of many models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Which.
    pub pick: Pick,
    /// What is done.
    pub action: Action,
    /// Whether only to tell what would be done.
    pub dry_run: bool,
}

/// What is decided about one model, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which model.
    pub id: ModelId,
    /// The names under which it is served now.
    pub names_before: Vec<String>,
    /// Those it gets.
    pub names_after: Vec<String>,
    /// What was decided.
    pub before: ModelEditSpec,
    /// What is decided now.
    pub after: ModelEditSpec,
}

/// A model that cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whose.
    pub provider: Name,
    /// Which.
    pub model: String,
    /// Why.
    pub message: String,
}

/// What a batch does, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Models that change.
    pub changes: Vec<Change>,
    /// How many stay as they are.
    pub unchanged: usize,
    /// Those that cannot be changed.
    pub skipped: Vec<Problem>,
    /// Names that several models of one provider would share.
    pub merges: Vec<Merge>,
}

impl Batch {
    /// Decides what changes.
    ///
    /// # Errors
    /// When the action itself is wrong, or an id is unknown.
    pub fn plan(&self, effective: &Effective) -> Result<Outcome, ModelError> {
        let editor = Editor::new(&self.action)?;
        let mut outcome = Outcome::default();
        for model in self.picked(effective)? {
            let problem = |message: String| Problem {
                provider: model.provider.clone(),
                model: model.name().to_owned(),
                message,
            };
            if model.origin == Origin::Declared {
                outcome
                    .skipped
                    .push(problem("it is declared in a file or a variable; change it there".to_owned()));
                continue;
            }
            match editor.apply(model) {
                Ok(after) if after == model.decided() => outcome.unchanged += 1,
                Ok(after) => outcome.changes.push(Change {
                    id: model.id,
                    names_before: model.served_names().to_vec(),
                    names_after: names_after(model, &after),
                    before: model.decided(),
                    after,
                }),
                Err(message) => outcome.skipped.push(problem(message)),
            }
        }
        outcome.merges = merges(effective, &outcome.changes);
        Ok(outcome)
    }

    fn picked<'a>(&self, effective: &'a Effective) -> Result<Vec<&'a KnownModel>, ModelError> {
        match &self.pick {
            Pick::Filter(filter) => {
                let mut filter = filter.clone();
                if self.action == Action::Restore {
                    filter.deleted.get_or_insert(true);
                }
                Ok(effective.models.iter().filter(|model| filter.fits(model)).collect())
            }
            Pick::Ids(ids) => {
                let wanted: HashSet<_> = ids.iter().collect();
                let found: Vec<_> =
                    effective.models.iter().filter(|model| wanted.contains(&model.id)).collect();
                if found.len() == wanted.len() { Ok(found) } else { Err(ModelError::NotFound) }
            }
        }
    }
}

/// An action, ready to be done.
struct Editor<'a> {
    action: &'a Action,
    regex: Option<Regex>,
}

impl<'a> Editor<'a> {
    fn new(action: &'a Action) -> Result<Self, ModelError> {
        let compile = |field, pattern: &str| {
            expression(pattern)
                .map_err(|message| ModelError::Invalid { field, message: format!("is wrong: {message}") })
        };
        let regex = match action {
            Action::Rename { pattern, .. } => Some(compile("pattern", pattern)?),
            Action::StripDate => Some(compile("action", DATE)?),
            Action::AddPrefix(prefix) | Action::StripPrefix(prefix) if prefix.is_empty() => {
                return Err(ModelError::Invalid { field: "prefix", message: "must not be empty".to_owned() });
            }
            _ => None,
        };
        Ok(Self { action, regex })
    }

    /// What is decided about a model afterwards.
    fn apply(&self, model: &KnownModel) -> Result<ModelEditSpec, String> {
        let mut edit = model.decided();
        let public = model.names.first().map_or(model.name(), String::as_str);
        let renamed = match self.action {
            Action::Enable => return Ok(ModelEditSpec { enabled: true, ..edit }),
            Action::Disable => return Ok(ModelEditSpec { enabled: false, ..edit }),
            Action::Delete => return Ok(ModelEditSpec { deleted: true, ..edit }),
            Action::Restore => return Ok(ModelEditSpec { deleted: false, ..edit }),
            Action::ResetName => return Ok(ModelEditSpec { public_name: None, aliases: Vec::new(), ..edit }),
            Action::Rename { with, .. } => self.replaced(public, with),
            Action::StripDate => self.replaced(public, ""),
            Action::AddPrefix(prefix) if public.starts_with(prefix.as_str()) => public.to_owned(),
            Action::AddPrefix(prefix) => [prefix, public].concat(),
            Action::StripPrefix(prefix) => public.strip_prefix(prefix.as_str()).unwrap_or(public).to_owned(),
            Action::Normalise => model.normalised.name.clone(),
        };
        if renamed != public {
            check_name(&renamed)?;
            edit.public_name = Some(renamed);
        }
        Ok(edit)
    }

    fn replaced(&self, name: &str, with: &str) -> String {
        self.regex.as_ref().map_or_else(|| name.to_owned(), |regex| regex.replace(name, with).into_owned())
    }
}

/// Says what is wrong with a public name.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    if name.is_empty() || name.trim() != name {
        return Err("a public name must not be empty, nor begin or end with a space".to_owned());
    }
    if name.len() > MAX_NAME_BYTES || name.chars().any(char::is_control) {
        return Err(format!("a public name has at most {MAX_NAME_BYTES} bytes and no control characters"));
    }
    Ok(())
}

/// The names that a model has once `edit` is decided about it.
fn names_after(model: &KnownModel, edit: &ModelEditSpec) -> Vec<String> {
    if edit.deleted || !edit.enabled {
        return Vec::new();
    }
    let mut names = match &edit.public_name {
        Some(name) => vec![name.clone()],
        // Without a chosen name it has its usual ones: those it has now, unless they were chosen.
        None if model.edit.as_ref().is_some_and(|edit| edit.public_name.is_some()) => {
            vec![model.name().to_owned()]
        }
        None => model.names.clone(),
    };
    for alias in &edit.aliases {
        if !names.contains(alias) {
            names.push(alias.clone());
        }
    }
    names
}

/// Names that several models of one provider share after `changes`, and did not share before in the same way.
fn merges(effective: &Effective, changes: &[Change]) -> Vec<Merge> {
    let by_id: BTreeMap<ModelId, &Change> = changes.iter().map(|change| (change.id, change)).collect();
    let touched: BTreeSet<&str> =
        changes.iter().flat_map(|change| &change.names_after).map(String::as_str).collect();
    let named = effective.models.iter().flat_map(|model| {
        let names = match by_id.get(&model.id) {
            Some(change) => &change.names_after[..],
            None if model.status == super::ModelStatus::Served => &model.names[..],
            None => &[],
        };
        names.iter().map(move |name| (model.provider.as_str(), name.as_str(), model.name()))
    });
    Merge::find(named.filter(|(_, name, _)| touched.contains(name)))
}
