//! From lists, decisions and rules to the names under which models are served. Pure.

use std::collections::{BTreeMap, HashMap, HashSet};

use roundhouse_domain::ModelId;
use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::{
    BodyRules, ModelEditSpec, ModelSpec, Name, Normalised, Normaliser, ProviderSpec, TimeoutSpec,
};
use roundhouse_storage::models::{Listed, StoredModel};

/// Where a model is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file or a variable names it: it cannot be changed here.
    Declared,
    /// The provider's own settings name it.
    Configured,
    /// The provider lists it.
    Discovered,
}

/// Whether a model is served, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelStatus {
    /// It is served.
    Served,
    /// A person switched it off.
    Disabled,
    /// A person removed it.
    Deleted,
    /// Its provider no longer lists it.
    Missing,
    /// Its provider is switched off.
    ProviderDisabled,
}

impl ModelStatus {
    /// The status as text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Served => "served",
            Self::Disabled => "disabled",
            Self::Deleted => "deleted",
            Self::Missing => "missing",
            Self::ProviderDisabled => "provider_disabled",
        }
    }
}

/// A model of a provider with all that is known and decided.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownModel {
    /// Its id.
    pub id: ModelId,
    /// Whose it is.
    pub provider: Name,
    /// Where it is known from.
    pub origin: Origin,
    /// What the provider says of it.
    pub listed: Listed,
    /// When it was first listed; none for those that are not asked for.
    pub first_seen: Option<Timestamp>,
    /// When it was last listed.
    pub last_seen: Option<Timestamp>,
    /// Since when it is no longer listed.
    pub missing_since: Option<Timestamp>,
    /// What people decided about it.
    pub edit: Option<ModelEditSpec>,
    /// What the rules make of its name, whether or not that is in force.
    pub normalised: Normalised,
    /// The names under which it is, or would be, served.
    pub names: Vec<String>,
    /// Whether it is served.
    pub status: ModelStatus,
}

impl KnownModel {
    /// The provider's name for it.
    pub fn name(&self) -> &str {
        &self.listed.name
    }

    /// The names under which it is served now.
    pub fn served_names(&self) -> &[String] {
        if self.status == ModelStatus::Served { &self.names } else { &[] }
    }

    /// What is decided about it, or that nothing is.
    pub fn decided(&self) -> ModelEditSpec {
        let nothing = || ModelEditSpec::nothing(self.provider.clone(), self.listed.name.clone());
        self.edit.clone().unwrap_or_else(nothing)
    }
}

/// What models are made from.
#[derive(Debug)]
pub struct Ground<'a> {
    /// Every provider, each with whether it stands in a file or a variable.
    pub providers: &'a [(ProviderSpec, bool)],
    /// What providers list.
    pub stored: &'a [StoredModel],
    /// What people decided.
    pub edits: &'a [ModelEditSpec],
    /// The rules.
    pub normaliser: &'a Normaliser,
    /// Whether they are in force, and then whether original names stay.
    pub normalise: Option<KeepOriginal>,
}

/// Whether a model can still be called by its provider's own name when the rules gave it another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepOriginal(pub bool);

/// All models, and the providers as the data plane is to see them.
#[derive(Clone, Debug, Default)]
pub struct Effective {
    /// Every model that is known, by provider and name.
    pub models: Vec<KnownModel>,
    /// The names under which each provider serves what, for those whose list is not theirs already.
    specs: HashMap<String, Vec<ModelSpec>>,
}

impl Effective {
    /// Puts everything together.
    pub fn of(ground: &Ground<'_>) -> Self {
        let mut stored: HashMap<&str, Vec<&StoredModel>> = HashMap::new();
        ground.stored.iter().for_each(|model| stored.entry(&model.provider).or_default().push(model));
        let edits: HashMap<(&str, &str), &ModelEditSpec> =
            ground.edits.iter().map(|edit| ((edit.provider.as_str(), edit.model.as_str()), edit)).collect();
        let mut effective = Self::default();
        for (provider, is_declared) in ground.providers {
            let listed = stored.get(provider.name.as_str()).map_or(&[][..], Vec::as_slice);
            let maker = Maker { ground, provider, is_declared: *is_declared, edits: &edits };
            let mut models = maker.models(listed);
            models.sort_by(|a, b| a.listed.name.cmp(&b.listed.name));
            let is_known = provider.models.is_some() || !models.is_empty();
            if is_known && maker.origin() != Origin::Declared {
                effective.specs.insert(provider.name.to_string(), maker.specs(&models));
            }
            effective.models.extend(models);
        }
        effective.models.sort_by(|a, b| a.provider.cmp(&b.provider));
        effective
    }

    /// The provider with the models that it serves.
    pub fn provider(&self, spec: &ProviderSpec) -> ProviderSpec {
        let models = self.specs.get(spec.name.as_str()).cloned().or_else(|| spec.models.clone());
        ProviderSpec { models, ..spec.clone() }
    }

    /// The model of that id.
    pub fn find(&self, id: ModelId) -> Option<&KnownModel> {
        self.models.iter().find(|model| model.id == id)
    }
}

/// Makes the models of one provider.
struct Maker<'a> {
    ground: &'a Ground<'a>,
    provider: &'a ProviderSpec,
    is_declared: bool,
    edits: &'a HashMap<(&'a str, &'a str), &'a ModelEditSpec>,
}

impl Maker<'_> {
    fn origin(&self) -> Origin {
        match (&self.provider.models, self.is_declared) {
            (None, _) => Origin::Discovered,
            (Some(_), true) => Origin::Declared,
            (Some(_), false) => Origin::Configured,
        }
    }

    fn models(&self, stored: &[&StoredModel]) -> Vec<KnownModel> {
        if let Some(specs) = &self.provider.models {
            // A model may stand several times in a list, once for each of its names.
            let mut names: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for spec in specs {
                names.entry(&spec.name).or_default().push(spec.public().to_owned());
            }
            return names.iter().map(|(name, public)| self.named(name, public)).collect();
        }
        let listed = stored.iter().filter(|model| model.missing_since.is_none());
        let listed: HashSet<&str> = listed.map(|model| model.listed.name.as_str()).collect();
        stored.iter().map(|model| self.discovered(model, &listed)).collect()
    }

    /// A model that file or settings name.
    fn named(&self, name: &str, public: &[String]) -> KnownModel {
        let edit = self.edit(name).filter(|_| !self.is_declared);
        let names = edit.map_or_else(|| public.to_vec(), |edit| chosen(edit, public));
        KnownModel {
            id: derived_id(&self.provider.name, name),
            provider: self.provider.name.clone(),
            origin: self.origin(),
            listed: Listed { name: name.to_owned(), ..Listed::default() },
            first_seen: None,
            last_seen: None,
            missing_since: None,
            status: self.status(edit, None),
            edit: edit.cloned(),
            normalised: self.ground.normaliser.normalise(name),
            names,
        }
    }

    /// A model that the provider lists, or listed; `listed` are the names of all that it lists.
    fn discovered(&self, model: &StoredModel, listed: &HashSet<&str>) -> KnownModel {
        let name = &model.listed.name;
        let edit = self.edit(name);
        let normalised = self.ground.normaliser.normalise(name);
        let usual = usual(name, &normalised, listed, self.ground.normalise);
        KnownModel {
            id: model.id,
            provider: self.provider.name.clone(),
            origin: Origin::Discovered,
            listed: model.listed.clone(),
            first_seen: Some(model.first_seen),
            last_seen: Some(model.last_seen),
            missing_since: model.missing_since,
            status: self.status(edit, model.missing_since),
            names: edit.map_or_else(|| usual.clone(), |edit| chosen(edit, &usual)),
            edit: edit.cloned(),
            normalised,
        }
    }

    fn edit(&self, name: &str) -> Option<&ModelEditSpec> {
        self.edits.get(&(self.provider.name.as_str(), name)).copied()
    }

    fn status(&self, edit: Option<&ModelEditSpec>, missing_since: Option<Timestamp>) -> ModelStatus {
        match edit {
            Some(edit) if edit.deleted => ModelStatus::Deleted,
            _ if missing_since.is_some() => ModelStatus::Missing,
            Some(edit) if !edit.enabled => ModelStatus::Disabled,
            _ if !self.provider.enabled => ModelStatus::ProviderDisabled,
            _ => ModelStatus::Served,
        }
    }

    /// What the data plane is told: each name of each model that is served.
    fn specs(&self, models: &[KnownModel]) -> Vec<ModelSpec> {
        let mut known: HashMap<&str, &ModelSpec> = HashMap::new();
        for spec in self.provider.models.iter().flatten() {
            known.entry(&spec.name).or_insert(spec);
        }
        let served =
            |model: &&KnownModel| matches!(model.status, ModelStatus::Served | ModelStatus::ProviderDisabled);
        let models = models.iter().filter(served);
        let named = models.flat_map(|model| {
            let base = known.get(model.name()).copied();
            model.names.iter().map(move |name| spec(model.name(), name, base))
        });
        named.collect()
    }
}

/// The names that a person chose, on top of the `usual` ones.
fn chosen(edit: &ModelEditSpec, usual: &[String]) -> Vec<String> {
    let mut names = edit.public_name.clone().map_or_else(|| usual.to_vec(), |name| vec![name]);
    for alias in &edit.aliases {
        if !names.contains(alias) {
            names.push(alias.clone());
        }
    }
    names
}

/// The names of a model about which nobody decided: the provider's, the normalised one, or both. A name that the provider lists
/// itself belongs to that model alone.
fn usual(
    name: &str,
    normalised: &Normalised,
    listed: &HashSet<&str>,
    normalise: Option<KeepOriginal>,
) -> Vec<String> {
    let is_new = normalised.name != name && !listed.contains(normalised.name.as_str());
    match normalise.filter(|_| is_new) {
        None => vec![name.to_owned()],
        Some(KeepOriginal(true)) => vec![name.to_owned(), normalised.name.clone()],
        Some(KeepOriginal(false)) => vec![normalised.name.clone()],
    }
}

fn spec(name: &str, public: &str, base: Option<&ModelSpec>) -> ModelSpec {
    ModelSpec {
        name: name.to_owned(),
        public_name: (public != name).then(|| public.to_owned()),
        body: base.map_or_else(BodyRules::default, |base| base.body.clone()),
        timeouts: base.map_or_else(TimeoutSpec::default, |base| base.timeouts.clone()),
    }
}

/// The id of a model that has no row: the same each time, made from its names (RFC 9562, section 5.8).
fn derived_id(provider: &Name, model: &str) -> ModelId {
    let hash = roundhouse_gateway::hash::digest(&[provider.as_str(), model]);
    ModelId(uuid::Builder::from_custom_bytes(hash).into_uuid())
}
