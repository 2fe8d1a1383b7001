use super::*;

fn chat(model: &str, body: &Value) -> Played {
    ask(Operation::ChatCompletions, model, body)
}

fn prompt(text: &str) -> Value {
    json!({ "model": "demo", "messages": [{ "role": "user", "content": text }] })
}

fn with_tools(text: &str) -> Value {
    let function = |name: &str| json!({ "type": "function", "function": { "name": name, "description": "", "parameters": weather_schema() } });
    json!({ "messages": [{ "role": "user", "content": text }], "tools": [function("lookup_stock"), function("get_weather")] })
}

#[test]
fn the_demo_says_who_it_is_and_echoes() {
    let answer = chat("demo", &prompt("What is a round house?")).json();
    assert_eq!(answer["object"], "chat.completion");
    assert_eq!(answer["created"], 1_700_000_000);
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    let text = answer["choices"][0]["message"]["content"].as_str().unwrap();
    assert!(text.contains("demo model") && text.contains("What is a round house?"), "{text}");
}

#[test]
fn a_chinese_prompt_gets_a_chinese_answer() {
    let answer = chat("demo", &prompt("你是谁？")).json();
    let text = answer["choices"][0]["message"]["content"].as_str().unwrap();
    assert!(text.contains("演示模型") && text.contains("你是谁？"), "{text}");
}

#[test]
fn a_stream_tells_role_words_end_and_usage() {
    let mut body = prompt("hi");
    let whole = chat("demo", &body).json();
    body["stream"] = json!(true);
    body["stream_options"] = json!({ "include_usage": true });
    let events = chat("demo", &body).events();
    let (first, rest) = events.split_first().unwrap();
    assert_eq!(first["choices"][0]["delta"]["role"], "assistant");
    assert_eq!(first["usage"], Value::Null);
    let [deltas @ .., end, usage, done] = rest else { panic!("too few events") };
    let text: String =
        deltas.iter().map(|event| event["choices"][0]["delta"]["content"].as_str().unwrap()).collect();
    assert_eq!(json!(text), whole["choices"][0]["message"]["content"]);
    assert!(deltas.len() > 20);
    assert_eq!(end["choices"][0]["finish_reason"], "stop");
    assert_eq!(usage["choices"], json!([]));
    assert_eq!(usage["usage"], whole["usage"]);
    assert_eq!(usage["usage"]["completion_tokens"], deltas.len());
    assert_eq!(done, "[DONE]");
}

#[test]
fn usage_comes_only_when_asked_for() {
    let mut body = prompt("hi");
    body["stream"] = json!(true);
    assert!(chat("demo", &body).events().iter().all(|event| event.get("usage").is_none()));
}

#[test]
fn a_tool_that_the_prompt_speaks_of_is_called_with_arguments_that_fit() {
    let answer = chat("demo", &with_tools("How is the weather in Paris?")).json();
    let call = &answer["choices"][0]["message"]["tool_calls"][0];
    assert_eq!(call["function"]["name"], "get_weather");
    let arguments = serde_json::from_str(call["function"]["arguments"].as_str().unwrap()).unwrap();
    assert_fits(&weather_schema(), &arguments);
    assert_eq!(arguments["city"], "Paris");
    assert_eq!(arguments.get("note"), None);
    assert_eq!(answer["choices"][0]["finish_reason"], "tool_calls");
    assert_eq!(answer["choices"][0]["message"]["content"], Value::Null);
}

#[test]
fn tools_are_left_alone_when_the_prompt_is_about_something_else() {
    let answer = chat("demo", &with_tools("Tell me a story")).json();
    assert_eq!(answer["choices"][0]["message"].get("tool_calls"), None);
}

#[test]
fn tool_choice_is_obeyed() {
    let called = |choice: Value, model: &str| {
        let mut body = with_tools("Tell me a story");
        body["tool_choice"] = choice;
        let answer = chat(model, &body).json();
        answer["choices"][0]["message"]["tool_calls"][0]["function"]["name"].clone()
    };
    assert_eq!(called(json!("required"), "demo"), "lookup_stock");
    assert_eq!(
        called(json!({ "type": "function", "function": { "name": "get_weather" } }), "demo"),
        "get_weather"
    );
    assert_eq!(called(json!("none"), "demo-tool"), Value::Null);
    assert_eq!(called(json!("auto"), "demo-tool"), "lookup_stock");
}

#[test]
fn two_tools_are_called_at_once_with_different_ids() {
    let mut body = with_tools("[[tool:2]]");
    let answer = chat("demo", &body).json();
    let calls = answer["choices"][0]["message"]["tool_calls"].as_array().unwrap().clone();
    assert_eq!(calls.len(), 2);
    assert_ne!(calls[0]["id"], calls[1]["id"]);
    body["parallel_tool_calls"] = json!(false);
    assert_eq!(
        chat("demo", &body).json()["choices"][0]["message"]["tool_calls"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn a_streamed_call_is_the_whole_one_in_pieces() {
    let mut body = with_tools("[[tool:2]]");
    let whole = chat("demo", &body).json();
    body["stream"] = json!(true);
    let mut arguments = vec![String::new(); 2];
    let mut ids = Vec::new();
    for event in chat("demo", &body).events() {
        let call = &event["choices"][0]["delta"]["tool_calls"][0];
        let Some(index) = call["index"].as_u64() else { continue };
        arguments[usize::try_from(index).unwrap()] += call["function"]["arguments"].as_str().unwrap();
        ids.extend(call["id"].as_str().map(str::to_owned));
    }
    let calls = whole["choices"][0]["message"]["tool_calls"].as_array().unwrap();
    let expected: Vec<_> = calls.iter().map(|call| call["function"]["arguments"].clone()).collect();
    assert_eq!(arguments, expected);
    ids.dedup();
    assert_eq!(ids.len(), 2);
}

#[test]
fn the_result_of_a_tool_is_cited() {
    let mut body = with_tools("[[tool]] weather?");
    let messages = body["messages"].as_array_mut().unwrap();
    messages.push(json!({ "role": "assistant", "content": null, "tool_calls": [{ "id": "call_1", "type": "function", "function": { "name": "get_weather", "arguments": "{}" } }] }));
    messages.push(json!({ "role": "tool", "tool_call_id": "call_1", "content": "21 degrees, sunny" }));
    let answer = chat("demo-tool", &body).json();
    assert!(answer["choices"][0]["message"]["content"].as_str().unwrap().contains("21 degrees, sunny"));
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
}

#[test]
fn structured_output_fits_its_schema() {
    let mut body = prompt("The weather in Paris");
    body["response_format"] =
        json!({ "type": "json_schema", "json_schema": { "name": "weather", "schema": weather_schema() } });
    let answer = chat("demo", &body).json();
    let value = serde_json::from_str(answer["choices"][0]["message"]["content"].as_str().unwrap()).unwrap();
    assert_fits(&weather_schema(), &value);
    body["response_format"] = json!({ "type": "json_object" });
    let answer = chat("demo", &body).json();
    let value: Value =
        serde_json::from_str(answer["choices"][0]["message"]["content"].as_str().unwrap()).unwrap();
    assert!(value.is_object());
}

#[test]
fn limits_and_stop_sequences_end_the_text() {
    let mut body = prompt("hi");
    body["max_tokens"] = json!(5);
    let answer = chat("demo", &body).json();
    assert_eq!(answer["choices"][0]["finish_reason"], "length");
    assert_eq!(answer["usage"]["completion_tokens"], 5);
    body = prompt("hi");
    body["stop"] = json!(["offline", "never said"]);
    let answer = chat("demo", &body).json();
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    assert!(answer["choices"][0]["message"]["content"].as_str().unwrap().ends_with("inside the gateway, "));
}

#[test]
fn several_answers_are_numbered() {
    let mut body = prompt("hi");
    body["n"] = json!(3);
    let answer = chat("demo", &body).json();
    let indices: Vec<_> =
        answer["choices"].as_array().unwrap().iter().map(|choice| choice["index"].clone()).collect();
    assert_eq!(indices, [0, 1, 2]);
    body["stream"] = json!(true);
    let ends = chat("demo", &body).events();
    let ends: Vec<_> = ends.iter().filter(|event| event["choices"][0]["finish_reason"] == "stop").collect();
    assert_eq!(ends.len(), 3);
}

#[test]
fn thoughts_come_before_the_text() {
    let answer = chat("demo-thinking", &prompt("hi")).json();
    assert!(answer["choices"][0]["message"]["reasoning_content"].as_str().unwrap().contains("hi"));
    assert!(answer["usage"]["completion_tokens_details"]["reasoning_tokens"].as_u64().unwrap() > 5);
    let mut body = prompt("hi [[thinking]]");
    body["stream"] = json!(true);
    let events = chat("demo", &body).events();
    let kind = |event: &Value| event["choices"][0]["delta"].get("reasoning_content").is_some();
    assert!(kind(&events[1]) && !kind(&events[events.len() - 3]));
}

#[test]
fn bad_requests_are_refused_with_the_field_at_fault() {
    for (body, param) in [
        (json!({}), "messages"),
        (json!({ "messages": [] }), "messages"),
        (json!({ "messages": "hi" }), "messages"),
        (json!({ "messages": [1] }), "messages[0]"),
        (json!({ "messages": [{ "role": "user" }] }), "messages[0].content"),
        (json!({ "messages": [{ "role": "nobody", "content": "" }] }), "messages[0].role"),
        (
            json!({ "messages": [{ "role": "user", "content": [{ "type": "text" }] }] }),
            "messages[0].content[0].text",
        ),
        (json!({ "messages": [{ "role": "user", "content": "" }], "max_tokens": -1 }), "max_tokens"),
        (json!({ "messages": [{ "role": "user", "content": "" }], "stream": "yes" }), "stream"),
        (json!({ "messages": [{ "role": "user", "content": "" }], "n": 0 }), "n"),
        (json!({ "messages": [{ "role": "user", "content": "" }], "temperature": 3 }), "temperature"),
        (
            json!({ "messages": [{ "role": "user", "content": "" }], "tool_choice": { "type": "function", "function": { "name": "x" } } }),
            "tool_choice",
        ),
    ] {
        let played = chat("demo", &body);
        assert_eq!(played.status, 400, "{body}");
        let error: Value = serde_json::from_str(&played.text).expect(&played.text);
        assert_eq!(error["error"]["type"], "invalid_request_error", "{error}");
        assert_eq!(error["error"]["param"], param, "{error}");
    }
}
