//! What is sealed: credentials, and secret fields of the configuration.

use roundhouse_domain::spec::{KeyLimitSpec, KeySettingsSpec};
use roundhouse_domain::{KeyStatus, Secret};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::configuration::{Configuration, Credential, Document, ProviderKey, ProviderKeys};
use crate::error::ReadError;

/// The sealed part as JSON.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Payload {
    /// Secret fields of the configuration, by JSON pointer.
    fields: Map<String, Value>,
    providers: Vec<Provider>,
    access_keys: Vec<AccessKey>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Provider {
    name: String,
    keys: Vec<Key>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    #[serde(rename = "key")]
    secret: String,
    #[serde(default)]
    status: KeyStatus,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weight: Option<u32>,
    #[serde(default, skip_serializing_if = "KeyLimitSpec::is_empty")]
    limits: KeyLimitSpec,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    proxy: Option<String>,
    #[serde(default, skip_serializing_if = "is_zero")]
    failures: u32,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccessKey {
    name: String,
    key: String,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Payload {
    /// Takes the secrets out of a configuration; `pointers` lead to secret fields.
    pub(super) fn take(configuration: &mut Configuration, pointers: &[String]) -> Self {
        let mut fields = Map::new();
        for pointer in pointers {
            if let Some(value) = remove(&mut configuration.document, pointer) {
                fields.insert(pointer.clone(), value);
            }
        }
        let providers = std::mem::take(&mut configuration.keys).into_iter().map(|entry| Provider {
            name: entry.provider,
            keys: entry.keys.into_iter().map(Key::from).collect(),
        });
        let credentials = std::mem::take(&mut configuration.credentials).into_iter();
        let access_key =
            |entry: Credential| AccessKey { name: entry.access_key, key: entry.secret.expose().to_owned() };
        Self { fields, providers: providers.collect(), access_keys: credentials.map(access_key).collect() }
    }

    /// True when there is nothing secret.
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.providers.is_empty() && self.access_keys.is_empty()
    }

    /// Puts the secrets back.
    pub(super) fn put_back(self, configuration: &mut Configuration) -> Result<(), ReadError> {
        for (pointer, value) in self.fields {
            let put = insert(&mut configuration.document, &pointer, value);
            put.ok_or_else(|| {
                ReadError::shape("secrets", "a secret belongs to something that is not in the file")
            })?;
        }
        for provider in self.providers {
            let keys = provider.keys.into_iter().map(ProviderKey::from).collect();
            configuration.keys.push(ProviderKeys { provider: provider.name, keys });
        }
        let credential =
            |entry: AccessKey| Credential { access_key: entry.name, secret: Secret::from(entry.key) };
        configuration.credentials.extend(self.access_keys.into_iter().map(credential));
        Ok(())
    }
}

impl From<ProviderKey> for Key {
    fn from(key: ProviderKey) -> Self {
        let ProviderKey { secret, status, settings, failures } = key;
        let KeySettingsSpec { weight, limits, proxy, note, tags } = settings;
        Self {
            secret: secret.expose().to_owned(),
            status,
            note,
            tags,
            weight: Some(weight).filter(|weight| *weight != KeySettingsSpec::DEFAULT_WEIGHT),
            limits,
            proxy: proxy.map(|proxy| proxy.expose().to_owned()),
            failures,
        }
    }
}

impl From<Key> for ProviderKey {
    fn from(key: Key) -> Self {
        let Key { secret, status, note, tags, weight, limits, proxy, failures } = key;
        let weight = weight.unwrap_or(KeySettingsSpec::DEFAULT_WEIGHT).min(KeySettingsSpec::MAX_WEIGHT);
        let settings = KeySettingsSpec { weight, limits, proxy: proxy.map(Secret::from), note, tags };
        Self { secret: Secret::from(secret), status, settings, failures }
    }
}

fn remove(document: &mut Document, pointer: &str) -> Option<Value> {
    let (parent, name) = parent(document, pointer)?;
    parent.shift_remove(&name)
}

fn insert(document: &mut Document, pointer: &str, value: Value) -> Option<()> {
    let (parent, name) = parent(document, pointer)?;
    parent.insert(name, value);
    Some(())
}

/// The object that a field is in, and the field's name.
fn parent<'d>(document: &'d mut Document, pointer: &str) -> Option<(&'d mut Map<String, Value>, String)> {
    let (place, name) = pointer.rsplit_once('/')?;
    let mut segments = place.split('/').skip(1).map(unescaped);
    let first = segments.next()?;
    let mut value = document.0.get_mut(&first)?;
    for segment in segments {
        value = match value {
            Value::Object(fields) => fields.get_mut(&segment)?,
            Value::Array(items) => items.get_mut(segment.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some((value.as_object_mut()?, unescaped(name)))
}

fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
