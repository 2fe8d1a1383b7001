//! The requests that the load sends: what an SDK would, byte for byte the same each time.

use std::net::SocketAddr;

use serde_json::json;

/// The access key that Roundhouse knows; the others pass it on.
pub(crate) const ACCESS_KEY: &str = "sk-roundhouse-bench-0123456789abcdef0123456789abcdef";

/// A chat request with a body of about `body_bytes` for `model`, as bytes with its head.
pub(crate) fn chat(address: SocketAddr, model: &str, body_bytes: usize, events: Answer) -> Vec<u8> {
    let body = body(model, body_bytes, events);
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {ACCESS_KEY}\r\n\
         content-type: application/json\r\naccept: application/json\r\nuser-agent: roundhouse-bench\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    [head, body].concat().into_bytes()
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
fn body(model: &str, bytes: usize, answer: Answer) -> String {
    let rest = if answer == Answer::Events {
        json!({ "model": model, "stream": true, "stream_options": { "include_usage": true }, "temperature": 0.7 })
    } else {
        json!({ "model": model, "temperature": 0.7, "max_tokens": 256 })
    };
    let rest = rest.to_string();
    let system =
        json!({ "role": "system", "content": "You are a helpful assistant. Answer in one short sentence." });
    let mut messages = vec![system];
    let mut left = bytes.saturating_sub(rest.len() + 120);
    let mut turn = 0;
    while left > 60 {
        let text = prose(left.min(2_000));
        let role = if turn % 2 == 0 { "user" } else { "assistant" };
        let message = json!({ "role": role, "content": text });
        left = left.saturating_sub(message.to_string().len() + 1);
        messages.push(message);
        turn += 1;
    }
    let messages = serde_json::Value::from(messages);
    format!("{{\"messages\":{messages},{}", &rest[1..])
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
            let body = body("gpt-bench", asked, answer);
            let parsed: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!(parsed["model"], "gpt-bench");
            assert!(
                body.len() > asked * 8 / 10 && body.len() < asked * 11 / 10,
                "{} for {asked}",
                body.len()
            );
        }
    }
}
