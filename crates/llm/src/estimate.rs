//! Tokens of requests and answers whose provider told none, or broke off before it did: estimates by the kinds of their
//! characters (`convert::count` says how good they are).

use crate::convert::count::text::Running;
use crate::convert::{Caller, Stamp};
use crate::json::{Scanner, Step};
use crate::{Operation, Wire};

/// A request that is larger is estimated by its middle, in bytes: this much takes less than half a millisecond.
const MOST: usize = 128 << 10;

/// How deep the text of an answer may stand.
const DEPTH: u32 = 12;

/// What a stream has said so far, counted piece by piece; nothing of it is kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said(Option<Box<Running>>);

impl Said {
    /// Takes a piece of text.
    pub(crate) fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.0.get_or_insert_default().push(text);
        }
    }

    /// Takes an event of `wire`.
    pub(crate) fn event(&mut self, wire: Wire, name: &[u8], data: &[u8]) {
        if !wire.generates() || !is_piece(wire, name, data) {
            return;
        }
        // What cannot be read is no text; the ledger says whether it matters.
        let _ = walk(&mut Scanner::new(data), Texts::of(wire), 0, &mut |text| self.text(text));
    }

    /// The tokens of all of it, about.
    pub(crate) fn tokens(&self) -> u64 {
        self.0.as_ref().map_or(0, |running| running.tokens())
    }
}

/// How many tokens the answer `body` to `operation` comes to, about.
pub fn answer(operation: Operation, body: &[u8]) -> u64 {
    let mut said = Said::default();
    if operation.generates() {
        let _ = walk(&mut Scanner::new(body), Texts::Whole, 0, &mut |text| said.text(text));
    }
    said.tokens()
}

/// How many tokens the request `body` of `operation` comes to, about; `model` is the one that the path names.
pub fn request(operation: Operation, model: &str, body: &[u8]) -> u64 {
    if body.len() <= MOST
        && let Some(tokens) = read(operation, model, body)
    {
        return tokens;
    }
    let start = body.len().saturating_sub(MOST) / 2;
    let middle = &body[start..body.len().min(start + MOST)];
    let mut running = Running::default();
    running.push(&String::from_utf8_lossy(middle));
    let (size, middle) = (u64::try_from(body.len()), u64::try_from(middle.len().max(1)));
    running.tokens().saturating_mul(size.unwrap_or(u64::MAX)) / middle.unwrap_or(1)
}

fn read(operation: Operation, model: &str, body: &[u8]) -> Option<u64> {
    if operation.generates() {
        let stamp = Stamp { id: String::new(), created: 0 };
        let caller = Caller::read(operation, Some(model), false, body, stamp).ok()?;
        return Some(caller.estimated_tokens());
    }
    let mut said = Said::default();
    walk(&mut Scanner::new(body), Texts::Asked, 0, &mut |text| said.text(text)).ok()?;
    Some(said.tokens())
}

/// Where text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Texts {
    /// In the pieces of most dialects.
    Pieces,
    /// In the pieces of OpenAI's responses.
    Deltas,
    /// In a whole answer.
    Whole,
    /// In what is to be embedded, ranked or spoken.
    Asked,
}

impl Texts {
    fn of(wire: Wire) -> Self {
        if matches!(wire, Wire::Operation(Operation::Responses)) { Self::Deltas } else { Self::Pieces }
    }

    fn has(self, name: &[u8]) -> bool {
        match self {
            Self::Deltas => name == b"delta",
            Self::Asked => {
                matches!(
                    name,
                    b"input" | b"text" | b"texts" | b"content" | b"query" | b"documents" | b"prompt"
                )
            }
            Self::Pieces | Self::Whole => matches!(
                name,
                b"content"
                    | b"text"
                    | b"thinking"
                    | b"partial_json"
                    | b"arguments"
                    | b"reasoning_content"
                    | b"reasoning"
                    | b"refusal"
                    | b"transcript"
            ),
        }
    }
}

/// Whether an event adds text: those of OpenAI's responses tell it again when it is complete.
fn is_piece(wire: Wire, name: &[u8], data: &[u8]) -> bool {
    match wire {
        Wire::Operation(Operation::Responses) => {
            name.ends_with(b".delta")
                || (name.is_empty() && memchr::memmem::find(data, b".delta\"").is_some())
        }
        _ => true,
    }
}

/// Goes over a value and gives out the strings that are text.
fn walk(scanner: &mut Scanner<'_>, texts: Texts, depth: u32, out: &mut impl FnMut(&str)) -> Step<()> {
    match scanner.peek() {
        Some(b'{') if depth < DEPTH => scanner.members(|scanner, key| {
            let name = key.inner();
            match scanner.peek() {
                Some(b'"') if texts.has(name) => {
                    if let Some(text) = scanner.text()? {
                        out(&text);
                    }
                    Ok(())
                }
                Some(b'[') if texts == Texts::Asked && texts.has(name) => scanner.items(|scanner| {
                    if scanner.peek() == Some(b'"') {
                        if let Some(text) = scanner.text()? {
                            out(&text);
                        }
                        return Ok(());
                    }
                    walk(scanner, texts, depth + 2, out)
                }),
                // What some providers tell a second time in a form of their own.
                _ if name == b"reasoning_details" => scanner.skip(),
                _ => walk(scanner, texts, depth + 1, out),
            }
        }),
        Some(b'[') if depth < DEPTH => scanner.items(|scanner| walk(scanner, texts, depth + 1, out)),
        _ => scanner.skip(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(wire: impl Into<Wire>, events: &[&str]) -> u64 {
        let wire = wire.into();
        let mut said = Said::default();
        for event in events {
            said.event(wire, b"", event.as_bytes());
        }
        said.tokens()
    }

    fn of(text: &str) -> u64 {
        let mut running = Running::default();
        running.push(text);
        running.tokens()
    }

    const TEXT: &str = "The committee decided to wait.";

    #[test]
    fn a_text_in_pieces_counts_like_the_whole_of_it() {
        let text = "请把下面这段 Python 代码改成 async 版本, and explain why it blocks.";
        let letters: Vec<String> = text.chars().map(|c| c.to_string()).collect();
        let mut running = Running::default();
        for letter in &letters {
            running.push(letter);
        }
        assert_eq!(running.tokens(), of(text));
    }

    #[test]
    fn what_streams_of_every_dialect_say_is_counted_once() {
        for (wire, events) in [
            (
                Wire::from(Operation::ChatCompletions),
                vec![
                    r#"{"choices":[{"index":0,"delta":{"role":"assistant","content":"The committee decided "}}]}"#,
                    r#"{"choices":[{"index":0,"delta":{"content":"to wait."}}]}"#,
                    r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
                ],
            ),
            (
                Operation::Responses.into(),
                vec![
                    r#"{"type":"response.output_text.delta","delta":"The committee decided to wait."}"#,
                    r#"{"type":"response.output_text.done","text":"The committee decided to wait."}"#,
                ],
            ),
            (
                Operation::Messages.into(),
                vec![
                    r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"The committee decided to wait."}}"#,
                ],
            ),
            (
                Operation::StreamGenerateContent.into(),
                vec![
                    r#"{"candidates":[{"content":{"parts":[{"text":"The committee decided to wait."}],"role":"model"}}]}"#,
                ],
            ),
        ] {
            assert_eq!(said(wire, &events), of(TEXT), "{events:?}");
        }
    }

    #[test]
    fn requests_and_answers_are_estimated_whole() {
        let body = format!(r#"{{"choices":[{{"message":{{"role":"assistant","content":"{TEXT}"}}}}]}}"#);
        assert_eq!(answer(Operation::ChatCompletions, body.as_bytes()), of(TEXT));
        let body = format!(r#"{{"model":"m","messages":[{{"role":"user","content":"{TEXT}"}}]}}"#);
        let tokens = request(Operation::ChatCompletions, "m", body.as_bytes());
        assert!((of(TEXT)..of(TEXT) + 8).contains(&tokens), "{tokens}");
        let body = format!(r#"{{"model":"m","input":["{TEXT}","{TEXT}"]}}"#);
        assert!(request(Operation::Embeddings, "m", body.as_bytes()) >= 2 * of(TEXT) - 1);
    }

    #[test]
    fn a_large_request_is_estimated_by_a_part_of_it() {
        let text = TEXT.repeat(20_000);
        let body = format!(r#"{{"model":"m","messages":[{{"role":"user","content":"{text}"}}]}}"#);
        let (estimate, exact) = (request(Operation::ChatCompletions, "m", body.as_bytes()), of(&text));
        assert!(estimate.abs_diff(exact) * 20 < exact, "{estimate} for {exact}");
    }

    #[test]
    fn what_is_no_json_says_nothing() {
        assert_eq!(said(Operation::ChatCompletions, &["{\"content\":", "[[[[", ""]), 0);
        assert_eq!(answer(Operation::Embeddings, b"{}"), 0);
    }
}
