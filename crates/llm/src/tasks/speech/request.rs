//! A request for speech, in the common meaning of all forms.

use serde_json::{Map, Value};

use crate::BodyError;
use crate::generation::object::Object;

/// A request for speech.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What the reply must remember.
    pub asked: Asked,
    /// What is to be said.
    pub input: String,
    /// The voice's name.
    pub voice: String,
    /// How it is to be said.
    pub instructions: Option<String>,
    /// How fast, 1 being usual.
    pub speed: Option<f64>,
    /// Fields of the caller's form that have no common meaning.
    pub extra: Map<String, Value>,
}

/// What the reply must remember of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The model, as the caller named it.
    pub model: String,
    /// `mp3`, `opus`, `aac`, `flac`, `wav` or `pcm`, which is 16-bit little-endian at 24 kHz without a header.
    pub format: String,
    /// Whether the sound is to come in server-sent events.
    pub events: bool,
}

/// Reads the body of `POST /v1/audio/speech`.
///
/// Source: <https://platform.openai.com/docs/api-reference/audio/createSpeech>, 2026-11.
///
/// # Errors
/// Names the field that cannot be read.
pub fn read_request(body: Value) -> Result<Request, BodyError> {
    let mut object = Object::new(body, "")?;
    let asked = Asked {
        model: object.required_text("model")?,
        format: object.text("response_format")?.unwrap_or_else(|| "mp3".to_owned()),
        events: object.text("stream_format")?.as_deref() == Some("sse"),
    };
    let input = object.required_text("input")?;
    let voice = match object.get("voice") {
        // A voice of the caller's own is an object.
        Some(Value::Object(_)) => match object.object("voice")? {
            Some(mut voice) => voice.required_text("id")?,
            None => return Err(object.missing("voice")),
        },
        _ => object.required_text("voice")?,
    };
    let instructions = object.text("instructions")?.filter(|instructions| !instructions.trim().is_empty());
    let speed = object.number("speed")?;
    Ok(Request { asked, input, voice, instructions, speed, extra: object.rest() })
}
