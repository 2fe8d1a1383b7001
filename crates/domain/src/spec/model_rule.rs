//! Which models an access key may use.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One rule: `all`, a public model name, `provider/*`, `provider/name`, or `<org/name>` for a public name with a slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelRule {
    /// Every model of every provider.
    All,
    /// One public model name, whoever serves it. A text with a slash is also tried as `provider/name`.
    Model(String),
    /// Every model of one provider.
    Provider(String),
    /// One public name, only as served by one provider.
    ProviderModel {
        /// The provider's name.
        provider: String,
        /// The public model name.
        model: String,
    },
}

impl ModelRule {
    /// Reads a rule; every non-empty text is one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if text == "all" || text == "*" {
            return Some(Self::All);
        }
        if let Some(model) = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
            return (!model.is_empty()).then(|| Self::Model(model.to_owned()));
        }
        Some(match text.split_once('/') {
            None => Self::Model(text.to_owned()),
            Some((provider, "*")) => Self::Provider(provider.to_owned()),
            Some((provider, model)) => {
                Self::ProviderModel { provider: provider.to_owned(), model: model.to_owned() }
            }
        })
    }

    /// True when the rule lets `model` be served by `provider`.
    pub fn allows(&self, provider: &str, model: &str) -> bool {
        match self {
            Self::All => true,
            Self::Model(name) => name == model,
            Self::Provider(name) => name == provider,
            Self::ProviderModel { provider: p, model: m } => {
                (p == provider && m == model) || model.split_once('/') == Some((p, m))
            }
        }
    }
}

impl fmt::Display for ModelRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Model(model) if model.contains('/') => write!(f, "<{model}>"),
            Self::Model(model) => f.write_str(model),
            Self::Provider(provider) => write!(f, "{provider}/*"),
            Self::ProviderModel { provider, model } => write!(f, "{provider}/{model}"),
        }
    }
}

impl Serialize for ModelRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ModelRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom("a model rule is all, a model, provider/* or provider/model")
        })
    }
}

impl JsonSchema for ModelRule {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ModelRule".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "description": "all, a public model name, provider/*, provider/name, or <org/name>." })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar_decides_who_may_use_what() {
        let allows = |rule: &str, provider, model| ModelRule::parse(rule).unwrap().allows(provider, model);
        assert!(allows("all", "openai", "gpt-4o"));
        assert!(allows("gpt-4o", "azure", "gpt-4o"));
        assert!(!allows("gpt-4o", "azure", "gpt-4o-mini"));
        assert!(allows("openai/*", "openai", "anything"));
        assert!(!allows("openai/*", "azure", "anything"));
        assert!(allows("openai/gpt-4o", "openai", "gpt-4o"));
        assert!(!allows("openai/gpt-4o", "azure", "gpt-4o"));
        assert!(allows("<meta/llama>", "groq", "meta/llama"));
        assert!(allows("meta/llama", "groq", "meta/llama"), "a public name with a slash needs no brackets");
    }

    #[test]
    fn rules_read_what_they_write() {
        for rule in ["all", "gpt-4o", "openai/*", "openai/gpt-4o", "<meta/llama>"] {
            assert_eq!(ModelRule::parse(rule).unwrap().to_string(), rule);
        }
    }
}
