//! Probabilities of tokens, in the form of this dialect and in that of Chat Completions.
//!
//! Source: <https://platform.openai.com/docs/api-reference/completions/object>, 2026-11.

use serde_json::{Map, Value, json};

/// Turns `{"tokens":[…],"token_logprobs":[…],…}` into `{"content":[…]}`; what is in that form already stays.
pub(super) fn read(legacy: Value) -> Value {
    let Some(tokens) = legacy.get("tokens").and_then(Value::as_array) else { return legacy };
    let token = |(at, token): (usize, &Value)| {
        let told = |list: &str| legacy.get(list).and_then(|list| list.get(at)).unwrap_or(&Value::Null);
        let top = told("top_logprobs").as_object().into_iter().flatten();
        let top: Vec<_> = top.map(|(token, logprob)| one(token, logprob)).collect();
        let mut one = one(token.as_str().unwrap_or_default(), told("token_logprobs"));
        one["top_logprobs"] = top.into();
        one
    };
    let content: Vec<_> = tokens.iter().enumerate().map(token).collect();
    json!({ "content": content })
}

/// Turns `{"content":[…]}` into this dialect's form; `before` characters of the answer came before.
pub(super) fn write(chat: &Value, before: usize) -> Value {
    let content = chat.get("content").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let text = |item: &Value| item["token"].as_str().unwrap_or_default().to_owned();
    let mut offset = before;
    let mut offsets = Vec::with_capacity(content.len());
    for item in content {
        offsets.push(offset);
        offset += text(item).chars().count();
    }
    let top = |item: &Value| {
        let alternatives = item["top_logprobs"].as_array().into_iter().flatten();
        alternatives.map(|other| (text(other), other["logprob"].clone())).collect::<Map<_, _>>()
    };
    json!({
        "tokens": content.iter().map(text).collect::<Vec<_>>(),
        "token_logprobs": content.iter().map(|item| item["logprob"].clone()).collect::<Vec<_>>(),
        "top_logprobs": content.iter().map(top).collect::<Vec<_>>(),
        "text_offset": offsets,
    })
}

fn one(token: &str, logprob: &Value) -> Value {
    json!({ "token": token, "logprob": logprob, "bytes": token.as_bytes() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_come_back_in_their_own_form() {
        let legacy = json!({
            "tokens": ["你", "b"],
            "token_logprobs": [-0.5, -1.0],
            "top_logprobs": [{"你": -0.5, "x": -2.0}, {}],
            "text_offset": [3, 4],
        });
        assert_eq!(write(&read(legacy.clone()), 3), legacy);
        assert_eq!(read(json!({"content": []})), json!({"content": []}));
        assert_eq!(write(&Value::Null, 0)["tokens"], json!([]));
    }
}
