//! A whole configuration as plain values.

use std::collections::HashSet;

use roundhouse_domain::spec::KeySettingsSpec;
use roundhouse_domain::{KeyStatus, Secret};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::ReadError;
use crate::note::Note;

/// What a format was read into.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// What it holds.
    pub configuration: Configuration,
    /// What has no counterpart, and what was done instead.
    pub notes: Vec<Note>,
}

/// A configuration with its credentials.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// Everything but credentials.
    pub document: Document,
    /// Credentials of providers.
    pub keys: Vec<ProviderKeys>,
    /// Credentials of clients.
    pub credentials: Vec<Credential>,
    /// Hashes of credentials of clients.
    pub hashes: Option<Hashes>,
}

/// The credentials of one provider.
#[derive(Clone, Debug)]
pub struct ProviderKeys {
    /// The provider's name.
    pub provider: String,
    /// Its keys; doubles do not matter.
    pub keys: Vec<ProviderKey>,
}

/// One credential of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderKey {
    /// The credential.
    pub secret: Secret,
    /// Whether it is to be used.
    pub status: KeyStatus,
    /// What is said of it.
    pub settings: KeySettingsSpec,
    /// Failures counted so far.
    pub failures: u32,
}

impl ProviderKey {
    /// A key that is in use, of which nothing is said.
    pub fn active(secret: impl Into<Secret>) -> Self {
        let settings = KeySettingsSpec::default();
        Self { secret: secret.into(), status: KeyStatus::Active, settings, failures: 0 }
    }
}

/// The credential of an access key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The access key's name.
    pub access_key: String,
    /// The credential.
    pub secret: Secret,
}

/// Hashes of credentials, which only an installation with the same master key can use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hashes {
    /// Tells the master key from others.
    pub hashed_by: String,
    /// Hashes by access key.
    pub access_keys: Vec<CredentialHash>,
}

/// The hash of one credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialHash {
    /// The access key's name.
    pub name: String,
    /// The hash, in hexadecimal digits.
    pub hash: String,
    /// The credential as shown to people.
    pub masked: String,
}

impl Hashes {
    /// The hashes as JSON.
    pub(crate) fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Reads what [`Self::to_value`] writes.
    pub(crate) fn from_value(value: &Value) -> Result<Self, ReadError> {
        Self::deserialize(value).map_err(|error| ReadError::shape("access_key_hashes", error.to_string()))
    }
}

/// An object of the shape of `roundhouse.yaml`: lists such as `providers`, and sections such as `gateway`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document(pub Map<String, Value>);

impl Document {
    /// The entries of a list; none when it is not there.
    pub fn list(&self, name: &str) -> &[Value] {
        self.0.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Adds an entry to a list.
    pub(crate) fn push(&mut self, list: &str, entry: Map<String, Value>) {
        let entries = self.0.entry(list).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(entries) = entries {
            entries.push(Value::Object(entry));
        }
    }

    /// Sets the fields of a section.
    pub(crate) fn set_section(&mut self, section: &str, fields: Map<String, Value>) {
        if !fields.is_empty() {
            self.0.insert(section.to_owned(), Value::Object(fields));
        }
    }
}

impl Configuration {
    /// Adds keys to those of a provider; each is there once.
    pub(crate) fn add_keys(&mut self, provider: &str, keys: impl IntoIterator<Item = ProviderKey>) {
        let known = self.keys.iter().position(|entry| entry.provider == provider);
        let at = known.unwrap_or_else(|| {
            self.keys.push(ProviderKeys { provider: provider.to_owned(), keys: Vec::new() });
            self.keys.len() - 1
        });
        let known = self.keys[at].keys.iter().map(|key| key.secret.expose().to_owned());
        let mut known: HashSet<String> = known.collect();
        for key in keys {
            if known.insert(key.secret.expose().to_owned()) {
                self.keys[at].keys.push(key);
            }
        }
    }

    /// How many provider keys there are.
    pub fn key_count(&self) -> usize {
        self.keys.iter().map(|entry| entry.keys.len()).sum()
    }
}
