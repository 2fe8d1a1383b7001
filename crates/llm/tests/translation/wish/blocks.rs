//! Dialects whose messages are lists of blocks.

use serde_json::{Map, Value};

use super::{Wish, either, list, names, schema_names, stops, text};

pub fn messages(body: &Value) -> Wish {
    let mut wish = Wish::default();
    match &body["system"] {
        Value::String(system) => wish.system.push(system.clone()),
        other => wish.system.extend(list(other).iter().map(|block| text(&block["text"]).to_owned())),
    }
    for message in list(&body["messages"]) {
        let who = if message["role"] == "assistant" { 'm' } else { 'u' };
        if let Some(said) = message["content"].as_str() {
            wish.says(who, said);
        }
        for block in list(&message["content"]) {
            match text(&block["type"]) {
                "text" if message["role"] == "system" => wish.system.push(text(&block["text"]).to_owned()),
                "text" => wish.says(who, text(&block["text"])),
                "image" => wish.shows("image"),
                "document" => wish.shows("document"),
                "tool_use" => wish.calls(&block["id"], &block["name"], block["input"].clone()),
                "tool_result" => wish.answers(&block["tool_use_id"], &Value::Null, &block["content"]),
                _ => {}
            }
        }
    }
    let own = list(&body["tools"]).iter();
    for tool in own.filter(|tool| matches!(text(&tool["type"]), "" | "custom")) {
        wish.tool(&tool["name"], &tool["input_schema"]);
    }
    wish.choice = match text(&body["tool_choice"]["type"]) {
        "" => None,
        "any" => Some("required".to_owned()),
        "tool" => Some(text(&body["tool_choice"]["name"]).to_owned()),
        word => Some(word.to_owned()),
    };
    let format = [&body["output_config"]["format"], &body["output_format"]];
    let format = format.into_iter().find(|format| format.is_object());
    wish.format = format.map(|format| schema_names(&format["schema"]));
    wish.stop = stops(&body["stop_sequences"]);
    wish.max_tokens = body["max_tokens"].as_u64();
    wish.temperature = body["temperature"].as_f64();
    wish.top_p = body["top_p"].as_f64();
    wish
}

pub fn gemini(body: &Value) -> Wish {
    let mut wish = Wish::default();
    let system = either(body, &["systemInstruction", "system_instruction"]);
    wish.system.extend(list(&system["parts"]).iter().map(|part| text(&part["text"]).to_owned()));
    for content in list(&body["contents"]) {
        let who = if content["role"] == "model" { 'm' } else { 'u' };
        for part in list(&content["parts"]).iter().filter(|part| part["thought"] != true) {
            gemini_part(&mut wish, who, part);
        }
    }
    for tool in list(&body["tools"]) {
        for function in list(either(tool, &["functionDeclarations", "function_declarations"])) {
            let schema = either(function, &["parametersJsonSchema", "parameters"]);
            wish.tool(&function["name"], schema);
        }
    }
    let calling = &either(body, &["toolConfig", "tool_config"]);
    let calling = either(calling, &["functionCallingConfig", "function_calling_config"]);
    let allowed = list(either(calling, &["allowedFunctionNames", "allowed_function_names"]));
    wish.choice = match text(&calling["mode"]).to_ascii_lowercase().as_str() {
        "" => None,
        "any" => Some(match allowed {
            [] => "required".to_owned(),
            [one] => text(one).to_owned(),
            _ => "allowed".to_owned(),
        }),
        word => Some(word.to_owned()),
    };
    let config = either(body, &["generationConfig", "generation_config"]);
    let schema = either(config, &["responseJsonSchema", "responseSchema", "response_schema"]);
    let mime = text(either(config, &["responseMimeType", "response_mime_type"]));
    if mime == "application/json" {
        wish.format = Some(if schema.is_null() { "object".to_owned() } else { schema_names(schema) });
    }
    wish.stop = stops(&config["stopSequences"]);
    wish.max_tokens = either(config, &["maxOutputTokens", "max_output_tokens"]).as_u64();
    wish.temperature = config["temperature"].as_f64();
    wish.top_p = config["topP"].as_f64();
    wish
}

fn gemini_part(wish: &mut Wish, who: char, part: &Value) {
    if let Some(said) = part["text"].as_str() {
        wish.says(who, said);
    }
    let call = either(part, &["functionCall", "function_call"]);
    if call.is_object() {
        let arguments = if call["args"].is_null() { Value::Object(Map::new()) } else { call["args"].clone() };
        wish.calls(&call["id"], &call["name"], arguments);
    }
    let answer = either(part, &["functionResponse", "function_response"]);
    if answer.is_object() {
        wish.answers(&answer["id"], &answer["name"], &answer["response"]);
        wish.media.extend(list(&answer["parts"]).iter().map(|_| "image"));
    }
    let media = either(part, &["inlineData", "inline_data", "fileData", "file_data"]);
    if media.is_object() {
        let mime = text(either(media, &["mimeType", "mime_type"]));
        wish.shows(match mime.split('/').next() {
            Some("audio") => "audio",
            Some("video") => "video",
            Some("application" | "text") => "document",
            _ => "image",
        });
    }
}

pub fn converse(body: &Value) -> Wish {
    let mut wish = Wish::default();
    let system = list(&body["system"]).iter().filter_map(|block| block["text"].as_str());
    wish.system.extend(system.map(str::to_owned));
    for message in list(&body["messages"]) {
        let who = if message["role"] == "assistant" { 'm' } else { 'u' };
        for block in list(&message["content"]) {
            if let Some(said) = block["text"].as_str() {
                wish.says(who, said);
            }
            let (call, answer) = (&block["toolUse"], &block["toolResult"]);
            if call.is_object() {
                wish.calls(&call["toolUseId"], &call["name"], call["input"].clone());
            }
            if answer.is_object() {
                wish.answers(&answer["toolUseId"], &Value::Null, &answer["content"]);
            }
            for kind in ["image", "audio", "video", "document"] {
                if block[kind].is_object() {
                    wish.shows(kind);
                }
            }
        }
    }
    for tool in list(&body["toolConfig"]["tools"]).iter().filter(|tool| tool["toolSpec"].is_object()) {
        wish.tool(&tool["toolSpec"]["name"], &tool["toolSpec"]["inputSchema"]["json"]);
    }
    let choice = &body["toolConfig"]["toolChoice"];
    wish.choice = match names(choice).first().map(String::as_str) {
        None => None,
        Some("any") => Some("required".to_owned()),
        Some("tool") => Some(text(&choice["tool"]["name"]).to_owned()),
        Some(word) => Some(word.to_owned()),
    };
    let format = &body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"];
    wish.format = format.as_str().map(|schema| schema_names(&super::arguments(schema)));
    let config = &body["inferenceConfig"];
    wish.stop = stops(&config["stopSequences"]);
    wish.max_tokens = config["maxTokens"].as_u64();
    wish.temperature = config["temperature"].as_f64();
    wish.top_p = config["topP"].as_f64();
    wish
}
