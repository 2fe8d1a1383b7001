use super::*;

fn body(text: &str) -> Value {
    json!({ "model": "demo", "max_tokens": 1000, "messages": [{ "role": "user", "content": text }] })
}

fn with_tools(text: &str) -> Value {
    let mut body = body(text);
    let tool = |name: &str| json!({ "name": name, "input_schema": weather_schema() });
    body["tools"] = json!([tool("get_weather"), tool("get_tides"), { "type": "web_search_20250305", "name": "web_search" }]);
    body
}

fn message(model: &str, body: &Value) -> Played {
    ask(Operation::Messages, model, body)
}

/// The content, reason and usage that the events of a stream tell.
fn told(events: &[Value]) -> Value {
    let mut message = Value::Null;
    let mut fragments = String::new();
    for event in events {
        let index = event["index"].as_u64().and_then(|index| usize::try_from(index).ok()).unwrap_or(0);
        match event["type"].as_str().unwrap() {
            "message_start" => message = event["message"].clone(),
            "content_block_start" => {
                let content = message["content"].as_array_mut().unwrap();
                assert_eq!(content.len(), index);
                content.push(event["content_block"].clone());
                fragments.clear();
            }
            "content_block_delta" => {
                let block = &mut message["content"][index];
                let delta = &event["delta"];
                for field in ["text", "thinking", "signature"] {
                    if let Some(more) = delta[field].as_str() {
                        block[field] = json!(block[field].as_str().unwrap().to_owned() + more);
                    }
                }
                fragments += delta["partial_json"].as_str().unwrap_or_default();
            }
            "content_block_stop" => {
                if message["content"][index]["type"] == "tool_use" {
                    message["content"][index]["input"] = serde_json::from_str(&fragments).unwrap();
                }
            }
            "message_delta" => {
                message["stop_reason"] = event["delta"]["stop_reason"].clone();
                message["stop_sequence"] = event["delta"]["stop_sequence"].clone();
                message["usage"]["output_tokens"] = event["usage"]["output_tokens"].clone();
            }
            "ping" | "message_stop" => {}
            other => panic!("unknown event {other}"),
        }
    }
    message
}

#[test]
fn the_events_of_a_text_come_in_order() {
    let mut body = body("hi");
    body["stream"] = json!(true);
    let events = message("demo", &body).events();
    assert_eq!(
        types(&events),
        [
            "message_start",
            "content_block_start",
            "ping",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop"
        ]
    );
    assert_eq!(events[0]["message"]["stop_reason"], Value::Null);
}

#[test]
fn every_stream_tells_the_same_message_as_the_whole_answer() {
    for text in
        ["hi", "你好", "[[tool:2]]", "[[thinking]] hi", "[[thinking]] [[tool]]", "[[empty]]", "[[json]]"]
    {
        let mut body = with_tools(text);
        let whole = message("demo", &body).json();
        body["stream"] = json!(true);
        let mut streamed = told(&message("demo", &body).events());
        for message in [&whole, &streamed] {
            assert!(message["id"].as_str().unwrap().starts_with("msg_"));
        }
        // Ids follow from the request, and that one asked for a stream.
        let mut whole = whole;
        for message in [&mut whole, &mut streamed] {
            message["id"] = Value::Null;
            for block in message["content"].as_array_mut().unwrap() {
                for id in ["id", "signature"] {
                    block.as_object_mut().unwrap().shift_remove(id);
                }
            }
        }
        assert_eq!(whole, streamed, "{text}");
    }
}

#[test]
fn tools_are_called_with_input_that_fits() {
    let answer = message("demo", &with_tools("[[tool:2]] Paris")).json();
    assert_eq!(answer["stop_reason"], "tool_use");
    let names: Vec<_> =
        answer["content"].as_array().unwrap().iter().map(|block| block["name"].clone()).collect();
    assert_eq!(names, ["get_weather", "get_tides"]);
    for block in answer["content"].as_array().unwrap() {
        assert_fits(&weather_schema(), &block["input"]);
    }
}

#[test]
fn tool_choice_is_obeyed() {
    let called = |choice: Value| {
        let mut body = with_tools("[[tool:2]]");
        body["tool_choice"] = choice;
        let content = message("demo", &body).json()["content"].clone();
        content.as_array().unwrap().iter().map(|block| block["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(called(json!({ "type": "tool", "name": "get_tides" })), ["get_tides"]);
    assert_eq!(called(json!({ "type": "any", "disable_parallel_tool_use": true })), ["get_weather"]);
    assert_eq!(called(json!({ "type": "none" })), [Value::Null]);
}

#[test]
fn tool_results_are_cited_also_beside_other_text() {
    let mut body = with_tools("[[tool]] weather?");
    let messages = body["messages"].as_array_mut().unwrap();
    messages.push(json!({ "role": "assistant", "content": [{ "type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {} }] }));
    messages.push(json!({ "role": "user", "content": [
        { "type": "tool_result", "tool_use_id": "toolu_1", "content": [{ "type": "text", "text": "21 degrees" }] },
        { "type": "text", "text": "Remember to be brief." },
    ] }));
    let answer = message("demo", &body).json();
    assert!(answer["content"][0]["text"].as_str().unwrap().contains("21 degrees"));
    assert_eq!(answer["stop_reason"], "end_turn");
}

#[test]
fn a_stop_sequence_is_named() {
    let mut body = body("hi");
    body["stop_sequences"] = json!(["offline"]);
    let answer = message("demo", &body).json();
    assert_eq!(
        (&answer["stop_reason"], &answer["stop_sequence"]),
        (&json!("stop_sequence"), &json!("offline"))
    );
    body["stop_sequences"] = json!([]);
    body["max_tokens"] = json!(2);
    assert_eq!(message("demo", &body).json()["stop_reason"], "max_tokens");
}

#[test]
fn thinking_is_done_when_the_request_enables_it() {
    let mut body = body("hi");
    body["thinking"] = json!({ "type": "enabled", "budget_tokens": 1024 });
    let answer = message("demo", &body).json();
    assert_eq!(answer["content"][0]["type"], "thinking");
    assert!(!answer["content"][0]["signature"].as_str().unwrap().is_empty());
    assert_eq!(answer["content"][1]["type"], "text");
}

#[test]
fn the_count_of_tokens_is_that_of_the_answer() {
    let body = with_tools("How many are these?");
    let counted = ask(Operation::CountTokens, "demo", &body).json();
    assert_eq!(counted["input_tokens"], message("demo", &body).json()["usage"]["input_tokens"]);
}

#[test]
fn bad_requests_are_refused_as_anthropic_does() {
    for body in [
        json!({ "messages": [{ "role": "user", "content": "hi" }] }),
        json!({ "max_tokens": 10 }),
        json!({ "max_tokens": 10, "messages": [{ "role": "user", "content": 3 }] }),
        json!({ "max_tokens": 10, "messages": [{ "role": "user", "content": "hi" }], "tools": [{ "name": "x" }] }),
    ] {
        let played = message("demo", &body);
        assert_eq!(played.status, 400, "{body}");
        let error: Value = serde_json::from_str(&played.text).expect(&played.text);
        assert_eq!(
            (&error["type"], &error["error"]["type"]),
            (&json!("error"), &json!("invalid_request_error"))
        );
    }
}
