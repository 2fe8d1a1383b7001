//! Cohere's form, its own and on Bedrock.
//!
//! Sources: <https://docs.cohere.com/reference/embed>,
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html>; 2026-11.

use serde::Serialize;

use super::{copied, foreign_tokens, lone_image, no_media, note_purpose, note_titles, note_user};
use crate::generation::{Losses, Part, Unsupported};
use crate::tasks::embeddings::{Content, Input, Purpose, Request, Wire};
use crate::tasks::json::ObjectWriter;
use crate::tasks::media;

/// What it is for must be told; documents are what most vectors are made of.
const DEFAULT_INPUT_TYPE: &str = "search_document";

#[derive(Serialize)]
struct Mixed<'a> {
    content: Vec<Piece<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Piece<'a> {
    Text { text: &'a str },
    ImageUrl { image_url: ImageUrl },
}

#[derive(Serialize)]
struct ImageUrl {
    url: String,
}

pub(super) fn embed(
    request: &Request,
    run: &[Input],
    wire: Wire,
    model: &str,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    note_user(request, losses);
    note_titles(request, run, losses);
    let mut body = ObjectWriter::new();
    // On Bedrock the path names the model.
    body.option("model", (wire == Wire::Cohere).then_some(model));
    let mut input_type = run.first().and_then(|input| input.purpose).map(Purpose::cohere);
    if matches!(input_type, Some(None)) {
        note_purpose(request, losses);
    }
    if let Some(image) = lone_image(run, model) {
        input_type = Some(Some("image"));
        body.field("images", &[media::url(image).ok_or_else(|| no_media("Cohere"))?]);
    } else if let Some(texts) = texts(run)? {
        body.field("texts", &texts);
    } else {
        body.field("inputs", &run.iter().map(mixed).collect::<Result<Vec<_>, _>>()?);
    }
    body.field("input_type", input_type.flatten().unwrap_or(DEFAULT_INPUT_TYPE));
    body.field("embedding_types", &[request.number.as_deref().unwrap_or("float")]);
    body.option("output_dimension", run.first().and_then(|input| input.dimensions.as_ref()));
    body.fields(copied(request, wire));
    Ok(body.finish())
}

/// The texts of a run of texts; none for one with media.
fn texts(run: &[Input]) -> Result<Option<Vec<&str>>, Unsupported> {
    let contents = run.iter().map(|input| &input.content);
    let texts = contents.map(|content| match content {
        Content::Text(text) => Ok(Some(text.as_str())),
        Content::Parts(_) => Ok(None),
        Content::Tokens(_) => Err(foreign_tokens()),
    });
    texts.collect()
}

fn mixed(input: &Input) -> Result<Mixed<'_>, Unsupported> {
    let Content::Parts(parts) = &input.content else { return Err(foreign_tokens()) };
    Ok(Mixed { content: parts.iter().map(piece).collect::<Result<_, _>>()? })
}

fn piece(part: &Part) -> Result<Piece<'_>, Unsupported> {
    match part {
        Part::Text(text) => Ok(Piece::Text { text: &text.text }),
        Part::Media(image) => {
            let url = media::url(image).ok_or_else(|| no_media("Cohere"))?;
            Ok(Piece::ImageUrl { image_url: ImageUrl { url } })
        }
        _ => Err(no_media("Cohere")),
    }
}
