//! Lists of models: ours in each protocol, and reading a provider's.
//!
//! Sources: <https://platform.openai.com/docs/api-reference/models>, <https://docs.claude.com/en/api/models-list>,
//! <https://ai.google.dev/api/models>; 2026-11.

use bytes::Bytes;
use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::ProviderKind;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::target::{encode, root, versioned};
use crate::{Protocol, UpstreamError};

/// A model as callers see it listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedModel<'a> {
    /// The public name.
    pub id: &'a str,
    /// Seconds since the epoch.
    pub created: i64,
    /// Who offers it.
    pub owned_by: &'a str,
    /// A name for people.
    pub display_name: &'a str,
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

/// The upstream names in one page of a provider's list, and the token of the next page.
///
/// # Errors
/// When the body is no list of models; the error says what it is instead.
pub fn parse_list(kind: ProviderKind, body: &[u8]) -> Result<(Vec<String>, Option<String>), UpstreamError> {
    let Ok(page) = serde_json::from_slice::<Page>(body) else {
        return Err(crate::errors::read_error(200, None, body));
    };
    let Some(entries) = page.data.or(page.models) else {
        return Err(crate::errors::read_error(200, None, body));
    };
    let next = match kind {
        ProviderKind::Gemini => page.next_page_token,
        _ if page.has_more => page.last_id,
        _ => None,
    };
    let names =
        entries.into_iter().filter_map(|entry| entry.id.or(entry.name)).map(|name| bare(&name).to_owned());
    Ok((names.collect(), next.filter(|token| !token.is_empty())))
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
        ProviderKind::Azure => {
            let base = base_path.trim_end_matches('/');
            let base = base.split("/deployments/").next().unwrap_or_default();
            let base = base.strip_suffix("/v1").unwrap_or(base);
            format!("{}/openai/v1/models", base.strip_suffix("/openai").unwrap_or(base))
        }
        _ => format!("{}/models", root(base_path, "/v1")),
    }
}

#[derive(Deserialize)]
struct Page {
    data: Option<Vec<Entry>>,
    models: Option<Vec<Entry>>,
    #[serde(rename = "nextPageToken")]
    next_page_token: Option<String>,
    #[serde(default)]
    has_more: bool,
    last_id: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    id: Option<String>,
    name: Option<String>,
}

/// Gemini's names without their collection, so that the same model has the same name everywhere.
fn bare(name: &str) -> &str {
    name.strip_prefix("models/").unwrap_or(name)
}

fn entry(protocol: Protocol, model: &ListedModel<'_>) -> Value {
    let ListedModel { id, created, owned_by, display_name } = *model;
    match protocol {
        Protocol::Openai => json!({ "id": id, "object": "model", "created": created, "owned_by": owned_by }),
        Protocol::Anthropic => json!({
            "type": "model",
            "id": id,
            "display_name": display_name,
            "created_at": Timestamp::from_millis(created.saturating_mul(1_000)),
        }),
        Protocol::Gemini => json!({
            "name": format!("models/{id}"),
            "baseModelId": id,
            "version": "001",
            "displayName": display_name,
            "supportedGenerationMethods":
                ["generateContent", "streamGenerateContent", "countTokens", "embedContent", "batchEmbedContents"],
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODELS: [ListedModel<'static>; 2] = [
        ListedModel { id: "a", created: 1, owned_by: "x", display_name: "A" },
        ListedModel { id: "b", created: 2, owned_by: "y", display_name: "B" },
    ];

    fn listed(protocol: Protocol) -> Value {
        serde_json::from_slice(&list(protocol, &MODELS)).unwrap()
    }

    #[test]
    fn openai_lists_carry_owner_and_time() {
        assert_eq!(
            listed(Protocol::Openai),
            json!({ "object": "list", "data": [
                { "id": "a", "object": "model", "created": 1, "owned_by": "x" },
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
            list["data"][0],
            json!({ "type": "model", "id": "a", "display_name": "A", "created_at": "1970-01-01T00:00:01Z" })
        );
        assert_eq!(
            super::list(Protocol::Anthropic, &[]),
            r#"{"data":[],"has_more":false,"first_id":null,"last_id":null}"#
        );
    }

    #[test]
    fn gemini_names_are_resources() {
        assert_eq!(listed(Protocol::Gemini)["models"][1]["name"], "models/b");
        let one: Value = serde_json::from_slice(&one(Protocol::Gemini, &MODELS[0])).unwrap();
        assert_eq!(one["displayName"], "A");
    }

    #[test]
    fn our_own_lists_are_read_back() {
        for (kind, protocol) in [
            (ProviderKind::Openai, Protocol::Openai),
            (ProviderKind::Anthropic, Protocol::Anthropic),
            (ProviderKind::Gemini, Protocol::Gemini),
        ] {
            assert_eq!(
                parse_list(kind, &list(protocol, &MODELS)).unwrap(),
                (vec!["a".into(), "b".into()], None)
            );
        }
    }

    #[test]
    fn further_pages_are_asked_for() {
        let anthropic = br#"{"data":[{"id":"a"}],"has_more":true,"last_id":"a b"}"#;
        let gemini = br#"{"models":[{"name":"models/g"},{"name":"tunedModels/t"}],"nextPageToken":"n="}"#;
        let (_, next) = parse_list(ProviderKind::Anthropic, anthropic).unwrap();
        assert_eq!(
            list_path(ProviderKind::Anthropic, "", next.as_deref()),
            "/v1/models?limit=1000&after_id=a%20b"
        );
        let (names, next) = parse_list(ProviderKind::Gemini, gemini).unwrap();
        assert_eq!(names, ["g", "tunedModels/t"]);
        assert_eq!(
            list_path(ProviderKind::Gemini, "/v1beta", next.as_deref()),
            "/v1beta/models?pageSize=1000&pageToken=n%3D"
        );
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
