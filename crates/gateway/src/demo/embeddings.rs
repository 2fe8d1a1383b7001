//! Embeddings in OpenAI's shape (platform.openai.com/docs/api-reference/embeddings) and in Google's
//! (ai.google.dev/api/embeddings), 2026-07.

use serde_json::{Value, json};

use super::DemoRequest;
use super::behaviour::Behaviour;
use super::completions::of_tokens;
use super::fields::{Bad, Fields, Read, missing, parse, wrong};
use super::gemini;
use super::play::Draft;
use super::vector::{base64, embed, numbers};
use super::words::count;

const USUAL_DIMENSIONS: u64 = 256;
const MOST_DIMENSIONS: u64 = 4_096;

/// Inputs at once, as at OpenAI.
const MOST_INPUTS: usize = 2_048;

/// Numbers in one answer at most, so that it stays below some 12 MB.
const MOST_NUMBERS: usize = 1 << 20;

pub(super) fn openai(request: &DemoRequest<'_>) -> Read<Draft> {
    let body = parse(request.body)?;
    let fields = Fields::root(&body)?;
    let inputs = inputs(&fields)?;
    let dimensions = dimensions(&fields, "dimensions")?;
    bound(inputs.len(), dimensions)?;
    let encoded = match fields.text("encoding_format")? {
        None | Some("float") => false,
        Some("base64") => true,
        Some(_) => return Err(wrong("encoding_format", "float or base64")),
    };
    let data = inputs.iter().enumerate().map(|(index, input)| {
        let vector = embed(input, dimensions);
        let embedding = if encoded { json!(base64(&vector)) } else { numbers(&vector) };
        json!({ "object": "embedding", "index": index, "embedding": embedding })
    });
    let tokens: u64 = inputs.iter().map(|input| count(input)).sum();
    let answer = json!({
        "object": "list",
        "data": data.collect::<Value>(),
        "model": request.model,
        "usage": { "prompt_tokens": tokens, "total_tokens": tokens },
    });
    let last = inputs.last().map_or("", String::as_str);
    Ok(Draft::json(Behaviour::read(request.model, last), &answer))
}

/// The answer to `embedContent`.
pub(super) fn embed_content(request: &DemoRequest<'_>) -> Read<Draft> {
    let body = parse(request.body)?;
    let (text, vector) = google(&Fields::root(&body)?)?;
    let answer = json!({ "embedding": { "values": numbers(&vector) } });
    Ok(Draft::json(Behaviour::read(request.model, &text), &answer))
}

/// The answer to `batchEmbedContents`.
pub(super) fn batch_embed_contents(request: &DemoRequest<'_>) -> Read<Draft> {
    let body = parse(request.body)?;
    let fields = Fields::root(&body)?;
    fields.required("requests", fields.value("requests"))?;
    let mut texts = String::new();
    let mut embeddings = Vec::new();
    for one in fields.items("requests")? {
        let (text, vector) = google(&one)?;
        bound(embeddings.len() + 1, vector.len())?;
        embeddings.push(json!({ "values": numbers(&vector) }));
        texts = text;
    }
    Ok(Draft::json(Behaviour::read(request.model, &texts), &json!({ "embeddings": embeddings })))
}

fn google(fields: &Fields<'_>) -> Read<(String, Vec<f32>)> {
    let content = fields.required("content", fields.fields("content")?)?;
    let text = gemini::read::content(&content)?.text;
    let dimensions = dimensions(fields, "outputDimensionality")?;
    let vector = embed(&text, dimensions);
    Ok((text, vector))
}

/// The inputs: a text, some texts, or tokens in their place.
fn inputs(fields: &Fields<'_>) -> Read<Vec<String>> {
    let expected = "a string, an array of strings or tokens";
    let inputs = match fields.value("input") {
        None => return Err(missing("input")),
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(inputs)) if inputs.is_empty() => return Err(wrong("input", "at least one input")),
        Some(Value::Array(tokens)) if tokens.iter().all(Value::is_u64) => vec![of_tokens(tokens)],
        Some(Value::Array(inputs)) => inputs
            .iter()
            .map(|input| match input {
                Value::String(text) => Ok(text.clone()),
                Value::Array(tokens) if tokens.iter().all(Value::is_u64) => Ok(of_tokens(tokens)),
                _ => Err(wrong("input", expected)),
            })
            .collect::<Read<_>>()?,
        Some(_) => return Err(wrong("input", expected)),
    };
    if inputs.len() > MOST_INPUTS { Err(wrong("input", "at most 2048 inputs")) } else { Ok(inputs) }
}

fn dimensions(fields: &Fields<'_>, name: &str) -> Read<usize> {
    let dimensions = fields.whole(name, 1..=MOST_DIMENSIONS)?.unwrap_or(USUAL_DIMENSIONS);
    usize::try_from(dimensions).map_err(|_| wrong(&fields.path(name), "fewer dimensions"))
}

fn bound(inputs: usize, dimensions: usize) -> Read<()> {
    if inputs.saturating_mul(dimensions) <= MOST_NUMBERS {
        return Ok(());
    }
    let message = format!("Too many numbers: inputs times dimensions may be {MOST_NUMBERS} at most.");
    Err(Bad { message, param: None })
}
