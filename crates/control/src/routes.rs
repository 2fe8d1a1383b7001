//! Routes: how public model names are served, those of everybody who offers them and those that people edited.

use roundhouse_config::Source;
use roundhouse_domain::spec::{RouteSpec, TargetSpec};
use roundhouse_domain::{AccessKeyId, Author, ErrorKind};
use roundhouse_gateway::explain::{ExplainedRoute, Explanation, Portion, Question};
use roundhouse_gateway::snapshot::Snapshot;

use crate::changes::ChangeError;
use crate::control::Control;
use crate::objects::ObjectKind;

/// Bytes of the longest public name.
const MAX_NAME_BYTES: usize = 300;

/// Where a route comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteOrigin {
    /// Everybody who offers the model serves it.
    Implicit,
    /// People edited it.
    Configured,
    /// A file or a variable says it: it cannot be changed here.
    Declared,
}

impl RouteOrigin {
    /// The origin as text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Implicit => "implicit",
            Self::Configured => "configured",
            Self::Declared => "declared",
        }
    }
}

/// A route as it is in force.
#[derive(Clone, Debug)]
pub struct ShownRoute {
    /// The public model name.
    pub model: String,
    /// Where it comes from.
    pub origin: RouteOrigin,
    /// What somebody said of it; none for an implicit one.
    pub spec: Option<RouteSpec>,
    /// Public names that are served instead when no target is left.
    pub fallbacks: Vec<String>,
    /// Its targets as they stand.
    pub state: ExplainedRoute,
}

/// Which routes.
#[derive(Clone, Debug, Default)]
pub struct RouteFilter {
    /// A part of the public name; any case.
    pub q: Option<String>,
    /// A provider among its targets.
    pub provider: Option<String>,
    /// Where it comes from.
    pub origin: Option<RouteOrigin>,
}

/// Why a route is not there, not explained or not changed.
#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    /// Nobody serves such a name.
    #[error("nobody serves a model of that name")]
    NotFound,
    /// There is no such access key.
    #[error("`access_key` names no access key that works")]
    NoSuchKey,
    /// The change cannot be made.
    #[error(transparent)]
    Change(#[from] ChangeError),
}

impl RouteError {
    /// What kind of failure it is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::NoSuchKey => ErrorKind::Invalid,
            Self::Change(error) => error.kind(),
        }
    }

    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "route_not_found",
            Self::NoSuchKey => "unknown_access_key",
            Self::Change(error) => error.code(),
        }
    }
}

/// An access key of which a question is asked: by its id or its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyRef {
    /// By id.
    Id(AccessKeyId),
    /// By name.
    Name(String),
}

impl Control {
    /// Routes by public name, `limit` of them after `cursor`.
    pub fn list_routes(&self, filter: &RouteFilter, limit: usize, cursor: Option<&str>) -> Vec<ShownRoute> {
        let snapshot = self.gateway().snapshot_full();
        let q = filter.q.as_ref().map(|text| text.to_lowercase());
        let mut names: Vec<_> = snapshot
            .routes
            .iter()
            .filter(|(name, _)| cursor.is_none_or(|cursor| &***name > cursor))
            .filter(|(name, _)| q.as_ref().is_none_or(|q| name.to_lowercase().contains(q)))
            .filter(|(name, _)| filter.origin.is_none_or(|origin| self.route_origin(name) == origin))
            .filter(|(_, route)| {
                let is_there =
                    |provider: &String| route.targets().any(|(_, t)| *t.provider.name == **provider);
                filter.provider.as_ref().is_none_or(is_there)
            })
            .map(|(name, _)| name.clone())
            .collect();
        names.sort_unstable();
        names.iter().take(limit).filter_map(|name| self.shown_route(&snapshot, name)).collect()
    }

    /// The route of a public model name.
    ///
    /// # Errors
    /// When nobody serves it.
    pub fn get_route(&self, model: &str) -> Result<ShownRoute, RouteError> {
        self.shown_route(&self.gateway().snapshot_full(), model).ok_or(RouteError::NotFound)
    }

    /// Says how a public model name is served from now on.
    ///
    /// # Errors
    /// When a file says it, a provider or model is unknown, or nothing would be served.
    pub async fn put_route(&self, spec: &RouteSpec, author: &Author) -> Result<ShownRoute, RouteError> {
        self.check_not_declared(&spec.model)?;
        self.check_route(spec)?;
        let mut body =
            serde_json::to_value(spec).map_err(|error| ChangeError::field("", error.to_string()))?;
        if let Some(fields) = body.as_object_mut() {
            // It is the thing's name.
            fields.shift_remove("model");
        }
        let summary = format!("set the route of {}", spec.model);
        self.change(author, &summary, |draft| {
            draft.put(ObjectKind::Route, &spec.model, body);
            Ok(())
        })
        .await?;
        self.get_route(&spec.model)
    }

    /// Removes what was said of a public model name: everybody who offers it serves it again.
    ///
    /// # Errors
    /// When nothing was said of it, or a file says it.
    pub async fn delete_route(&self, model: &str, author: &Author) -> Result<(), RouteError> {
        self.check_not_declared(model)?;
        let summary = format!("remove the route of {model}");
        self.change(author, &summary, |draft| {
            if draft.delete(ObjectKind::Route, model) { Ok(()) } else { Err(ChangeError::NotFound) }
        })
        .await?;
        Ok(())
    }

    /// Who would get a request for a model now, and why each other one would not.
    ///
    /// # Errors
    /// When nobody serves it.
    pub fn explain_route(&self, model: &str, question: &Question) -> Result<Explanation, RouteError> {
        let snapshot = self.gateway().snapshot_full();
        snapshot.explain(model, question, self.now()).ok_or(RouteError::NotFound)
    }

    /// How so many requests for a model would be spread.
    ///
    /// # Errors
    /// When nobody serves it.
    pub fn simulate_route(
        &self,
        model: &str,
        question: &Question,
        requests: u32,
    ) -> Result<Vec<Portion>, RouteError> {
        let snapshot = self.gateway().snapshot_full();
        snapshot.simulate(model, question, requests, self.now()).ok_or(RouteError::NotFound)
    }

    /// The access key that a question is asked for.
    ///
    /// # Errors
    /// When there is none.
    pub fn key_in_question(
        &self,
        key: &KeyRef,
    ) -> Result<std::sync::Arc<roundhouse_gateway::access::AccessKey>, RouteError> {
        let snapshot = self.gateway().snapshot_full();
        let is_meant = |known: &roundhouse_gateway::access::AccessKey| match key {
            KeyRef::Id(id) => known.id == Some(*id),
            KeyRef::Name(name) => *known.name == **name,
        };
        snapshot.access.iter().find(|known| is_meant(known)).cloned().ok_or(RouteError::NoSuchKey)
    }

    fn shown_route(&self, snapshot: &Snapshot, model: &str) -> Option<ShownRoute> {
        let route = snapshot.routes.get(model)?;
        let config = self.config();
        let spec = config.declared.routes.iter().find(|spec| spec.model == model);
        Some(ShownRoute {
            model: model.to_owned(),
            origin: self.route_origin(model),
            spec: spec.cloned(),
            fallbacks: route.fallbacks.iter().map(ToString::to_string).collect(),
            state: snapshot.look(route, self.now()),
        })
    }

    fn route_origin(&self, model: &str) -> RouteOrigin {
        match self.config().sources.entry("routes", model) {
            None => RouteOrigin::Implicit,
            Some(Source::Console) => RouteOrigin::Configured,
            Some(_) => RouteOrigin::Declared,
        }
    }

    fn check_not_declared(&self, model: &str) -> Result<(), ChangeError> {
        match self.config().sources.entry("routes", model) {
            Some(source) if *source != Source::Console => {
                Err(ChangeError::Declared(model.to_owned(), place(source)))
            }
            _ => Ok(()),
        }
    }

    /// What only all models together can tell: targets that nobody offers, and fallbacks that lead nowhere.
    fn check_route(&self, spec: &RouteSpec) -> Result<(), ChangeError> {
        let name = &spec.model;
        if name.trim() != name
            || name.is_empty()
            || name.len() > MAX_NAME_BYTES
            || name.chars().any(char::is_control)
        {
            let message =
                format!("must be 1 to {MAX_NAME_BYTES} bytes without control characters or outer spaces");
            return Err(ChangeError::field("model", message));
        }
        for (tier, targets) in spec.tiers.iter().enumerate() {
            for (place, target) in targets.iter().enumerate() {
                self.check_target(target, &format!("tiers[{tier}][{place}]"))?;
            }
        }
        let snapshot = self.gateway().snapshot_full();
        for (place, fallback) in spec.fallbacks.iter().enumerate() {
            let field = format!("fallbacks[{place}]");
            if fallback == name {
                return Err(ChangeError::field(field, "must not be the model itself"));
            }
            if !snapshot.routes.contains_key(fallback.as_str()) {
                return Err(ChangeError::field(field, format!("nobody serves a model named {fallback:?}")));
            }
        }
        Ok(())
    }

    fn check_target(&self, target: &TargetSpec, field: &str) -> Result<(), ChangeError> {
        let config = self.config();
        let provider = config.declared.providers.iter().find(|spec| spec.name == target.provider);
        let Some(provider) = provider else {
            let message = format!("names no provider; there is none called {:?}", target.provider.as_str());
            return Err(ChangeError::field(format!("{field}.provider"), message));
        };
        let models = self.models();
        let mut known = models.models.iter().filter(|model| model.provider == provider.name).peekable();
        // Of a provider that cannot be asked for its models, nobody knows what it has.
        if known.peek().is_none() || known.any(|model| model.name() == target.model) {
            return Ok(());
        }
        let message = format!("the provider {} offers no model named {:?}", provider.name, target.model);
        Err(ChangeError::field(format!("{field}.model"), message))
    }
}

/// Where a setting stands, for people.
fn place(source: &Source) -> String {
    match source {
        Source::File { line } => format!("line {line} of the configuration file"),
        Source::Environment { name } => format!("the variable {name}"),
        Source::Console => "the console".to_owned(),
    }
}
