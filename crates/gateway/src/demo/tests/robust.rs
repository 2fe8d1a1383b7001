use proptest::prelude::*;

use super::*;

/// JSON that is shaped like requests: their field names, and values of any type.
fn json_like() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[\\[\\]a-z:0-9 你好]{0,20}".prop_map(Value::from),
        prop::sample::select(vec![
            "user",
            "assistant",
            "tool",
            "text",
            "function",
            "auto",
            "json_schema",
            "object",
            "#",
            "[[tool]]"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        let name = prop::sample::select(vec![
            "messages",
            "content",
            "contents",
            "parts",
            "role",
            "text",
            "type",
            "tools",
            "function",
            "functionDeclarations",
            "name",
            "parameters",
            "input_schema",
            "input",
            "prompt",
            "max_tokens",
            "stream",
            "n",
            "stop",
            "tool_choice",
            "response_format",
            "schema",
            "json_schema",
            "generationConfig",
            "properties",
            "required",
            "$ref",
            "items",
            "anyOf",
            "minimum",
            "minItems",
            "documents",
            "query",
            "dimensions",
            "requests",
            "voice",
            "thinking",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name, inner, 0..6)
                .prop_map(|map| map.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

fn operation() -> impl Strategy<Value = Operation> {
    prop::sample::select(ALL.to_vec())
}

/// The whole answer, bounded in time by what `long` allows.
fn answered(operation: Operation, model: &str, body: &[u8], content_type: &str) -> (u16, Vec<u8>) {
    let request = DemoRequest { content_type: Some(content_type), ..request(operation, model, body) };
    let played = play(answer(&request));
    (played.status, played.bytes)
}

proptest! {
    #[test]
    fn any_bytes_get_an_answer(operation in operation(), model in "demo[a-z0-9-]{0,20}", body: Vec<u8>) {
        let (status, _) = answered(operation, &model, &body, "multipart/form-data; boundary=a");
        prop_assert!((200..600).contains(&status));
    }

    #[test]
    fn any_json_gets_the_same_answer_again(operation in operation(), body in json_like()) {
        let body = body.to_string();
        let first = answered(operation, "demo", body.as_bytes(), "application/json");
        prop_assert_eq!(first, answered(operation, "demo", body.as_bytes(), "application/json"));
    }

    #[test]
    fn any_tool_schema_gets_a_call(schema in json_like()) {
        let function = json!({ "name": "f", "parameters": schema });
        let body = json!({
            "messages": [{ "role": "user", "content": "hi" }],
            "tools": [{ "type": "function", "function": function }],
        });
        let answer = ask(Operation::ChatCompletions, "demo-tool", &body).json();
        prop_assert_eq!(&answer["choices"][0]["finish_reason"], "tool_calls");
    }
}

#[test]
fn answers_differ_with_the_request_and_the_time() {
    let id = |text: &str, now: i64| {
        let body = sensible(Operation::ChatCompletions, text).unwrap().to_string();
        let request = DemoRequest {
            now: Timestamp::from_millis(now),
            ..request(Operation::ChatCompletions, "demo", body.as_bytes())
        };
        play(answer(&request)).json()["id"].clone()
    };
    assert_eq!(id("a", 1), id("a", 1));
    assert_ne!(id("a", 1), id("b", 1));
    assert_ne!(id("a", 1), id("a", 2));
}
