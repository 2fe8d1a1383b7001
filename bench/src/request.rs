//! The requests that the load sends: what an SDK would, byte for byte the same each time.

use std::net::SocketAddr;

use serde_json::{Value, json};

/// The access key that Roundhouse knows; the others pass it on.
pub(crate) const ACCESS_KEY: &str = "sk-roundhouse-bench-0123456789abcdef0123456789abcdef";

/// What the model is told first.
const SYSTEM: &str = "You are a helpful assistant. Answer in one short sentence.";

/// A chat request with a body of about `body_bytes` for `model`, as bytes with its head.
pub(crate) fn chat(address: SocketAddr, model: &str, body_bytes: usize, answer: Answer) -> Vec<u8> {
    let credential = format!("authorization: Bearer {ACCESS_KEY}");
    post(address, "/v1/chat/completions", &credential, &chat_body(model, body_bytes, answer))
}

/// The same request in Anthropic's dialect.
/// Source: <https://docs.claude.com/en/api/messages>, 2026-11.
pub(crate) fn messages(address: SocketAddr, model: &str, body_bytes: usize, answer: Answer) -> Vec<u8> {
    let credential = format!("x-api-key: {ACCESS_KEY}\r\nanthropic-version: 2023-06-01");
    post(address, "/v1/messages", &credential, &messages_body(model, body_bytes, answer))
}

fn post(address: SocketAddr, path: &str, credential: &str, body: &str) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\n{credential}\r\n\
         content-type: application/json\r\naccept: application/json\r\nuser-agent: roundhouse-bench\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    [&head, body].concat().into_bytes()
}

/// How the answer is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// At once.
    Whole,
    /// In events.
    Events,
}

/// Messages first and the model behind them, as the OpenAI SDKs write it.
fn chat_body(model: &str, bytes: usize, answer: Answer) -> String {
    let rest = if answer == Answer::Events {
        json!({ "model": model, "stream": true, "stream_options": { "include_usage": true }, "temperature": 0.7 })
    } else {
        json!({ "model": model, "temperature": 0.7, "max_tokens": 256 })
    };
    let rest = rest.to_string();
    let mut messages = vec![json!({ "role": "system", "content": SYSTEM })];
    messages.extend(turns(bytes.saturating_sub(rest.len() + 120)));
    let messages = Value::from(messages);
    format!("{{\"messages\":{messages},{}", &rest[1..])
}

/// As the Anthropic SDKs write it.
fn messages_body(model: &str, bytes: usize, answer: Answer) -> String {
    let mut rest = json!({ "model": model, "system": SYSTEM, "temperature": 0.7 });
    if answer == Answer::Events {
        rest["stream"] = true.into();
    }
    let rest = rest.to_string();
    let messages = Value::from(turns(bytes.saturating_sub(rest.len() + 40)));
    format!("{{\"max_tokens\":256,\"messages\":{messages},{}", &rest[1..])
}

/// A talk of about `left` bytes, which the user begins.
fn turns(mut left: usize) -> Vec<Value> {
    let mut turns = Vec::new();
    while left > 60 {
        let text = prose(left.min(2_000));
        let role = if turns.len() % 2 == 0 { "user" } else { "assistant" };
        let turn = json!({ "role": role, "content": text });
        left = left.saturating_sub(turn.to_string().len() + 1);
        turns.push(turn);
    }
    turns
}

/// Text with the quotes, line ends and other alphabets that real prompts have.
fn prose(bytes: usize) -> String {
    const SENTENCE: &str = "She said \"the train leaves at nine\", and nobody asked why.\n\
        The code was `fn main() {}` with a comment: naïve, but it works. 机车库里停着三台机车。\n";
    SENTENCE
        .chars()
        .cycle()
        .scan(0, |size, c| {
            *size += c.len_utf8();
            (*size + 30 < bytes).then_some(c)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_have_the_size_asked_for() {
        for (asked, answer) in [(1_000, Answer::Whole), (1_000, Answer::Events), (100_000, Answer::Whole)] {
            for body in [chat_body("gpt-bench", asked, answer), messages_body("gpt-bench", asked, answer)] {
                let parsed: Value = serde_json::from_str(&body).unwrap();
                assert_eq!(parsed["model"], "gpt-bench");
                assert_eq!(parsed["stream"] == true, answer == Answer::Events);
                let size = body.len();
                assert!(size > asked * 8 / 10 && size < asked * 11 / 10, "{size} for {asked}");
            }
        }
    }

    #[test]
    fn both_dialects_say_the_same() {
        let (chat, messages) =
            (chat_body("gpt-bench", 1_000, Answer::Whole), messages_body("gpt-bench", 1_000, Answer::Whole));
        let (chat, messages): (Value, Value) =
            (serde_json::from_str(&chat).unwrap(), serde_json::from_str(&messages).unwrap());
        assert_eq!(chat["messages"][0]["content"], messages["system"]);
        assert_eq!(chat["messages"][1]["role"], messages["messages"][0]["role"]);
        assert_eq!(chat["max_tokens"], messages["max_tokens"]);
    }
}
