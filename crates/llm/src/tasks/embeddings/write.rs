//! Writing requests for embeddings.
//!
//! Sources: <https://platform.openai.com/docs/api-reference/embeddings/create>, <https://docs.mistral.ai/api/#tag/embeddings>,
//! <https://docs.voyageai.com/reference/embeddings-api>, <https://api.jina.ai/redoc>, <https://docs.cohere.com/reference/embed>;
//! 2026-11.

mod amazon;
mod cohere;
mod google;

use serde_json::{Value, json};

use super::read::PURPOSE_FIELDS;
use super::wire::is_lone_image;
use super::{Content, Form, Input, Purpose, Request, Wire};
use crate::generation::{Losses, Part, Unsupported};
use crate::tasks::json::ObjectWriter;
use crate::tasks::{Call, media};

/// The upstream calls for a request, whose answers belong together in this order: more than one where the provider takes less
/// at once, or where inputs differ in what a provider says once for all of them.
///
/// # Errors
/// Names what the provider has no place for.
pub fn write_requests(
    request: &Request,
    wire: Wire,
    model: &str,
    losses: &mut Losses,
) -> Result<Vec<Call>, Unsupported> {
    note_extra(request, wire, losses);
    let body = |run| {
        let body = match wire {
            Wire::Openai { .. } | Wire::Mistral | Wire::Voyage | Wire::Jina => {
                openai(request, run, wire, model, losses)
            }
            Wire::Gemini => google::batch(request, run, model, losses),
            Wire::VertexPredict => google::predict(request, run, losses),
            Wire::VertexEmbed => google::embed(request, run, model, losses),
            Wire::Cohere | Wire::BedrockCohere => cohere::embed(request, run, wire, model, losses),
            Wire::BedrockTitan => amazon::titan(request, run, model, losses),
            Wire::BedrockNova => amazon::nova(request, run, losses),
        }?;
        Ok(Call { wire: wire.call(), body: body.into() })
    };
    runs(&request.inputs, |first| wire.limit(model, first)).into_iter().map(body).collect()
}

/// Neighbours that can go in one call.
fn runs(inputs: &[Input], limit: impl Fn(&Input) -> usize) -> Vec<&[Input]> {
    let kind = |input: &Input| std::mem::discriminant(&input.content);
    let is_alike =
        |a: &Input, b: &Input| (a.purpose, a.dimensions, kind(a)) == (b.purpose, b.dimensions, kind(b));
    let alike = inputs.chunk_by(is_alike);
    alike.filter_map(|run| Some(run.chunks(limit(run.first()?)))).flatten().collect()
}

/// How providers of OpenAI's path differ.
struct Dialect {
    dimensions: &'static str,
    number: Option<&'static str>,
    /// The field that says what vectors are for, and the provider's word for it.
    purpose: &'static str,
    word: fn(Purpose) -> Option<&'static str>,
}

fn dialect(wire: Wire) -> Dialect {
    match wire {
        Wire::Mistral => Dialect {
            dimensions: "output_dimension",
            number: Some("output_dtype"),
            purpose: "",
            word: |_| None,
        },
        Wire::Voyage => Dialect {
            dimensions: "output_dimension",
            number: Some("output_dtype"),
            purpose: "input_type",
            word: Purpose::voyage,
        },
        Wire::Jina => Dialect {
            dimensions: "dimensions",
            number: Some("embedding_type"),
            purpose: "task",
            word: |purpose| Some(purpose.jina()),
        },
        _ => Dialect { dimensions: "dimensions", number: None, purpose: "", word: |_| None },
    }
}

/// The caller's other fields that a provider has too.
const fn known_fields(wire: Wire) -> &'static [&'static str] {
    match wire {
        Wire::Mistral => &["metadata"],
        Wire::Voyage => &["truncation"],
        Wire::Jina => &["truncate", "late_chunking", "normalized"],
        Wire::Cohere => &["truncate", "max_tokens", "priority"],
        Wire::BedrockCohere => &["truncate", "max_tokens"],
        Wire::BedrockTitan => &["normalize"],
        _ => &[],
    }
}

/// Whether a field is passed on: any between callers and providers of OpenAI's form, whose servers know more than `OpenAI`.
fn is_copied(request: &Request, wire: Wire, name: &str) -> bool {
    (matches!(wire, Wire::Openai { .. }) && !is_gemini(request)) || known_fields(wire).contains(&name)
}

fn copied(request: &Request, wire: Wire) -> impl Iterator<Item = (&String, &Value)> {
    request.extra.iter().filter(move |(name, _)| is_copied(request, wire, name))
}

/// What vectors are for is told in the provider's own word, whatever field it came in, if the caller's word was understood.
fn note_extra(request: &Request, wire: Wire, losses: &mut Losses) {
    let is_understood = request.inputs.iter().all(|input| input.purpose.is_some());
    let lost = request.extra.keys().filter(|name| !is_copied(request, wire, name));
    for name in lost.filter(|name| !(is_understood && PURPOSE_FIELDS.contains(&name.as_str()))) {
        losses.note(name.as_str(), "the provider has no such field, or no such word");
    }
}

fn openai(
    request: &Request,
    run: &[Input],
    wire: Wire,
    model: &str,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    let is_open = matches!(wire, Wire::Openai { .. });
    let Dialect { dimensions, number, purpose, word } = dialect(wire);
    let input: Vec<Value> = run.iter().map(|input| openai_input(input, wire)).collect::<Result<_, _>>()?;
    let first = run.first();
    let mut body = ObjectWriter::new();
    body.field("model", model).field("input", &input);
    body.option(dimensions, first.and_then(|input| input.dimensions.as_ref()));
    match number {
        Some(field) => _ = body.option(field, request.number.as_ref()),
        None => note_number(request, losses),
    }
    if let Some(said) = first.and_then(|input| input.purpose) {
        match word(said) {
            Some(word) => _ = body.field(purpose, word),
            // Among callers and providers of OpenAI's form the caller's own field is passed on.
            None if is_open && !is_gemini(request) => {}
            None => note_purpose(request, losses),
        }
    }
    note_titles(request, run, losses);
    if is_open {
        body.option("user", request.user.as_ref());
    } else if request.user.is_some() {
        losses.note("user", "the provider has no such field");
    }
    if wire == (Wire::Openai { base64: true }) {
        body.field("encoding_format", "base64");
    }
    body.fields(copied(request, wire));
    Ok(body.finish())
}

fn openai_input(input: &Input, wire: Wire) -> Result<Value, Unsupported> {
    match &input.content {
        Content::Text(text) => Ok(text.as_str().into()),
        Content::Tokens(tokens) if matches!(wire, Wire::Openai { .. }) => Ok(tokens.as_slice().into()),
        Content::Tokens(_) => Err(foreign_tokens()),
        Content::Parts(parts) if wire == Wire::Jina => match parts.as_slice() {
            [Part::Media(image)] => {
                media::url(image).map(|url| json!({ "image": url })).ok_or_else(|| no_media("Jina"))
            }
            _ => Err(no_media("Jina")),
        },
        Content::Parts(_) => Err(no_media("this provider")),
    }
}

fn is_gemini(request: &Request) -> bool {
    !matches!(request.asked.form, Form::Openai { .. })
}

fn foreign_tokens() -> Unsupported {
    Unsupported::new("input", "token ids mean nothing to this model's tokenizer; send text")
}

fn no_media(provider: &str) -> Unsupported {
    Unsupported::new("input", format!("{provider} embeds text alone here, or one image an input; send text"))
}

fn note_number(request: &Request, losses: &mut Losses) {
    if request.number.is_some() {
        losses.note("output_dtype", "the provider makes floats");
    }
}

fn note_purpose(request: &Request, losses: &mut Losses) {
    let field =
        PURPOSE_FIELDS.into_iter().find(|name| request.extra.contains_key(*name)).unwrap_or("taskType");
    losses.note(field, "the provider has no word for it");
}

fn note_titles(request: &Request, run: &[Input], losses: &mut Losses) {
    if run.iter().any(|input| input.title.is_some()) && is_gemini(request) {
        losses.note("title", "the provider has no such field");
    }
}

fn note_user(request: &Request, losses: &mut Losses) {
    if request.user.is_some() {
        losses.note("user", "the provider has no such field");
    }
}

/// Text of an input for providers that take nothing else.
fn text(input: &Input) -> Result<&str, Unsupported> {
    match &input.content {
        Content::Text(text) => Ok(text),
        Content::Tokens(_) => Err(foreign_tokens()),
        Content::Parts(_) => Err(no_media("this provider")),
    }
}

/// Whether a run is one image for a model that takes it alone.
fn lone_image<'a>(run: &'a [Input], model: &str) -> Option<&'a crate::generation::Media> {
    match run {
        [input] if is_lone_image(model, input) => match &input.content {
            Content::Parts(parts) => match parts.as_slice() {
                [Part::Media(image)] => Some(image),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}
