//! Reading requests for embeddings.

use serde_json::{Map, Value};

use super::{Asked, Content, Form, Input, Purpose, Request};
use crate::BodyError;
use crate::generation::object::Object;
use crate::generation::{MediaKind, Part};
use crate::tasks::gemini::read_parts;
use crate::tasks::media;

/// Where callers say what a vector is for: Cohere's, Voyage's and NIM's field, Jina's, Google's.
pub(super) const PURPOSE_FIELDS: [&str; 4] = ["input_type", "task", "task_type", "taskType"];

/// Where callers say which numbers they want: Voyage's and Mistral's field, Jina's.
const NUMBER_FIELDS: [&str; 2] = ["output_dtype", "embedding_type"];

/// The most inputs of one request, as `OpenAI` has it
/// (<https://platform.openai.com/docs/api-reference/embeddings/create>, 2026-11).
const MAX_INPUTS: usize = 2_048;

/// Reads the body of `POST /v1/embeddings`, with the fields that other providers of this form have.
///
/// Source: <https://platform.openai.com/docs/api-reference/embeddings/create>, 2026-11.
///
/// # Errors
/// Names the field that cannot be read.
pub fn read_openai(body: Value) -> Result<Request, BodyError> {
    let mut object = Object::new(body, "")?;
    let model = object.required_text("model")?;
    let base64 = base64(&mut object)?;
    let number = number(&mut object)?;
    let dimensions = match object.count("dimensions")? {
        Some(dimensions) => Some(dimensions),
        None => object.count("output_dimension")?,
    };
    let purpose =
        PURPOSE_FIELDS.iter().find_map(|name| object.get(name)?.as_str()).and_then(Purpose::of_word);
    let contents = contents(object.take("input").ok_or_else(|| object.missing("input"))?)?;
    let user = object.text("user")?;
    let input = |content| Input { content, purpose, title: None, dimensions };
    let inputs: Vec<Input> = contents.into_iter().map(input).collect();
    let asked = Asked { model, form: Form::Openai { base64 }, count: inputs.len() };
    check_count(&inputs, "input")?;
    Ok(Request { asked, inputs, number, user, extra: object.rest() })
}

/// Reads the body of `embedContent`; the path names the model.
///
/// Source: <https://ai.google.dev/api/embeddings>, 2026-11.
///
/// # Errors
/// Names the field that cannot be read.
pub fn read_gemini(body: Value, model: &str) -> Result<Request, BodyError> {
    let object = Object::new(body, "")?;
    gemini(vec![object], model, Form::GeminiOne, Map::new())
}

/// Reads the body of `batchEmbedContents`; the path names the model.
///
/// # Errors
/// Names the field that cannot be read.
pub fn read_gemini_batch(body: Value, model: &str) -> Result<Request, BodyError> {
    let mut object = Object::new(body, "")?;
    let requests = object.objects("requests")?;
    if requests.is_empty() {
        return Err(object.missing("requests"));
    }
    gemini(requests, model, Form::GeminiBatch, object.rest())
}

fn gemini(
    requests: Vec<Object>,
    model: &str,
    form: Form,
    mut extra: Map<String, Value>,
) -> Result<Request, BodyError> {
    let inputs = requests.into_iter().map(|request| gemini_input(request, &mut extra));
    let inputs: Vec<Input> = inputs.collect::<Result<_, _>>()?;
    // Each body repeats the model.
    extra.swap_remove("model");
    check_count(&inputs, "requests")?;
    let asked = Asked { model: model.to_owned(), form, count: inputs.len() };
    Ok(Request { asked, inputs, number: None, user: None, extra })
}

/// Some models take one input a call, and a call of ours must not become any number of theirs.
fn check_count(inputs: &[Input], field: &str) -> Result<(), BodyError> {
    if inputs.len() <= MAX_INPUTS {
        return Ok(());
    }
    Err(BodyError::field(field, format!("`{field}` must hold at most {MAX_INPUTS}")))
}

fn gemini_input(mut object: Object, extra: &mut Map<String, Value>) -> Result<Input, BodyError> {
    let content = object.object("content")?.ok_or_else(|| object.missing("content"))?;
    let word = either(&mut object, "taskType", "task_type")?;
    let word = word.filter(|word| word != "TASK_TYPE_UNSPECIFIED");
    let purpose = word.as_deref().and_then(Purpose::of_word);
    if let Some(word) = word.filter(|_| purpose.is_none()) {
        extra.insert("taskType".to_owned(), word.into());
    }
    let dimensions = match object.count("outputDimensionality")? {
        Some(dimensions) => Some(dimensions),
        None => object.count("output_dimensionality")?,
    };
    let title = object.text("title")?;
    extra.extend(object.rest());
    Ok(Input { content: joined(read_parts(content)?), purpose, title, dimensions })
}

fn either(object: &mut Object, name: &str, other: &str) -> Result<Option<String>, BodyError> {
    Ok(match object.text(name)? {
        Some(text) => Some(text),
        None => object.text(other)?,
    })
}

fn base64(object: &mut Object) -> Result<bool, BodyError> {
    match object.text("encoding_format")?.as_deref() {
        None | Some("float") => Ok(false),
        Some("base64") => Ok(true),
        Some(_) => Err(object.invalid("encoding_format", "`float` or `base64`")),
    }
}

fn number(object: &mut Object) -> Result<Option<String>, BodyError> {
    let mut number = None;
    for name in NUMBER_FIELDS {
        number = number.or(object.text(name)?);
    }
    Ok(number.filter(|number| number != "float" && number != "base64"))
}

fn contents(input: Value) -> Result<Vec<Content>, BodyError> {
    let items = match input {
        Value::String(text) => return Ok(vec![Content::Text(text)]),
        Value::Array(items) if items.is_empty() => return Err(unknown("input")),
        Value::Array(items) if items.iter().all(Value::is_number) => {
            return tokens(&items).map(|tokens| vec![tokens]).ok_or_else(|| unknown("input"));
        }
        Value::Array(items) => items,
        object @ Value::Object(_) => vec![object],
        _ => return Err(unknown("input")),
    };
    items.into_iter().enumerate().map(|(index, item)| content(item, index)).collect()
}

fn content(item: Value, index: usize) -> Result<Content, BodyError> {
    let path = format!("input[{index}]");
    match item {
        Value::String(text) => Ok(Content::Text(text)),
        Value::Array(items) => tokens(&items).ok_or_else(|| unknown(&path)),
        Value::Object(_) => {
            let mut object = Object::new(item, path)?;
            let parts = if object.get("content").is_some() {
                object.objects("content")?.into_iter().map(part).collect::<Result<_, _>>()?
            } else {
                vec![part(object)?]
            };
            Ok(joined(parts))
        }
        _ => Err(unknown(&path)),
    }
}

/// One piece in the forms of Jina (`{"text"}`, `{"image"}`), Cohere (`{"type":"image_url","image_url":{"url"}}`) and Voyage
/// (`{"type":"image_base64","image_base64"}`).
fn part(mut object: Object) -> Result<Part, BodyError> {
    if let Some(text) = object.text("text")? {
        return Ok(Part::text(text));
    }
    if let Some(Value::Object(_)) = object.get("image_url")
        && let Some(mut nested) = object.object("image_url")?
    {
        return Ok(Part::Media(media::of_url(nested.required_text("url")?, MediaKind::Image)));
    }
    for name in ["image", "image_url", "image_base64"] {
        if let Some(image) = object.text(name)? {
            return Ok(Part::Media(image_of(image)));
        }
    }
    Err(object.invalid("text", "there, or `image`"))
}

/// Jina takes an address, a `data:` URL or bare base64 in one field.
fn image_of(image: String) -> crate::generation::Media {
    let is_bare = !image.contains(':');
    let url = if is_bare { format!("data:image/png;base64,{image}") } else { image };
    media::of_url(url, MediaKind::Image)
}

fn tokens(items: &[Value]) -> Option<Content> {
    let ids: Option<Vec<u64>> = items.iter().map(Value::as_u64).collect();
    ids.filter(|ids| !ids.is_empty()).map(Content::Tokens)
}

/// Text alone is text, however many parts it came in.
fn joined(parts: Vec<Part>) -> Content {
    let texts: Option<Vec<&str>> = parts.iter().map(Part::as_text).collect();
    match texts {
        Some(texts) => Content::Text(texts.join("\n")),
        None => Content::Parts(parts),
    }
}

fn unknown(path: &str) -> BodyError {
    let wanted =
        "a string, an array of token ids, an array of those, or an array of objects with `text` or `image`";
    BodyError::field(path, format!("`{path}` must be {wanted}, and not empty"))
}
