use super::*;

const ANSWER: &str = r#"{"candidates":[{"content":{"parts":[{"text":"thinking","thought":true},{"text":"Hello "},{"text":"there.\n"}]},"finishReason":"STOP"}],
    "usageMetadata":{"promptTokenCount":60,"candidatesTokenCount":3,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":32},{"modality":"TEXT","tokenCount":28}]}}"#;

fn read(fields: &[(&str, &str)], is_translation: bool) -> Result<Request, BodyError> {
    let fields = fields.iter().map(|(name, value)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    });
    let file = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n\
                Content-Type: application/octet-stream\r\n\r\nID3\r\n";
    let body = format!("{}{file}--b--", fields.collect::<String>());
    let read = if is_translation { read_translation } else { read_transcription };
    read("multipart/form-data; boundary=b", &Bytes::from(body))
}

fn written(request: &Request) -> (Value, Vec<String>) {
    let mut losses = Losses::default();
    let call = write_request(request, &mut losses).unwrap();
    let lost = losses.iter().map(|(field, _)| field.to_owned()).collect();
    (serde_json::from_slice(&call.body).unwrap(), lost)
}

fn reply(fields: &[(&str, &str)]) -> (&'static str, String) {
    let answer = read_answer(ANSWER.as_bytes()).unwrap();
    let reply = write_answer(&answer, &read(fields, false).unwrap().asked);
    (reply.content_type, String::from_utf8(reply.body).unwrap())
}

#[test]
fn the_recording_goes_with_words_on_what_to_do() {
    let fields = [
        ("model", "m"),
        ("language", "de"),
        ("prompt", "Müller"),
        ("temperature", "0.2"),
        ("include[]", "logprobs"),
    ];
    let (body, losses) = written(&read(&fields, false).unwrap());
    let parts = &body["contents"][0]["parts"];
    assert_eq!(parts[0], json!({"inlineData": {"mimeType": "audio/mpeg", "data": "SUQz"}}));
    let words = parts[1]["text"].as_str().unwrap();
    assert!(
        words.contains("word for word") && words.contains("is de.") && words.ends_with("Müller"),
        "{words}"
    );
    assert_eq!(body["generationConfig"], json!({"temperature": 0.2}));
    assert_eq!(losses, ["include"]);
    let (body, _) = written(&read(&[("model", "m")], true).unwrap());
    assert!(body["contents"][0]["parts"][1]["text"].as_str().unwrap().contains("in English"));
    assert!(body.get("generationConfig").is_none());
}

#[test]
fn every_format_that_needs_no_times_is_answered() {
    assert_eq!(
        reply(&[("model", "m")]),
        (
            "application/json",
            json!({"text": "Hello there.", "usage": {
                "type": "tokens", "input_tokens": 60, "input_token_details": {"text_tokens": 28, "audio_tokens": 32},
                "output_tokens": 3, "total_tokens": 63,
            }})
            .to_string()
        )
    );
    assert_eq!(
        reply(&[("model", "m"), ("response_format", "text")]),
        ("text/plain; charset=utf-8", "Hello there.\n".into())
    );
    let (content_type, stream) = reply(&[("model", "m"), ("stream", "true")]);
    assert_eq!(content_type, "text/event-stream");
    let events: Vec<Value> = stream
        .split_terminator("\n\n")
        .map(|event| serde_json::from_str(&event["data: ".len()..]).unwrap())
        .collect();
    assert_eq!(events[0], json!({"type": "transcript.text.delta", "delta": "Hello there."}));
    assert_eq!(
        (&events[1]["type"], &events[1]["text"]),
        (&json!("transcript.text.done"), &json!("Hello there."))
    );
}

#[test]
fn times_and_speakers_are_refused() {
    for (name, value) in [
        ("response_format", "srt"),
        ("response_format", "vtt"),
        ("response_format", "verbose_json"),
        ("response_format", "diarized_json"),
        ("timestamp_granularities[]", "word"),
    ] {
        let request = read(&[("model", "m"), (name, value)], false).unwrap();
        let refused = write_request(&request, &mut Losses::default()).unwrap_err();
        assert_eq!(refused.param.as_deref(), Some("response_format"), "{name} {value}");
    }
}

#[test]
fn silence_is_an_answer_and_a_filter_is_not() {
    let silence = r#"{"candidates":[{"content":{"parts":[]},"finishReason":"STOP"}]}"#;
    assert_eq!(read_answer(silence.as_bytes()).unwrap().text, "");
    let filtered = r#"{"candidates":[{"finishReason":"RECITATION"}]}"#;
    assert_eq!(read_answer(filtered.as_bytes()).unwrap_err().status, Some(400));
    assert_eq!(read_answer(b"{}").unwrap_err().message, "the provider's answer holds no text");
    assert_eq!(read_answer(br#"{"error":{"message":"no"}}"#).unwrap_err().message, "no");
}

#[test]
fn fields_of_wrong_type_are_named() {
    assert_eq!(read(&[], false).unwrap_err().param.as_deref(), Some("model"));
    let error = read(&[("model", "m"), ("temperature", "hot")], false).unwrap_err();
    assert_eq!(error.message, "`temperature` must be a number");
}
