//! For whom requests are written.

use roundhouse_domain::spec::{Family, ProviderKind};
use roundhouse_llm::catalogue::Facts;
use roundhouse_llm::dialect::{Dialect, Target};
use roundhouse_llm::profile;
use serde_json::Value;

use crate::rules::{self, Broken, chat::Vendor};

/// Who is asked.
pub struct Kind {
    /// As the table names it.
    pub name: String,
    pub dialect: Dialect,
    pub provider: ProviderKind,
    model: &'static str,
    profile: &'static str,
    vendor: Option<&'static Vendor>,
}

/// All who are asked.
pub fn all() -> Vec<Kind> {
    let chat = rules::chat::ALL.iter().map(|vendor| Kind {
        name: format!("{} {}", vendor.name, vendor.model),
        dialect: Dialect::Chat,
        provider: if vendor.name == "openai" { ProviderKind::Openai } else { ProviderKind::OpenaiCompatible },
        model: vendor.model,
        profile: vendor.name,
        vendor: Some(vendor),
    });
    let others = [
        ("responses", Dialect::Responses, ProviderKind::Openai, "gpt-5"),
        ("anthropic", Dialect::Messages, ProviderKind::Anthropic, "claude-sonnet-4-5"),
        ("anthropic", Dialect::Messages, ProviderKind::Anthropic, "claude-opus-4-6"),
        ("vertex", Dialect::Messages, ProviderKind::Vertex, "claude-sonnet-4-5@20250929"),
        ("bedrock", Dialect::Messages, ProviderKind::Bedrock, "anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("gemini", Dialect::Gemini, ProviderKind::Gemini, "gemini-2.5-flash"),
        ("gemini", Dialect::Gemini, ProviderKind::Gemini, "gemini-3-pro-preview"),
        ("vertex", Dialect::Gemini, ProviderKind::Vertex, "gemini-2.5-pro"),
        ("bedrock", Dialect::Converse, ProviderKind::Bedrock, "amazon.nova-pro-v1:0"),
        ("bedrock", Dialect::Converse, ProviderKind::Bedrock, "meta.llama3-3-70b-instruct-v1:0"),
        ("cohere", Dialect::Cohere, ProviderKind::Cohere, "command-a-03-2025"),
    ];
    let others = others.map(|(name, dialect, provider, model)| Kind {
        name: format!("{name} {model}"),
        dialect,
        provider,
        model,
        profile: "openai",
        vendor: None,
    });
    chat.chain(others).collect()
}

impl Kind {
    pub fn target<'a>(&self, facts: &'a Facts) -> Target<'a> {
        Target {
            family: self.provider.family(),
            model: self.model,
            profile: profile::named(self.profile),
            facts,
        }
    }

    pub fn is_cloud(&self) -> bool {
        matches!(self.provider.family(), Family::Vertex | Family::Bedrock)
    }

    /// Rules that `body` breaks; `own` is the caller's own body where it is of the same dialect.
    pub fn broken(&self, body: &Value, own: &Value) -> Broken {
        let is_cloud = self.is_cloud();
        match self.dialect {
            Dialect::Responses => rules::responses::broken(body),
            Dialect::Messages => rules::messages::broken(body, is_cloud),
            Dialect::Gemini => rules::gemini::broken(body, is_cloud),
            Dialect::Converse => rules::bedrock::broken(body),
            Dialect::Cohere => rules::cohere::broken(body),
            Dialect::Chat | Dialect::Completions => {
                rules::chat::broken(self.vendor.expect("chat has a vendor"), body, own)
            }
        }
    }
}
