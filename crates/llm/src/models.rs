//! Lists of models: ours in each protocol, and reading a provider's.
//!
//! Sources: <https://platform.openai.com/docs/api-reference/models>, <https://docs.claude.com/en/api/models-list>,
//! <https://ai.google.dev/api/models>, <https://docs.cohere.com/reference/list-models>,
//! <https://docs.together.ai/reference/models-1> (a bare array); 2026-11. `context_window` is Groq's extension of OpenAI's form
//! (<https://console.groq.com/docs/models>), `max_output_tokens` ours; `shutdown_date` is OpenAI's own
//! (<https://developers.openai.com/api/docs/deprecations>).

mod offered;

use bytes::Bytes;
use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::ProviderKind;
use serde_json::{Map, Value, json};

use crate::Protocol;
use crate::catalogue::{Facts, ReasoningStyle};
use crate::target::{encode, root, unversioned, versioned};

pub use offered::{Offered, parse_list};

/// A model as callers see it listed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ListedModel<'a> {
    /// The public name.
    pub id: &'a str,
    /// Seconds since the epoch.
    pub created: i64,
    /// Who offers it.
    pub owned_by: &'a str,
    /// What is known of it.
    pub facts: &'a Facts,
}

/// The list of `models` in the form of `protocol`.
pub fn list(protocol: Protocol, models: &[ListedModel<'_>]) -> Bytes {
    let data: Vec<Value> = models.iter().map(|model| entry(protocol, model)).collect();
    let list = match protocol {
        Protocol::Openai => json!({ "object": "list", "data": data }),
        Protocol::Anthropic => json!({
            "data": data,
            "has_more": false,
            "first_id": models.first().map(|model| model.id),
            "last_id": models.last().map(|model| model.id),
        }),
        Protocol::Gemini => json!({ "models": data }),
    };
    list.to_string().into()
}

/// One model in the form of `protocol`.
pub fn one(protocol: Protocol, model: &ListedModel<'_>) -> Bytes {
    entry(protocol, model).to_string().into()
}

/// The path and query of one page of a provider's list.
pub fn list_path(kind: ProviderKind, base_path: &str, page_token: Option<&str>) -> String {
    let token =
        |name: &str| page_token.map_or_else(String::new, |token| format!("&{name}={}", encode(token)));
    match kind {
        ProviderKind::Gemini => {
            format!("{}/models?pageSize=1000{}", versioned(base_path, "/v1beta"), token("pageToken"))
        }
        ProviderKind::Anthropic => {
            format!("{}/models?limit=1000{}", versioned(base_path, "/v1"), token("after_id"))
        }
        ProviderKind::Cohere => {
            format!("{}/v1/models?page_size=1000{}", unversioned(base_path), token("page_token"))
        }
        ProviderKind::Azure => {
            let base = base_path.trim_end_matches('/');
            let base = base.split("/deployments/").next().unwrap_or_default();
            let base = base.strip_suffix("/v1").unwrap_or(base);
            format!("{}/openai/v1/models", base.strip_suffix("/openai").unwrap_or(base))
        }
        _ => format!("{}/models", root(base_path, "/v1")),
    }
}

fn entry(protocol: Protocol, model: &ListedModel<'_>) -> Value {
    let ListedModel { id, created, owned_by, facts } = *model;
    let display_name = facts.display_name.as_deref().unwrap_or(id);
    let entry = match protocol {
        Protocol::Openai => json!({ "id": id, "object": "model", "created": created, "owned_by": owned_by }),
        // Capabilities are all or nothing in this form, and those of a provider's own service are not known here.
        Protocol::Anthropic => json!({
            "type": "model",
            "id": id,
            "display_name": display_name,
            "created_at": Timestamp::from_millis(created.saturating_mul(1_000)),
            "max_input_tokens": facts.context_tokens,
            "max_tokens": facts.max_output_tokens,
            "capabilities": null,
        }),
        Protocol::Gemini => json!({
            "name": format!("models/{id}"),
            "baseModelId": id,
            "version": "001",
            "displayName": display_name,
            "supportedGenerationMethods":
                ["generateContent", "streamGenerateContent", "countTokens", "embedContent", "batchEmbedContents"],
        }),
    };
    with_known(entry, protocol, facts)
}

/// The entry with what is known of the model, where the form has optional fields for it.
fn with_known(mut entry: Value, protocol: Protocol, facts: &Facts) -> Value {
    let (context, output) = (facts.context_tokens.map(Value::from), facts.max_output_tokens.map(Value::from));
    let known = match protocol {
        Protocol::Openai => vec![
            ("context_window", context),
            ("max_output_tokens", output),
            ("shutdown_date", facts.shutdown.as_deref().map(Value::from)),
        ],
        Protocol::Anthropic => Vec::new(),
        Protocol::Gemini => {
            let thinks = (facts.reasoning != ReasoningStyle::Unknown)
                .then(|| Value::from(facts.reasoning != ReasoningStyle::None));
            vec![("inputTokenLimit", context), ("outputTokenLimit", output), ("thinking", thinks)]
        }
    };
    let known = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    if let Some(fields) = entry.as_object_mut() {
        fields.extend(known.collect::<Map<_, _>>());
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names in a page, and the token of the next.
    fn page(kind: ProviderKind, body: &[u8]) -> (Vec<String>, Option<String>) {
        let (models, next) = parse_list(kind, body).unwrap();
        (models.into_iter().map(|model| model.name).collect(), next)
    }

    fn known() -> Facts {
        Facts {
            display_name: Some("A".into()),
            context_tokens: Some(1_000),
            max_output_tokens: Some(100),
            reasoning: ReasoningStyle::Effort,
            shutdown: Some("2027-01-14".into()),
            ..Facts::default()
        }
    }

    /// A list of a model of which something is known, and of one of which nothing is.
    fn listed(protocol: Protocol) -> Value {
        let (known, nothing) = (known(), Facts::default());
        let models = [
            ListedModel { id: "a", created: 1, owned_by: "x", facts: &known },
            ListedModel { id: "b", created: 2, owned_by: "y", facts: &nothing },
        ];
        serde_json::from_slice(&list(protocol, &models)).unwrap()
    }

    #[test]
    fn openai_lists_carry_owner_and_time() {
        assert_eq!(
            listed(Protocol::Openai),
            json!({ "object": "list", "data": [
                {
                    "id": "a", "object": "model", "created": 1, "owned_by": "x",
                    "context_window": 1_000, "max_output_tokens": 100, "shutdown_date": "2027-01-14",
                },
                { "id": "b", "object": "model", "created": 2, "owned_by": "y" },
            ] })
        );
    }

    #[test]
    fn anthropic_lists_are_a_whole_page() {
        let list = listed(Protocol::Anthropic);
        assert_eq!(
            (&list["has_more"], &list["first_id"], &list["last_id"]),
            (&json!(false), &json!("a"), &json!("b"))
        );
        assert_eq!(
            list["data"],
            json!([
                {
                    "type": "model", "id": "a", "display_name": "A", "created_at": "1970-01-01T00:00:01Z",
                    "max_input_tokens": 1_000, "max_tokens": 100, "capabilities": null,
                },
                {
                    "type": "model", "id": "b", "display_name": "b", "created_at": "1970-01-01T00:00:02Z",
                    "max_input_tokens": null, "max_tokens": null, "capabilities": null,
                },
            ])
        );
        assert_eq!(
            super::list(Protocol::Anthropic, &[]),
            r#"{"data":[],"has_more":false,"first_id":null,"last_id":null}"#
        );
    }

    #[test]
    fn gemini_names_are_resources_with_limits() {
        let models = listed(Protocol::Gemini)["models"].clone();
        assert_eq!((&models[0]["displayName"], &models[1]["name"]), (&json!("A"), &json!("models/b")));
        let limits = |at: usize| {
            ["inputTokenLimit", "outputTokenLimit", "thinking"].map(|name| models[at].get(name).cloned())
        };
        assert_eq!(limits(0), [Some(json!(1_000)), Some(json!(100)), Some(json!(true))]);
        assert_eq!(limits(1), [None, None, None]);
    }

    #[test]
    fn our_own_lists_are_read_back() {
        for (kind, protocol) in [
            (ProviderKind::Openai, Protocol::Openai),
            (ProviderKind::Anthropic, Protocol::Anthropic),
            (ProviderKind::Gemini, Protocol::Gemini),
        ] {
            assert_eq!(
                page(kind, listed(protocol).to_string().as_bytes()),
                (vec!["a".into(), "b".into()], None)
            );
        }
    }

    #[test]
    fn further_pages_are_asked_for() {
        let anthropic = br#"{"data":[{"id":"a"}],"has_more":true,"last_id":"a b"}"#;
        let gemini = br#"{"models":[{"name":"models/g"},{"name":"tunedModels/t"}],"nextPageToken":"n="}"#;
        let (_, next) = page(ProviderKind::Anthropic, anthropic);
        assert_eq!(
            list_path(ProviderKind::Anthropic, "", next.as_deref()),
            "/v1/models?limit=1000&after_id=a%20b"
        );
        let (names, next) = page(ProviderKind::Gemini, gemini);
        assert_eq!(names, ["g", "tunedModels/t"]);
        assert_eq!(
            list_path(ProviderKind::Gemini, "/v1beta", next.as_deref()),
            "/v1beta/models?pageSize=1000&pageToken=n%3D"
        );
    }

    #[test]
    fn lists_of_other_forms_are_read() {
        let cohere = br#"{"models":[{"name":"command-a","endpoints":["chat"]}],"next_page_token":"t"}"#;
        let (names, next) = page(ProviderKind::Cohere, cohere);
        assert_eq!(names, ["command-a"]);
        assert_eq!(
            list_path(ProviderKind::Cohere, "/v2", next.as_deref()),
            "/v1/models?page_size=1000&page_token=t"
        );
        let together = br#"[{"id":"a/b","type":"chat"}]"#;
        assert_eq!(page(ProviderKind::Together, together), (vec!["a/b".into()], None));
    }

    #[test]
    fn azure_lists_stand_outside_the_deployments() {
        for base in ["", "/openai", "/openai/v1", "/openai/deployments/d"] {
            assert_eq!(list_path(ProviderKind::Azure, base, None), "/openai/v1/models");
        }
    }

    #[test]
    fn what_is_no_list_is_an_error() {
        let error = parse_list(ProviderKind::Openai, br#"{"error":{"message":"no"}}"#).unwrap_err();
        assert_eq!(error.message, "no");
        assert!(parse_list(ProviderKind::Openai, b"<html>").is_err());
    }
}
