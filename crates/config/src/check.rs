//! What the schema cannot say: addresses, names that refer to each other, files, and what must not be zero.

mod access_keys;
mod alerts;
mod catalogue;
mod clouds;
mod cycles;
mod guardrails;
mod keys;
mod people;
mod pools;
mod providers;
mod routes;
mod settings;

use std::collections::HashMap;

use roundhouse_domain::spec::{
    AccessKeySpec, AlertChannelSpec, AlertSpec, GuardrailSpec, ModelFactsSpec, PoolSpec, ProviderSpec,
    RouteSpec, Span,
};
use serde_json::Value;

use crate::config::Declared;
use crate::file::Part;
use crate::files::Files;
use crate::nearest::suggestion;
use crate::report::{Report, field_path};

pub(crate) use settings::settings;

/// Something declared, and where.
pub(crate) struct Placed<T> {
    pub(crate) pointer: String,
    pub(crate) spec: T,
}

/// Everything declared that is right by itself.
pub(crate) struct Lists {
    pub(crate) providers: Vec<Placed<ProviderSpec>>,
    pub(crate) pools: Vec<Placed<PoolSpec>>,
    pub(crate) routes: Vec<Placed<RouteSpec>>,
    pub(crate) access_keys: Vec<Placed<AccessKeySpec>>,
    pub(crate) catalogue: Vec<Placed<ModelFactsSpec>>,
    pub(crate) alert_channels: Vec<Placed<AlertChannelSpec>>,
    pub(crate) alerts: Vec<Placed<AlertSpec>>,
    pub(crate) guardrails: Vec<Placed<GuardrailSpec>>,
}

/// The names that others may refer to; also those of providers that are wrong in some other way.
pub(crate) struct Names {
    providers: Vec<String>,
    pools: Vec<String>,
}

/// The names in the values as written.
pub(crate) fn names(value: &Value) -> Names {
    let of = |list: &str| {
        let items = value.get(list).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| item.get("name")?.as_str().map(str::to_owned)).collect()
    };
    Names { providers: of("providers"), pools: of("pools") }
}

/// The entries of a list that are right, with their places.
pub(crate) fn placed<T>(parts: Vec<Part<T>>, list: &str, report: &mut Report) -> Vec<Placed<T>> {
    let place = |(index, part): (usize, Part<T>)| {
        let pointer = format!("{list}/{index}");
        part.take(&pointer, report).map(|spec| Placed { pointer, spec })
    };
    parts.into_iter().enumerate().filter_map(place).collect()
}

/// Checks and completes what is declared.
pub(crate) fn declared(mut lists: Lists, names: &Names, report: &mut Report, files: &mut Files) -> Declared {
    for provider in &mut lists.providers {
        providers::complete(provider, report, files);
    }
    for access_key in &mut lists.access_keys {
        access_keys::complete(access_key, names, report, files);
    }
    distinct_names(&lists, report);
    access_keys::distinct(&lists.access_keys, report);
    lists.pools.iter().for_each(|pool| pools::check(pool, names, report));
    lists.routes.iter().for_each(|route| routes::check(route, names, report));
    cycles::check(&lists.routes, report);
    lists.catalogue.iter().for_each(|facts| catalogue::check(facts, names, report));
    lists.alert_channels.iter().for_each(|channel| alerts::channel(channel, report));
    lists.alerts.iter().for_each(|alert| alerts::alert(alert, &lists.alert_channels, report));
    lists.guardrails.iter().for_each(|guardrail| guardrails::check(guardrail, report));
    Declared {
        providers: specs(lists.providers),
        pools: specs(lists.pools),
        routes: specs(lists.routes),
        access_keys: specs(lists.access_keys),
        catalogue: specs(lists.catalogue),
        alert_channels: specs(lists.alert_channels),
        alerts: specs(lists.alerts),
        guardrails: specs(lists.guardrails),
    }
}

fn specs<T>(placed: Vec<Placed<T>>) -> Vec<T> {
    placed.into_iter().map(|placed| placed.spec).collect()
}

/// Providers and pools stand in the same paths, so they share one set of names.
fn distinct_names(lists: &Lists, report: &mut Report) {
    let providers = lists.providers.iter().map(|p| (p.spec.name.as_str(), format!("{}/name", p.pointer)));
    let pools = lists.pools.iter().map(|p| (p.spec.name.as_str(), format!("{}/name", p.pointer)));
    distinct(providers.chain(pools), report);
    distinct(lists.routes.iter().map(|r| (r.spec.model.as_str(), format!("{}/model", r.pointer))), report);
    distinct(lists.guardrails.iter().map(|g| (g.spec.name.as_str(), format!("{}/name", g.pointer))), report);
    let channels = lists.alert_channels.iter();
    distinct(channels.map(|c| (c.spec.name.as_str(), format!("{}/name", c.pointer))), report);
    distinct(lists.alerts.iter().map(|a| (a.spec.name.as_str(), format!("{}/name", a.pointer))), report);
    distinct(lists.access_keys.iter().map(|k| (k.spec.name.as_str(), format!("{}/name", k.pointer))), report);
}

fn distinct<'a>(names: impl Iterator<Item = (&'a str, String)>, report: &mut Report) {
    let mut first: HashMap<&str, String> = HashMap::new();
    for (name, pointer) in names {
        match first.get(name) {
            Some(other) => {
                let other = field_path(other);
                report.problem(&pointer, format!("`{name}` is taken by {other}; choose another name"));
            }
            None => {
                first.insert(name, pointer);
            }
        }
    }
}

impl Names {
    /// Reports a reference to a provider that is not declared.
    fn require_provider(&self, name: &str, pointer: &str, report: &mut Report) {
        if self.providers.iter().any(|known| known == name) {
            return;
        }
        if self.pools.iter().any(|known| known == name) {
            return report.problem(pointer, format!("`{name}` is a pool; name one of its providers"));
        }
        let hint = suggestion(name, self.providers.iter().map(String::as_str));
        report.problem(pointer, format!("no provider is named `{name}`{hint}"));
    }
}

/// Reports spans that would let everything fail at once.
fn require_time(span: Option<Span>, pointer: &str, report: &mut Report) {
    if span.is_some_and(|span| span.0.is_zero()) {
        report.problem(pointer, "must be more than 0");
    }
}
