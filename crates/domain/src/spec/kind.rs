//! Kinds of providers: one table of what they are called, whose shape they have, where they are and what they speak.

mod dialects;
mod table;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

pub use dialects::{ClientDialect, Dialects};
pub use table::ProviderKind;
use table::{KINDS, Row};

/// Whose shape an upstream's API has: what its paths, credentials and bodies look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// The OpenAI API itself.
    Openai,
    /// Nothing but OpenAI's `POST /responses`.
    OpenaiResponses,
    /// OpenAI's shape, with differences.
    OpenaiCompatible,
    /// Azure OpenAI.
    Azure,
    /// Anthropic's.
    Anthropic,
    /// The Gemini API.
    Gemini,
    /// Vertex AI: Google's models as in Gemini, Claude as in Anthropic's, others as in OpenAI's.
    Vertex,
    /// Amazon Bedrock.
    Bedrock,
    /// Cohere's version 2.
    Cohere,
    /// Voyage: embeddings and reranking.
    Voyage,
    /// Jina: embeddings and reranking.
    Jina,
    /// Answers from inside the process.
    Demo,
}

/// A name that no kind has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no kind of provider is called {0:?}")]
pub struct UnknownKind(pub String);

impl ProviderKind {
    /// The kind's name in configuration.
    pub const fn as_str(self) -> &'static str {
        self.row().name
    }

    /// What it is, for people.
    pub const fn about(self) -> &'static str {
        self.row().about
    }

    /// Other names for it.
    pub const fn aliases(self) -> &'static [&'static str] {
        self.row().aliases
    }

    /// Whose shape its API has.
    pub const fn family(self) -> Family {
        self.row().family
    }

    /// Its public address with the version path, where it has one for everybody.
    pub const fn base_url(self) -> Option<&'static str> {
        self.row().url
    }

    /// What it speaks itself, unless the operator says otherwise.
    pub const fn dialects(self) -> Dialects {
        self.row().dialects
    }

    /// Whether it can be asked which models it has.
    pub const fn lists_models(self) -> bool {
        self.row().lists_models
    }

    /// Whether everybody needs a credential there.
    pub const fn needs_key(self) -> bool {
        !matches!(self.family(), Family::OpenaiResponses | Family::OpenaiCompatible | Family::Demo)
            || self.row().url.is_some()
    }

    /// The kind that answers at `host`, which may end in `:port`; none where that says nothing.
    pub fn of_host(host: &str) -> Option<Self> {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let is_here = |pattern: &&'static str| fits(pattern, if pattern.contains(':') { host } else { name });
        KINDS.iter().find(|kind| kind.hosts.iter().any(is_here)).map(|kind| kind.kind)
    }

    /// All kinds, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|kind| kind.kind)
    }

    const fn row(self) -> &'static Row {
        &KINDS[self as usize]
    }
}

/// True when `text` fits `pattern`, in which a `*` stands for any characters but none at all.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == text };
    let Some(rest) = text.strip_prefix(before) else { return false };
    (1..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| fits(after, rest)))
}

impl fmt::Display for ProviderKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProviderKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let is_it = |kind: &&Row| kind.name == text || kind.aliases.contains(&text);
        KINDS.iter().find(is_it).map(|kind| kind.kind).ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

impl Serialize for ProviderKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ProviderKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'_, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for ProviderKind {
    fn schema_name() -> Cow<'static, str> {
        "ProviderKind".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut choices: Vec<Value> = KINDS.iter().map(name).collect();
        let aliases: Vec<&str> = KINDS.iter().flat_map(|kind| kind.aliases).copied().collect();
        choices.push(json!({ "enum": aliases, "description": "Other names." }));
        json_schema!({ "description": "Which API an upstream speaks, and how it wants its credential.", "oneOf": choices })
    }
}

fn name(kind: &Row) -> Value {
    let mut about = kind.about.to_owned();
    if !kind.aliases.is_empty() {
        about = format!("{about} Also called {}.", kind.aliases.join(", "));
    }
    json!({ "const": kind.name, "type": "string", "description": about })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_row_is_at_its_kinds_place_and_no_name_is_taken_twice() {
        let mut names = HashSet::new();
        for (index, kind) in KINDS.iter().enumerate() {
            assert_eq!(kind.kind as usize, index, "{}", kind.name);
            for name in [&kind.name].into_iter().chain(kind.aliases) {
                assert!(names.insert(*name), "{name} is there twice");
                assert_eq!(name.parse(), Ok(kind.kind));
                assert_eq!(serde_json::from_value::<ProviderKind>(json!(name)).unwrap(), kind.kind);
            }
            assert_eq!(serde_json::to_value(kind.kind).unwrap(), json!(kind.name));
        }
        assert_eq!("opnai".parse::<ProviderKind>(), Err(UnknownKind("opnai".into())));
    }

    #[test]
    fn every_public_address_leads_back_to_its_kind() {
        for kind in ProviderKind::all() {
            if let Some(url) = kind.base_url() {
                let host = url.strip_prefix("https://").unwrap().split('/').next().unwrap();
                assert_eq!(ProviderKind::of_host(host), Some(kind), "{url}");
            }
        }
    }

    #[test]
    fn hosts_tell_the_kind() {
        use ProviderKind as K;
        let cases = [
            ("me.openai.azure.com", Some(K::Azure)),
            ("dashscope-intl.aliyuncs.com", Some(K::Dashscope)),
            ("api.moonshot.ai", Some(K::Moonshot)),
            ("api.z.ai", Some(K::Zhipu)),
            ("ark.cn-beijing.volces.com", Some(K::Volcengine)),
            ("api.minimax.io", Some(K::Minimax)),
            ("localhost:11434", Some(K::Ollama)),
            ("localhost:8000", None),
            ("us-central1-aiplatform.googleapis.com", Some(K::Vertex)),
            ("aiplatform.eu.rep.googleapis.com", Some(K::Vertex)),
            ("bedrock-runtime.us-east-1.amazonaws.com", Some(K::Bedrock)),
            ("bedrock-runtime..amazonaws.com", None),
            ("api.cohere.ai:443", Some(K::Cohere)),
            ("openai.azure.com.example", None),
            ("notapi.openai.com", None),
            ("", None),
        ];
        for (host, kind) in cases {
            assert_eq!(ProviderKind::of_host(host), kind, "{host}");
        }
    }
}
