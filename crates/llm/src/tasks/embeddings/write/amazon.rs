//! Amazon's own models on Bedrock.
//!
//! Sources: <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html>,
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-mm.html>,
//! <https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html>; 2026-11.

use serde_json::{Value, json};

use super::{copied, no_media, note_number, note_purpose, note_titles, note_user, text};
use crate::generation::{Losses, Media, Part, Source, Unsupported};
use crate::tasks::embeddings::{Content, Input, Purpose, Request, Wire};
use crate::tasks::json::{ObjectWriter, write};

pub(super) fn titan(
    request: &Request,
    run: &[Input],
    model: &str,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    note_common(request, run, losses);
    note_number(request, losses);
    let mut body = ObjectWriter::new();
    for input in run {
        if input.purpose.is_some() {
            note_purpose(request, losses);
        }
        titan_input(input, model, &mut body)?;
        match input.dimensions {
            Some(dimensions) if model.contains("embed-image") => {
                body.field("embeddingConfig", &json!({ "outputEmbeddingLength": dimensions }));
            }
            Some(_) if model.contains("embed-text-v1") => {
                losses.note("dimensions", "the model has one length");
            }
            dimensions => _ = body.option("dimensions", dimensions.as_ref()),
        }
    }
    body.fields(copied(request, Wire::BedrockTitan));
    Ok(body.finish())
}

fn titan_input(input: &Input, model: &str, body: &mut ObjectWriter) -> Result<(), Unsupported> {
    let Content::Parts(parts) = &input.content else {
        body.field("inputText", text(input)?);
        return Ok(());
    };
    if !model.contains("embed-image") {
        return Err(no_media("this model"));
    }
    for part in parts {
        match part {
            Part::Text(text) => _ = body.field("inputText", &text.text),
            Part::Media(image) => _ = body.field("inputImage", bytes(image)?.1),
            _ => return Err(no_media("Titan")),
        }
    }
    Ok(())
}

pub(super) fn nova(request: &Request, run: &[Input], losses: &mut Losses) -> Result<Vec<u8>, Unsupported> {
    note_common(request, run, losses);
    note_number(request, losses);
    let mut body = Vec::new();
    for input in run {
        let mut params = json!({
            "embeddingPurpose": input.purpose.map_or("GENERIC_INDEX", Purpose::nova),
            "embeddingDimension": input.dimensions.unwrap_or(3_072),
        });
        let (name, value) = nova_input(input)?;
        params[name] = value;
        write(&mut body, &json!({ "taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": params }));
    }
    Ok(body)
}

fn nova_input(input: &Input) -> Result<(&'static str, Value), Unsupported> {
    let Content::Parts(parts) = &input.content else {
        return Ok(("text", json!({ "truncationMode": "END", "value": text(input)? })));
    };
    let [Part::Media(image)] = parts.as_slice() else { return Err(no_media("Nova")) };
    let (mime, data) = bytes(image)?;
    let format = mime.rsplit('/').next().unwrap_or_default();
    Ok(("image", json!({ "format": format, "source": { "bytes": data } })))
}

fn bytes(media: &Media) -> Result<(&str, &str), Unsupported> {
    match &media.source {
        Source::Bytes { mime, data } => Ok((mime, data)),
        _ => Err(Unsupported::new(
            "input",
            "the provider reads no addresses; send the image itself as a data URL",
        )),
    }
}

fn note_common(request: &Request, run: &[Input], losses: &mut Losses) {
    note_user(request, losses);
    note_titles(request, run, losses);
}
