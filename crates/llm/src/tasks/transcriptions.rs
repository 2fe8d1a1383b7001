//! Text from speech, as it is said or in English.
//!
//! [`read_transcription`] or [`read_translation`] -> [`Request`] -> [`write_request`] -> [`read_answer`] -> [`write_answer`].
//!
//! Gemini's models are told in words what to do; they tell no times, so that subtitles are refused.
//! Sources: <https://platform.openai.com/docs/api-reference/audio/createTranscription>,
//! <https://ai.google.dev/gemini-api/docs/audio>; 2026-11.

#[cfg(test)]
mod tests;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::gemini::{GeminiPart, Generated, InlineData, turn};
use super::json::{ObjectWriter, write};
use super::{Call, Reply};
use crate::generation::{Losses, Unsupported, Usage};
use crate::multipart::{Form, FormFile};
use crate::target::Wire;
use crate::{BodyError, UpstreamError};

/// What an error says is missing.
const WANTED: &str = "text";

/// What the model is told.
const TRANSCRIBE: &str =
    "Write down what is said in this recording, word for word, in the language in which it is said.";

/// What the model is told where English is wanted.
const TRANSLATE: &str = "Write down in English what is said in this recording.";

/// What it is told in either case.
const PLAINLY: &str = "Answer with these words alone: no comments, no times, no names of speakers.";

/// A request for the text of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What the reply must remember.
    pub asked: Asked,
    /// Whether the text is to be English, whatever was said.
    pub is_translation: bool,
    /// The recording.
    pub file: FormFile,
    /// The language that is spoken (ISO 639-1).
    pub language: Option<String>,
    /// What the recording is about, or how words in it are spelt.
    pub prompt: Option<String>,
    /// How tokens are drawn, 0 to 1.
    pub temperature: Option<f64>,
    /// Whether a time is wanted for each word or sentence.
    pub has_times: bool,
    /// Other fields of the form.
    pub extra: Vec<String>,
}

/// What the reply must remember of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The model, as the caller named it.
    pub model: String,
    /// `json`, `text`, `srt`, `vtt`, `verbose_json` or `diarized_json`.
    pub format: String,
    /// Whether a stream is wanted.
    pub stream: bool,
}

/// The text of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The text.
    pub text: String,
    /// What it took, where the provider told.
    pub usage: Usage,
}

/// Reads the form of `POST /v1/audio/translations`.
///
/// # Errors
/// Names the field that cannot be read.
pub fn read_translation(content_type: &str, body: &Bytes) -> Result<Request, BodyError> {
    Ok(Request { is_translation: true, ..read_transcription(content_type, body)? })
}

/// Reads the form of `POST /v1/audio/transcriptions`.
///
/// # Errors
/// Names the field that cannot be read.
pub fn read_transcription(content_type: &str, body: &Bytes) -> Result<Request, BodyError> {
    let mut form = Form::read(content_type, body)?;
    let asked = Asked {
        model: form.required_text("model")?,
        format: form.text("response_format").unwrap_or_else(|| "json".to_owned()),
        stream: form.parsed("stream", "true or false")?.unwrap_or(false),
    };
    Ok(Request {
        asked,
        is_translation: false,
        file: form.required_file("file")?,
        language: form.text("language"),
        prompt: form.text("prompt"),
        temperature: form.parsed("temperature", "a number")?,
        has_times: !form.texts("timestamp_granularities").is_empty(),
        extra: form.rest().map(|(name, _)| name).collect(),
    })
}

/// The upstream call for a request.
///
/// # Errors
/// Names what the provider has no place for.
pub fn write_request(request: &Request, losses: &mut Losses) -> Result<Call, Unsupported> {
    if request.has_times || !matches!(request.asked.format.as_str(), "json" | "text") {
        let message = "this model tells no times and no speakers; ask for `json` or `text`";
        return Err(Unsupported::new("response_format", message));
    }
    for name in &request.extra {
        losses.note(name.as_str(), "the provider has no such field");
    }
    let instruction = instruction(request);
    let data = STANDARD.encode(&request.file.data);
    let sound = InlineData { mime_type: request.file.mime(), data: &data };
    let mut body = ObjectWriter::new();
    body.field("contents", &[turn(vec![GeminiPart::InlineData(sound), GeminiPart::Text(&instruction)])]);
    let temperature = request.temperature.filter(|temperature| temperature.is_finite());
    if let Some(temperature) = temperature {
        body.field("generationConfig", &json!({ "temperature": temperature }));
    }
    Ok(Call { wire: Wire::Gemini { stream: false }, body: body.finish().into() })
}

fn instruction(request: &Request) -> String {
    let task = if request.is_translation { TRANSLATE } else { TRANSCRIBE };
    let language =
        request.language.as_ref().map(|language| format!(" The language that is spoken is {language}."));
    let prompt = request.prompt.as_ref().map(|prompt| format!(" This helps with the spelling: {prompt}"));
    [task, " ", PLAINLY, &language.unwrap_or_default(), &prompt.unwrap_or_default()].concat()
}

/// Reads a 2xx answer; silence has no text.
///
/// # Errors
/// When it tells an error, or a filter held the text back.
pub fn read_answer(body: &[u8]) -> Result<Answer, UpstreamError> {
    let generated = Generated::read(body, WANTED)?;
    let text: String = generated.parts().filter_map(|part| part.text.as_deref()).collect();
    let absence = generated.absence(WANTED);
    if text.is_empty() && absence.status == Some(400) {
        return Err(absence);
    }
    Ok(Answer { text: text.trim().to_owned(), usage: generated.usage() })
}

/// Writes the answer as `OpenAI` does.
pub fn write_answer(answer: &Answer, asked: &Asked) -> Reply {
    if asked.stream {
        return Reply { content_type: "text/event-stream", body: events(answer) };
    }
    if asked.format == "text" {
        return Reply {
            content_type: "text/plain; charset=utf-8",
            body: format!("{}\n", answer.text).into(),
        };
    }
    let mut body = ObjectWriter::new();
    body.field("text", &answer.text).option("usage", usage(answer).as_ref());
    Reply::json(body.finish())
}

fn events(answer: &Answer) -> Vec<u8> {
    let mut body = Vec::new();
    let delta = json!({ "type": "transcript.text.delta", "delta": answer.text });
    let done = json!({ "type": "transcript.text.done", "text": answer.text, "usage": usage(answer) });
    for event in [delta, done] {
        body.extend_from_slice(b"data: ");
        write(&mut body, &event);
        body.extend_from_slice(b"\n\n");
    }
    body
}

fn usage(answer: &Answer) -> Option<Value> {
    let Usage { tokens, audio_input, .. } = &answer.usage;
    let text_tokens = tokens.input.saturating_sub(*audio_input);
    let told = json!({
        "type": "tokens",
        "input_tokens": tokens.input,
        "input_token_details": { "text_tokens": text_tokens, "audio_tokens": audio_input },
        "output_tokens": tokens.output,
        "total_tokens": tokens.total(),
    });
    (!tokens.is_empty()).then_some(told)
}
