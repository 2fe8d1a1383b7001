//! Probabilities of tokens: Gemini's `logprobsResult` and OpenAI's `logprobs`.
//!
//! Sources: <https://ai.google.dev/api/generate-content#LogprobsResult>,
//! <https://platform.openai.com/docs/api-reference/chat/object>; 2026-11.

use serde_json::{Value, json};

/// A `logprobsResult` as OpenAI's object; none where it tells nothing.
pub(super) fn read(raw: &[u8]) -> Option<Value> {
    let result: Value = serde_json::from_slice(raw).ok()?;
    let top = result["topCandidates"].as_array().map_or(&[][..], Vec::as_slice);
    let chosen = result["chosenCandidates"].as_array()?.iter().enumerate();
    let tokens = chosen.map(|(index, token)| {
        let others = top.get(index).and_then(|step| step["candidates"].as_array());
        let others: Vec<_> = others.into_iter().flatten().map(read_token).collect();
        let mut token = read_token(token);
        token["top_logprobs"] = others.into();
        token
    });
    Some(json!({ "content": tokens.collect::<Vec<_>>() }))
}

/// OpenAI's object as a `logprobsResult`.
pub(super) fn write(logprobs: &Value) -> Value {
    let tokens = logprobs["content"].as_array().map_or(&[][..], Vec::as_slice);
    let top = tokens.iter().map(|token| {
        let others = token["top_logprobs"].as_array().into_iter().flatten();
        json!({ "candidates": others.map(write_token).collect::<Vec<_>>() })
    });
    json!({
        "topCandidates": top.collect::<Vec<_>>(),
        "chosenCandidates": tokens.iter().map(write_token).collect::<Vec<_>>(),
    })
}

fn read_token(token: &Value) -> Value {
    let text = token["token"].as_str().unwrap_or_default();
    let probability = token["logProbability"].as_f64().unwrap_or_default();
    json!({ "token": text, "logprob": probability, "bytes": text.as_bytes() })
}

fn write_token(token: &Value) -> Value {
    json!({ "token": token["token"], "logProbability": token["logprob"] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_come_through_both_ways() {
        let told = json!({
            "topCandidates": [{ "candidates": [{ "token": "é", "logProbability": -0.5 }, { "token": "b", "logProbability": -1.5 }] }],
            "chosenCandidates": [{ "token": "é", "logProbability": -0.5 }],
        });
        let read = read(told.to_string().as_bytes()).unwrap();
        assert_eq!(read["content"][0]["bytes"], json!([195, 169]));
        assert_eq!(read["content"][0]["top_logprobs"][1]["logprob"], -1.5);
        assert_eq!(write(&read), told);
    }
}
