use super::*;

fn respond(model: &str, body: &Value) -> Played {
    ask(Operation::Responses, model, body)
}

fn with_tool(text: &str) -> Value {
    let tool = json!({ "type": "function", "name": "get_weather", "parameters": weather_schema() });
    json!({ "input": text, "tools": [tool] })
}

/// The items and the status that the events of a stream tell.
fn told(events: &[Value]) -> (Value, Value) {
    for (number, event) in events.iter().enumerate() {
        assert_eq!(event["sequence_number"], number);
    }
    let items = events.iter().filter(|event| event["type"] == "response.output_item.done");
    (items.map(|event| event["item"].clone()).collect(), events.last().unwrap()["response"].clone())
}

#[test]
fn a_response_has_a_message_and_usage() {
    let answer = respond("demo", &json!({ "input": "hi", "instructions": "Be kind." })).json();
    assert_eq!((&answer["object"], &answer["status"]), (&json!("response"), &json!("completed")));
    assert_eq!(answer["instructions"], "Be kind.");
    assert_eq!(answer["output"][0]["content"][0]["type"], "output_text");
    let usage = &answer["usage"];
    let sum = usage["input_tokens"].as_u64().unwrap() + usage["output_tokens"].as_u64().unwrap();
    assert_eq!(usage["total_tokens"], sum);
}

#[test]
fn the_events_of_a_text_come_in_order_and_add_up() {
    let mut body =
        json!({ "input": [{ "role": "user", "content": [{ "type": "input_text", "text": "hi" }] }] });
    let whole = respond("demo", &body).json();
    body["stream"] = json!(true);
    let events = respond("demo", &body).events();
    assert_eq!(
        types(&events),
        [
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed",
        ]
    );
    let text: String = events.iter().filter_map(|event| event["delta"].as_str()).collect();
    assert_eq!(json!(text), whole["output"][0]["content"][0]["text"]);
    let (items, response) = told(&events);
    assert_eq!(items[0]["content"], whole["output"][0]["content"]);
    assert_eq!((&response["output"], &response["usage"]), (&items, &whole["usage"]));
    assert_eq!(events[2]["item"]["content"], json!([]));
    assert_eq!(events[2]["item"]["status"], "in_progress");
}

#[test]
fn a_call_is_told_after_the_thoughts() {
    let mut body = with_tool("[[thinking]] How is the weather in Oslo?");
    body["stream"] = json!(true);
    let events = respond("demo", &body).events();
    assert_eq!(
        types(&events)[2..],
        [
            "response.output_item.added",
            "response.reasoning_summary_part.added",
            "response.reasoning_summary_text.delta",
            "response.reasoning_summary_text.done",
            "response.reasoning_summary_part.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed",
        ]
    );
    let (items, response) = told(&events);
    assert_eq!(response["output"], items);
    let arguments: Value = serde_json::from_str(items[1]["arguments"].as_str().unwrap()).unwrap();
    assert_fits(&weather_schema(), &arguments);
    assert_eq!(arguments["city"], "Oslo");
}

#[test]
fn the_output_of_a_function_is_cited() {
    let mut body = with_tool("");
    body["input"] = json!([
        { "role": "user", "content": "weather?" },
        { "type": "function_call", "call_id": "c", "name": "get_weather", "arguments": "{}" },
        { "type": "function_call_output", "call_id": "c", "output": "21 degrees" },
    ]);
    let answer = respond("demo", &body).json();
    assert!(answer["output"][0]["content"][0]["text"].as_str().unwrap().contains("21 degrees"));
}

#[test]
fn a_limit_makes_the_response_incomplete() {
    let mut body = json!({ "input": "hi", "max_output_tokens": 3, "stream": true });
    let events = respond("demo", &body).events();
    let last = events.last().unwrap();
    assert_eq!(last["type"], "response.incomplete");
    assert_eq!(last["response"]["incomplete_details"]["reason"], "max_output_tokens");
    body["stream"] = json!(false);
    assert_eq!(respond("demo", &body).json()["status"], "incomplete");
}

#[test]
fn structured_output_fits_its_schema() {
    let format = json!({ "type": "json_schema", "name": "weather", "schema": weather_schema() });
    let answer = respond("demo", &json!({ "input": "hi", "text": { "format": format } })).json();
    let text = answer["output"][0]["content"][0]["text"].as_str().unwrap();
    assert_fits(&weather_schema(), &serde_json::from_str(text).unwrap());
}
