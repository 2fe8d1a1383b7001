//! The dialect both ways.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::*;
use crate::catalogue::Facts;
use crate::convert::Asked;
use crate::dialect::{Dialect, Target, chat};
use crate::generation::{Collector, Event, Losses, Part, Request};
use crate::profile::Profile;

fn asked() -> Asked {
    Asked {
        dialect: Dialect::Completions,
        model: "asked".to_owned(),
        stream: true,
        wants_usage: true,
        is_array: false,
        custom_tools: Vec::new(),
        echo: Map::new(),
        id: "r1".to_owned(),
        created: 7,
    }
}

fn write(request: &Request) -> Value {
    let (profile, facts) = (Profile::default(), Facts::default());
    let target = Target {
        family: roundhouse_domain::spec::Family::OpenaiCompatible,
        model: "m",
        profile: &profile,
        facts: &facts,
    };
    serde_json::from_slice(&write_request(request, &target, &mut Losses::default()).unwrap()).unwrap()
}

#[test]
fn requests_come_back_as_they_were() {
    for body in [
        json!({"model": "m", "prompt": "a", "max_tokens": 5, "echo": true, "suffix": "z", "best_of": 2, "logprobs": 3}),
        json!({"model": "m", "prompt": [1, 2, 3], "temperature": 0.5, "n": 2, "stop": ["x"]}),
        json!({"model": "m", "prompt": ["a", "b"], "user": "u"}),
        json!({"model": "m", "prompt": [[1], [2]], "seed": 1}),
    ] {
        assert_eq!(write(&read_request(body.clone()).unwrap()), body);
    }
    let one = read_request(json!({"model": "m", "prompt": ["a"]})).unwrap();
    assert_eq!(one.messages[0].parts, [Part::text("a")]);
    for (body, param) in [
        (json!({"model": "m"}), "prompt"),
        (json!({"model": "m", "prompt": {}}), "prompt"),
        (json!({"model": "m", "prompt": [true]}), "prompt"),
        (json!({"model": "m", "prompt": "a", "logprobs": true}), "logprobs"),
    ] {
        assert_eq!(read_request(body).unwrap_err().param.as_deref(), Some(param));
    }
}

#[test]
fn prompts_of_tokens_are_refused_by_other_dialects() {
    for (prompt, is_refused) in [(json!([1, 2]), true), (json!(["a", "b"]), true), (json!(["a"]), false)] {
        let request = read_request(json!({"model": "m", "prompt": prompt})).unwrap();
        let param = check_elsewhere(&request).err().and_then(|error| error.param);
        assert_eq!(param.as_deref(), is_refused.then_some("prompt"), "{prompt}");
    }
}

#[test]
fn conversations_become_one_text_and_tools_are_refused() {
    let body = json!({"model": "x", "messages": [{"role": "system", "content": "Be brief."},
        {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}]});
    let request = chat::read_request(body).unwrap();
    assert_eq!(write(&request)["prompt"], "Be brief.\n\nUser: a\n\nAssistant: b\n\nUser: c\n\nAssistant:");
    let tools =
        json!({"model": "x", "messages": [], "tools": [{"type": "function", "function": {"name": "f"}}]});
    let (profile, facts) = (Profile::default(), Facts::default());
    let target = Target {
        family: roundhouse_domain::spec::Family::OpenaiCompatible,
        model: "m",
        profile: &profile,
        facts: &facts,
    };
    let request = chat::read_request(tools).unwrap();
    assert!(write_request(&request, &target, &mut Losses::default()).is_err());
}

#[test]
fn answers_come_back_whole_and_streamed() {
    let body = json!({"id": "cmpl-1", "object": "text_completion", "created": 3, "model": "asked",
        "choices": [{"text": "你好", "index": 0, "finish_reason": "length", "logprobs": {"tokens": ["你好"],
            "token_logprobs": [-1.0], "top_logprobs": [{"你好": -1.0}], "text_offset": [0]}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}});
    let answer = read_answer(body.to_string().as_bytes()).unwrap();
    let mut again: Value = serde_json::from_slice(&write_answer(&answer, &asked())).unwrap();
    let usage = again["usage"].as_object_mut().unwrap();
    usage.retain(|name, _| !name.ends_with("details"));
    assert_eq!(again, body);

    let mut writer = StreamWriter::new(Arc::new(asked()));
    let mut out = Vec::new();
    answer.clone().into_events().into_iter().for_each(|event| writer.event(event, &mut out));
    let text = String::from_utf8(out).unwrap();
    let (mut reader, mut events) = (StreamReader::default(), Vec::new());
    for data in text.lines().filter_map(|line| line.strip_prefix("data: ")) {
        reader.event(b"", data.as_bytes(), &mut events).unwrap();
    }
    assert_eq!(events.last(), Some(&Event::End));
    let mut collector = Collector::default();
    for event in events {
        collector.push(event);
    }
    assert_eq!(collector.finish().unwrap(), answer);
}
