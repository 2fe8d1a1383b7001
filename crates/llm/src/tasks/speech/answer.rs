//! Answers: sound.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

use super::wav::Pcm;
use super::{Asked, Wire};
use crate::UpstreamError;
use crate::errors::from_document;
use crate::generation::Usage;
use crate::tasks::Reply;
use crate::tasks::gemini::Generated;
use crate::tasks::json::{broken, failure, lenient, write};

/// What an error says is missing.
const WANTED: &str = "sound";

/// Sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its MIME type.
    pub mime: String,
    /// The bytes.
    pub data: Vec<u8>,
    /// What it took, where the provider told.
    pub usage: Usage,
}

/// A 2xx answer of `MiniMax`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Spoken {
    #[serde(deserialize_with = "lenient")]
    data: SpokenData,
    #[serde(deserialize_with = "lenient")]
    extra_info: ExtraInfo,
    #[serde(deserialize_with = "lenient")]
    base_resp: BaseResp,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SpokenData {
    #[serde(deserialize_with = "lenient")]
    audio: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ExtraInfo {
    #[serde(deserialize_with = "lenient")]
    audio_format: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct BaseResp {
    #[serde(deserialize_with = "lenient")]
    status_code: i64,
}

/// Reads a 2xx answer.
///
/// # Errors
/// When it tells an error, a filter held the sound back, or it holds none.
pub fn read_answer(wire: Wire, body: &[u8]) -> Result<Answer, UpstreamError> {
    match wire {
        Wire::Gemini => gemini(body),
        Wire::Minimax => minimax(body),
    }
}

fn gemini(body: &[u8]) -> Result<Answer, UpstreamError> {
    let mut generated = Generated::read(body, WANTED)?;
    let blobs = generated.take_blobs();
    let mut data = Vec::new();
    for blob in &blobs {
        STANDARD.decode_vec(&blob.data, &mut data).map_err(|_| broken(WANTED))?;
    }
    let mime = blobs.into_iter().next().map(|blob| blob.mime_type).unwrap_or_default();
    if data.is_empty() {
        return Err(generated.absence(WANTED));
    }
    Ok(Answer { mime, data, usage: generated.usage() })
}

/// A failure is told beside no sound (<https://platform.minimax.io/docs/api-reference/errorcode>, 2026-11).
fn minimax(body: &[u8]) -> Result<Answer, UpstreamError> {
    let spoken: Spoken = serde_json::from_slice(body).map_err(|_| failure(body, WANTED))?;
    if spoken.base_resp.status_code != 0 {
        let document = serde_json::from_slice(body).unwrap_or_default();
        return Err(from_document(&document).unwrap_or_else(|| broken(WANTED)));
    }
    let data = unhexed(&spoken.data.audio).filter(|data| !data.is_empty());
    let data = data.ok_or_else(|| failure(body, WANTED))?;
    let mime = match spoken.extra_info.audio_format.as_str() {
        "" => "audio/mpeg",
        format => content_type(format),
    };
    Ok(Answer { mime: mime.to_owned(), data, usage: Usage::default() })
}

fn unhexed(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    bytes.filter(|_| rest.is_empty())
}

/// Writes the answer as `OpenAI` does: bare bytes, or events.
///
/// Source: <https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event>, 2026-11.
pub fn write_answer(answer: &Answer, asked: &Asked) -> Reply {
    let wav = Pcm::of(&answer.mime).filter(|_| asked.format != "pcm").map(|pcm| pcm.wav(&answer.data));
    let sound = wav.as_ref().unwrap_or(&answer.data);
    if asked.events {
        return Reply { content_type: "text/event-stream", body: events(sound, &answer.usage) };
    }
    let content_type = match (&wav, Pcm::of(&answer.mime)) {
        (Some(_), _) => "audio/wav",
        (None, Some(_)) => "audio/pcm",
        (None, None) => content_type(answer.mime.rsplit('/').next().unwrap_or_default()),
    };
    Reply { content_type, body: sound.clone() }
}

fn events(sound: &[u8], usage: &Usage) -> Vec<u8> {
    let tokens = usage.tokens;
    let mut body = b"data: ".to_vec();
    write(&mut body, &json!({ "type": "speech.audio.delta", "audio": STANDARD.encode(sound) }));
    body.extend_from_slice(b"\n\ndata: ");
    let usage = json!({ "input_tokens": tokens.input, "output_tokens": tokens.output, "total_tokens": tokens.total() });
    write(&mut body, &json!({ "type": "speech.audio.done", "usage": usage }));
    body.extend_from_slice(b"\n\n");
    body
}

/// The content type of a format.
fn content_type(format: &str) -> &'static str {
    match format {
        "wav" | "x-wav" | "wave" => "audio/wav",
        "flac" => "audio/flac",
        "opus" | "ogg" => "audio/opus",
        "aac" => "audio/aac",
        "pcm" => "audio/pcm",
        _ => "audio/mpeg",
    }
}
