//! Writing requests for speech.

use serde_json::json;

use super::{Request, Wire, voice};
use crate::generation::{Losses, Unsupported};
use crate::target;
use crate::tasks::Call;
use crate::tasks::gemini::{GeminiPart, turn};
use crate::tasks::json::{ObjectWriter, known};

/// What `MiniMax` speaks faster or slower than, 1 being usual.
const MINIMAX_SPEED: (f64, f64) = (0.5, 2.0);

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
    if request.input.trim().is_empty() {
        return Err(Unsupported::new("input", "there is nothing to say"));
    }
    Ok(match wire {
        Wire::Gemini => gemini(request, losses),
        Wire::Minimax => minimax(request, model, losses),
    })
}

/// Source: <https://ai.google.dev/gemini-api/docs/speech-generation>, 2026-11. How it is said stands before what is said.
fn gemini(request: &Request, losses: &mut Losses) -> Call {
    if request.speed.is_some_and(|speed| (speed - 1.0).abs() > 1e-9) {
        losses.note("speed", "the provider has no such field; say it in the instructions");
    }
    if !matches!(request.asked.format.as_str(), "wav" | "pcm") {
        losses.note("response_format", "the provider makes samples: wav");
    }
    known(&request.extra, &[], losses);
    let instructed = request.instructions.as_ref().map(|instructions| {
        format!("{}:\n{}", instructions.trim().trim_end_matches(['.', ':']), request.input)
    });
    let text = instructed.as_ref().unwrap_or(&request.input);
    let name = voice::gemini(&request.voice, losses);
    let config = json!({
        "responseModalities": ["AUDIO"],
        "speechConfig": { "voiceConfig": { "prebuiltVoiceConfig": { "voiceName": name } } },
    });
    let mut body = ObjectWriter::new();
    body.field("contents", &[turn(vec![GeminiPart::Text(text)])]).field("generationConfig", &config);
    Call { wire: target::Wire::Gemini { stream: false }, body: body.finish().into() }
}

/// Source: <https://platform.minimax.io/docs/api-reference/speech-t2a-http>, 2026-11.
fn minimax(request: &Request, model: &str, losses: &mut Losses) -> Call {
    if request.instructions.is_some() {
        losses.note("instructions", "the provider has no such field");
    }
    let is_made = matches!(request.asked.format.as_str(), "mp3" | "pcm" | "flac" | "wav");
    if !is_made {
        losses.note("response_format", "the provider makes mp3, wav, flac and pcm: mp3");
    }
    let format = if is_made { request.asked.format.as_str() } else { "mp3" };
    let speed = request.speed.unwrap_or(1.0);
    let fitting = speed.clamp(MINIMAX_SPEED.0, MINIMAX_SPEED.1);
    if (fitting - speed).abs() > 1e-9 {
        losses.note("speed", "the provider speaks at 0.5 to 2");
    }
    let name = voice::minimax(&request.voice, losses);
    let mut body = ObjectWriter::new();
    body.field("model", model).field("text", &request.input).field("stream", &false);
    body.field("voice_setting", &json!({ "voice_id": name, "speed": fitting }));
    body.field("audio_setting", &json!({ "format": format, "sample_rate": 24_000, "channel": 1 }));
    body.field("output_format", "hex");
    let others = ["language_boost", "pronunciation_dict", "subtitle_enable", "voice_modify"];
    body.fields(known(&request.extra, &others, losses));
    Call { wire: target::Wire::MinimaxSpeech, body: body.finish().into() }
}
