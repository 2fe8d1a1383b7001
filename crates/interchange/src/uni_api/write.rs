//! From a configuration of ours to the file.

mod file;
mod provider;

use roundhouse_domain::spec::{ModelFactsSpec, ModelRule, Price, ProviderSpec};
use serde_json::{Map, Value, json};

use crate::effective::Effective;
use crate::error::ReadError;
use crate::fields::text;
use crate::note::{Note, Notes};
use crate::text;
use crate::variables::Variables;

use file::File;

/// A file that was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The file as YAML.
    pub text: String,
    /// The file as a value, for uni-api's own interface.
    pub value: Value,
    /// What could not be said.
    pub notes: Vec<Note>,
}

/// Writes an `api.yaml`. What stands in `existing` and is not ours stays: other providers, other keys and fields that we do
/// not know; so do `${VAR}`s whose values, taken from `variables`, are what would be written anyway.
pub fn write(
    effective: &Effective,
    existing: Option<&[u8]>,
    variables: &Variables,
) -> Result<Written, WriteFileError> {
    let root = match existing.map(text::value).transpose()? {
        Some(Value::Object(root)) => root,
        Some(Value::Null) | None => Map::new(),
        Some(_) => return Err(ReadError::shape("api.yaml", "expected `providers:` at the top").into()),
    };
    let mut file = File::new(root, variables);
    let mut notes = Notes::from(effective.notes.clone());
    let mut providers: Vec<&ProviderSpec> = effective.providers.iter().collect();
    providers.sort_by_key(|provider| provider.tier);
    for spec in providers {
        let keys = effective.keys_of(spec.name.as_str());
        if let Some(entry) = provider::entry(spec, keys, &effective.catalogue, &mut notes) {
            file.put_provider(entry);
        }
    }
    access_keys(effective, &mut file, &mut notes);
    prices(&effective.catalogue, &mut file);
    for (list, is_there) in [("pools", !effective.pools.is_empty()), ("routes", !effective.routes.is_empty())]
    {
        if is_there {
            notes.warn(list, "have no counterpart: uni-api chooses by the rules of each key");
        }
    }
    let value = Value::Object(file.root);
    Ok(Written { text: text::write_yaml(&value), value, notes: notes.finish() })
}

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteFileError {
    /// The file that is there cannot be read.
    #[error("the file that is there cannot be read: {0}")]
    Existing(#[from] ReadError),
}

/// Adds the keys whose credentials are known; those that are there stay.
fn access_keys(effective: &Effective, file: &mut File<'_>, notes: &mut Notes) {
    let mut hashed = 0;
    for key in &effective.access_keys {
        let Some(credential) = effective.credentials.iter().find(|known| known.access_key == key.name) else {
            hashed += 1;
            continue;
        };
        let mut entry = Map::new();
        entry.insert("api".to_owned(), credential.secret.expose().into());
        entry.insert("role".to_owned(), key.name.as_str().into());
        entry.insert("model".to_owned(), key.models.iter().map(ModelRule::to_string).collect());
        let mut preferences = Map::new();
        if let Some(count) = key.limits.requests_per_minute {
            preferences.insert("rate_limit".to_owned(), format!("{count}/min").into());
        }
        if !key.enabled {
            preferences.insert("credits".to_owned(), json!(0));
        }
        if key.limits.usd_per_month.or(key.limits.usd_per_day).is_some() {
            notes.warn(
                format!("access_keys[{}].limits", key.name),
                "budgets per day and month have no counterpart",
            );
        }
        if !preferences.is_empty() {
            entry.insert("preferences".to_owned(), Value::Object(preferences));
        }
        file.put_api_key(entry);
    }
    if hashed > 0 {
        let message =
            format!("access keys whose credentials are kept as hashes only: {hashed}; they are left out");
        notes.skip("access_keys", message);
    }
    if file.root.get("api_keys").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        notes.warn("api_keys", "the file has no key, so that nobody can use it: add one");
    }
}

fn prices(facts: &[ModelFactsSpec], file: &mut File<'_>) {
    for facts in facts.iter().filter(|facts| facts.provider.is_none()) {
        let Some(prices) = &facts.prices else { continue };
        let prefix = facts.pattern.strip_suffix('*').unwrap_or(&facts.pattern);
        if prefix.is_empty() || prefix.contains('*') {
            continue;
        }
        if let (Some(input), Some(output)) = (prices.input, prices.output) {
            file.put_price(prefix, &format!("{},{}", dollars(input), dollars(output)));
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "prices are far below 2^53 nano-dollars")]
fn dollars(price: Price) -> f64 {
    price.0 as f64 / 1e9
}

/// The name of an entry.
pub(super) fn name_of(entry: &Value) -> Option<&str> {
    text(entry.as_object()?, "provider")
}

/// True when a file says just this; how it is written does not matter.
pub fn says(file: &[u8], value: &Value) -> bool {
    text::value(file).is_ok_and(|there| there == *value)
}
