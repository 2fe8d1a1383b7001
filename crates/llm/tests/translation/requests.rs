//! Every request for every provider.

use std::sync::Arc;

use roundhouse_llm::Operation;
use roundhouse_llm::catalogue::Facts;
use roundhouse_llm::convert::{Caller, Fetched, Stamp};
use roundhouse_llm::dialect::Dialect;
use roundhouse_llm::{rules, target as native};
use serde_json::Value;

use crate::targets::Kind;
use crate::wish::{self, Wish};

/// A picture of one pixel, for addresses that nobody can fetch here.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// What a refusal says, and the dialects that may say it.
type Refusal = (&'static str, fn(Dialect) -> bool);

/// What no provider of a dialect can do: the field of the refusal, and for whom.
const REFUSED: &[Refusal] = &[
    // Alternatives.
    ("n", |dialect| dialect != Dialect::Gemini),
    // Images for models and results of tools that are text only.
    ("messages", |dialect| matches!(dialect, Dialect::Chat | Dialect::Cohere)),
    ("contents", |dialect| matches!(dialect, Dialect::Chat | Dialect::Cohere)),
    ("input", |dialect| matches!(dialect, Dialect::Chat | Dialect::Cohere)),
    // Tools that the provider runs, or that only one provider's models know.
    ("tools", |_| true),
];

/// What holds of one request at one provider; each word is a capability.
#[derive(Default)]
pub struct Outcome {
    pub held: Vec<(&'static str, bool)>,
    pub failures: Vec<String>,
    pub is_refused: bool,
}

/// The request as it was read.
pub fn read(dialect: Dialect, is_stream: bool, body: &Value) -> Result<Caller, String> {
    let operation = match dialect {
        Dialect::Completions => Operation::Completions,
        Dialect::Responses => Operation::Responses,
        Dialect::Messages => Operation::Messages,
        Dialect::Gemini if is_stream => Operation::StreamGenerateContent,
        Dialect::Gemini => Operation::GenerateContent,
        _ => Operation::ChatCompletions,
    };
    let stamp = Stamp { id: "0198c0de".to_owned(), created: 1_700_000_000 };
    Caller::read(operation, Some("m"), false, body.to_string().as_bytes(), stamp)
        .map_err(|error| format!("{error:?}"))
}

/// Writes what `body` asks in `dialect` for `kind`, and compares.
pub fn compare(dialect: Dialect, body: &Value, caller: &Caller, kind: &Kind) -> Outcome {
    let facts = Facts::default();
    let target = kind.target(&facts);
    let fetched = caller.urls_to_fetch(kind.dialect, &target).into_iter();
    let fetched: Vec<_> = fetched
        .map(|url| Fetched { url, mime: "image/png".to_owned(), data: PIXEL.to_owned() })
        .map(Arc::new)
        .collect();
    let mut written = match caller.with_fetched(&fetched).write(kind.dialect, &target) {
        Ok(written) => written,
        Err(refusal) => return refused(kind, &format!("{refusal:?}"), refusal.param.as_deref()),
    };
    if kind.is_cloud() && kind.dialect == Dialect::Messages {
        let own =
            native::own_fields(kind.provider, Operation::Messages).expect("the clouds want other fields");
        written.body = rules::apply(&[&own], &written.body).expect("a body is JSON");
    }
    let there: Value = serde_json::from_slice(&written.body).expect("a body is JSON");
    let own = if dialect == kind.dialect { body } else { &Value::Null };
    let broken = kind.broken(&there, own).0;
    let lost = |words: &[&str]| {
        written.losses.iter().any(|(field, _)| words.iter().any(|word| field.to_lowercase().contains(word)))
    };
    let mut outcome = Outcome { held: vec![("accepted", broken.is_empty())], ..Outcome::default() };
    outcome.failures.extend(broken);
    let (asked, got) = (wish::of(dialect, body), wish::of(kind.dialect, &there));
    strict(&mut outcome, &asked, &got);
    let mut soft = |what, applies: bool, holds: bool, words: &[&str], shown: String| {
        if applies {
            outcome.held.push((what, holds));
            if !holds && !lost(words) {
                outcome.failures.push(format!("{what} is lost and nobody says so: {shown}"));
            }
        }
    };
    let choice = |wish: &Wish| wish.choice.clone().filter(|choice| choice != "auto");
    let (had, has) = (choice(&asked), choice(&got));
    let is_only =
        got.tools.len() == 1 && has.as_deref() == Some("required") && had.as_ref() == Some(&got.tools[0].0);
    let is_moot = is_only || (had.as_deref() == Some("none") && got.tools.is_empty());
    soft(
        "choice",
        had.is_some() && !asked.tools.is_empty(),
        had == has || is_moot,
        &["choice", "calling", "function_call"],
        format!("{had:?} / {has:?}"),
    );
    soft(
        "format",
        asked.format.is_some(),
        asked.format == got.format,
        &["format", "schema", "mime"],
        format!("{:?} / {:?}", asked.format, got.format),
    );
    soft(
        "stop",
        !asked.stop.is_empty(),
        asked.stop == got.stop,
        &["stop"],
        format!("{:?} / {:?}", asked.stop, got.stop),
    );
    soft(
        "tokens",
        asked.max_tokens.is_some(),
        asked.max_tokens == got.max_tokens,
        &["max"],
        format!("{:?} / {:?}", asked.max_tokens, got.max_tokens),
    );
    let drawn = |wish: &Wish| (neutral(wish.temperature), neutral(wish.top_p));
    soft(
        "drawing",
        drawn(&asked) != (None, None),
        drawn(&asked) == drawn(&got),
        &["temperature", "top"],
        format!("{:?} / {:?}", drawn(&asked), drawn(&got)),
    );
    outcome
}

/// What must be there whatever else is lost.
fn strict(outcome: &mut Outcome, asked: &Wish, got: &Wish) {
    let mut check = |what, applies: bool, holds: bool, shown: String| {
        if applies {
            outcome.held.push((what, holds));
            if !holds {
                outcome.failures.push(format!("{what}: {shown}"));
            }
        }
    };
    let system = got.system.join("\n");
    let is_told = asked
        .system
        .iter()
        .all(|text| system.contains(text.trim()) || got.user.iter().any(|said| said.contains(&bare(text))));
    check("system", !asked.system.is_empty(), is_told, format!("{:?} / {:?}", asked.system, got.system));
    check(
        "user",
        !asked.user.is_empty(),
        says(&got.user, &asked.user),
        format!("{:?} / {:?}", asked.user, got.user),
    );
    check(
        "model",
        !asked.model.is_empty(),
        got.model == asked.model,
        format!("{:?} / {:?}", asked.model, got.model),
    );
    check(
        "calls",
        !asked.calls.is_empty(),
        got.calls == asked.calls,
        format!("{:?} / {:?}", asked.calls, got.calls),
    );
    check(
        "results",
        !asked.results.is_empty(),
        got.results == asked.results,
        format!("{:?} / {:?}", asked.results, got.results),
    );
    check(
        "media",
        !asked.media.is_empty(),
        got.media == asked.media,
        format!("{:?} / {:?}", asked.media, got.media),
    );
    // Nothing may be called, or only what is left.
    let is_forbidden = asked.choice.as_deref() == Some("none") && got.tools.is_empty();
    let is_named =
        asked.tools.iter().any(|tool| asked.choice.as_ref() == Some(&tool.0) && got.tools == [tool.clone()]);
    check(
        "tools",
        !asked.tools.is_empty(),
        got.tools == asked.tools || is_forbidden || is_named,
        format!("{:?} / {:?}", asked.tools, got.tools),
    );
    check("order", asked.order.len() > 1, is_ordered(asked, got), format!("{} / {}", asked.order, got.order));
}

fn refused(kind: &Kind, shown: &str, param: Option<&str>) -> Outcome {
    let param = param.unwrap_or_default();
    let known = REFUSED
        .iter()
        .find(|(field, whom)| param.split(['[', '.']).next() == Some(field) && whom(kind.dialect));
    let failures = if known.is_some() { Vec::new() } else { vec![format!("refused: {shown}")] };
    Outcome { is_refused: true, failures, ..Outcome::default() }
}

/// Whether all that was said is there, in its order, however it is cut.
fn says(got: &[String], asked: &[String]) -> bool {
    let got = got.concat();
    let mut rest = got.as_str();
    asked.iter().all(|piece| match rest.split_once(piece.as_str()) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// What a tool shows may follow as the user's; a conversation must begin with the user in some places.
fn is_ordered(asked: &Wish, got: &Wish) -> bool {
    // The plan of a call may be what the model thought.
    let seen = if asked.model.is_empty() { got.order.replace('m', "") } else { got.order.clone() };
    let plain = |order: &str| order.replace("ru", "r").trim_start_matches('u').to_owned();
    seen == asked.order
        || (plain(&seen) == plain(&asked.order) && (!asked.media.is_empty() || !asked.order.starts_with('u')))
}

/// 1 is what all have where nothing is said.
fn neutral(value: Option<f64>) -> Option<f64> {
    value.filter(|value| (value - 1.0).abs() > f64::EPSILON)
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
