//! Answers: vectors.

use roundhouse_domain::TokenUsage;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Asked, Form, Vector, Wire};
use crate::tasks::Reply;
use crate::tasks::gemini::UsageMetadata;
use crate::tasks::json::{ObjectWriter, broken, failure, lenient};
use crate::{UpstreamError, number};

/// What an error says is missing.
const WANTED: &str = "vectors";

/// Vectors for what was asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// In the order of the inputs.
    pub vectors: Vec<Vector>,
    /// Tokens, where the provider told.
    pub usage: TokenUsage,
}

/// A 2xx answer of any form; fields are those of
/// `OpenAI` (`data`), Gemini and Titan (`embedding`), Gemini's batches, Cohere and Nova (`embeddings`), Vertex (`predictions`).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Document<'a> {
    #[serde(borrow)]
    data: Option<Vec<Item<'a>>>,
    #[serde(borrow)]
    embedding: Option<&'a RawValue>,
    #[serde(borrow)]
    embeddings: Option<&'a RawValue>,
    #[serde(borrow)]
    predictions: Option<Vec<Prediction<'a>>>,
    #[serde(deserialize_with = "lenient")]
    usage: OpenaiUsage,
    #[serde(rename = "usageMetadata", deserialize_with = "lenient")]
    usage_metadata: UsageMetadata,
    #[serde(deserialize_with = "lenient")]
    meta: Meta,
    #[serde(rename = "inputTextTokenCount", deserialize_with = "lenient")]
    input_text_token_count: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item<'a> {
    index: Option<usize>,
    #[serde(borrow)]
    embedding: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Prediction<'a> {
    #[serde(borrow)]
    embeddings: Holder<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Holder<'a> {
    #[serde(borrow)]
    values: Option<&'a RawValue>,
    #[serde(borrow)]
    embedding: Option<&'a RawValue>,
    #[serde(deserialize_with = "lenient")]
    statistics: Statistics,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Statistics {
    // Vertex writes it as a float.
    token_count: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OpenaiUsage {
    #[serde(deserialize_with = "lenient")]
    prompt_tokens: u64,
    #[serde(deserialize_with = "lenient")]
    total_tokens: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Meta {
    #[serde(deserialize_with = "lenient")]
    billed_units: BilledUnits,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct BilledUnits {
    input_tokens: Value,
    image_tokens: Value,
}

/// Reads a 2xx answer to one call; it is known by its fields, whatever the form of the call.
///
/// # Errors
/// When it tells an error, or holds no vectors.
pub fn read_answer(wire: Wire, body: &[u8]) -> Result<Answer, UpstreamError> {
    let document: Document<'_> = serde_json::from_slice(body).map_err(|_| failure(body, WANTED))?;
    let (raw, mut tokens) = match document {
        Document { data: Some(items), .. } => (in_order(items), 0),
        Document { predictions: Some(predictions), .. } => {
            let tokens = predictions.iter().map(|it| counted(&it.embeddings.statistics.token_count)).sum();
            (predictions.into_iter().map(|prediction| prediction.embeddings.values).collect(), tokens)
        }
        Document { embedding: Some(embedding), .. } => (vec![values(embedding)], 0),
        Document { embeddings: Some(embeddings), .. } => (several(wire, embeddings), 0),
        _ => return Err(failure(body, WANTED)),
    };
    let billed = &document.meta.billed_units;
    tokens += [
        document.usage.prompt_tokens.max(document.usage.total_tokens),
        document.usage_metadata.prompt_token_count,
        counted(&billed.input_tokens).saturating_add(counted(&billed.image_tokens)),
        document.input_text_token_count,
    ]
    .into_iter()
    .max()
    .unwrap_or_default();
    let vectors = raw.into_iter().map(|raw| raw.and_then(Vector::read)).collect::<Option<Vec<_>>>();
    let vectors = vectors.filter(|vectors| !vectors.is_empty()).ok_or_else(|| failure(body, WANTED))?;
    Ok(Answer { vectors, usage: TokenUsage { input: tokens, ..TokenUsage::default() } })
}

/// Joins the answers to the calls of one request.
///
/// # Errors
/// When there are more or fewer vectors than inputs.
pub fn merge(answers: impl IntoIterator<Item = Answer>, asked: &Asked) -> Result<Answer, UpstreamError> {
    let mut merged = Answer::default();
    for answer in answers {
        merged.vectors.extend(answer.vectors);
        merged.usage.input = merged.usage.input.saturating_add(answer.usage.input);
    }
    if merged.vectors.len() == asked.count { Ok(merged) } else { Err(broken("vector for each input")) }
}

/// Writes the answer in the caller's form.
pub fn write_answer(answer: &Answer, asked: &Asked) -> Reply {
    let mut body = ObjectWriter::new();
    let tokens = answer.usage.input;
    match asked.form {
        Form::Openai { base64 } => {
            let vectors = answer.vectors.iter().enumerate();
            let items: Vec<OpenaiItem> =
                vectors.map(|(index, vector)| OpenaiItem::new(index, vector, base64)).collect();
            body.field("object", "list").field("data", &items).field("model", &asked.model);
            body.field("usage", &serde_json::json!({ "prompt_tokens": tokens, "total_tokens": tokens }));
        }
        Form::GeminiOne => _ = body.option("embedding", answer.vectors.first().map(GeminiItem::new).as_ref()),
        Form::GeminiBatch => {
            body.field("embeddings", &answer.vectors.iter().map(GeminiItem::new).collect::<Vec<_>>());
        }
    }
    if tokens > 0 && !matches!(asked.form, Form::Openai { .. }) {
        body.field("usageMetadata", &serde_json::json!({ "promptTokenCount": tokens }));
    }
    Reply::json(body.finish())
}

#[derive(Serialize)]
struct OpenaiItem {
    object: &'static str,
    index: usize,
    embedding: Written,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Written {
    Base64(String),
    Numbers(Box<RawValue>),
}

#[derive(Serialize)]
struct GeminiItem {
    values: Box<RawValue>,
}

impl OpenaiItem {
    fn new(index: usize, vector: &Vector, base64: bool) -> Self {
        let embedding = if base64 { Written::Base64(vector.base64()) } else { Written::Numbers(raw(vector)) };
        Self { object: "embedding", index, embedding }
    }
}

impl GeminiItem {
    fn new(vector: &Vector) -> Self {
        Self { values: raw(vector) }
    }
}

fn raw(vector: &Vector) -> Box<RawValue> {
    RawValue::from_string(vector.numbers().into_owned()).unwrap_or_default()
}

/// Some servers answer in the order in which they finished.
fn in_order(mut items: Vec<Item<'_>>) -> Vec<Option<&RawValue>> {
    items.sort_by_key(|item| item.index.unwrap_or_default());
    items.into_iter().map(|item| item.embedding).collect()
}

/// The numbers of an object that holds them, or the value itself.
fn values(raw: &RawValue) -> Option<&RawValue> {
    if !raw.get().starts_with('{') {
        return Some(raw);
    }
    let object: Holder<'_> = serde_json::from_str(raw.get()).ok()?;
    object.values.or(object.embedding)
}

/// Cohere's `embeddings` has one list for each type of number, of which one was asked for; its older form is the list.
fn several(wire: Wire, embeddings: &RawValue) -> Vec<Option<&RawValue>> {
    let mut list = embeddings;
    if matches!(wire, Wire::Cohere | Wire::BedrockCohere) && embeddings.get().starts_with('{') {
        let by_type: std::collections::BTreeMap<String, &RawValue> =
            serde_json::from_str(embeddings.get()).unwrap_or_default();
        let filled = by_type.into_values().find(|list| list.get().starts_with('[') && list.get() != "[]");
        list = filled.unwrap_or(embeddings);
    }
    let items: Vec<&RawValue> = serde_json::from_str(list.get()).unwrap_or_default();
    items.into_iter().map(values).collect()
}

fn counted(told: &Value) -> u64 {
    number::count(told).unwrap_or_default()
}
