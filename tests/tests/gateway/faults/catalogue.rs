//! All that can go wrong with a provider before its answer says anything.

use roundhouse_tests::{Dialect, Reply};
use serde_json::{Value, json};

/// What goes wrong, and what the gateway makes of it.
pub struct Fault {
    pub name: &'static str,
    /// What stands in the log.
    pub verdict: &'static str,
    /// The caller's status when nothing else is left.
    pub left_over: u16,
    pub reply: fn(Dialect, bool) -> Reply,
    pub is_timeout: bool,
    pub is_refused: bool,
    asked: Asked,
}

/// Which calls it can happen to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Either,
    Whole,
    Stream,
    /// Streams of languages that announce their answers.
    AnnouncedStream,
}

impl Fault {
    const fn new(
        name: &'static str,
        verdict: &'static str,
        left_over: u16,
        reply: fn(Dialect, bool) -> Reply,
    ) -> Self {
        Self { name, verdict, left_over, reply, is_timeout: false, is_refused: false, asked: Asked::Either }
    }

    const fn of(self, asked: Asked) -> Self {
        Self { asked, ..self }
    }

    const fn timeout(self) -> Self {
        Self { is_timeout: true, ..self }
    }

    pub fn happens(&self, dialect: Dialect, stream: bool) -> bool {
        match self.asked {
            Asked::Either => true,
            Asked::Whole => !stream,
            Asked::Stream => stream,
            Asked::AnnouncedStream => stream && dialect.silent_events() > 0,
        }
    }

    /// Whether another key of the same provider may fare better.
    pub fn is_one_keys_matter(&self) -> bool {
        !self.is_refused && self.verdict != "model_missing"
    }
}

/// The catalogue.
pub static FAULTS: &[Fault] = &[
    Fault { is_refused: true, ..Fault::new("refused", "provider_fault", 502, |_, _| Reply::closed()) },
    Fault::new("closed", "provider_fault", 502, |_, _| Reply::closed()),
    Fault::new("never", "provider_fault", 504, |_, _| Reply::never()).timeout(),
    Fault::new("head_then_nothing", "provider_fault", 504, |dialect, stream| {
        good(dialect, stream).stuck_at(0)
    })
    .timeout(),
    Fault::new("head_then_closed", "provider_fault", 502, |dialect, stream| good(dialect, stream).cut_at(0)),
    Fault::new("first_bytes_then_nothing", "provider_fault", 504, |dialect, stream| {
        good(dialect, stream).stuck_at(20)
    })
    .timeout(),
    Fault::new("first_bytes_then_closed", "provider_fault", 502, |dialect, stream| {
        good(dialect, stream).cut_at(20)
    }),
    Fault::new("chunks_then_closed", "provider_fault", 502, |dialect, stream| {
        good(dialect, stream).chunked().cut_at(20)
    }),
    Fault::new("bad_request_of_theirs", "provider_fault", 502, |_, _| {
        told(400, "model is overloaded, sorry")
    }),
    Fault::new("unauthorized", "credential_refused", 502, |_, _| told(401, "no such key")),
    Fault::new("key_not_valid", "credential_refused", 502, |_, _| {
        told(400, "API key not valid. Please pass a valid API key.")
    }),
    Fault::new("payment", "quota_exhausted", 429, |_, _| told(402, "pay first")),
    Fault::new("quota", "quota_exhausted", 429, |_, _| {
        Reply::json(
            429,
            &json!({ "error": { "message": "You exceeded your current quota", "code": "insufficient_quota" } }),
        )
    }),
    Fault::new("forbidden", "forbidden", 502, |_, _| told(403, "not you")),
    Fault::new("no_model", "model_missing", 404, |_, _| told(404, "no such model")),
    Fault::new("request_timeout", "provider_fault", 502, |_, _| told(408, "too slow")),
    Fault::new("rate_limited", "rate_limited", 429, |_, _| told(429, "slow down")),
    Fault::new("rate_limited_until", "rate_limited", 429, |_, _| {
        told(429, "slow down").header("retry-after", "600")
    }),
    Fault::new("server_error", "provider_fault", 502, |_, _| told(500, "oops")),
    Fault::new("bad_gateway_page", "provider_fault", 502, |_, _| {
        Reply::body(502, "text/html", "<html>bad gateway</html>")
    }),
    Fault::new("unavailable", "provider_fault", 502, |_, _| told(503, "later")),
    Fault::new("overloaded", "provider_fault", 502, |_, _| told(529, "overloaded")),
    Fault::new("redirect", "provider_fault", 502, |_, _| {
        Reply::body(302, "text/plain", "").header("location", "http://127.0.0.1:1/")
    }),
    Fault::new("error_in_200", "provider_fault", 502, |_, _| in_200("the server had an error", 500)),
    Fault::new("rate_limit_in_200", "rate_limited", 429, |_, _| in_200("slow down", 429)),
    Fault::new("no_body", "provider_fault", 502, |_, _| Reply::body(200, "application/json", "")),
    Fault::new("not_json", "provider_fault", 502, |_, _| {
        Reply::body(200, "application/json", "{\"choices\":[{\"mess")
    }),
    Fault::new("page", "provider_fault", 502, |_, _| {
        Reply::body(200, "text/html; charset=utf-8", "<!doctype html><p>log in first</p>")
    }),
    Fault::new("page_called_json", "provider_fault", 502, |_, _| {
        Reply::body(200, "application/json", "<!doctype html>")
    }),
    Fault::new("empty_answer", "provider_fault", 200, |dialect, _| Reply::json(200, &empty(dialect)))
        .of(Asked::Whole),
    Fault::new("no_events", "provider_fault", 502, |_, _| Reply::events([])).of(Asked::Stream),
    Fault::new("only_comments", "provider_fault", 502, |_, _| {
        Reply::events([": one\n\n".into(), ": two\n\n".into()])
    })
    .of(Asked::Stream),
    Fault::new("error_first", "provider_fault", 502, |dialect, _| Reply::events([error_event(dialect)]))
        .of(Asked::Stream),
    Fault::new("unreadable_first", "provider_fault", 502, |_, _| Reply::events(["data: {oops\n\n".into()]))
        .of(Asked::Stream),
    Fault::new("page_in_events", "provider_fault", 502, |_, _| {
        Reply::body(200, "text/event-stream", "<html>no</html>")
    })
    .of(Asked::Stream),
    Fault::new("silent_then_error", "provider_fault", 502, |dialect, _| {
        let mut events = silent(dialect);
        events.push(error_event(dialect));
        Reply::events(events)
    })
    .of(Asked::AnnouncedStream),
    Fault::new("silent_then_end", "provider_fault", 502, |dialect, _| Reply::events(silent(dialect)))
        .of(Asked::AnnouncedStream),
    Fault::new("silent_then_closed", "provider_fault", 502, |dialect, _| {
        let events = silent(dialect);
        let size = events.concat().len();
        Reply::events(events).cut_at(size)
    })
    .of(Asked::AnnouncedStream),
    Fault::new("silent_then_nothing", "provider_fault", 504, |dialect, _| {
        let events = silent(dialect);
        let size = events.concat().len();
        Reply::events(events).stuck_at(size)
    })
    .of(Asked::AnnouncedStream)
    .timeout(),
];

fn good(dialect: Dialect, stream: bool) -> Reply {
    let text = "an answer that nobody may see";
    if stream { Reply::events(dialect.stream(text)) } else { Reply::json(200, &dialect.whole(text)) }
}

fn silent(dialect: Dialect) -> Vec<String> {
    dialect.stream("unseen")[..dialect.silent_events()].to_vec()
}

fn told(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({ "error": { "message": message } }))
}

/// Understood in every language: a status as a number.
fn in_200(message: &str, status: u16) -> Reply {
    Reply::json(200, &json!({ "type": "error", "error": { "message": message, "code": status } }))
}

fn empty(dialect: Dialect) -> Value {
    match dialect {
        Dialect::Chat => {
            json!({ "id": "c", "choices": [], "usage": { "prompt_tokens": 1, "completion_tokens": 0 } })
        }
        Dialect::Responses => json!({ "id": "r", "object": "response", "status": "completed", "output": [] }),
        Dialect::Messages => {
            json!({ "id": "m", "type": "message", "content": [], "stop_reason": "end_turn" })
        }
        Dialect::Gemini => json!({ "candidates": [{ "finishReason": "STOP", "index": 0 }] }),
    }
}

fn error_event(dialect: Dialect) -> String {
    let error = json!({ "type": "error", "code": "server_error", "message": "broken",
        "error": { "type": "api_error", "message": "broken", "code": 500 } });
    let name = if matches!(dialect, Dialect::Responses | Dialect::Messages) { "event: error\n" } else { "" };
    format!("{name}data: {error}\n\n")
}
