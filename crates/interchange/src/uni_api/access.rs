//! `api_keys`: who may use what, and in which order providers are asked.

use std::collections::HashMap;

use roundhouse_domain::Secret;
use serde_json::{Map, Value, json};

use super::preferences::{per_minute, preference};
use super::read::Reading;
use crate::configuration::Credential;
use crate::fields::{Fields, number, text, truth, whole};
use crate::names::Names;

/// Keys that name keys that name keys.
const MAX_NESTING: usize = 8;

/// A key with its rules.
struct Key {
    place: String,
    api: String,
    role: Option<String>,
    rules: Vec<(String, Option<u64>)>,
    preferences: Option<Map<String, Value>>,
}

/// Reads the keys; the first one decides the order of providers, since that is of the whole gateway here.
pub(super) fn read(entries: &[Value], reading: &mut Reading<'_>) {
    let keys: Vec<Key> =
        entries.iter().enumerate().filter_map(|(index, entry)| key(entry, index, reading)).collect();
    let mut names = Names::default();
    for (index, key) in keys.iter().enumerate() {
        access_key(key, index, &keys, &mut names, reading);
    }
    order(&keys, reading);
}

fn key(entry: &Value, index: usize, reading: &mut Reading<'_>) -> Option<Key> {
    let place = format!("api_keys[{index}]");
    let Some(fields) = entry.as_object() else {
        reading.notes.skip(place, "must be an object; it is left out");
        return None;
    };
    let Some(api) = reading.text(fields, "api", &place) else {
        reading.notes.skip(place, "has no key; it is left out");
        return None;
    };
    for name in fields.keys() {
        if !["api", "role", "model", "preferences", "notes"].contains(&name.as_str()) {
            reading.notes.warn(format!("{place}.{name}"), "is not understood and left out");
        }
    }
    let preferences = fields.get("preferences").and_then(Value::as_object).cloned();
    Some(Key {
        api,
        role: text(fields, "role").map(str::to_owned),
        rules: rules(fields.get("model")),
        preferences,
        place,
    })
}

/// Rules with weights; everything, when there is none.
fn rules(value: Option<&Value>) -> Vec<(String, Option<u64>)> {
    let mut rules = Vec::new();
    let items = match value {
        Some(Value::Array(items)) => items.as_slice(),
        Some(Value::Null) | None => &[],
        Some(value) => std::slice::from_ref(value),
    };
    for item in items {
        match item {
            Value::String(rule) if !rule.trim().is_empty() => rules.push((rule.trim().to_owned(), None)),
            Value::Object(weighted) => {
                rules.extend(weighted.iter().map(|(rule, weight)| (rule.trim().to_owned(), whole(weight))));
            }
            _ => {}
        }
    }
    if rules.is_empty() {
        rules.push(("all".to_owned(), None));
    }
    rules
}

fn access_key(key: &Key, index: usize, keys: &[Key], names: &mut Names, reading: &mut Reading<'_>) {
    let label = key.role.clone().unwrap_or_else(|| format!("api-key-{}", index + 1));
    let name = names.take_text(&label);
    let mut fields = Fields::named(&name);
    let mut models: Vec<String> = Vec::new();
    our_rules(key, keys, 0, &mut models, reading);
    models.dedup();
    if models.is_empty() {
        reading
            .notes
            .warn(format!("{}.model", key.place), "none of its rules leads anywhere: it is switched off");
        models.push("all".to_owned());
        fields.put("enabled", false);
    }
    fields.put("models", models);
    if key.role.as_deref().is_some_and(|role| role.contains("admin")) {
        let message = "may use models here; who administers is a user with a login";
        reading.notes.info(format!("{}.role", key.place), message);
    }
    limits(key, &mut fields, reading);
    reading
        .imported
        .configuration
        .credentials
        .push(Credential { access_key: name, secret: Secret::from(key.api.as_str()) });
    reading.imported.configuration.document.push("access_keys", fields.0);
}

/// The rules in our words; what other keys may use is put in the place of their names.
fn our_rules(key: &Key, keys: &[Key], depth: usize, out: &mut Vec<String>, reading: &mut Reading<'_>) {
    for (rule, _) in &key.rules {
        let place = format!("{}.model[{rule}]", key.place);
        if rule == "all" || rule.starts_with('<') {
            add(out, rule.clone());
            continue;
        }
        let Some((before, after)) = rule.split_once('/') else {
            add(out, rule.clone());
            continue;
        };
        if let Some(provider) = reading.renamed(before) {
            add(out, format!("{provider}/{after}"));
        } else if let Some(other) = keys.iter().find(|other| other.api == before) {
            match after {
                "*" if depth < MAX_NESTING => our_rules(other, keys, depth + 1, out, reading),
                "*" => reading.notes.skip(place, "names keys in a circle; it is left out"),
                model => add(out, crate::gpt_load::bracketed(model)),
            }
        } else if after == "*" {
            reading
                .notes
                .skip(masked(&key.place, before), "names a provider that is not there; it is left out");
        } else {
            // An organisation's model, written without brackets.
            add(out, format!("<{rule}>"));
        }
    }
}

fn add(rules: &mut Vec<String>, rule: String) {
    if !rules.contains(&rule) {
        rules.push(rule);
    }
}

/// The place of a rule that may name another key.
fn masked(place: &str, name: &str) -> String {
    format!("{place}.model[{}/*]", if name.starts_with("sk-") { "sk-****" } else { name })
}

fn limits(key: &Key, fields: &mut Fields, reading: &mut Reading<'_>) {
    let Some(preferences) = &key.preferences else { return };
    for (name, value) in preferences {
        let place = format!("{}.preferences.{name}", key.place);
        match name.as_str() {
            "SCHEDULING_ALGORITHM" | "created_at" => {}
            "AUTO_RETRY" if truth(value) != Some(false) => {}
            "AUTO_RETRY" => {
                reading.notes.warn(place, "calls are always tried again where that is safe: left out");
            }
            "ENABLE_MODERATION" if truth(value) != Some(true) => {}
            "ENABLE_MODERATION" => {
                reading.notes.warn(place, "is left out: set up a guardrail for moderation");
            }
            "rate_limit" => rate_limit(value, &place, fields, reading),
            "credits" => credits(value, &place, fields, reading),
            _ => reading.notes.warn(place, "is not understood and left out"),
        }
    }
}

fn rate_limit(value: &Value, place: &str, fields: &mut Fields, reading: &mut Reading<'_>) {
    let of_all = match value {
        Value::Object(by_model) => {
            if by_model.keys().any(|name| name != "default") {
                reading.notes.warn(place, "limits of single models are left out");
            }
            by_model.get("default").and_then(Value::as_str)
        }
        value => value.as_str(),
    };
    let Some(text) = of_all else { return };
    match per_minute(text) {
        Some((count, is_whole)) => {
            if (1..999_999).contains(&count) {
                fields.put_in("limits", "requests_per_minute", count);
            }
            if !is_whole {
                reading.notes.warn(place, "limits over more than a minute are left out");
            }
        }
        None => reading.notes.skip(place, "is no limit such as 15/min; it is left out"),
    }
}

fn credits(value: &Value, place: &str, fields: &mut Fields, reading: &mut Reading<'_>) {
    match number(value) {
        Some(0.0) => {
            fields.put("enabled", false);
            reading.notes.info(place, "are used up: it is switched off");
        }
        Some(credits) if credits > 0.0 => {
            fields.put_in("limits", "usd_per_month", credits);
            reading
                .notes
                .warn(place, "budgets are per day or month: the credits are its budget of each month");
        }
        _ => {}
    }
}

/// Gives providers the tiers and weights that make the first key's order.
fn order(keys: &[Key], reading: &mut Reading<'_>) {
    let Some(first) = keys.first() else { return };
    let algorithm = |key: &Key| {
        preference(key.preferences.as_ref(), "SCHEDULING_ALGORITHM").unwrap_or("fixed_priority").to_owned()
    };
    let leading = algorithm(first);
    let is_weighted = matches!(leading.as_str(), "weighted_round_robin" | "lottery" | "smart_round_robin");
    let mut weights: HashMap<String, u64> = HashMap::new();
    let mut ordered: Vec<String> = Vec::new();
    for (rule, weight) in &first.rules {
        let named = rule.split_once('/').and_then(|(before, _)| reading.renamed(before)).map(str::to_owned);
        let found = named.map_or_else(
            || reading.providers.iter().map(|(_, ours)| ours.clone()).collect(),
            |one| vec![one],
        );
        for provider in found {
            if let Some(weight) = weight {
                weights.entry(provider.clone()).or_insert(*weight);
            }
            if !ordered.contains(&provider) {
                ordered.push(provider);
            }
        }
    }
    if leading == "fixed_priority" && ordered.len() > 1 {
        for (tier, provider) in ordered.iter().enumerate() {
            set(provider, "tier", json!(tier), reading);
        }
        let message = "providers are asked in the order of the first key: each has a tier of its own";
        reading.notes.info("api_keys[0].preferences.SCHEDULING_ALGORITHM", message);
    } else if is_weighted {
        for (provider, weight) in &weights {
            set(provider, "weight", json!(weight.clamp(&1, &1_000_000)), reading);
        }
    }
    for key in &keys[1..] {
        if algorithm(key) != leading || key.rules != first.rules {
            let message = "the order of providers is of the whole gateway: that of the first key is used";
            return reading.notes.warn(format!("{}.preferences.SCHEDULING_ALGORITHM", key.place), message);
        }
    }
}

fn set(provider: &str, field: &str, value: Value, reading: &mut Reading<'_>) {
    let Some(at) = reading.places.get(provider) else { return };
    let document = &mut reading.imported.configuration.document.0;
    if let Some(Value::Object(fields)) = document.get_mut("providers").and_then(|list| list.get_mut(*at)) {
        fields.insert(field.to_owned(), value);
    }
}
