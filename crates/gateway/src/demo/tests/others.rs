use super::super::vector;
use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

#[test]
fn completions_answer_every_prompt_n_times() {
    let mut body = json!({ "prompt": ["one", "two"], "n": 2, "echo": true, "max_tokens": 4 });
    let answer = ask(Operation::Completions, "demo", &body).json();
    let choices = answer["choices"].as_array().unwrap();
    assert_eq!(choices.len(), 4);
    assert!(choices[0]["text"].as_str().unwrap().starts_with("one"));
    assert!(choices[3]["text"].as_str().unwrap().starts_with("two"));
    assert_eq!(choices[0]["finish_reason"], "length");
    body["stream"] = json!(true);
    body["stream_options"] = json!({ "include_usage": true });
    let events = ask(Operation::Completions, "demo", &body).events();
    let text: String = events
        .iter()
        .filter(|event| event["choices"][0]["index"] == 3)
        .filter_map(|event| event["choices"][0]["text"].as_str())
        .collect();
    assert_eq!(json!(text), choices[3]["text"]);
    assert_eq!(events[events.len() - 2]["usage"], answer["usage"]);
    assert_eq!(events.last().unwrap(), "[DONE]");
}

#[test]
fn embeddings_are_the_same_as_numbers_and_as_base64() {
    let mut body = json!({ "input": ["a cat", "你好"], "dimensions": 8 });
    let floats = ask(Operation::Embeddings, "demo", &body).json();
    body["encoding_format"] = json!("base64");
    let encoded = ask(Operation::Embeddings, "demo", &body).json();
    for index in 0..2 {
        assert_eq!(floats["data"][index]["index"], index);
        let numbers: Vec<f32> = serde_json::from_value(floats["data"][index]["embedding"].clone()).unwrap();
        let bytes = STANDARD.decode(encoded["data"][index]["embedding"].as_str().unwrap()).unwrap();
        let decoded: Vec<f32> = bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        assert_eq!(numbers, decoded);
        assert_eq!(numbers.len(), 8);
    }
    assert_eq!(floats["usage"]["total_tokens"], 3);
}

#[test]
fn every_protocol_embeds_a_text_alike() {
    let openai = ask(Operation::Embeddings, "demo", &json!({ "input": "a cat" })).json();
    let content = json!({ "content": { "parts": [{ "text": "a cat" }] } });
    let one = ask(Operation::EmbedContent, "demo", &content).json();
    let batch = ask(Operation::BatchEmbedContents, "demo", &json!({ "requests": [content, content] })).json();
    let expected = vector::numbers(&vector::embed("a cat", 256));
    assert_eq!(openai["data"][0]["embedding"], expected);
    assert_eq!(one["embedding"]["values"], expected);
    assert_eq!(batch["embeddings"][1]["values"], expected);
}

#[test]
fn bad_embedding_requests_are_refused() {
    for body in [
        json!({}),
        json!({ "input": [] }),
        json!({ "input": [1, "two"] }),
        json!({ "input": { "a": 1 } }),
        json!({ "input": "a", "dimensions": 0 }),
        json!({ "input": "a", "dimensions": 1_000_000 }),
        json!({ "input": vec!["a"; 2_048], "dimensions": 4_096 }),
        json!({ "input": "a", "encoding_format": "xml" }),
    ] {
        assert_eq!(ask(Operation::Embeddings, "demo", &body).status, 400, "{body}");
    }
}

#[test]
fn the_most_fitting_document_is_ranked_first() {
    let mut body = json!({
        "query": "How do cats sleep?",
        "documents": ["Quarterly revenue grew", { "text": "Cats sleep sixteen hours" }, "Dogs bark"],
        "top_n": 2,
        "return_documents": true,
    });
    let answer = ask(Operation::Rerank, "demo", &body).json();
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    assert_eq!(
        (&results[0]["index"], &results[0]["document"]["text"]),
        (&json!(1), &json!("Cats sleep sixteen hours"))
    );
    body["documents"] = json!([]);
    assert_eq!(ask(Operation::Rerank, "demo", &body).status, 400);
}

#[test]
fn moderation_flags_what_is_marked() {
    let answer = ask(Operation::Moderations, "demo", &json!({ "input": ["fine", "bad [[flag]]"] })).json();
    assert_eq!(
        (&answer["results"][0]["flagged"], &answer["results"][1]["flagged"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(answer["results"][1]["categories"]["violence"], true);
    assert_eq!(answer["results"][1]["category_applied_input_types"]["hate"], json!(["text"]));
}

#[test]
fn images_are_valid_pngs() {
    let answer = ask(Operation::ImagesGenerations, "demo", &json!({ "prompt": "a house", "n": 2 })).json();
    assert_eq!(answer["data"].as_array().unwrap().len(), 2);
    let png = STANDARD.decode(answer["data"][0]["b64_json"].as_str().unwrap()).unwrap();
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && png.ends_with(b"IEND\xaeB`\x82"));
    let edited = send_form(Operation::ImagesEdits, "demo", &form("a house", &[("n", "3")])).json();
    assert_eq!(edited["data"].as_array().unwrap().len(), 3);
    let streamed =
        ask(Operation::ImagesGenerations, "demo", &json!({ "prompt": "a house", "stream": true })).events();
    assert_eq!(types(&streamed), ["image_generation.completed"]);
}

#[test]
fn speech_is_a_valid_wav() {
    let body = json!({ "input": "Hello", "voice": "alloy" });
    let played = ask(Operation::Speech, "demo", &body);
    assert_eq!(played.header("content-type"), Some("audio/wav"));
    let wav = &played.bytes;
    assert_eq!((&wav[..4], &wav[8..16], &wav[36..40]), (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..]));
    let length = |at: usize| u32::from_le_bytes(wav[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((length(4) + 8, length(40) + 44), (wav.len(), wav.len()));
    let streamed = ask(
        Operation::Speech,
        "demo",
        &json!({ "input": "Hello", "voice": "alloy", "stream_format": "sse" }),
    );
    assert_eq!(types(&streamed.events()), ["speech.audio.delta", "speech.audio.done"]);
}

#[test]
fn transcripts_come_in_every_format() {
    let heard = |format: &str| {
        let form = form("", &[("response_format", format)]);
        let played = send_form(Operation::Transcriptions, "demo", &form);
        assert_eq!(played.status, 200);
        played.text
    };
    let json: Value = serde_json::from_str(&heard("json")).unwrap();
    let text = json["text"].as_str().unwrap();
    assert!(text.contains("a.wav") && text.contains("4 bytes"), "{text}");
    let verbose: Value = serde_json::from_str(&heard("verbose_json")).unwrap();
    assert_eq!((&verbose["text"], &verbose["segments"][0]["text"]), (&json["text"], &json["text"]));
    assert_eq!(heard("text").trim_end(), text);
    assert!(heard("vtt").starts_with("WEBVTT\n\n"));
    assert!(heard("srt").starts_with("1\n00:00:00,000 --> "));
}

#[test]
fn a_streamed_transcript_adds_up() {
    let played =
        send_form(Operation::Transcriptions, "demo", &form("", &[("stream", "true"), ("language", "zh")]));
    let events = played.events();
    assert_eq!(types(&events), ["transcript.text.delta", "transcript.text.done"]);
    let text: String = events.iter().filter_map(|event| event["delta"].as_str()).collect();
    assert_eq!(json!(text), events.last().unwrap()["text"]);
    assert!(text.contains("演示模型"));
}

#[test]
fn forms_without_what_is_needed_are_refused() {
    for operation in [Operation::ImagesEdits, Operation::Transcriptions, Operation::Translations] {
        assert_eq!(send_form(operation, "demo", b"").status, 400);
        assert_eq!(send_form(operation, "demo", b"--XyZ\r\n\r\n--XyZ--").status, 400);
        assert_eq!(ask(operation, "demo", &json!({})).status, 400);
    }
    assert_eq!(
        send_form(Operation::Transcriptions, "demo", &form("", &[("response_format", "odd")])).status,
        400
    );
    assert_eq!(send_form(Operation::ImagesEdits, "demo", &form("x", &[("n", "many")])).status, 400);
}
