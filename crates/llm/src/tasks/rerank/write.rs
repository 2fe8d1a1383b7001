//! Writing requests for ranks.
//!
//! Sources: <https://docs.cohere.com/reference/rerank>, <https://api.jina.ai/redoc>,
//! <https://docs.voyageai.com/reference/reranker-api>,
//! <https://docs.cloud.google.com/generative-ai-app-builder/docs/reference/rest/v1/projects.locations.rankingConfigs/rank>,
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-supported.html>; 2026-11.

use std::borrow::Cow;

use serde::Serialize;

use super::request::text;
use super::{Request, Wire};
use crate::generation::{Losses, Unsupported};
use crate::tasks::Call;
use crate::tasks::json::{ObjectWriter, known};
use crate::{Operation, target};

#[derive(Serialize)]
struct Record<'a> {
    id: String,
    content: Cow<'a, str>,
}

/// The upstream call for a request.
///
/// # Errors
/// Names what the provider has no place for.
pub fn write_request(
    request: &Request,
    wire: Wire,
    model: &str,
    losses: &mut Losses,
) -> Result<Call, Unsupported> {
    // More than there are is refused by some, and means all.
    let top_n =
        request.top_n.map(|top_n| top_n.min(u64::try_from(request.documents.len()).unwrap_or(u64::MAX)));
    let mut body = ObjectWriter::new();
    let rerank = target::Wire::Operation(Operation::Rerank);
    let (called, top, documents, others): (_, _, _, &[&str]) = match wire {
        Wire::Cohere => (rerank, "top_n", "documents", &["priority"]),
        Wire::Jina => (rerank, "top_n", "documents", &JINA),
        Wire::Voyage => (rerank, "top_k", "documents", &["truncation"]),
        Wire::Vertex => (target::Wire::Rank, "topN", "records", &[]),
        Wire::Bedrock => (target::Wire::Invoke { stream: false }, "top_n", "documents", &[]),
    };
    // On Bedrock the path names the model, and Cohere's name the version of their form.
    body.option("model", (wire != Wire::Bedrock).then_some(model));
    body.option("api_version", (wire == Wire::Bedrock && model.contains("cohere.")).then_some(&2));
    body.field("query", &request.query).option(top, top_n.as_ref());
    match wire {
        Wire::Jina => _ = body.field(documents, &request.documents).field("return_documents", &false),
        Wire::Vertex => {
            let texts = texts(request)?.into_iter().enumerate();
            let records: Vec<Record<'_>> =
                texts.map(|(at, content)| Record { id: at.to_string(), content }).collect();
            body.field(documents, &records).field("ignoreRecordDetailsInResponse", &true);
        }
        _ => _ = body.field(documents, &texts(request)?),
    }
    match (wire, &request.max_tokens_per_doc) {
        (Wire::Cohere, tokens) => _ = body.option("max_tokens_per_doc", tokens.as_ref()),
        (_, Some(_)) => losses.note("max_tokens_per_doc", "the provider has no such field"),
        (_, None) => {}
    }
    body.fields(known(&request.extra, others, losses));
    Ok(Call { wire: called, body: body.finish().into() })
}

/// What servers of Jina's form know beside it (<https://docs.siliconflow.cn/api-reference/rerank/create-rerank>, 2026-11).
const JINA: [&str; 6] =
    ["max_chunks_per_doc", "overlap_tokens", "instruction", "truncate_prompt_tokens", "truncate", "user"];

fn texts(request: &Request) -> Result<Vec<Cow<'_, str>>, Unsupported> {
    let documents = request.documents.iter().enumerate();
    let texts = documents.map(|(at, document)| {
        text(document).ok_or_else(|| {
            Unsupported::new(format!("documents[{at}]"), "the provider ranks text alone; send text")
        })
    });
    texts.collect()
}
