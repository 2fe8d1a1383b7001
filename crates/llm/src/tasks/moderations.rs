//! Moderation: which rules a text breaks. Providers of OpenAI's form need no conversion; Mistral's differs.
//!
//! [`read_request`] -> [`Request`] -> [`write_request`] -> [`read_answer`] -> [`write_answer`].
//!
//! Sources: <https://platform.openai.com/docs/api-reference/moderations>,
//! <https://docs.mistral.ai/api/#tag/classifiers/operation/moderations_v1_moderations_post>,
//! <https://docs.mistral.ai/studio/safety-moderation> (the categories of 2603); 2026-11.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use roundhouse_domain::TokenUsage;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::json::{ObjectWriter, failure, known, lenient};
use super::{Call, Reply, Stamp};
use crate::generation::Losses;
use crate::generation::object::Object;
use crate::target::Wire;
use crate::{BodyError, Operation, UpstreamError};

/// What an error says is missing.
const WANTED: &str = "judgements";

/// The model that `OpenAI` takes where none is named.
const DEFAULT_MODEL: &str = "omni-moderation-latest";

/// `OpenAI`'s categories, all of which its clients expect to find.
const CATEGORIES: [&str; 13] = [
    "harassment",
    "harassment/threatening",
    "sexual",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm/intent",
    "self-harm/instructions",
    "self-harm",
    "sexual/minors",
    "violence",
    "violence/graphic",
];

/// Mistral's categories that `OpenAI` has too, under its name.
const SHARED: [(&str, &str); 7] = [
    ("sexual", "sexual"),
    ("hate_and_discrimination", "hate"),
    ("violence_and_threats", "violence"),
    ("selfharm", "self-harm"),
    ("dangerous_and_criminal_content", "illicit"),
    ("dangerous", "illicit"),
    ("criminal", "illicit"),
];

/// A request for moderation.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The model, as the caller named it.
    pub model: String,
    /// The texts to be judged.
    pub texts: Vec<String>,
    /// Fields that have no common meaning.
    pub extra: Map<String, Value>,
}

/// Judgements.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The provider's id for it.
    pub id: Option<String>,
    /// One for each text.
    pub judgements: Vec<Judgement>,
    /// Tokens, where the provider told.
    pub usage: TokenUsage,
}

/// What is wrong with one text, by category: those of the provider, and those of `OpenAI` that mean the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// Whether the text breaks a rule, and how surely.
    pub categories: BTreeMap<String, (bool, f64)>,
}

/// Reads the body of `POST /v1/moderations`.
///
/// # Errors
/// Names the field that cannot be read; images are named too, since no other provider judges them.
pub fn read_request(body: Value) -> Result<Request, BodyError> {
    let mut object = Object::new(body, "")?;
    let model = object.text("model")?.unwrap_or_else(|| DEFAULT_MODEL.to_owned());
    let texts = match object.get("input") {
        Some(Value::Array(items)) if items.iter().any(Value::is_object) => parts(&mut object)?,
        _ => object.texts("input")?,
    };
    if texts.is_empty() {
        return Err(object.missing("input"));
    }
    Ok(Request { model, texts, extra: object.rest() })
}

/// The call of Mistral for a request.
pub fn write_request(request: &Request, model: &str, losses: &mut Losses) -> Call {
    let mut body = ObjectWriter::new();
    body.field("model", model).field("input", &request.texts);
    body.fields(known(&request.extra, &["metadata"], losses));
    Call { wire: Wire::Operation(Operation::Moderations), body: body.finish().into() }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Document {
    #[serde(deserialize_with = "lenient")]
    id: Option<String>,
    results: Option<Vec<Item>>,
    #[serde(deserialize_with = "lenient")]
    usage: BTreeMap<String, Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    categories: BTreeMap<String, bool>,
    #[serde(deserialize_with = "lenient")]
    category_scores: BTreeMap<String, f64>,
}

/// Reads a 2xx answer to a request with `count` texts.
///
/// # Errors
/// When it tells an error, or holds no judgement of each text.
pub fn read_answer(body: &[u8], count: usize) -> Result<Answer, UpstreamError> {
    let document: Document = serde_json::from_slice(body).map_err(|_| failure(body, WANTED))?;
    let results = document.results.filter(|results| results.len() == count);
    let results = results.ok_or_else(|| failure(body, WANTED))?;
    let told =
        ["prompt_tokens", "total_tokens"].into_iter().find_map(|name| document.usage.get(name)?.as_u64());
    Ok(Answer {
        id: document.id,
        judgements: results.iter().map(judgement).collect(),
        usage: TokenUsage { input: told.unwrap_or_default(), ..TokenUsage::default() },
    })
}

/// Writes the answer in `OpenAI`'s form.
pub fn write_answer(answer: &Answer, model: &str, stamp: &Stamp<'_>) -> Reply {
    let id = answer.id.clone().unwrap_or_else(|| format!("modr-{}", stamp.id));
    let results: Vec<Value> = answer.judgements.iter().map(written).collect();
    let mut body = ObjectWriter::new();
    body.field("id", &id).field("model", model).field("results", &results);
    Reply::json(body.finish())
}

/// The texts of content parts, which are judged together.
fn parts(object: &mut Object) -> Result<Vec<String>, BodyError> {
    let mut texts = Vec::new();
    for mut part in object.objects("input")? {
        match part.text("text")? {
            Some(text) => texts.push(text),
            None => return Err(part.invalid("type", "`text`: this model's provider judges no images")),
        }
    }
    Ok(vec![texts.join("\n")])
}

/// Where two of the provider's categories are one of `OpenAI`'s, the worse counts.
fn judgement(item: &Item) -> Judgement {
    let mut categories = BTreeMap::new();
    for (name, &is_broken) in &item.categories {
        let score = item.category_scores.get(name).copied().unwrap_or_default();
        let shared = SHARED.iter().filter(|(theirs, _)| theirs == name).map(|(_, ours)| *ours);
        for category in shared.filter(|ours| ours != name).chain([name.as_str()]) {
            let (is_worse, worse) = categories.entry(category.to_owned()).or_insert((false, 0.0_f64));
            *is_worse |= is_broken;
            *worse = worse.max(score);
        }
    }
    Judgement { categories }
}

fn written(judgement: &Judgement) -> Value {
    let mut categories = Map::new();
    let mut scores = Map::new();
    let mut inputs = Map::new();
    for name in CATEGORIES {
        let (is_broken, score) = judgement.categories.get(name).copied().unwrap_or_default();
        let is_judged = judgement.categories.contains_key(name);
        categories.insert(name.to_owned(), is_broken.into());
        scores.insert(name.to_owned(), score.into());
        inputs.insert(name.to_owned(), if is_judged { json!(["text"]) } else { json!([]) });
    }
    for (name, (is_broken, score)) in &judgement.categories {
        categories.insert(name.clone(), (*is_broken).into());
        scores.insert(name.clone(), (*score).into());
    }
    let is_flagged = judgement.categories.values().any(|(is_broken, _)| *is_broken);
    json!({
        "flagged": is_flagged,
        "categories": categories,
        "category_scores": scores,
        "category_applied_input_types": inputs,
    })
}
