//! Dialects of OpenAI's shape.

use serde_json::Value;

use super::{Wish, arguments, list, schema_names, stops, text};

pub fn chat(body: &Value) -> Wish {
    let mut wish = Wish::default();
    for message in list(&body["messages"]) {
        match text(&message["role"]) {
            "system" | "developer" => wish.system.push(texts(&message["content"])),
            "tool" | "function" => {
                wish.answers(&message["tool_call_id"], &message["name"], &message["content"]);
            }
            "assistant" => {
                wish.says('m', text(&message["tool_plan"]));
                wish.says('m', &texts(&message["content"]));
                wish.says('m', text(&message["refusal"]));
                for call in list(&message["tool_calls"]) {
                    let (function, custom) = (&call["function"], &call["custom"]);
                    if custom.is_object() {
                        wish.calls(&call["id"], &custom["name"], custom["input"].clone());
                    } else {
                        wish.calls(&call["id"], &function["name"], arguments(text(&function["arguments"])));
                    }
                }
                let old = &message["function_call"];
                if old.is_object() {
                    wish.calls(&Value::Null, &old["name"], arguments(text(&old["arguments"])));
                }
            }
            _ => user(&mut wish, &message["content"]),
        }
    }
    for tool in list(&body["tools"]) {
        let function = if tool["custom"].is_object() { &tool["custom"] } else { &tool["function"] };
        if function.is_object() {
            wish.tool(&function["name"], &function["parameters"]);
        }
    }
    for function in list(&body["functions"]) {
        wish.tool(&function["name"], &function["parameters"]);
    }
    let choice = [&body["tool_choice"], &body["function_call"]].into_iter().find(|choice| !choice.is_null());
    wish.choice = choice.map(|choice| match choice {
        Value::String(word) if word == "any" => "required".to_owned(),
        Value::String(word) => word.clone(),
        other => {
            let named = [&other["function"]["name"], &other["custom"]["name"], &other["name"]];
            named.into_iter().find_map(Value::as_str).unwrap_or("allowed").to_owned()
        }
    });
    wish.format = format(&body["response_format"], &body["response_format"]["json_schema"]["schema"]);
    wish.stop = stops(&body["stop"]);
    wish.max_tokens = body["max_completion_tokens"].as_u64().or_else(|| body["max_tokens"].as_u64());
    draw(&mut wish, body);
    wish
}

pub fn completions(body: &Value) -> Wish {
    let mut wish = Wish::default();
    match &body["prompt"] {
        Value::String(prompt) => wish.says('u', prompt),
        Value::Array(prompts) => prompts.iter().for_each(|prompt| wish.says('u', text(prompt))),
        _ => {}
    }
    wish.stop = stops(&body["stop"]);
    wish.max_tokens = body["max_tokens"].as_u64();
    draw(&mut wish, body);
    wish
}

pub fn responses(body: &Value) -> Wish {
    let mut wish = Wish::default();
    if let Some(instructions) = body["instructions"].as_str() {
        wish.system.push(instructions.to_owned());
    }
    if let Some(input) = body["input"].as_str() {
        wish.says('u', input);
    }
    for item in list(&body["input"]) {
        match text(&item["type"]) {
            "" | "message" => match text(&item["role"]) {
                "system" | "developer" => wish.system.push(texts(&item["content"])),
                "assistant" => wish.says('m', &texts(&item["content"])),
                _ => user(&mut wish, &item["content"]),
            },
            "function_call" => {
                wish.calls(&item["call_id"], &item["name"], arguments(text(&item["arguments"])));
            }
            "custom_tool_call" => wish.calls(&item["call_id"], &item["name"], item["input"].clone()),
            "function_call_output" | "custom_tool_call_output" => {
                wish.answers(&item["call_id"], &Value::Null, &item["output"]);
            }
            _ => {}
        }
    }
    let tools = list(&body["tools"]).iter();
    for tool in tools.filter(|tool| matches!(text(&tool["type"]), "function" | "custom")) {
        wish.tool(&tool["name"], &tool["parameters"]);
    }
    wish.choice = match &body["tool_choice"] {
        Value::Null => None,
        Value::String(word) => Some(word.clone()),
        other => Some(other["name"].as_str().unwrap_or("allowed").to_owned()),
    };
    wish.format = format(&body["text"]["format"], &body["text"]["format"]["schema"]);
    wish.max_tokens = body["max_output_tokens"].as_u64();
    draw(&mut wish, body);
    wish
}

pub fn cohere(body: &Value) -> Wish {
    let mut wish = chat(body);
    wish.top_p = body["p"].as_f64();
    wish.stop = stops(&body["stop_sequences"]);
    wish.choice = body["tool_choice"].as_str().map(str::to_ascii_lowercase);
    let schema = [&body["response_format"]["json_schema"], &body["response_format"]["schema"]];
    let schema = schema.into_iter().find(|schema| schema.is_object());
    wish.format = schema
        .map(schema_names)
        .or_else(|| (body["response_format"]["type"] == "json_object").then(|| "object".to_owned()));
    wish
}

fn user(wish: &mut Wish, content: &Value) {
    if let Some(said) = content.as_str() {
        wish.says('u', said);
    }
    for part in list(content) {
        match text(&part["type"]) {
            "text" | "input_text" => wish.says('u', text(&part["text"])),
            "image_url" | "input_image" => wish.shows("image"),
            "input_audio" => wish.shows("audio"),
            "video_url" => wish.shows("video"),
            "file" | "input_file" | "document_url" | "file_url" => wish.shows("document"),
            _ => {}
        }
    }
}

/// Thoughts are parts of another type.
fn texts(content: &Value) -> String {
    if let Some(said) = content.as_str() {
        return said.to_owned();
    }
    let parts = list(content)
        .iter()
        .map(|part| if part["refusal"].is_string() { text(&part["refusal"]) } else { text(&part["text"]) });
    parts.collect()
}

fn format(format: &Value, schema: &Value) -> Option<String> {
    match text(&format["type"]) {
        "json_object" => Some("object".to_owned()),
        "json_schema" => Some(schema_names(schema)),
        _ => None,
    }
}

fn draw(wish: &mut Wish, body: &Value) {
    wish.temperature = body["temperature"].as_f64();
    wish.top_p = body["top_p"].as_f64();
}
