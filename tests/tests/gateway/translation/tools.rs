//! Tools: called, answered, and called several at once.

use roundhouse_tests::{Call, Caller, Reply, SIGNATURE, Said, Seen, Upstream};
use serde_json::{Value, json};

use super::{World, pairs};

const RESULTS: [&str; 2] = ["17 degrees and windy", "3 degrees and dark"];

/// Asks for the weather of two cities at once, and is content when it knows them.
fn curious(seen: &Seen) -> Reply {
    let is_told = RESULTS.iter().all(|result| String::from_utf8_lossy(&seen.body).contains(result));
    let said = if is_told {
        Said::text("It is cold.")
    } else {
        let city = |name: &str| json!({ "city": name });
        Said::calls(&[("get_weather", city("Paris")), ("look_outside", city("Troms\u{f8}"))])
            .after("I wonder.")
    };
    Upstream::answer(seen, &said)
}

/// The calls and results of a conversation, as a provider of this kind reads them.
fn told(upstream: Upstream, body: &Value) -> (Vec<Call>, Vec<(String, String)>) {
    let mut calls = Vec::new();
    let mut results = Vec::new();
    let mut call = |id: &Value, name: &Value, arguments: &Value| {
        let parsed = arguments.as_str().map(|text| serde_json::from_str(text).unwrap());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        calls.push(Call {
            id: text(id),
            name: text(name),
            arguments: parsed.unwrap_or_else(|| arguments.clone()),
        });
    };
    let mut result = |id: &Value, content: &Value| {
        results.push((id.as_str().unwrap_or_default().to_owned(), content.to_string()));
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (turns, inside) = match upstream {
        Upstream::Gemini | Upstream::Vertex => (&body["contents"], "parts"),
        Upstream::Responses => (&body["input"], ""),
        _ => (&body["messages"], "content"),
    };
    for turn in list(turns) {
        for item in list(&turn["tool_calls"]) {
            call(&item["id"], &item["function"]["name"], &item["function"]["arguments"]);
        }
        match turn["type"].as_str() {
            Some("function_call") => call(&turn["call_id"], &turn["name"], &turn["arguments"]),
            Some("function_call_output") => result(&turn["call_id"], &turn["output"]),
            _ if turn["role"] == "tool" => result(&turn["tool_call_id"], &turn["content"]),
            _ => {}
        }
        for part in list(&turn[inside]) {
            if let Some(made) = part.get("functionCall") {
                call(&made["id"], &made["name"], &made["args"]);
            } else if let Some(made) = part.get("toolUse") {
                call(&made["toolUseId"], &made["name"], &made["input"]);
            } else if part["type"] == "tool_use" {
                call(&part["id"], &part["name"], &part["input"]);
            } else if let Some(made) = part.get("functionResponse") {
                result(&made["name"], &made["response"]);
            } else if let Some(made) = part.get("toolResult") {
                result(&made["toolUseId"], &made["content"]);
            } else if part["type"] == "tool_result" {
                result(&part["tool_use_id"], &part["content"]);
            }
        }
    }
    (calls, results)
}

#[tokio::test]
async fn a_tool_loop_closes_between_every_caller_and_every_provider() {
    let world = World::new(curious, &json!({})).await;
    for (caller, upstream, stream) in pairs(&Caller::RICH) {
        let context = format!("{caller:?} {upstream:?} stream {stream}");
        let mut question = caller.question(upstream.name(), "What is the weather?");
        caller.offer(&mut question, &["get_weather", "look_outside"]);
        let first = world.ask(caller, upstream, &question, stream).await;
        let heard = caller.hear(&first);
        let called: Vec<_> = heard.calls.iter().map(|call| (call.name.as_str(), &call.arguments)).collect();
        let expected = [
            ("get_weather", &json!({ "city": "Paris" })),
            ("look_outside", &json!({ "city": "Troms\u{f8}" })),
        ];
        assert_eq!(called, expected, "{context}: {}", first.text());
        assert_eq!(heard.finish, caller.ends().1, "{context}: {}", first.text());
        let ids = [0, 1].map(|index| heard.calls[index].id.as_str());
        assert!(ids[0] != ids[1] || ids[0].is_empty() && caller.is_gemini(), "{context}: {ids:?}");

        let next = caller.go_on(&question, &first, &RESULTS);
        let second = world.ask(caller, upstream, &next, stream).await;
        let body = world.fake.last().json();
        assert_eq!(
            caller.hear(&second).text,
            "It is cold.",
            "{context}: {}\n{next:#}\n{body:#}",
            second.text()
        );
        let (calls, results) = told(upstream, &body);
        let called: Vec<_> = calls.iter().map(|call| (call.name.as_str(), &call.arguments)).collect();
        assert_eq!(called, expected, "{context}: {body:#}");
        let names = if matches!(upstream, Upstream::Gemini | Upstream::Vertex) {
            ["get_weather", "look_outside"]
        } else {
            ["call_1", "call_2"]
        };
        if !matches!(upstream, Upstream::Gemini | Upstream::Vertex) {
            assert_eq!(
                calls.iter().map(|call| call.id.as_str()).collect::<Vec<_>>(),
                names,
                "{context}: {body:#}"
            );
        }
        assert_eq!(results.len(), 2, "{context}: {body:#}");
        for ((id, text), (name, result)) in results.iter().zip(names.iter().zip(RESULTS)) {
            assert!(id == name && text.contains(result), "{context}: {body:#}");
        }
        assert_eq!(body.to_string().contains(SIGNATURE), upstream.signs(), "{context}: {next:#}\n{body:#}");
        assert!(!body.to_string().contains("__rhs_"), "{context}: {body:#}");
    }
}

#[tokio::test]
async fn a_freeform_tool_of_a_responses_caller_is_called_at_every_provider() {
    let patch = "*** Begin Patch\n+\"hello\"\n*** End Patch";
    let world = World::new(
        move |seen| {
            if String::from_utf8_lossy(&seen.body).contains("Done!") {
                return Upstream::answer(seen, &Said::text("It is patched."));
            }
            Upstream::answer(seen, &Said::calls(&[("apply_patch", json!({ "input": patch }))]))
        },
        &json!({}),
    )
    .await;
    let caller = Caller::Responses;
    for (_, upstream, stream) in pairs(&[caller]).filter(|(_, upstream, _)| *upstream != Upstream::Responses)
    {
        let context = format!("{upstream:?} stream {stream}");
        let mut question = caller.question(upstream.name(), "Patch it");
        question["tools"] = json!([{ "type": "custom", "name": "apply_patch", "description": "Patches files",
            "format": { "type": "grammar", "syntax": "lark", "definition": "start: /.+/" } }]);
        let first = world.ask(caller, upstream, &question, stream).await;
        let whole = caller.whole(&first);
        let item = whole["output"].as_array().unwrap().iter().find(|item| item["type"] == "custom_tool_call");
        let item = item.unwrap_or_else(|| panic!("{context}: {whole:#}"));
        assert_eq!(
            (&item["name"], &item["input"]),
            (&json!("apply_patch"), &json!(patch)),
            "{context}: {whole:#}"
        );
        let second = world.ask(caller, upstream, &caller.go_on(&question, &first, &["Done!"]), stream).await;
        let body = world.fake.last().json();
        assert_eq!(caller.hear(&second).text, "It is patched.", "{context}: {}\n{body:#}", second.text());
        let (calls, results) = told(upstream, &body);
        assert_eq!(calls[0].arguments, json!({ "input": patch }), "{context}: {body:#}");
        assert!(results[0].1.contains("Done!"), "{context}: {body:#}");
    }
}

#[tokio::test]
async fn a_forced_tool_is_forced_in_every_language() {
    let world = World::saying(Said::calls(&[("get_weather", json!({ "city": "Paris" }))])).await;
    for (caller, upstream, _) in pairs(&Caller::RICH) {
        let mut question = caller.question(upstream.name(), "Say something");
        caller.offer(&mut question, &["get_weather", "look_outside"]);
        match caller {
            Caller::Chat => {
                question["tool_choice"] =
                    json!({ "type": "function", "function": { "name": "get_weather" } });
            }
            Caller::Responses => {
                question["tool_choice"] = json!({ "type": "function", "name": "get_weather" });
            }
            Caller::Messages => question["tool_choice"] = json!({ "type": "tool", "name": "get_weather" }),
            _ => {
                let config = json!({ "mode": "ANY", "allowedFunctionNames": ["get_weather"] });
                question["toolConfig"] = json!({ "functionCallingConfig": config });
            }
        }
        let answer = world.ask(caller, upstream, &question, false).await;
        assert_eq!(answer.status, 200, "{caller:?} {upstream:?}: {}", answer.text());
        let body = world.fake.last().json();
        let forced = match upstream {
            Upstream::Compatible => body["tool_choice"]["function"]["name"] == "get_weather",
            Upstream::Responses | Upstream::Anthropic | Upstream::BedrockClaude => {
                body["tool_choice"]["name"] == "get_weather"
            }
            Upstream::Gemini | Upstream::Vertex => {
                let config = &body["toolConfig"]["functionCallingConfig"];
                config["mode"] == "ANY" && config["allowedFunctionNames"] == json!(["get_weather"])
            }
            Upstream::Bedrock => body["toolConfig"]["toolChoice"]["tool"]["name"] == "get_weather",
            // Cohere can be told to call something, so only that tool is left to it.
            Upstream::Cohere => {
                body["tool_choice"] == "REQUIRED" && body["tools"].as_array().unwrap().len() == 1
            }
        };
        assert!(forced, "{caller:?} {upstream:?}: {body:#}");
    }
}
