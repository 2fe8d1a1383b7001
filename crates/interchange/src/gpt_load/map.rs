//! A whole gpt-load as a configuration of ours.

use std::collections::{BTreeMap, HashMap};

use roundhouse_domain::spec::KeySettingsSpec;
use roundhouse_domain::{KeyStatus, Secret};
use serde_json::{Map, Value, json};

use super::group;
use super::layers::{self, Folded};
use super::options::{self, Scope};
use super::raw::{Gateway, Group, Key};
use crate::configuration::{Credential, Imported, ProviderKey};
use crate::fields::{Fields, words};
use crate::names::Names;
use crate::note::Notes;

/// The configuration that a gpt-load stands for.
pub fn read(mut gateway: Gateway) -> Imported {
    let folded = layers::fold(&mut gateway);
    let mut reading = Reading::default();
    reading.providers(&gateway);
    reading.pools(&gateway);
    reading.folded(&folded);
    reading.renames(&gateway);
    reading.access(&gateway, &folded);
    reading.keys(gateway.keys);
    reading.settings(&gateway.settings);
    reading.finish()
}

#[derive(Default)]
struct Reading {
    imported: Imported,
    notes: Notes,
    names: Names,
    /// Our names of groups, by their numbers.
    by_id: HashMap<u64, String>,
    /// Our names of groups, by theirs.
    by_name: HashMap<String, String>,
    routes: BTreeMap<String, Vec<Value>>,
}

impl Reading {
    fn providers(&mut self, gateway: &Gateway) {
        let settings = values(&gateway.settings);
        let proxy = options::proxy(&settings);
        for group in gateway.groups.iter().filter(|group| !group.is_aggregate) {
            let place = format!("groups[{}]", group.name);
            if group.upstreams.iter().all(|(_, weight)| *weight == 0) {
                self.notes.skip(place, "has no upstream with a weight; it is left out with its keys");
                continue;
            }
            let name = self.named(group);
            let provider = group::provider(group, &name, proxy, &mut self.notes);
            if provider.0.contains_key("base_urls") {
                self.imported.configuration.document.push("providers", provider.0);
            } else {
                self.by_id.remove(&group.id);
                self.by_name.remove(&group.name);
            }
        }
    }

    fn named(&mut self, group: &Group) -> String {
        let name = self.names.take(&group.name);
        if name != group.name {
            let message =
                format!("is called {name:?} here, so that /proxy/{name}/ takes the place of its path");
            self.notes.warn(format!("groups[{}].name", group.name), message);
        }
        self.by_id.insert(group.id, name.clone());
        self.by_name.insert(group.name.clone(), name.clone());
        name
    }

    fn pools(&mut self, gateway: &Gateway) {
        for group in gateway.groups.iter().filter(|group| group.is_aggregate) {
            let links: Vec<_> = gateway.links.iter().filter(|link| link.group_id == group.id).collect();
            // gpt-load does not look at the weight of a single member.
            let weight = |weight| if links.len() == 1 { 1 } else { weight };
            let members = links.iter().filter_map(|link| {
                let provider = self.by_id.get(&link.sub_group_id)?;
                Some(json!({ "provider": provider, "weight": weight(link.weight) }))
            });
            let members: Vec<Value> = members.collect();
            self.pool(group, members);
        }
    }

    fn pool(&mut self, group: &Group, members: Vec<Value>) {
        let place = format!("groups[{}]", group.name);
        if members.iter().all(|member| member["weight"] == json!(0)) {
            return self.notes.skip(place, "no group in it has a weight; it is left out");
        }
        if !group.param_overrides.is_empty()
            || !group.set_headers.is_empty()
            || !group.remove_headers.is_empty()
        {
            let message =
                "overrides and header rules of a set of groups are left out: set them at its providers";
            self.notes.warn(place.clone(), message);
        }
        let mut own = group.config.clone();
        own.retain(|_, value| !value.is_null());
        if !own.is_empty() {
            self.notes.warn(
                format!("{place}.config"),
                "settings of a set of groups are left out: its providers' count",
            );
        }
        let name = self.named(group);
        let mut pool = Fields::named(&name);
        pool.put("providers", members);
        self.imported.configuration.document.push("pools", pool.0);
    }

    /// Routes, and pools of the same names, so that paths below `/proxy/` go on working.
    fn folded(&mut self, folded: &[Folded]) {
        for one in folded {
            let mut weights: BTreeMap<&str, u32> = BTreeMap::new();
            for (site, model, weight) in &one.sites {
                let Some(provider) = self.by_name.get(site) else { continue };
                let targets = self.routes.entry(one.model.clone()).or_default();
                targets.push(json!({ "provider": provider, "model": model, "weight": weight }));
                *weights.entry(provider).or_default() += weight;
            }
            let members: Vec<Value> = weights
                .iter()
                .map(|(provider, weight)| json!({ "provider": provider, "weight": weight }))
                .collect();
            if members.iter().all(|member| member["weight"] == json!(0)) {
                continue;
            }
            let name = self.names.take(&one.group);
            let mut pool = Fields::named(&name);
            pool.put("providers", members);
            self.imported.configuration.document.push("pools", pool.0);
        }
        if !folded.is_empty() {
            let message = format!(
                "{} groups of models and sites by model are folded into routes and pools",
                folded.len()
            );
            self.notes.info("groups", message);
        }
    }

    /// What loose groups rename is served by routes, so that all else that they have stays reachable.
    fn renames(&mut self, gateway: &Gateway) {
        for group in gateway.groups.iter().filter(|group| !group.is_strict) {
            let Some(provider) = self.by_id.get(&group.id) else { continue };
            for (from, to) in group.redirects.iter().filter(|(from, to)| from != to) {
                let targets = self.routes.entry(from.clone()).or_default();
                targets.push(json!({ "provider": provider, "model": to }));
            }
        }
        for (model, targets) in std::mem::take(&mut self.routes) {
            let mut route = Fields::default();
            route.put("model", model);
            route.put("tiers", vec![Value::Array(targets)]);
            self.imported.configuration.document.push("routes", route.0);
        }
    }

    /// Access keys: one for each credential, with what it works for.
    fn access(&mut self, gateway: &Gateway, folded: &[Folded]) {
        let mut rules: Vec<(String, String, Vec<String>)> = Vec::new();
        let mut allow = |key: &str, name: &str, rule: String| match rules.iter_mut().find(|(k, ..)| k == key)
        {
            Some((.., rules)) if rules.contains(&rule) => {}
            Some((.., rules)) => rules.push(rule),
            None => rules.push((key.to_owned(), name.to_owned(), vec![rule])),
        };
        for key in gateway.settings.get("proxy_keys").map(String::as_str).into_iter().flat_map(words) {
            allow(key, "gpt-load", "all".to_owned());
        }
        for group in &gateway.groups {
            let members =
                gateway.links.iter().filter(|link| link.group_id == group.id).map(|link| link.sub_group_id);
            let ids = if group.is_aggregate { members.collect() } else { vec![group.id] };
            for provider in ids.iter().filter_map(|id| self.by_id.get(id)) {
                group.proxy_keys.iter().for_each(|key| allow(key, &group.name, format!("{provider}/*")));
            }
        }
        for one in folded {
            one.proxy_keys.iter().for_each(|key| allow(key, &one.group, bracketed(&one.model)));
        }
        let mut names = Names::default();
        for (key, name, mut rules) in rules {
            if rules.iter().any(|rule| rule == "all") {
                rules = vec!["all".to_owned()];
            }
            let mut fields = Fields::named(&names.take_text(&name));
            fields.put("models", rules);
            let access_key = fields.0["name"].as_str().unwrap_or_default().to_owned();
            let credential = Credential { access_key, secret: Secret::from(key) };
            self.imported.configuration.credentials.push(credential);
            self.imported.configuration.document.push("access_keys", fields.0);
        }
    }

    fn keys(&mut self, keys: Vec<Key>) {
        let mut by_provider: BTreeMap<String, Vec<ProviderKey>> = BTreeMap::new();
        for key in keys {
            if let Some(provider) = self.by_id.get(&key.group_id) {
                by_provider.entry(provider.clone()).or_default().push(provider_key(key));
            }
        }
        for (provider, keys) in by_provider {
            self.imported.configuration.add_keys(&provider, keys);
        }
    }

    fn settings(&mut self, settings: &BTreeMap<String, String>) {
        let mut gateway = Fields::default();
        options::apply(&values(settings), Scope::Gateway, "settings", &mut gateway, &mut self.notes);
        self.imported.configuration.document.set_section("gateway", gateway.0);
        let days =
            settings.get("request_log_retention_days").and_then(|days| days.trim().parse::<u32>().ok());
        if let Some(days) = days.filter(|days| *days != 7) {
            let mut requests = Fields::default();
            requests.put("retention", format!("{days}d"));
            self.imported.configuration.document.set_section("requests", requests.0);
        }
    }

    fn finish(mut self) -> Imported {
        if !self.imported.configuration.document.list("providers").is_empty() {
            let message = "failures are counted in a row: a success sets the count to zero. gpt-load counts on over successes; `failures.cumulative: true` does so too";
            self.notes.info("settings.blacklist_threshold", message);
        }
        self.imported.notes = self.notes.finish();
        self.imported
    }
}

fn provider_key(key: Key) -> ProviderKey {
    let status = match key.status.as_str() {
        "active" => KeyStatus::Active,
        "invalid" => KeyStatus::Invalid,
        _ => KeyStatus::Disabled,
    };
    let settings = KeySettingsSpec { note: key.notes, ..KeySettingsSpec::default() };
    ProviderKey { secret: key.value, status, settings, failures: key.failures }
}

/// A public model name as a rule.
pub(crate) fn bracketed(model: &str) -> String {
    if model.contains('/') { format!("<{model}>") } else { model.to_owned() }
}

fn values(settings: &BTreeMap<String, String>) -> Map<String, Value> {
    settings.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect()
}
