//! Requests that no recording holds.

use roundhouse_llm::catalogue::Facts;
use roundhouse_llm::dialect::Dialect;
use serde_json::{Value, json};

use crate::{requests, targets};

/// What a kind of provider gets, and the fields that are lost; or why it gets nothing.
type Outcome = Result<(Value, Vec<String>), String>;

fn written(dialect: Dialect, body: &Value) -> Vec<(String, Outcome)> {
    let caller = requests::read(dialect, false, body).unwrap();
    let facts = Facts::default();
    let kinds = targets::all().into_iter();
    let written = kinds.map(|kind| {
        let written = caller.write(kind.dialect, &kind.target(&facts)).map(|written| {
            let lost = written.losses.iter().map(|(field, _)| field.to_owned()).collect();
            (serde_json::from_slice(&written.body).unwrap(), lost)
        });
        (
            format!("{} {}", kind.dialect.name(), kind.name),
            written.map_err(|error| error.param.unwrap_or_default()),
        )
    });
    written.collect()
}

#[test]
fn a_conversation_that_begins_with_the_model_is_opened_where_it_must_be() {
    let body = json!({ "model": "m", "messages": [
        { "role": "assistant", "content": "Hello." }, { "role": "user", "content": "hi" }] });
    for (name, written) in written(Dialect::Chat, &body) {
        let (body, lost) = written.unwrap();
        let turns = if body["contents"].is_array() { &body["contents"] } else { &body["messages"] };
        if ["messages", "gemini", "converse"].iter().any(|dialect| name.starts_with(dialect)) {
            assert_eq!(turns[0]["role"], "user", "{name}: {body}");
            assert_eq!(lost, ["messages"], "{name}");
        } else {
            assert_eq!(lost, [""; 0], "{name}");
        }
    }
}

#[test]
fn what_a_providers_own_tools_did_is_left_out_elsewhere_and_told() {
    let body = json!({ "model": "m", "max_tokens": 9, "messages": [
        { "role": "user", "content": "Search." },
        { "role": "assistant", "content": [
            { "type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": { "query": "x" } },
            { "type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [] },
            { "type": "text", "text": "Found." }] },
        { "role": "user", "content": "More." }] });
    for (name, written) in written(Dialect::Messages, &body) {
        let (body, lost) = written.unwrap_or_else(|field| panic!("{name}: {field}"));
        let is_kept = body.to_string().contains("web_search_tool_result");
        assert!(body.to_string().contains("Found."), "{name}: {body}");
        assert_eq!(is_kept, name.starts_with("messages"), "{name}: {body}");
        assert_eq!(lost.is_empty(), is_kept, "{name}: {lost:?}");
    }
}

#[test]
fn a_prompt_of_tokens_is_refused_where_only_text_is_understood() {
    let body = json!({ "model": "m", "prompt": [1, 2, 3] });
    for (name, written) in written(Dialect::Completions, &body) {
        assert_eq!(written.unwrap_err(), "prompt", "{name}");
    }
}

#[test]
fn the_version_that_a_cloud_wants_stays_with_the_clouds() {
    let body = json!({ "model": "m", "max_tokens": 9, "anthropic_version": "vertex-2023-10-16",
        "messages": [{ "role": "user", "content": "hi" }] });
    for (name, written) in written(Dialect::Messages, &body) {
        assert_eq!(written.unwrap().0.get("anthropic_version"), None, "{name}");
    }
}
