use super::*;

/// Every operation with the directive `text`, forms included.
fn every(model: &str, text: &str) -> Vec<(Operation, Played)> {
    let played = |operation| match sensible(operation, text) {
        Some(body) => ask(operation, model, &body),
        None => send_form(operation, model, &form(text, &[])),
    };
    ALL.into_iter().map(|operation| (operation, played(operation))).collect()
}

fn chat_stream(model: &str, text: &str) -> Played {
    let messages = json!([{ "role": "user", "content": text }]);
    ask(Operation::ChatCompletions, model, &json!({ "stream": true, "messages": messages }))
}

#[test]
fn every_operation_answers() {
    for (operation, played) in every("demo", "hi") {
        assert_eq!(played.status, 200, "{operation:?}: {}", played.text);
        assert!(!played.bytes.is_empty() && played.waits.is_empty() && !played.was_cut, "{operation:?}");
        assert!(played.head_after.is_zero());
    }
}

#[test]
fn every_operation_fails_with_the_status_that_is_asked_for() {
    for (model, text, status) in
        [("demo-error-429", "hi", 429), ("demo", "[[error:401]]", 401), ("demo-error", "", 500)]
    {
        for (operation, played) in every(model, text) {
            assert_eq!(played.status, status, "{operation:?}");
            let error: Value = serde_json::from_str(&played.text).expect(&played.text);
            assert!(error["error"]["message"].as_str().unwrap().contains(&status.to_string()), "{error}");
            assert_eq!(played.header("retry-after").is_some(), status == 429);
        }
    }
}

#[test]
fn an_error_can_hide_in_a_200() {
    for (operation, played) in every("demo-error-in-200", "hi") {
        assert_eq!(played.status, 200, "{operation:?}");
        assert!(played.text.contains("\"error\""), "{operation:?}: {}", played.text);
    }
    let events = chat_stream("demo-error-in-200", "hi").events();
    assert!(events[0]["error"].is_object(), "{events:?}");
}

#[test]
fn silence_is_neither_head_nor_body() {
    for (operation, played) in every("demo-silent", "hi") {
        assert_eq!((played.head_after, played.bytes.len()), (Duration::MAX, 0), "{operation:?}");
    }
}

#[test]
fn every_operation_breaks_off() {
    for (operation, played) in every("demo", "[[cut]]") {
        assert!(played.was_cut, "{operation:?}");
    }
}

#[test]
fn a_stream_breaks_off_after_so_many_tokens() {
    for (text, tokens) in [("[[cut:0]]", 0), ("[[cut]]", 3), ("[[cut:5]]", 5)] {
        let played = chat_stream("demo", text);
        let words = played.events();
        let words = words.iter().filter(|event| event["choices"][0]["delta"]["content"].as_str() > Some(""));
        assert_eq!((words.count(), played.was_cut), (tokens, true));
    }
}

#[test]
fn a_stream_that_is_shorter_breaks_before_its_last_event() {
    let played = chat_stream("demo", "[[cut:9999]]");
    assert!(played.was_cut && !played.text.contains("[DONE]"));
}

#[test]
fn an_error_in_a_stream_is_in_the_words_of_the_protocol() {
    let sse = "alt=sse";
    for (operation, mut body, last) in [
        (
            Operation::ChatCompletions,
            json!({ "messages": [{ "role": "user", "content": "hi" }] }),
            "/error/message",
        ),
        (
            Operation::Messages,
            json!({ "max_tokens": 9, "messages": [{ "role": "user", "content": "hi" }] }),
            "/error/type",
        ),
        (
            Operation::StreamGenerateContent,
            json!({ "contents": [{ "parts": [{ "text": "hi" }] }] }),
            "/error/status",
        ),
    ] {
        if operation != Operation::StreamGenerateContent {
            body["stream"] = json!(true);
        }
        let body = body.to_string();
        let request =
            DemoRequest { query: Some(sse), ..request(operation, "demo-error-in-stream", body.as_bytes()) };
        let events = play(answer(&request)).events();
        let error = events.iter().rev().find(|event| **event != "[DONE]").unwrap();
        assert!(error.pointer(last).is_some_and(Value::is_string), "{operation:?}: {error}");
        assert!(events.len() > 3, "{operation:?}");
    }
    let events =
        ask(Operation::Responses, "demo-error-in-stream", &json!({ "input": "hi", "stream": true })).events();
    assert!(["error", "response.failed"].contains(&events.last().unwrap()["type"].as_str().unwrap()));
    let tokens = events.iter().filter(|event| event["type"] == "response.output_text.delta").count();
    assert_eq!(tokens, 3);
}

#[test]
fn an_error_in_an_array_leaves_it_well_formed() {
    for (text, least) in [("[[error-in-stream:0]]", 1), ("[[error-in-stream:2]]", 3)] {
        let body = json!({ "contents": [{ "parts": [{ "text": text }] }] });
        let played = ask(Operation::StreamGenerateContent, "demo", &body);
        let elements: Vec<Value> = serde_json::from_str(&played.text).expect(&played.text);
        assert_eq!(elements.len(), least);
        assert_eq!(elements.last().unwrap()["error"]["code"], 503);
    }
}

#[test]
fn an_error_in_a_stream_that_is_none_is_a_500() {
    let body = json!({ "messages": [{ "role": "user", "content": "[[error-in-stream]]" }] });
    assert_eq!(ask(Operation::ChatCompletions, "demo", &body).status, 500);
}

#[test]
fn slow_streams_wait_for_the_first_and_between_tokens() {
    let played = chat_stream("demo-slow", "hi");
    assert_eq!(
        played.waits[..3],
        [Duration::from_secs(2), Duration::from_millis(200), Duration::from_millis(200)]
    );
    assert!(played.text.ends_with("data: [DONE]\n\n"));
    let whole =
        ask(Operation::ChatCompletions, "demo-slow", &sensible(Operation::ChatCompletions, "hi").unwrap());
    assert_eq!((whole.head_after, whole.waits.len()), (Duration::from_secs(2), 0));
}

#[test]
fn long_answers_are_as_long_as_asked_for() {
    for (model, text, tokens) in
        [("demo", "[[long:500]]", 500), ("demo-long-20", "hi", 20), ("demo-long", "你好", 1_000)]
    {
        let body = sensible(Operation::ChatCompletions, text).unwrap();
        let answer = ask(Operation::ChatCompletions, model, &body).json();
        assert_eq!(answer["usage"]["completion_tokens"], tokens);
    }
}

#[test]
fn long_answers_share_a_bound() {
    let mut body = sensible(Operation::ChatCompletions, "[[long:999999999]]").unwrap();
    body["n"] = json!(100);
    assert_eq!(ask(Operation::ChatCompletions, "demo", &body).json()["usage"]["completion_tokens"], 100_000);
    let body = json!({ "prompt": vec!["[[long:999999999]]"; 10], "n": 10 });
    assert_eq!(ask(Operation::Completions, "demo", &body).json()["usage"]["completion_tokens"], 100_000);
    assert_eq!(ask(Operation::Completions, "demo", &json!({ "prompt": vec!["a"; 100], "n": 2 })).status, 400);
}

#[test]
fn empty_answers_have_no_content_in_any_protocol() {
    let of = |operation| ask(operation, "demo-empty", &sensible(operation, "hi").unwrap()).json();
    assert_eq!(of(Operation::ChatCompletions)["choices"][0]["message"]["content"], "");
    assert_eq!(of(Operation::Messages)["content"], json!([]));
    assert_eq!(of(Operation::Responses)["output"], json!([]));
    assert_eq!(of(Operation::GenerateContent)["candidates"][0]["content"]["parts"], json!([]));
}
