//! Reranking in the shape that Cohere and Jina share (docs.cohere.com/reference/rerank, 2026-07).

use serde_json::{Value, json};

use super::DemoRequest;
use super::behaviour::Behaviour;
use super::fields::{Fields, Read, missing, parse, wrong};
use super::play::Draft;
use super::seed::Seed;
use super::vector::{cosine, embed, number};
use super::words::count;

const DIMENSIONS: usize = 512;

/// Documents at once, as at Cohere.
const MOST_DOCUMENTS: usize = 10_000;

pub(super) fn answer(request: &DemoRequest<'_>, seed: &Seed) -> Read<Draft> {
    let body = parse(request.body)?;
    let fields = Fields::root(&body)?;
    let query = fields.required("query", fields.text("query")?)?;
    let documents = documents(&fields)?;
    let top = fields.whole("top_n", 1..=u64::MAX)?.and_then(|top| usize::try_from(top).ok());
    let with_documents = fields.flag("return_documents")?.unwrap_or(false);
    let about = embed(query, DIMENSIONS);
    let mut scored: Vec<(usize, f32)> = Vec::with_capacity(documents.len());
    for (index, document) in documents.iter().enumerate() {
        scored.push((index, cosine(&about, &embed(document, DIMENSIONS)).clamp(0.0, 1.0)));
    }
    scored.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    let results = scored.into_iter().take(top.unwrap_or(usize::MAX)).map(|(index, score)| {
        let mut result = json!({ "index": index, "relevance_score": number(score) });
        if with_documents {
            result["document"] = json!({ "text": documents.get(index) });
        }
        result
    });
    let tokens = count(query) + documents.iter().map(|document| count(document)).sum::<u64>();
    let answer = json!({
        "id": seed.id("rerank-", 0),
        "model": request.model,
        "results": results.collect::<Value>(),
        "usage": { "total_tokens": tokens },
        "meta": { "billed_units": { "search_units": 1 } },
    });
    Ok(Draft::json(Behaviour::read(request.model, query), &answer))
}

fn documents<'a>(fields: &Fields<'a>) -> Read<Vec<&'a str>> {
    let documents = fields.list("documents")?.ok_or_else(|| missing("documents"))?;
    if documents.is_empty() || documents.len() > MOST_DOCUMENTS {
        return Err(wrong("documents", "from 1 to 10000 documents"));
    }
    documents
        .iter()
        .map(|document| document.as_str().or_else(|| document.get("text")?.as_str()))
        .collect::<Option<_>>()
        .ok_or_else(|| wrong("documents", "strings, or objects with a text"))
}
