use serde_json::{Value, json};

use super::*;
use crate::generation::Losses;

const SAMPLES: &str = r#"{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"audio/L16;codec=pcm;rate=24000","data":"AQID"}},
    {"inlineData":{"mimeType":"audio/L16;codec=pcm;rate=24000","data":"BA=="}}]},"finishReason":"STOP"}],
    "usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":25}}"#;

fn request(fields: &Value) -> Request {
    let mut body = json!({"model": "m", "input": "Hello", "voice": "alloy"});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    read_request(body).unwrap()
}

fn written(request: &Request, wire: Wire) -> (Value, Vec<String>) {
    let mut losses = Losses::default();
    let call = write_request(request, wire, "x", &mut losses).unwrap();
    let lost = losses.iter().map(|(field, _)| field.to_owned()).collect();
    (serde_json::from_slice(&call.body).unwrap(), lost)
}

#[test]
fn gemini_is_told_how_to_say_it_in_the_text() {
    let request =
        request(&json!({"instructions": "Say it cheerfully. ", "response_format": "wav", "speed": 1}));
    let (body, losses) = written(&request, Wire::Gemini);
    assert_eq!(body["contents"][0]["parts"], json!([{"text": "Say it cheerfully:\nHello"}]));
    assert_eq!(
        body["generationConfig"],
        json!({
            "responseModalities": ["AUDIO"],
            "speechConfig": {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Kore"}}},
        })
    );
    assert_eq!(losses, ["voice"]);
    let (_, losses) = written(&super::tests::request(&json!({"voice": "Puck", "speed": 2})), Wire::Gemini);
    assert_eq!(losses, ["speed", "response_format"]);
}

#[test]
fn minimax_gets_its_own_fields() {
    let (body, losses) = written(
        &request(&json!({"voice": {"id": "v"}, "speed": 4, "response_format": "opus"})),
        Wire::Minimax,
    );
    assert_eq!(
        body,
        json!({
            "model": "x", "text": "Hello", "stream": false, "voice_setting": {"voice_id": "v", "speed": 2.0},
            "audio_setting": {"format": "mp3", "sample_rate": 24000, "channel": 1}, "output_format": "hex",
        })
    );
    assert_eq!(losses, ["response_format", "speed"]);
}

#[test]
fn samples_become_a_file_unless_samples_were_wanted() {
    let answer = read_answer(Wire::Gemini, SAMPLES.as_bytes()).unwrap();
    assert_eq!((answer.data.as_slice(), answer.usage.tokens.output), (&[1, 2, 3, 4][..], 25));
    let reply = |format: &str| write_answer(&answer, &request(&json!({"response_format": format})).asked);
    assert_eq!((reply("pcm").content_type, reply("pcm").body), ("audio/pcm", vec![1, 2, 3, 4]));
    for format in ["wav", "mp3"] {
        let reply = reply(format);
        assert_eq!(
            (reply.content_type, &reply.body[..4], &reply.body[44..]),
            ("audio/wav", &b"RIFF"[..], &[1, 2, 3, 4][..])
        );
    }
}

#[test]
fn sound_in_events_is_whole() {
    let answer = read_answer(Wire::Gemini, SAMPLES.as_bytes()).unwrap();
    let reply =
        write_answer(&answer, &request(&json!({"response_format": "pcm", "stream_format": "sse"})).asked);
    assert_eq!(reply.content_type, "text/event-stream");
    assert_eq!(
        String::from_utf8(reply.body).unwrap(),
        "data: {\"type\":\"speech.audio.delta\",\"audio\":\"AQIDBA==\"}\n\n\
         data: {\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":4,\"output_tokens\":25,\"total_tokens\":29}}\n\n"
    );
}

#[test]
fn minimax_sound_is_read_from_hex() {
    let body = br#"{"data":{"audio":"4944Ff","status":2},"extra_info":{"audio_format":"mp3","usage_characters":5},"base_resp":{"status_code":0}}"#;
    let answer = read_answer(Wire::Minimax, body).unwrap();
    let reply = write_answer(&answer, &request(&json!({})).asked);
    assert_eq!((reply.content_type, reply.body), ("audio/mpeg", vec![0x49, 0x44, 0xff]));
}

#[test]
fn answers_without_sound_are_failures() {
    for (wire, body, words) in [
        (Wire::Gemini, r#"{"candidates":[{"finishReason":"OTHER"}]}"#, "no sound"),
        (Wire::Gemini, r#"{"candidates":[{"content":{"parts":[{"inlineData":{"data":"?"}}]}}]}"#, "no sound"),
        (Wire::Gemini, r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#, "SAFETY"),
        (Wire::Minimax, r#"{"base_resp":{"status_code":1004,"status_msg":"bad key"}}"#, "bad key"),
        (Wire::Minimax, r#"{"data":{"audio":"4"}}"#, "no sound"),
        (Wire::Minimax, r#"{"data":{"audio":"zz"}}"#, "no sound"),
        (Wire::Minimax, "", "no sound"),
    ] {
        let error = read_answer(wire, body.as_bytes()).unwrap_err();
        assert!(error.message.contains(words), "{body}: {error:?}");
    }
}

#[test]
fn fields_that_are_missing_or_empty_are_named() {
    for (body, field) in [
        (json!({"input": "a", "voice": "b"}), "model"),
        (json!({"model": "m", "voice": "b"}), "input"),
        (json!({"model": "m", "input": "a"}), "voice"),
        (json!({"model": "m", "input": "a", "voice": {}}), "voice.id"),
    ] {
        assert_eq!(read_request(body.clone()).unwrap_err().param.as_deref(), Some(field), "{body}");
    }
    let silent = request(&json!({"input": " "}));
    assert!(write_request(&silent, Wire::Gemini, "x", &mut Losses::default()).is_err());
}
