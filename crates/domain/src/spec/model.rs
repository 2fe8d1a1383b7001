//! What people decided about single models of providers, and how lists of models are kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Name, Span};

/// What is decided about a model that a provider lists: what it is called here, whether it is served, and whether it is gone for
/// good. It stays when the provider's list changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelEditSpec {
    /// Whose model.
    pub provider: Name,
    /// The provider's name for it.
    #[schemars(length(min = 1, max = 300))]
    pub model: String,
    /// The name callers use instead of the provider's.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub public_name: Option<String>,
    /// Further names callers may use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20))]
    pub aliases: Vec<String>,
    /// Whether it is served. Default true.
    #[serde(default = "default_true")]
    pub enabled: bool,
    /// Whether it is left out of everything, also when the provider goes on listing it. Default false.
    #[serde(default)]
    pub deleted: bool,
}

impl ModelEditSpec {
    /// Nothing decided about a model.
    pub const fn nothing(provider: Name, model: String) -> Self {
        Self { provider, model, public_name: None, aliases: Vec::new(), enabled: true, deleted: false }
    }

    /// True when it says nothing, and may as well not be there.
    pub const fn is_nothing(&self) -> bool {
        self.public_name.is_none() && self.aliases.is_empty() && self.enabled && !self.deleted
    }

    /// Its name among all of them: `provider/model`.
    pub fn key(&self) -> String {
        format!("{}/{}", self.provider, self.model)
    }
}

/// How providers are asked for their models.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DiscoverySpec {
    /// Time between two times that a provider is asked; 0 asks only at start, when it is new, and when a person wants it.
    /// Default 6h.
    pub interval: Span,
    /// Time that models are remembered which a provider no longer lists. Default 90d.
    pub keep_missing: Span,
}

impl Default for DiscoverySpec {
    fn default() -> Self {
        Self { interval: Span::secs(6 * 3_600), keep_missing: Span::secs(90 * 86_400) }
    }
}

const fn default_true() -> bool {
    true
}
