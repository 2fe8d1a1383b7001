//! Google's streams: every chunk is a whole answer with the next parts, and the usage so far.

use bytes::Bytes;
use roundhouse_llm::{Operation, Protocol, errors};
use serde_json::{Value, json};

use super::super::reply::Reply;
use super::super::stream::{Event, Stream};
use super::super::words::{count, pieces};
use super::{Head, call, candidate, finish, usage};

/// A chunk before it has its frame.
type Chunk = (Value, bool);

/// Server-sent events; Google ends their lines with CR LF.
pub(super) fn events(head: Head, reply: Reply, n: usize) -> Stream {
    let events = chunks(head, reply, n)
        .map(|(chunk, is_token)| Event { bytes: format!("data: {chunk}\r\n\r\n").into(), is_token });
    Stream::sse(Operation::StreamGenerateContent, events)
}

/// One JSON array, an element for each chunk.
pub(super) fn array(head: Head, reply: Reply, n: usize) -> Stream {
    let elements = chunks(head, reply, n)
        .enumerate()
        .map(|(nth, (chunk, is_token))| Event { bytes: format!("{}{chunk}", before(nth)).into(), is_token });
    let end = Event::plain(Bytes::from_static(b"]"));
    Stream {
        kind: "application/json; charset=UTF-8",
        events: Box::new(elements.chain([end])),
        error: Box::new(|error, sent| {
            let error = errors::render(Protocol::Gemini, error);
            format!("{}{}]", before(sent), String::from_utf8_lossy(&error)).into()
        }),
    }
}

const fn before(nth: usize) -> &'static str {
    if nth == 0 { "[" } else { "\r\n,\r\n" }
}

fn chunks(head: Head, reply: Reply, n: usize) -> impl Iterator<Item = Chunk> + Send + Sync {
    (0..n).flat_map(move |index| {
        let (head, total) = (head.clone(), reply.clone());
        let mut told = Told::default();
        parts(&head, &reply).map(move |(part, end)| {
            let is_token = told.add(&part);
            let finish = end.then(|| finish(&total.finish));
            let candidates = json!([candidate(index, &[part], finish)]);
            // The whole of what was written is known only at the end of the last candidate.
            let usage = if end && index + 1 == n {
                usage(&total, total.thinking_tokens, total.output_tokens - total.thinking_tokens, n)
            } else {
                usage(&total, told.thoughts, told.text, 1)
            };
            (head.answer(&candidates, &usage), is_token)
        })
    })
}

/// The parts of one candidate, and which ends it: the last call, or else an empty text after all others. What follows
/// thoughts carries their signature.
fn parts(head: &Head, reply: &Reply) -> impl Iterator<Item = (Value, bool)> + use<> {
    let thoughts = pieces(reply.thinking.clone()).map(|piece| json!({ "text": piece, "thought": true }));
    let words = pieces(reply.text.clone()).map(|piece| json!({ "text": piece }));
    let mut last: Vec<Value> = reply.calls.iter().map(call).collect();
    if last.is_empty() {
        last.push(json!({ "text": "" }));
    }
    if !reply.thinking.is_empty() {
        last[0]["thoughtSignature"] = json!(head.signature);
    }
    let end = last.len() - 1;
    let last = last.into_iter().enumerate().map(move |(nth, part)| (part, nth == end));
    thoughts.chain(words).map(|part| (part, false)).chain(last)
}

/// Tokens told so far.
#[derive(Default)]
struct Told {
    thoughts: u64,
    text: u64,
}

impl Told {
    /// Counts `part`, and says whether it carries a token.
    fn add(&mut self, part: &Value) -> bool {
        if part["thought"] == true {
            self.thoughts += 1;
            return true;
        }
        let call = &part["functionCall"];
        let tokens = match part["text"].as_str() {
            Some(text) => count(text),
            None => count(call["name"].as_str().unwrap_or_default()) + count(&call["args"].to_string()),
        };
        self.text += tokens;
        tokens > 0
    }
}
