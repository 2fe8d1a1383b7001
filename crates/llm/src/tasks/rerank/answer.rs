//! Answers: ranks.

use roundhouse_domain::TokenUsage;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value, json};

use super::Asked;
use crate::tasks::json::{ObjectWriter, failure, lenient};
use crate::tasks::{Reply, Stamp};
use crate::{UpstreamError, number};

/// What an error says is missing.
const WANTED: &str = "ranks";

/// Documents in the order in which they fit, best first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The provider's id for it.
    pub id: Option<String>,
    /// Best first.
    pub ranks: Vec<Rank>,
    /// Tokens, where the provider told.
    pub usage: TokenUsage,
    /// Cohere's unit of billing: one query with up to a hundred documents.
    pub search_units: Option<u64>,
}

/// One document's rank.
#[derive(Clone, Debug, PartialEq)]
pub struct Rank {
    /// Which document of the request.
    pub index: usize,
    /// How well it fits, in the provider's own digits.
    pub score: Number,
}

/// A 2xx answer of any form: `results` of Cohere, Jina and Bedrock, `data` of Voyage, `records` of Google.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Document {
    #[serde(deserialize_with = "lenient")]
    id: Option<String>,
    #[serde(alias = "data", alias = "records")]
    results: Option<Vec<Item>>,
    #[serde(deserialize_with = "lenient")]
    usage: Map<String, Value>,
    #[serde(deserialize_with = "lenient")]
    meta: Map<String, Value>,
}

#[derive(Deserialize)]
struct Item {
    /// Google answers with the record's id, in which we put the index.
    #[serde(alias = "id")]
    index: Value,
    #[serde(alias = "relevanceScore", alias = "score")]
    relevance_score: Number,
}

/// Reads a 2xx answer to a request for ranks of `asked.count` documents.
///
/// # Errors
/// When it tells an error, or holds no ranks of those documents.
pub fn read_answer(body: &[u8], asked: &Asked) -> Result<Answer, UpstreamError> {
    let document: Document = serde_json::from_slice(body).map_err(|_| failure(body, WANTED))?;
    let items = document.results.ok_or_else(|| failure(body, WANTED))?;
    let ranks: Option<Vec<Rank>> = items.into_iter().map(|item| rank(item, asked.count)).collect();
    let mut ranks = ranks.ok_or_else(|| failure(body, WANTED))?;
    // Not every server sorts, or keeps to what was asked.
    ranks.sort_by(|a, b| score(b).total_cmp(&score(a)));
    ranks.truncate(asked.top_n.and_then(|top_n| usize::try_from(top_n).ok()).unwrap_or(usize::MAX));
    let told = |object: &Map<String, Value>, name: &str| object.get(name).and_then(number::count);
    let nested =
        |group: &str, name: &str| document.meta.get(group)?.as_object().and_then(|group| told(group, name));
    let tokens = [
        told(&document.usage, "total_tokens"),
        told(&document.usage, "prompt_tokens"),
        nested("tokens", "input_tokens"),
        nested("billed_units", "input_tokens"),
    ];
    Ok(Answer {
        id: document.id,
        ranks,
        usage: TokenUsage {
            input: tokens.into_iter().flatten().max().unwrap_or_default(),
            ..TokenUsage::default()
        },
        search_units: nested("billed_units", "search_units"),
    })
}

/// Writes the answer so that clients of Cohere's form and of Jina's find in it what they look for.
pub fn write_answer(answer: &Answer, asked: &Asked, stamp: &Stamp<'_>) -> Reply {
    let mut body = ObjectWriter::new();
    let ranks = answer.ranks.iter();
    let results: Vec<Written<'_>> = ranks.map(|rank| Written::new(rank, asked)).collect();
    let tokens = answer.usage.input;
    let mut meta = json!({ "api_version": { "version": "2" } });
    if let Some(units) = answer.search_units {
        meta["billed_units"] = json!({ "search_units": units });
    }
    if tokens > 0 {
        meta["tokens"] = json!({ "input_tokens": tokens });
    }
    body.field("id", answer.id.as_deref().unwrap_or(stamp.id)).field("model", &asked.model);
    body.field("results", &results).field("meta", &meta);
    body.field("usage", &json!({ "prompt_tokens": tokens, "total_tokens": tokens }));
    Reply::json(body.finish())
}

#[derive(Serialize)]
struct Written<'a> {
    index: usize,
    relevance_score: &'a Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<Repeated<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Repeated<'a> {
    Text { text: &'a str },
    Object(&'a Value),
}

impl<'a> Written<'a> {
    fn new(rank: &'a Rank, asked: &'a Asked) -> Self {
        let document = asked.documents.as_ref().and_then(|documents| documents.get(rank.index));
        let document = document.map(|document| match document {
            Value::String(text) => Repeated::Text { text },
            object => Repeated::Object(object),
        });
        Self { index: rank.index, relevance_score: &rank.score, document }
    }
}

fn rank(item: Item, count: usize) -> Option<Rank> {
    let index = match &item.index {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|index| usize::try_from(index).ok()),
    };
    index.filter(|index| *index < count).map(|index| Rank { index, score: item.relevance_score })
}

fn score(rank: &Rank) -> f64 {
    rank.score.as_f64().unwrap_or_default()
}
