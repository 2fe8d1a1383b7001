use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::*;
use crate::tasks::recorded::exchanges;
use crate::tasks::{Reply, Stamp};
use crate::{Operation, target};

const STAMP: Stamp<'static> = Stamp { id: "r", created: 7 };

const WIRES: [Wire; 7] =
    [Wire::Gemini, Wire::Imagen, Wire::Xai, Wire::Siliconflow, Wire::Zhipu, Wire::Doubao, Wire::Together];

fn generation(fields: &Value) -> Request {
    let mut body = json!({"model": "m", "prompt": "p"});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    read_generation(body).unwrap()
}

fn edit(fields: &str) -> Request {
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n\
         --b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\np\r\n\
         --b\r\nContent-Disposition: form-data; name=\"image[]\"; filename=\"a.jpg\"\r\n\r\n123\r\n{fields}--b--"
    );
    read_edit_form("multipart/form-data; boundary=b", &Bytes::from(form)).unwrap()
}

fn written(request: &Request, wire: Wire, model: &str) -> (Vec<Value>, Vec<String>) {
    let mut losses = Losses::default();
    let calls = write_requests(request, wire, model, &mut losses).unwrap();
    let bodies = calls.iter().map(|call| serde_json::from_slice(&call.body).unwrap()).collect();
    (bodies, losses.iter().map(|(field, _)| field.to_owned()).collect())
}

fn refused(request: &Request, wire: Wire) -> Option<String> {
    write_requests(request, wire, "x", &mut Losses::default()).unwrap_err().param
}

fn value(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

#[test]
fn gemini_makes_one_image_a_call() {
    let request =
        generation(&json!({"n": 2, "size": "1024x1536", "quality": "high", "response_format": "url"}));
    let (bodies, losses) = written(&request, Wire::Gemini, "gemini-2.5-flash-image");
    let body = json!({
        "contents": [{"role": "user", "parts": [{"text": "p"}]}],
        "generationConfig": {"responseModalities": ["TEXT", "IMAGE"], "imageConfig": {"aspectRatio": "2:3"}},
    });
    assert_eq!(bodies, [body.clone(), body]);
    assert_eq!(losses, ["quality", "response_format"]);
    let large = generation(&json!({"size": "2048x2048", "quality": "auto", "background": "auto"}));
    let (bodies, losses) = written(&large, Wire::Gemini, "gemini-3-pro-image");
    assert_eq!(
        bodies[0]["generationConfig"]["imageConfig"],
        json!({"aspectRatio": "1:1", "imageSize": "2K"})
    );
    assert!(losses.is_empty());
    assert_eq!(written(&large, Wire::Gemini, "gemini-2.5-flash-image").1, ["size"]);
}

#[test]
fn imagen_makes_four_images_a_call() {
    let request =
        generation(&json!({"n": 6, "size": "1792x1024", "output_format": "jpeg", "output_compression": 80}));
    let (bodies, losses) = written(&request, Wire::Imagen, "imagen-4.0-generate-001");
    let options = json!({"mimeType": "image/jpeg", "compressionQuality": 80});
    let parameters = |count| json!({"aspectRatio": "16:9", "sampleImageSize": "2K", "outputOptions": options, "sampleCount": count});
    assert_eq!(bodies[0], json!({"instances": [{"prompt": "p"}], "parameters": parameters(4)}));
    assert_eq!(bodies[1]["parameters"], parameters(2));
    assert_eq!(losses, ["size"]);
}

#[test]
fn providers_of_openais_path_get_their_own_fields() {
    let request = generation(&json!({
        "n": 2, "size": "1024x1024", "quality": "hd", "response_format": "b64_json", "user": "u", "seed": 3, "style": "vivid",
    }));
    for (wire, count, body, lost) in [
        (
            Wire::Xai,
            1,
            json!({"model": "x", "prompt": "p", "n": 2, "aspect_ratio": "1:1", "response_format": "b64_json", "user": "u"}),
            vec!["quality", "seed", "style"],
        ),
        (
            Wire::Siliconflow,
            1,
            json!({"model": "x", "prompt": "p", "batch_size": 2, "image_size": "1024x1024", "seed": 3}),
            vec!["quality", "response_format", "style", "user"],
        ),
        (
            Wire::Zhipu,
            2,
            json!({"model": "x", "prompt": "p", "size": "1024x1024", "user_id": "u", "quality": "hd"}),
            vec!["response_format", "seed", "style"],
        ),
        (
            Wire::Doubao,
            2,
            json!({"model": "x", "prompt": "p", "size": "1024x1024", "response_format": "b64_json", "seed": 3}),
            vec!["quality", "style", "user"],
        ),
        (
            Wire::Together,
            1,
            json!({
                "model": "x", "prompt": "p", "n": 2, "width": 1024, "height": 1024, "response_format": "base64", "seed": 3,
            }),
            vec!["quality", "style", "user"],
        ),
    ] {
        let (bodies, mut losses) = written(&request, wire, "x");
        losses.sort();
        assert_eq!(
            (bodies, losses),
            (vec![body; count], lost.into_iter().map(str::to_owned).collect()),
            "{wire:?}"
        );
    }
    let many = generation(&json!({"n": 9}));
    let counts: Vec<Value> =
        written(&many, Wire::Siliconflow, "x").0.iter().map(|body| body["batch_size"].clone()).collect();
    assert_eq!(counts, [json!(4), json!(4), Value::Null]);
}

#[test]
fn edits_carry_their_images() {
    let data = STANDARD.encode("123");
    let url = format!("data:image/jpeg;base64,{data}");
    let request = edit("");
    let inline = json!({"inlineData": {"mimeType": "image/jpeg", "data": data}});
    let parts = &written(&request, Wire::Gemini, "x").0[0]["contents"][0]["parts"];
    assert_eq!(*parts, json!([inline, {"text": "p"}]));
    assert_eq!(written(&request, Wire::Xai, "x").0[0]["image"], json!({"url": url, "type": "image_url"}));
    assert_eq!(written(&request, Wire::Siliconflow, "x").0[0]["image"], url);
    assert_eq!(written(&request, Wire::Doubao, "x").0[0]["image"], url);
    assert_eq!(written(&request, Wire::Together, "x").0[0]["image_url"], url);
    for wire in [Wire::Imagen, Wire::Zhipu] {
        assert_eq!(refused(&request, wire).as_deref(), Some("image"));
    }
    let called = |wire| write_requests(&request, wire, "x", &mut Losses::default()).unwrap()[0].wire;
    assert_eq!(called(Wire::Xai), target::Wire::Operation(Operation::ImagesEdits));
    assert_eq!(called(Wire::Doubao), target::Wire::Operation(Operation::ImagesGenerations));
}

#[test]
fn json_edits_are_read_as_forms_are() {
    let body =
        json!({"model": "m", "prompt": "p", "images": [{"image_url": "https://x/y.png"}, {"file_id": "f"}]});
    let mut request = read_edit(body).unwrap();
    assert!(request.asked.is_edit);
    assert_eq!(refused(&request, Wire::Gemini).as_deref(), Some("image"));
    request.images.truncate(1);
    let parts = &written(&request, Wire::Gemini, "x").0[0]["contents"][0]["parts"];
    assert_eq!(parts[0], json!({"fileData": {"fileUri": "https://x/y.png"}}));
}

#[test]
fn a_mask_is_refused_where_it_would_be_ignored() {
    let mask = "--b\r\nContent-Disposition: form-data; name=\"mask\"; filename=\"m.png\"\r\n\r\n9\r\n";
    for wire in [Wire::Gemini, Wire::Xai, Wire::Siliconflow] {
        assert_eq!(refused(&edit(mask), wire).as_deref(), Some("mask"));
    }
}

#[test]
fn every_form_of_answer_is_read() {
    let gemini = r#"{"candidates":[{"content":{"parts":[{"text":"Here:"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},
        "finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":1295,
        "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1290}]}}"#;
    let answer = read_answer(Wire::Gemini, gemini.as_bytes()).unwrap();
    let asked = generation(&json!({"size": "1024x1024"})).asked;
    assert_eq!(
        value(&write_answer(&answer, &asked, &STAMP)),
        json!({
            "created": 7, "data": [{"b64_json": "AAAA"}], "output_format": "png", "size": "1024x1024", "usage": {
                "input_tokens": 5, "input_tokens_details": {"image_tokens": 0, "text_tokens": 5},
                "output_tokens": 1295, "output_tokens_details": {"image_tokens": 1290, "text_tokens": 5},
                "total_tokens": 1300,
            },
        })
    );
    for (wire, body, data) in [
        (
            Wire::Imagen,
            r#"{"predictions":[{"mimeType":"image/png","bytesBase64Encoded":"AAAA","prompt":"better"},{"raiFilteredReason":"no"}]}"#,
            json!([{"b64_json": "AAAA", "revised_prompt": "better"}]),
        ),
        (
            Wire::Siliconflow,
            r#"{"images":[{"url":"https://x"}],"timings":{"inference":1.5},"seed":9}"#,
            json!([{"url": "https://x"}]),
        ),
        (
            Wire::Xai,
            r#"{"data":[{"b64_json":"data:image/jpeg;base64,AAAA"}]}"#,
            json!([{"b64_json": "AAAA"}]),
        ),
        (
            Wire::Together,
            r#"{"data":[{"index":0,"b64_json":"AAAA","url":null}]}"#,
            json!([{"b64_json": "AAAA"}]),
        ),
        (
            Wire::Zhipu,
            r#"{"created":1,"data":[{"url":"https://x"}],"content_filter":[{"role":"user","level":3}]}"#,
            json!([{"url": "https://x"}]),
        ),
    ] {
        let answer = read_answer(wire, body.as_bytes()).unwrap();
        assert_eq!(value(&write_answer(&answer, &asked, &STAMP))["data"], data, "{body}");
    }
}

#[test]
fn answers_to_several_calls_are_one() {
    let one = || {
        read_answer(Wire::Doubao, br#"{"data":[{"url":"u"}],"usage":{"output_tokens":5,"total_tokens":5}}"#)
            .unwrap()
    };
    let merged = merge([one(), one()]);
    assert_eq!((merged.images.len(), merged.usage.tokens.output), (2, 10));
}

#[test]
fn streams_have_an_event_for_each_image() {
    let mut request = edit("--b\r\nContent-Disposition: form-data; name=\"stream\"\r\n\r\ntrue\r\n");
    request.partial_images = Some(2);
    let answer = read_answer(Wire::Xai, br#"{"data":[{"b64_json":"AAAA"},{"b64_json":"BBBB"}]}"#).unwrap();
    let reply = write_answer(&answer, &request.asked, &STAMP);
    assert_eq!(reply.content_type, "text/event-stream");
    let text = String::from_utf8(reply.body).unwrap();
    let events: Vec<&str> = text.split_terminator("\n\n").collect();
    assert_eq!(events.len(), 2);
    let (name, data) = events[1].split_once("\ndata: ").unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!((name, &data["type"]), ("event: image_edit.completed", &json!("image_edit.completed")));
    assert_eq!((&data["b64_json"], &data["created_at"]), (&json!("BBBB"), &json!(7)));
    let (bodies, losses) = written(&request, Wire::Xai, "x");
    assert_eq!(
        (&bodies[0]["response_format"], losses),
        (&json!("b64_json"), vec!["partial_images".to_owned()])
    );
    assert_eq!(refused(&request, Wire::Siliconflow).as_deref(), Some("stream"));
}

#[test]
fn what_filters_hold_back_is_told_as_openai_tells_it() {
    for (wire, body, words) in [
        (Wire::Gemini, r#"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}"#, "PROHIBITED_CONTENT"),
        (
            Wire::Gemini,
            r#"{"candidates":[{"content":{"parts":[{"text":"No."}]},"finishReason":"IMAGE_SAFETY","finishMessage":"unsafe"}]}"#,
            "unsafe",
        ),
        (Wire::Imagen, r#"{"predictions":[{"raiFilteredReason":"it is bad"}]}"#, "it is bad"),
        (Wire::Imagen, "{}", "filter"),
    ] {
        let error = read_answer(wire, body.as_bytes()).unwrap_err();
        assert!(error.message.contains(words), "{body}: {error:?}");
        assert_eq!(
            (error.status, error.code.as_deref()),
            (Some(400), Some("content_policy_violation")),
            "{body}"
        );
    }
}

#[test]
fn answers_without_images_are_failures() {
    for wire in WIRES {
        for body in [
            "",
            "[]",
            "{\"x\":1}",
            r#"{"data":[]}"#,
            r#"{"data":[{}]}"#,
            r#"{"candidates":[{}]}"#,
            r#"{"predictions":7}"#,
        ] {
            assert!(
                read_answer(wire, body.as_bytes()).unwrap_err().message.contains("images"),
                "{wire:?} {body}"
            );
        }
        assert_eq!(
            read_answer(wire, br#"{"error":{"message":"no"}}"#).unwrap_err().message,
            "no",
            "{wire:?}"
        );
    }
}

#[test]
fn fields_of_wrong_type_are_named() {
    for (fields, field) in [
        (json!({"n": 0}), "n"),
        (json!({"n": 11}), "n"),
        (json!({"size": 3}), "size"),
        (json!({"prompt": null}), "prompt"),
        (json!({"stream": "yes"}), "stream"),
    ] {
        let mut body = json!({"model": "m", "prompt": "p"});
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        assert_eq!(read_generation(body).unwrap_err().param.as_deref(), Some(field), "{fields}");
    }
    assert_eq!(refused(&generation(&json!({"size": "large"})), Wire::Gemini).as_deref(), Some("size"));
    assert_eq!(read_edit(json!({"model": "m", "prompt": "p"})).unwrap_err().param.as_deref(), Some("images"));
}

#[test]
fn recorded_answers_keep_their_addresses() {
    for exchange in exchanges("openai", "/images/generations") {
        let request = read_generation(exchange.request).unwrap();
        let answer = read_answer(Wire::Xai, exchange.answer.as_bytes()).unwrap();
        let reply = value(&write_answer(&answer, &request.asked, &STAMP));
        let recorded: Value = serde_json::from_str(&exchange.answer).unwrap();
        assert_eq!(reply["data"], recorded["data"], "{}", exchange.name);
        for wire in [Wire::Gemini, Wire::Imagen, Wire::Doubao] {
            let (bodies, _) = written(&request, wire, "x");
            assert!(bodies[0].to_string().contains(&request.prompt), "{}", exchange.name);
        }
    }
}
