//! Gemini's and Vertex's forms.
//!
//! Sources: <https://ai.google.dev/api/embeddings>, <https://ai.google.dev/gemini-api/docs/embeddings>,
//! <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api>; 2026-11.

use std::borrow::Cow;

use serde::Serialize;

use super::{foreign_tokens, note_number, note_purpose, note_user, text};
use crate::generation::{Losses, Part, Unsupported};
use crate::tasks::embeddings::{Content, Input, Purpose, Request};
use crate::tasks::gemini::{GeminiPart, write_part};
use crate::tasks::json::{ObjectWriter, write};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EmbedRequest<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    content: EmbedContent<'a>,
    #[serde(flatten)]
    options: Options<'a>,
}

#[derive(Serialize)]
struct EmbedContent<'a> {
    parts: Vec<EmbedPart<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum EmbedPart<'a> {
    Instructed { text: Cow<'a, str> },
    Plain(GeminiPart<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Options<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    task_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_dimensionality: Option<u64>,
}

#[derive(Serialize)]
struct Instance<'a> {
    content: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
}

pub(super) fn batch(
    request: &Request,
    run: &[Input],
    model: &str,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    note_number(request, losses);
    note_user(request, losses);
    let resource = if model.contains('/') { model.to_owned() } else { format!("models/{model}") };
    let one = |input| embed_request(input, model, Some(resource.clone()), request, losses);
    let requests: Vec<EmbedRequest<'_>> = run.iter().map(one).collect::<Result<_, _>>()?;
    Ok(ObjectWriter::new().field("requests", &requests).finish())
}

pub(super) fn embed(
    request: &Request,
    run: &[Input],
    model: &str,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    note_number(request, losses);
    note_user(request, losses);
    let mut body = Vec::new();
    for input in run {
        write(&mut body, &embed_request(input, model, None, request, losses)?);
    }
    Ok(body)
}

/// Since gemini-embedding-2 the task stands in the text.
fn embed_request<'a>(
    input: &'a Input,
    model: &str,
    resource: Option<String>,
    request: &Request,
    losses: &mut Losses,
) -> Result<EmbedRequest<'a>, Unsupported> {
    let is_instructed = model.contains("gemini-embedding-") && !model.contains("gemini-embedding-001");
    let title = input.title.as_deref();
    let parts = match &input.content {
        Content::Text(text) => {
            let purpose = input.purpose.filter(|_| is_instructed);
            let text = purpose
                .map_or(Cow::Borrowed(text.as_str()), |purpose| purpose.instructed(title, text).into());
            vec![EmbedPart::Instructed { text }]
        }
        Content::Parts(parts) => {
            if is_instructed && input.purpose.is_some() {
                note_purpose(request, losses);
            }
            let part = |part: &'a Part| write_part(part, "input").map(EmbedPart::Plain);
            parts.iter().map(part).collect::<Result<_, _>>()?
        }
        Content::Tokens(_) => return Err(foreign_tokens()),
    };
    let options = Options {
        task_type: input.purpose.filter(|_| !is_instructed).map(Purpose::gemini),
        title: title.filter(|_| !is_instructed),
        output_dimensionality: input.dimensions,
    };
    Ok(EmbedRequest { model: resource, content: EmbedContent { parts }, options })
}

pub(super) fn predict(request: &Request, run: &[Input], losses: &mut Losses) -> Result<Vec<u8>, Unsupported> {
    note_number(request, losses);
    note_user(request, losses);
    let instances: Vec<Instance<'_>> = run.iter().map(instance).collect::<Result<_, _>>()?;
    let mut body = ObjectWriter::new();
    body.field("instances", &instances);
    if let Some(dimensions) = run.first().and_then(|input| input.dimensions) {
        body.field("parameters", &serde_json::json!({ "outputDimensionality": dimensions }));
    }
    Ok(body.finish())
}

fn instance(input: &Input) -> Result<Instance<'_>, Unsupported> {
    let task_type = input.purpose.map(Purpose::gemini);
    Ok(Instance { content: text(input)?, task_type, title: input.title.as_deref() })
}
