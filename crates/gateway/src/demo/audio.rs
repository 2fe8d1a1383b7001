//! OpenAI's audio (platform.openai.com/docs/api-reference/audio, 2026-07): a short tone, and transcripts that say what
//! was sent.

use bytes::Bytes;
use serde_json::{Value, json};

use super::DemoRequest;
use super::behaviour::Behaviour;
use super::fields::{Fields, Read, parse, wrong};
use super::form::Form;
use super::play::{Content, Draft};
use super::stream::{Event, Stream, data};
use super::text::transcript;
use super::words::{count, pieces};

mod wav;

/// Seconds that every recording is said to last.
const SECONDS: f64 = 1.0;

/// The answer to `audio/speech`: WAV, whatever format is asked for.
pub(super) fn speech(request: &DemoRequest<'_>) -> Read<Draft> {
    let body = parse(request.body)?;
    let fields = Fields::root(&body)?;
    let input = fields.required("input", fields.text("input")?)?;
    fields.required("voice", fields.value("voice"))?;
    fields.number("speed", 0.25..=4.0)?;
    let behaviour = Behaviour::read(request.model, input);
    if fields.text("stream_format")? == Some("sse") {
        return Ok(Draft { behaviour, content: Content::Stream(spoken(request, input)) });
    }
    Ok(Draft { behaviour, content: Content::Whole { kind: "audio/wav", bytes: wav::tone().into() } })
}

fn spoken(request: &DemoRequest<'_>, input: &str) -> Stream {
    use base64::Engine as _;
    let audio = base64::engine::general_purpose::STANDARD.encode(wav::tone());
    let delta = json!({ "type": "speech.audio.delta", "audio": audio });
    let done = json!({ "type": "speech.audio.done", "usage": usage(count(input), 0) });
    events(request, vec![Event::token(data(&delta)), Event::plain(data(&done))].into_iter())
}

/// The answer to `audio/transcriptions`.
pub(super) fn transcriptions(request: &DemoRequest<'_>) -> Read<Draft> {
    let form = Form::read(request.content_type, request.body)?;
    let chinese = form.text("language")?.is_some_and(|language| language.starts_with("zh"));
    heard(request, &form, chinese)
}

/// The answer to `audio/translations`: always English.
pub(super) fn translations(request: &DemoRequest<'_>) -> Read<Draft> {
    heard(request, &Form::read(request.content_type, request.body)?, false)
}

fn heard(request: &DemoRequest<'_>, form: &Form<'_>, chinese: bool) -> Read<Draft> {
    let file = form.file("file")?;
    let text = transcript(file.filename.unwrap_or("audio"), file.data.len(), chinese);
    let behaviour = Behaviour::read(request.model, form.text("prompt")?.unwrap_or_default());
    let usage = usage(10, count(&text));
    if form.flag("stream")? {
        let done = json!({ "type": "transcript.text.done", "text": text, "usage": usage });
        let deltas = pieces(text).map(|piece| json!({ "type": "transcript.text.delta", "delta": piece }));
        let told = deltas.map(|delta| Event::token(data(&delta))).chain([Event::plain(data(&done))]);
        return Ok(Draft { behaviour, content: Content::Stream(events(request, told)) });
    }
    let (kind, bytes) = match form.text("response_format")?.unwrap_or("json") {
        "json" => ("application/json", json!({ "text": text, "usage": usage }).to_string()),
        "verbose_json" => ("application/json", verbose(request, &text, chinese).to_string()),
        "text" => ("text/plain; charset=utf-8", format!("{text}\n")),
        "srt" => ("text/plain; charset=utf-8", format!("1\n00:00:00,000 --> 00:00:01,000\n{text}\n\n")),
        "vtt" => {
            ("text/plain; charset=utf-8", format!("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n{text}\n\n"))
        }
        _ => return Err(wrong("response_format", "json, text, srt, verbose_json or vtt")),
    };
    Ok(Draft { behaviour, content: Content::Whole { kind, bytes: Bytes::from(bytes) } })
}

fn verbose(request: &DemoRequest<'_>, text: &str, chinese: bool) -> Value {
    let segment = json!({
        "id": 0, "seek": 0, "start": 0.0, "end": SECONDS, "text": text, "tokens": [], "temperature": 0.0,
        "avg_logprob": -0.1, "compression_ratio": 1.0, "no_speech_prob": 0.01,
    });
    let translates = request.operation == roundhouse_llm::Operation::Translations;
    json!({
        "task": if translates { "translate" } else { "transcribe" },
        "language": if chinese { "chinese" } else { "english" },
        "duration": SECONDS,
        "text": text,
        "segments": [segment],
        "usage": { "type": "duration", "seconds": SECONDS },
    })
}

fn usage(input_tokens: u64, output_tokens: u64) -> Value {
    json!({
        "type": "tokens",
        "input_tokens": input_tokens,
        "output_tokens": output_tokens,
        "total_tokens": input_tokens + output_tokens,
    })
}

fn events(request: &DemoRequest<'_>, events: impl Iterator<Item = Event> + Send + Sync + 'static) -> Stream {
    Stream::sse(request.operation, events)
}
