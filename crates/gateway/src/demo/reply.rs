//! What the demo model replies, whatever protocol it is said in.

use serde_json::json;

use super::ask::{Ask, Format};
use super::behaviour::{Behaviour, without_directives};
use super::seed::Seed;
use super::tools::{Call, calls};
use super::{sample, text, words};

/// Tokens of all answers to one request together.
const MOST_TOKENS: usize = 100_000;

/// Why a reply ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finish {
    Done,
    StopSequence(String),
    Length,
    Calls,
}

/// A reply: thoughts, a text or calls, and why it ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reply {
    pub thinking: String,
    pub text: String,
    pub calls: Vec<Call>,
    pub finish: Finish,
    pub input_tokens: u64,
    pub thinking_tokens: u64,
    /// All tokens written, thoughts included.
    pub output_tokens: u64,
}

/// The reply to `ask`.
pub(super) fn reply(ask: &Ask, behaviour: &Behaviour, seed: &Seed) -> Reply {
    let calls = if behaviour.empty { Vec::new() } else { calls(ask, behaviour, seed) };
    let thinks = (ask.thinking || behaviour.thinking) && !behaviour.empty;
    let thinking = if thinks { text::thinking(&ask.prompt) } else { String::new() };
    let said = if calls.is_empty() { say(ask, behaviour) } else { String::new() };
    let mut reply = Reply {
        finish: if calls.is_empty() { Finish::Done } else { Finish::Calls },
        thinking,
        text: said,
        calls,
        input_tokens: ask.input_tokens,
        thinking_tokens: 0,
        output_tokens: 0,
    };
    reply.stop_at(&ask.stop);
    reply.limit(ask.max_tokens);
    reply.count();
    reply
}

fn say(ask: &Ask, behaviour: &Behaviour) -> String {
    if behaviour.empty {
        return String::new();
    }
    match &ask.format {
        Format::Schema(schema) => sample::any(schema, &sample::hint(&ask.prompt)).to_string(),
        _ if ask.format == Format::Json || behaviour.json => {
            let asked = words::shorten(&without_directives(&ask.prompt), 200);
            json!({ "model": "demo", "asked": asked, "words": words::count(&asked) }).to_string()
        }
        _ if !ask.results.is_empty() => text::about_results(ask),
        _ => match behaviour.long {
            Some(tokens) => text::long(&ask.prompt, tokens.min(MOST_TOKENS / ask.n.max(1))),
            None => text::welcome(ask),
        },
    }
}

impl Reply {
    /// Ends the text before the first stop sequence in it.
    fn stop_at(&mut self, stops: &[String]) {
        let stops = stops.iter().filter(|stop| !stop.is_empty());
        let first = stops.filter_map(|stop| self.text.find(stop.as_str()).map(|at| (at, stop))).min();
        if let Some((at, stop)) = first {
            self.text.truncate(at);
            self.finish = Finish::StopSequence(stop.clone());
        }
    }

    /// Ends after so many tokens; a call of a tool is never left half said.
    fn limit(&mut self, most: Option<u64>) {
        let Some(most) = most else { return };
        let (thinking, cut) = words::first(&self.thinking, most);
        self.thinking = thinking.to_owned();
        let left = if cut { 0 } else { most - words::count(&self.thinking) };
        let (text, text_cut) = words::first(&self.text, left);
        self.text = text.to_owned();
        if cut || text_cut {
            self.finish = Finish::Length;
            self.calls.clear();
        }
    }

    fn count(&mut self) {
        let called = |call: &Call| words::count(&call.name) + words::count(&call.arguments.to_string());
        self.thinking_tokens = words::count(&self.thinking);
        self.output_tokens =
            self.thinking_tokens + words::count(&self.text) + self.calls.iter().map(called).sum::<u64>();
    }
}
