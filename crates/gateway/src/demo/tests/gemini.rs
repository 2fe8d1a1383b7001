use super::*;

fn body(text: &str) -> Value {
    json!({
        "contents": [{ "role": "user", "parts": [{ "text": text }] }],
        "tools": [{ "functionDeclarations": [
            { "name": "get_weather", "parametersJsonSchema": weather_schema() },
            { "name": "get_tides", "parameters": { "type": "OBJECT", "properties": { "port": { "type": "STRING" } }, "required": ["port"] } },
        ] }],
    })
}

fn generate(model: &str, body: &Value) -> Value {
    ask(Operation::GenerateContent, model, body).json()
}

fn stream(query: Option<&str>, body: &Value) -> Played {
    let body = body.to_string();
    let request = DemoRequest { query, ..request(Operation::StreamGenerateContent, "demo", body.as_bytes()) };
    play(answer(&request))
}

#[test]
fn an_answer_has_a_candidate_and_usage() {
    let answer = generate("demo", &body("hi"));
    let candidate = &answer["candidates"][0];
    assert_eq!(
        (&candidate["finishReason"], &candidate["content"]["role"]),
        (&json!("STOP"), &json!("model"))
    );
    assert!(candidate["content"]["parts"][0]["text"].as_str().unwrap().contains("demo model"));
    let usage = &answer["usageMetadata"];
    let sum = usage["promptTokenCount"].as_u64().unwrap() + usage["candidatesTokenCount"].as_u64().unwrap();
    assert_eq!(usage["totalTokenCount"], sum);
}

#[test]
fn both_streams_tell_the_same_chunks_and_the_whole_text() {
    for text in ["hi", "[[thinking]] hi", "[[tool:2]]", "[[thinking]] [[tool]]"] {
        let body = body(text);
        let whole = generate("demo", &body);
        let events = stream(Some("alt=sse&key=x"), &body).events();
        let array = stream(None, &body);
        assert!(array.header("content-type").unwrap().starts_with("application/json"));
        let elements: Vec<Value> = serde_json::from_str(&array.text).unwrap();
        for chunks in [&events, &elements] {
            let parts = || {
                chunks.iter().flat_map(|chunk| chunk["candidates"][0]["content"]["parts"].as_array().unwrap())
            };
            let said: String = parts().filter_map(|part| part["text"].as_str()).collect();
            let parts_of_whole = whole["candidates"][0]["content"]["parts"].as_array().unwrap();
            let said_whole: String = parts_of_whole.iter().filter_map(|part| part["text"].as_str()).collect();
            assert_eq!(said, said_whole);
            let calls = |part: &Value| {
                part["functionCall"]["args"].is_object().then(|| part["functionCall"]["args"].clone())
            };
            assert_eq!(
                parts().filter_map(calls).collect::<Vec<_>>(),
                parts_of_whole.iter().filter_map(calls).collect::<Vec<_>>()
            );
            let last = chunks.last().unwrap();
            assert_eq!(last["usageMetadata"], whole["usageMetadata"]);
            assert_eq!(last["candidates"][0]["finishReason"], "STOP");
            assert_eq!(
                chunks.iter().filter(|chunk| chunk["candidates"][0].get("finishReason").is_some()).count(),
                1
            );
        }
    }
}

#[test]
fn functions_are_called_with_arguments_that_fit() {
    let answer = generate("demo", &body("[[tool:2]] Paris"));
    let parts = &answer["candidates"][0]["content"]["parts"];
    assert_fits(&weather_schema(), &parts[0]["functionCall"]["args"]);
    assert!(parts[1]["functionCall"]["args"]["port"].is_string());
}

#[test]
fn the_calling_mode_is_obeyed() {
    let name = |config: Value| {
        let mut body = body("Tell me a story");
        body["toolConfig"] = json!({ "functionCallingConfig": config });
        generate("demo", &body)["candidates"][0]["content"]["parts"][0]["functionCall"]["name"].clone()
    };
    assert_eq!(name(json!({ "mode": "ANY" })), "get_weather");
    assert_eq!(name(json!({ "mode": "ANY", "allowedFunctionNames": ["get_tides"] })), "get_tides");
    assert_eq!(name(json!({ "mode": "AUTO" })), Value::Null);
}

#[test]
fn the_response_of_a_function_is_cited() {
    let mut body = body("weather?");
    let contents = body["contents"].as_array_mut().unwrap();
    contents.push(
        json!({ "role": "model", "parts": [{ "functionCall": { "name": "get_weather", "args": {} } }] }),
    );
    contents.push(json!({ "role": "user", "parts": [{ "functionResponse": { "name": "get_weather", "response": { "result": "21 degrees" } } }] }));
    let answer = generate("demo", &body);
    assert!(
        answer["candidates"][0]["content"]["parts"][0]["text"].as_str().unwrap().contains("“21 degrees”")
    );
}

#[test]
fn the_generation_config_is_honoured_in_either_case() {
    for (config, limit, schema) in [
        ("generationConfig", "maxOutputTokens", "responseSchema"),
        ("generation_config", "max_output_tokens", "response_schema"),
    ] {
        let mut body = json!({ "contents": [{ "parts": [{ "text": "hi" }] }] });
        body[config] = json!({ limit: 2 });
        assert_eq!(generate("demo", &body)["candidates"][0]["finishReason"], "MAX_TOKENS");
        let integer = json!({ "type": "OBJECT", "properties": { "n": { "type": "INTEGER" } } });
        body[config] = json!({ "responseMimeType": "application/json", schema: integer });
        let answer = generate("demo", &body);
        let text = answer["candidates"][0]["content"]["parts"][0]["text"].as_str().unwrap();
        assert_eq!(serde_json::from_str::<Value>(text).unwrap(), json!({ "n": 1 }));
    }
}

#[test]
fn thoughts_are_told_when_they_are_asked_for() {
    let mut body = body("hi");
    body["generationConfig"] = json!({ "thinkingConfig": { "includeThoughts": true } });
    let answer = generate("demo", &body);
    assert_eq!(answer["candidates"][0]["content"]["parts"][0]["thought"], true);
    assert!(answer["usageMetadata"]["thoughtsTokenCount"].as_u64().unwrap() > 5);
}

#[test]
fn tokens_are_counted_as_in_the_answer() {
    let body = body("How many?");
    let counted = ask(Operation::GeminiCountTokens, "demo", &body).json();
    assert_eq!(counted["totalTokens"], generate("demo", &body)["usageMetadata"]["promptTokenCount"]);
    let wrapped =
        ask(Operation::GeminiCountTokens, "demo", &json!({ "generateContentRequest": body })).json();
    assert_eq!(wrapped, counted);
}

#[test]
fn bad_requests_are_refused_as_google_does() {
    for body in
        [json!({}), json!({ "contents": "hi" }), json!({ "contents": [{ "role": "nobody", "parts": [] }] })]
    {
        let played = ask(Operation::GenerateContent, "demo", &body);
        assert_eq!(played.status, 400, "{body}");
        let error: Value = serde_json::from_str(&played.text).expect(&played.text);
        assert_eq!(
            (&error["error"]["code"], &error["error"]["status"]),
            (&json!(400), &json!("INVALID_ARGUMENT"))
        );
    }
}
