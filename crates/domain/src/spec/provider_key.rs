//! Credentials of providers as declared.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// A provider key: the credential alone, or with settings of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(from = "KeyEntry")]
#[schemars(with = "KeyEntry")]
pub struct ProviderKeySpec {
    /// The credential.
    pub key: Secret,
    /// What is said of it; most keys have nothing, and in a pool of 100,000 that must cost nothing.
    pub settings: Option<Box<KeySettingsSpec>>,
}

/// What is said of one provider key beyond its credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySettingsSpec {
    /// Share among the usable keys of its provider; 0 is off.
    pub weight: u32,
    /// How much may be asked for with it; what is absent is as the provider's `key_limits` say.
    pub limits: KeyLimitSpec,
    /// The outbound proxy of requests with it, instead of the provider's.
    pub proxy: Option<Secret>,
    /// What people should know of it.
    pub note: String,
    /// Words to find it by.
    pub tags: Vec<String>,
}

/// Limits of a provider key; what is absent is unlimited. A key at one of its limits is passed over until there is room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KeyLimitSpec {
    /// Requests sent within any 60 seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub requests_per_minute: Option<u32>,
    /// Tokens, in and out, within any 60 seconds; the key is used while the sum is below.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub tokens_per_minute: Option<u64>,
    /// Requests sent on a day (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub requests_per_day: Option<u32>,
    /// Requests under way at the same time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub concurrent: Option<u32>,
}

impl KeyLimitSpec {
    /// True when nothing is limited.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// These limits, and those of `defaults` where these say nothing.
    #[must_use]
    pub fn or(&self, defaults: &Self) -> Self {
        Self {
            requests_per_minute: self.requests_per_minute.or(defaults.requests_per_minute),
            tokens_per_minute: self.tokens_per_minute.or(defaults.tokens_per_minute),
            requests_per_day: self.requests_per_day.or(defaults.requests_per_day),
            concurrent: self.concurrent.or(defaults.concurrent),
        }
    }
}

impl KeySettingsSpec {
    /// The weight of a key that says nothing of it.
    pub const DEFAULT_WEIGHT: u32 = 10;
    /// The highest weight.
    pub const MAX_WEIGHT: u32 = 1_000;
}

impl Default for KeySettingsSpec {
    fn default() -> Self {
        Self {
            weight: Self::DEFAULT_WEIGHT,
            limits: KeyLimitSpec::default(),
            proxy: None,
            note: String::new(),
            tags: Vec::new(),
        }
    }
}

impl From<Secret> for ProviderKeySpec {
    fn from(key: Secret) -> Self {
        Self { key, settings: None }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum KeyEntry {
    /// The credential.
    Key(#[schemars(with = "String")] Secret),
    /// With settings.
    Details(KeyDetails),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KeyDetails {
    /// The credential.
    key: Secret,
    /// Share among the usable keys of its provider; 0 is off. Default 10.
    #[serde(default = "default_weight")]
    #[schemars(range(max = 1_000))]
    weight: u32,
    /// How much may be asked for with it; what is absent is as the provider's `key_limits` say.
    #[serde(default)]
    limits: KeyLimitSpec,
    /// The outbound proxy of requests with it, instead of the provider's.
    #[serde(default)]
    proxy: Option<Secret>,
    /// What people should know of it.
    #[serde(default)]
    #[schemars(length(max = 500))]
    note: String,
    /// Words to find it by.
    #[serde(default)]
    tags: Vec<String>,
}

impl From<KeyEntry> for ProviderKeySpec {
    fn from(entry: KeyEntry) -> Self {
        let (key, settings) = match entry {
            KeyEntry::Key(key) => return key.into(),
            KeyEntry::Details(KeyDetails { key, weight, limits, proxy, note, tags }) => {
                (key, KeySettingsSpec { weight, limits, proxy, note, tags })
            }
        };
        let settings = (settings != KeySettingsSpec::default()).then(|| Box::new(settings));
        Self { key, settings }
    }
}

const fn default_weight() -> u32 {
    KeySettingsSpec::DEFAULT_WEIGHT
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: serde_json::Value) -> ProviderKeySpec {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_key_is_a_text_or_has_settings() {
        assert_eq!(read(json!("sk-1")), Secret::from("sk-1").into());
        assert_eq!(read(json!({ "key": "sk-1" })), Secret::from("sk-1").into());
        let key =
            read(json!({ "key": "sk-1", "weight": 3, "limits": { "requests_per_day": 5 }, "tags": ["a"] }));
        let settings = key.settings.unwrap();
        assert_eq!((settings.weight, settings.limits.requests_per_day), (3, Some(5)));
        assert_eq!(settings.tags, ["a"]);
    }

    #[test]
    fn a_key_overrides_single_limits_of_its_provider() {
        let own = KeyLimitSpec { requests_per_minute: Some(5), ..KeyLimitSpec::default() };
        let defaults =
            KeyLimitSpec { requests_per_minute: Some(1), concurrent: Some(2), ..KeyLimitSpec::default() };
        let both = own.or(&defaults);
        assert_eq!(
            (both.requests_per_minute, both.concurrent, both.tokens_per_minute),
            (Some(5), Some(2), None)
        );
    }
}
