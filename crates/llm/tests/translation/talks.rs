//! Conversations made at random keep their meaning, and to each provider's rules, in every pair of dialects.

use proptest::prelude::*;
use roundhouse_llm::dialect::Dialect;
use serde_json::{Map, Value, json};

use crate::{requests, targets};

const PNG: &str = "iVBORw0KGgo=";

/// One turn of a conversation.
#[derive(Clone, Debug)]
enum Turn {
    /// Text and how many images.
    User(String, usize),
    Model(String),
    /// What is said before the calls, and each call's tool, argument and result.
    Calls(String, Vec<(usize, String, String)>),
}

#[derive(Clone, Debug)]
struct Talk {
    system: Option<String>,
    turns: Vec<Turn>,
    tools: usize,
    choice: Option<&'static str>,
    stop: Vec<String>,
    max_tokens: u64,
    temperature: Option<u8>,
    has_schema: bool,
    is_stream: bool,
}

fn words() -> impl Strategy<Value = String> {
    "[a-zA-Zé你😀\"\\\\{}<>&]{1,12}( [a-z]{1,6}){0,3}"
}

fn turn(tools: usize) -> impl Strategy<Value = Turn> {
    let call = (0..tools.max(1), words(), words());
    let calls = (prop_oneof![Just(String::new()), words()], prop::collection::vec(call, 1..4));
    let calls = calls.prop_map(|(said, calls)| Turn::Calls(said, calls));
    let user = (words(), 0..2_usize).prop_map(|(said, images)| Turn::User(said, images));
    let model = words().prop_map(Turn::Model);
    if tools == 0 { prop_oneof![user, model].boxed() } else { prop_oneof![user, model, calls].boxed() }
}

prop_compose! {
    fn talk()(tools in 0..4_usize)(
        tools in Just(tools),
        system in prop::option::of(words()),
        first in words(),
        turns in prop::collection::vec(turn(tools), 0..6),
        last in words(),
        choice in prop::option::of(prop::sample::select(vec!["auto", "none", "required", "tool_0"])),
        stop in prop::collection::vec("[A-Z]{3,8}", 0..3),
        max_tokens in 16..5_000_u64,
        temperature in prop::option::of(0..=10_u8),
        has_schema in any::<bool>(),
        is_stream in any::<bool>(),
    ) -> Talk {
        let mut all = vec![Turn::User(first, 0)];
        all.extend(turns);
        all.push(Turn::User(last, 0));
        Talk { system, turns: all, tools, choice, stop, max_tokens, temperature, has_schema, is_stream }
    }
}

impl Talk {
    fn schema() -> Value {
        json!({ "type": "object", "properties": { "x": { "type": "string" } }, "required": ["x"],
            "additionalProperties": false })
    }

    fn write(&self, dialect: Dialect) -> Value {
        match dialect {
            Dialect::Responses => self.responses(),
            Dialect::Messages => self.messages(),
            Dialect::Gemini => self.gemini(),
            _ => self.chat(),
        }
    }

    fn choice(&self) -> Option<&'static str> {
        self.choice.filter(|_| self.tools > 0)
    }

    fn temperature(&self) -> Option<f64> {
        self.temperature.map(|tenths| f64::from(tenths) / 10.0)
    }

    fn tools(&self, write: impl Fn(String, Value) -> Value) -> Vec<Value> {
        (0..self.tools).map(|number| write(format!("tool_{number}"), Self::schema())).collect()
    }

    fn chat(&self) -> Value {
        let mut messages: Vec<Value> = Vec::new();
        messages.extend(self.system.iter().map(|system| json!({ "role": "system", "content": system })));
        for (at, turn) in self.turns.iter().enumerate() {
            match turn {
                Turn::User(said, images) => {
                    let image = json!({ "type": "image_url", "image_url": { "url": format!("data:image/png;base64,{PNG}") } });
                    let mut parts = vec![json!({ "type": "text", "text": said })];
                    parts.extend(vec![image; *images]);
                    messages.push(json!({ "role": "user", "content": parts }));
                }
                Turn::Model(said) => messages.push(json!({ "role": "assistant", "content": said })),
                Turn::Calls(said, calls) => {
                    let written = calls.iter().enumerate().map(|(number, (tool, argument, _))| {
                        let arguments = json!({ "x": argument }).to_string();
                        json!({ "id": format!("call_{at}_{number}"), "type": "function",
                            "function": { "name": format!("tool_{tool}"), "arguments": arguments } })
                    });
                    let written: Vec<_> = written.collect();
                    let said = if said.is_empty() { Value::Null } else { said.as_str().into() };
                    messages.push(json!({ "role": "assistant", "content": said, "tool_calls": written }));
                    for (number, (_, _, result)) in calls.iter().enumerate() {
                        let id = format!("call_{at}_{number}");
                        messages.push(json!({ "role": "tool", "tool_call_id": id, "content": result }));
                    }
                }
            }
        }
        let mut body = json!({ "model": "m", "messages": messages, "max_completion_tokens": self.max_tokens,
            "stream": self.is_stream });
        let fields = body.as_object_mut().unwrap();
        self.draw(fields);
        if self.tools > 0 {
            let tool = |name, schema| json!({ "type": "function", "function": { "name": name, "parameters": schema } });
            fields.insert("tools".into(), self.tools(tool).into());
        }
        match self.choice() {
            Some("tool_0") => {
                let named = json!({ "type": "function", "function": { "name": "tool_0" } });
                fields.insert("tool_choice".into(), named);
            }
            Some(word) => {
                fields.insert("tool_choice".into(), word.into());
            }
            None => {}
        }
        if self.has_schema {
            let schema = json!({ "name": "answer", "schema": Self::schema(), "strict": true });
            let format = json!({ "type": "json_schema", "json_schema": schema });
            fields.insert("response_format".into(), format);
        }
        if !self.stop.is_empty() {
            fields.insert("stop".into(), self.stop.clone().into());
        }
        body
    }

    fn responses(&self) -> Value {
        let mut input: Vec<Value> = Vec::new();
        for (at, turn) in self.turns.iter().enumerate() {
            match turn {
                Turn::User(said, images) => {
                    let image =
                        json!({ "type": "input_image", "image_url": format!("data:image/png;base64,{PNG}") });
                    let mut parts = vec![json!({ "type": "input_text", "text": said })];
                    parts.extend(vec![image; *images]);
                    input.push(json!({ "role": "user", "content": parts }));
                }
                Turn::Model(said) => input.push(json!({ "type": "message", "role": "assistant",
                    "content": [{ "type": "output_text", "text": said, "annotations": [] }] })),
                Turn::Calls(said, calls) => {
                    if !said.is_empty() {
                        input.push(json!({ "role": "assistant", "content": said }));
                    }
                    for (number, (tool, argument, _)) in calls.iter().enumerate() {
                        input.push(json!({ "type": "function_call", "call_id": format!("call_{at}_{number}"),
                            "name": format!("tool_{tool}"), "arguments": json!({ "x": argument }).to_string() }));
                    }
                    for (number, (_, _, result)) in calls.iter().enumerate() {
                        let id = format!("call_{at}_{number}");
                        input
                            .push(json!({ "type": "function_call_output", "call_id": id, "output": result }));
                    }
                }
            }
        }
        let mut body = json!({ "model": "m", "input": input, "max_output_tokens": self.max_tokens,
            "stream": self.is_stream, "store": false });
        let fields = body.as_object_mut().unwrap();
        self.draw(fields);
        if let Some(system) = &self.system {
            fields.insert("instructions".into(), system.as_str().into());
        }
        if self.tools > 0 {
            let tool = |name, schema| json!({ "type": "function", "name": name, "parameters": schema, "strict": true });
            fields.insert("tools".into(), self.tools(tool).into());
        }
        match self.choice() {
            Some("tool_0") => {
                fields.insert("tool_choice".into(), json!({ "type": "function", "name": "tool_0" }));
            }
            Some(word) => {
                fields.insert("tool_choice".into(), word.into());
            }
            None => {}
        }
        if self.has_schema {
            let format =
                json!({ "type": "json_schema", "name": "answer", "schema": Self::schema(), "strict": true });
            fields.insert("text".into(), json!({ "format": format }));
        }
        body
    }

    fn messages(&self) -> Value {
        let mut messages: Vec<Value> = Vec::new();
        for (at, turn) in self.turns.iter().enumerate() {
            match turn {
                Turn::User(said, images) => {
                    let image = json!({ "type": "image",
                        "source": { "type": "base64", "media_type": "image/png", "data": PNG } });
                    let mut parts = vec![json!({ "type": "text", "text": said })];
                    parts.extend(vec![image; *images]);
                    messages.push(json!({ "role": "user", "content": parts }));
                }
                Turn::Model(said) => messages.push(json!({ "role": "assistant", "content": said })),
                Turn::Calls(said, calls) => {
                    let mut blocks = Vec::new();
                    if !said.is_empty() {
                        blocks.push(json!({ "type": "text", "text": said }));
                    }
                    let mut results = Vec::new();
                    for (number, (tool, argument, result)) in calls.iter().enumerate() {
                        let id = format!("toolu_{at}_{number}");
                        blocks.push(json!({ "type": "tool_use", "id": id, "name": format!("tool_{tool}"),
                            "input": { "x": argument } }));
                        results.push(json!({ "type": "tool_result", "tool_use_id": id, "content": result }));
                    }
                    messages.push(json!({ "role": "assistant", "content": blocks }));
                    messages.push(json!({ "role": "user", "content": results }));
                }
            }
        }
        let mut body = json!({ "model": "m", "messages": messages, "max_tokens": self.max_tokens,
            "stream": self.is_stream });
        let fields = body.as_object_mut().unwrap();
        self.draw(fields);
        if let Some(system) = &self.system {
            fields.insert("system".into(), system.as_str().into());
        }
        if self.tools > 0 {
            let tool = |name, schema| json!({ "name": name, "input_schema": schema });
            fields.insert("tools".into(), self.tools(tool).into());
        }
        if let Some(choice) = self.choice() {
            let choice = match choice {
                "tool_0" => json!({ "type": "tool", "name": "tool_0" }),
                "required" => json!({ "type": "any" }),
                word => json!({ "type": word }),
            };
            fields.insert("tool_choice".into(), choice);
        }
        if !self.stop.is_empty() {
            fields.insert("stop_sequences".into(), self.stop.clone().into());
        }
        body
    }

    fn gemini(&self) -> Value {
        let mut contents: Vec<Value> = Vec::new();
        for turn in &self.turns {
            match turn {
                Turn::User(said, images) => {
                    let image = json!({ "inlineData": { "mimeType": "image/png", "data": PNG } });
                    let mut parts = vec![json!({ "text": said })];
                    parts.extend(vec![image; *images]);
                    contents.push(json!({ "role": "user", "parts": parts }));
                }
                Turn::Model(said) => contents.push(json!({ "role": "model", "parts": [{ "text": said }] })),
                Turn::Calls(said, calls) => {
                    let (mut parts, mut results) = (Vec::new(), Vec::new());
                    if !said.is_empty() {
                        parts.push(json!({ "text": said }));
                    }
                    for (tool, argument, result) in calls {
                        let name = format!("tool_{tool}");
                        parts.push(json!({ "functionCall": { "name": name, "args": { "x": argument } } }));
                        results.push(
                            json!({ "functionResponse": { "name": name, "response": { "result": result } } }),
                        );
                    }
                    contents.push(json!({ "role": "model", "parts": parts }));
                    contents.push(json!({ "role": "user", "parts": results }));
                }
            }
        }
        let mut config = json!({ "maxOutputTokens": self.max_tokens });
        if let Some(temperature) = self.temperature() {
            config["temperature"] = temperature.into();
        }
        if self.has_schema {
            config["responseMimeType"] = "application/json".into();
            config["responseJsonSchema"] = Self::schema();
        }
        if !self.stop.is_empty() {
            config["stopSequences"] = self.stop.clone().into();
        }
        let mut body = json!({ "contents": contents, "generationConfig": config });
        if let Some(system) = &self.system {
            body["systemInstruction"] = json!({ "parts": [{ "text": system }] });
        }
        if self.tools > 0 {
            let tool = |name, schema| json!({ "name": name, "parametersJsonSchema": schema });
            body["tools"] = json!([{ "functionDeclarations": self.tools(tool) }]);
        }
        if let Some(choice) = self.choice() {
            body["toolConfig"]["functionCallingConfig"] = match choice {
                "tool_0" => json!({ "mode": "ANY", "allowedFunctionNames": ["tool_0"] }),
                "required" => json!({ "mode": "ANY" }),
                word => json!({ "mode": word.to_uppercase() }),
            };
        }
        body
    }

    fn draw(&self, fields: &mut Map<String, Value>) {
        if let Some(temperature) = self.temperature() {
            fields.insert("temperature".into(), temperature.into());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_conversation_keeps_its_meaning_in_every_pair(talk in talk()) {
        let kinds = targets::all();
        for dialect in [Dialect::Chat, Dialect::Responses, Dialect::Messages, Dialect::Gemini] {
            let body = talk.write(dialect);
            let caller = requests::read(dialect, talk.is_stream, &body).unwrap();
            for kind in &kinds {
                let outcome = requests::compare(dialect, &body, &caller, kind);
                prop_assert!(outcome.failures.is_empty(), "{} for {}: {:#?}\n{body}", dialect.name(), kind.name, outcome.failures);
            }
        }
    }
}
