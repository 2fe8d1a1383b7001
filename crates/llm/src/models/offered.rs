//! Reading a provider's list of its models.
//!
//! What servers say of a model beside its name has many spellings: `context_length` (OpenRouter, Together, Cohere),
//! `context_window` (Groq), `max_model_len` (vLLM), `max_context_length` (Mistral), `inputTokenLimit` and `outputTokenLimit`
//! (Google), `max_input_tokens` and `max_tokens` (Anthropic); sources as in [`super`], and
//! <https://openrouter.ai/docs/api-reference/list-available-models>, <https://docs.mistral.ai/api/#tag/models>; 2026-11.

use roundhouse_domain::spec::ProviderKind;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::UpstreamError;

/// A model as its provider lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// The provider's name for it.
    pub name: String,
    /// A name for people.
    pub display_name: Option<String>,
    /// Who made it, as the provider says.
    pub owned_by: Option<String>,
    /// The most tokens of prompt and answer together, or of the prompt where only that is told.
    pub context_tokens: Option<u64>,
    /// The most tokens of an answer.
    pub max_output_tokens: Option<u64>,
}

/// The models in one page of a provider's list, and the token of the next page.
///
/// # Errors
/// When the body is no list of models; the error says what it is instead.
pub fn parse_list(kind: ProviderKind, body: &[u8]) -> Result<(Vec<Offered>, Option<String>), UpstreamError> {
    if let Ok(entries) = serde_json::from_slice::<Vec<Entry>>(body) {
        return Ok((offered(entries), None));
    }
    let Ok(page) = serde_json::from_slice::<Page>(body) else {
        return Err(crate::errors::read_error(200, None, body));
    };
    let Some(entries) = page.data.or(page.models) else {
        return Err(crate::errors::read_error(200, None, body));
    };
    let next = match kind {
        ProviderKind::Gemini | ProviderKind::Cohere => page.next_page_token,
        _ if page.has_more => page.last_id,
        _ => None,
    };
    Ok((offered(entries), next.filter(|token| !token.is_empty())))
}

#[derive(Deserialize)]
struct Page {
    data: Option<Vec<Entry>>,
    models: Option<Vec<Entry>>,
    #[serde(rename = "nextPageToken", alias = "next_page_token")]
    next_page_token: Option<String>,
    #[serde(default)]
    has_more: bool,
    last_id: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    id: Option<String>,
    name: Option<String>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

fn offered(entries: Vec<Entry>) -> Vec<Offered> {
    let read = |entry: Entry| {
        let Entry { id, name, more } = entry;
        let display_name =
            text(&more, &["display_name", "displayName"]).or_else(|| name.clone().filter(|_| id.is_some()));
        let name = bare(&id.or(name)?).to_owned();
        Some(Offered {
            display_name: display_name.filter(|shown| *shown != name),
            owned_by: text(&more, &["owned_by", "organization"]),
            context_tokens: number(
                &more,
                &[
                    "context_length",
                    "context_window",
                    "max_model_len",
                    "max_context_length",
                    "inputTokenLimit",
                    "max_input_tokens",
                ],
            ),
            max_output_tokens: number(&more, &["max_output_tokens", "outputTokenLimit", "max_tokens"]),
            name,
        })
    };
    entries.into_iter().filter_map(read).filter(|model| !model.name.is_empty()).collect()
}

/// Gemini's names without their collection, so that the same model has the same name everywhere.
fn bare(name: &str) -> &str {
    name.strip_prefix("models/").unwrap_or(name)
}

fn text(fields: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let found = names.iter().find_map(|name| fields.get(*name)?.as_str());
    found.filter(|text| !text.is_empty()).map(str::to_owned)
}

fn number(fields: &Map<String, Value>, names: &[&str]) -> Option<u64> {
    names.iter().find_map(|name| fields.get(*name)?.as_u64()).filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(kind: ProviderKind, body: &str) -> Offered {
        parse_list(kind, body.as_bytes()).unwrap().0.remove(0)
    }

    #[test]
    fn what_servers_say_of_a_model_is_read_in_their_spellings() {
        let openrouter = first(
            ProviderKind::Openrouter,
            r#"{"data":[{"id":"openai/gpt-4o","name":"OpenAI: GPT-4o","context_length":128000}]}"#,
        );
        assert_eq!(
            openrouter,
            Offered {
                name: "openai/gpt-4o".into(),
                display_name: Some("OpenAI: GPT-4o".into()),
                context_tokens: Some(128_000),
                ..Offered::default()
            }
        );
        let google = first(
            ProviderKind::Gemini,
            r#"{"models":[{"name":"models/gemini-x","displayName":"Gemini X","inputTokenLimit":1048576,"outputTokenLimit":65536}]}"#,
        );
        assert_eq!((google.name.as_str(), google.context_tokens), ("gemini-x", Some(1_048_576)));
        assert_eq!(
            (google.display_name.as_deref(), google.max_output_tokens),
            (Some("Gemini X"), Some(65_536))
        );
        let vllm = first(
            ProviderKind::Vllm,
            r#"{"data":[{"id":"m","owned_by":"vllm","max_model_len":4096,"permission":[]}]}"#,
        );
        assert_eq!((vllm.owned_by.as_deref(), vllm.context_tokens), (Some("vllm"), Some(4_096)));
    }

    #[test]
    fn odd_facts_do_not_hide_a_model() {
        let odd = r#"{"data":[{"id":"m","context_length":"large","owned_by":7,"display_name":null,"max_tokens":-1}]}"#;
        assert_eq!(first(ProviderKind::Openai, odd), Offered { name: "m".into(), ..Offered::default() });
    }
}
