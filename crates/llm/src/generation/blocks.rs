//! Turns what dialects without blocks stream into blocks, one after another.

use super::{Block, Delta, Event, Signature};

/// What of a provider's stream belongs to which block.
///
/// Chat streams interleave the fragments of parallel tool calls as they like: a call whose turn has not come waits until
/// the one before it is whole. The work is linear in the bytes.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    choices: Vec<State>,
}

#[derive(Debug, Default)]
struct State {
    next: u32,
    open: Option<Kind>,
    calls: Vec<Call>,
    /// The first call that is not closed.
    turn: usize,
    /// The first call that a key can still mean: one that comes again after something else is another call.
    live: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Refusal,
    Thought,
    Call,
    Audio,
}

#[derive(Debug)]
struct Call {
    key: u32,
    id: String,
    name: String,
    is_custom: bool,
    is_open: bool,
    /// What came before its turn.
    waiting: String,
    signature: Option<Signature>,
    progress: Progress,
}

/// A fragment of a tool call, as chat streams have it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fragment<'a> {
    /// The call's number in the provider's stream.
    pub(crate) key: u32,
    /// Its id, in one of the fragments.
    pub(crate) id: &'a str,
    /// Its name, in one of the fragments.
    pub(crate) name: &'a str,
    /// More of its arguments.
    pub(crate) arguments: &'a str,
    /// Whether it is a custom (free-form) tool.
    pub(crate) is_custom: bool,
}

impl Blocks {
    /// Adds text.
    pub(crate) fn text(&mut self, choice: u32, text: &str, out: &mut Vec<Event>) {
        self.add(choice, Kind::Text, Delta::Text(text.to_owned()), out);
    }

    /// Adds to a refusal.
    pub(crate) fn refusal(&mut self, choice: u32, text: &str, out: &mut Vec<Event>) {
        self.add(choice, Kind::Refusal, Delta::Text(text.to_owned()), out);
    }

    /// Adds to a thought.
    pub(crate) fn thought(&mut self, choice: u32, text: &str, out: &mut Vec<Event>) {
        self.add(choice, Kind::Thought, Delta::Text(text.to_owned()), out);
    }

    /// Begins a thought that has an id.
    pub(crate) fn begin_thought(&mut self, choice: u32, id: Option<String>, out: &mut Vec<Event>) {
        self.close(choice, out);
        let state = self.state(choice);
        state.open = Some(Kind::Thought);
        let kind = Block::Thought { is_redacted: false, id };
        out.push(Event::Open { choice, block: state.next, kind });
    }

    /// Adds sound or what it says.
    pub(crate) fn audio(&mut self, choice: u32, delta: Delta, out: &mut Vec<Event>) {
        self.add(choice, Kind::Audio, delta, out);
    }

    /// Begins sound that has an id, unless it goes on.
    pub(crate) fn open_audio(&mut self, choice: u32, id: String, out: &mut Vec<Event>) {
        if self.state(choice).open == Some(Kind::Audio) {
            return;
        }
        self.close(choice, out);
        let state = self.state(choice);
        state.open = Some(Kind::Audio);
        out.push(Event::Open { choice, block: state.next, kind: Block::Audio { id: Some(id) } });
    }

    /// Signs the thought that is open, or one that shows nothing; it is closed with that.
    pub(crate) fn sign_thought(&mut self, choice: u32, signature: Signature, out: &mut Vec<Event>) {
        self.add(choice, Kind::Thought, Delta::Signature(signature), out);
        self.close(choice, out);
    }

    /// Adds anything to the block that is open; to a new text block where none is.
    pub(crate) fn annotate(&mut self, choice: u32, delta: Delta, out: &mut Vec<Event>) {
        let kind = self.state(choice).open.unwrap_or(Kind::Text);
        self.add(choice, kind, delta, out);
    }

    /// Adds a block that is whole.
    pub(crate) fn whole(&mut self, choice: u32, kind: Block, deltas: Vec<Delta>, out: &mut Vec<Event>) {
        self.close(choice, out);
        let block = self.state(choice).next;
        out.push(Event::Open { choice, block, kind });
        out.extend(deltas.into_iter().map(|delta| Event::Delta { choice, block, delta }));
        self.state(choice).next += 1;
        out.push(Event::Close { choice, block });
    }

    /// Adds to a tool call.
    pub(crate) fn call(&mut self, choice: u32, fragment: Fragment<'_>, out: &mut Vec<Event>) {
        if self.state(choice).open.is_some_and(|open| open != Kind::Call) {
            self.close(choice, out);
        }
        let state = self.state(choice);
        let known = state.calls[state.live..].iter().rposition(|call| call.key == fragment.key);
        let at = known.map_or(state.calls.len(), |at| state.live + at);
        if known.is_none() {
            state.calls.push(Call::new(fragment.key));
        }
        state.calls[at].note(fragment);
        state.advance(choice, at, fragment.arguments, out);
    }

    /// Signs a tool call that has begun.
    pub(crate) fn sign_call(&mut self, choice: u32, key: u32, signature: Signature, out: &mut Vec<Event>) {
        let state = self.state(choice);
        let block = state.next;
        // A call that is closed can no longer be signed.
        let open = state.calls.get_mut(state.turn..).unwrap_or_default();
        let Some(call) = open.iter_mut().rev().find(|call| call.key == key) else { return };
        if call.is_open {
            out.push(Event::Delta { choice, block, delta: Delta::Signature(signature) });
        } else {
            call.signature = Some(signature);
        }
    }

    /// True when a tool was called in `choice`.
    pub(crate) fn has_calls(&self, choice: u32) -> bool {
        self.choices.get(choice as usize).is_some_and(|state| !state.calls.is_empty())
    }

    /// Closes what is open in `choice`, waiting calls included.
    pub(crate) fn close(&mut self, choice: u32, out: &mut Vec<Event>) {
        self.state(choice).close(choice, out);
    }

    /// Closes everything.
    pub(crate) fn close_all(&mut self, out: &mut Vec<Event>) {
        for choice in 0..u32::try_from(self.choices.len()).unwrap_or(u32::MAX) {
            self.close(choice, out);
        }
    }

    fn add(&mut self, choice: u32, kind: Kind, delta: Delta, out: &mut Vec<Event>) {
        if self.state(choice).open != Some(kind) {
            self.close(choice, out);
            let state = self.state(choice);
            state.open = Some(kind);
            if let Some(kind) = kind.block() {
                out.push(Event::Open { choice, block: state.next, kind });
            }
        }
        out.push(Event::Delta { choice, block: self.state(choice).next, delta });
    }

    /// At most 128 alternatives: no provider makes more, and a hostile number must not take memory.
    fn state(&mut self, choice: u32) -> &mut State {
        let index = choice.min(127) as usize;
        if self.choices.len() <= index {
            self.choices.reserve_exact(index + 1 - self.choices.len());
            self.choices.resize_with(index + 1, State::default);
        }
        &mut self.choices[index]
    }
}

impl Kind {
    const fn block(self) -> Option<Block> {
        match self {
            Self::Text => Some(Block::Text),
            Self::Refusal => Some(Block::Refusal),
            Self::Thought => Some(Block::Thought { is_redacted: false, id: None }),
            Self::Audio => Some(Block::Audio { id: None }),
            Self::Call => None,
        }
    }
}

impl State {
    /// Takes more arguments for the call at `at`, and closes those before it that are whole.
    fn advance(&mut self, choice: u32, at: usize, arguments: &str, out: &mut Vec<Event>) {
        while self.turn < at && self.calls[self.turn].is_whole() {
            self.close_turn(choice, out);
        }
        if at < self.turn {
            // Closed because it was whole: only blanks can follow.
            return;
        }
        if at > self.turn || !self.calls[at].has_name() {
            self.calls[at].waiting.push_str(arguments);
            return;
        }
        self.open_turn(choice, out);
        self.emit(choice, arguments, out);
    }

    fn open_turn(&mut self, choice: u32, out: &mut Vec<Event>) {
        let block = self.next;
        let Some(call) = self.calls.get_mut(self.turn).filter(|call| !call.is_open) else { return };
        call.is_open = true;
        self.open = Some(Kind::Call);
        if call.id.is_empty() {
            call.id = format!("call_{choice}_{}", call.key);
        }
        let kind =
            Block::ToolCall { id: call.id.clone(), name: call.name.clone(), is_custom: call.is_custom };
        out.push(Event::Open { choice, block, kind });
        if let Some(signature) = call.signature.take() {
            out.push(Event::Delta { choice, block, delta: Delta::Signature(signature) });
        }
        let waited = std::mem::take(&mut call.waiting);
        self.emit(choice, &waited, out);
    }

    fn emit(&mut self, choice: u32, arguments: &str, out: &mut Vec<Event>) {
        if arguments.is_empty() {
            return;
        }
        self.calls[self.turn].progress.push(arguments);
        let delta = Delta::Arguments(arguments.to_owned());
        out.push(Event::Delta { choice, block: self.next, delta });
    }

    fn close_turn(&mut self, choice: u32, out: &mut Vec<Event>) {
        self.open_turn(choice, out);
        out.push(Event::Close { choice, block: self.next });
        self.next += 1;
        self.open = None;
        self.turn += 1;
    }

    fn close(&mut self, choice: u32, out: &mut Vec<Event>) {
        if self.open.is_some_and(|open| open != Kind::Call) {
            out.push(Event::Close { choice, block: self.next });
            self.next += 1;
            self.open = None;
        }
        while self.turn < self.calls.len() {
            self.close_turn(choice, out);
        }
        self.live = self.calls.len();
    }
}

impl Call {
    fn new(key: u32) -> Self {
        Self {
            key,
            id: String::new(),
            name: String::new(),
            is_custom: false,
            is_open: false,
            waiting: String::new(),
            signature: None,
            progress: Progress::default(),
        }
    }

    fn note(&mut self, fragment: Fragment<'_>) {
        self.is_custom |= fragment.is_custom;
        if self.is_open {
            return;
        }
        // Some servers repeat both in every fragment, some send them once.
        if self.id.is_empty() {
            fragment.id.clone_into(&mut self.id);
        }
        if self.name.is_empty() {
            fragment.name.clone_into(&mut self.name);
        }
    }

    fn has_name(&self) -> bool {
        !self.name.is_empty()
    }

    /// Whether its arguments are whole; a call that waits has not been counted yet.
    fn is_whole(&self) -> bool {
        self.is_custom || (self.is_open && self.progress.is_whole())
    }
}

/// How far the text of a JSON object or array has come.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    depth: u32,
    in_string: bool,
    is_escaped: bool,
    has_begun: bool,
}

impl Progress {
    fn push(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' if self.in_string => self.is_escaped = true,
                b'"' => self.in_string = !self.in_string,
                _ if self.in_string => {}
                b'{' | b'[' => {
                    self.has_begun = true;
                    self.depth += 1;
                }
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }

    const fn is_whole(self) -> bool {
        self.has_begun && self.depth == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generation::Collector;
    use crate::generation::Part;

    fn call(key: u32, id: &'static str, name: &'static str, arguments: &'static str) -> Fragment<'static> {
        Fragment { key, id, name, arguments, is_custom: false }
    }

    fn calls(fragments: &[Fragment<'_>]) -> Vec<(String, String, String)> {
        let (mut blocks, mut out) = (Blocks::default(), Vec::new());
        for fragment in fragments {
            blocks.call(0, *fragment, &mut out);
        }
        blocks.close_all(&mut out);
        let mut collector = Collector::default();
        for event in out {
            collector.push(event);
        }
        let answer = collector.finish().unwrap();
        let calls = answer.choices.into_iter().flat_map(|choice| choice.parts);
        calls
            .filter_map(|part| match part {
                Part::ToolCall(call) => Some((call.id, call.name, call.arguments)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn parallel_calls_stay_apart_whether_they_follow_or_interleave() {
        let wanted = vec![
            ("a".to_owned(), "f".to_owned(), r#"{"x":"}"}"#.to_owned()),
            ("b".to_owned(), "g".to_owned(), "{}".to_owned()),
        ];
        let following = [
            call(0, "a", "f", ""),
            call(0, "", "", r#"{"x":"#),
            call(0, "", "", r#""}"}"#),
            call(1, "b", "g", "{}"),
        ];
        let interleaved = [
            call(0, "a", "f", ""),
            call(1, "b", "g", "{"),
            call(0, "", "", r#"{"x":"#),
            call(1, "", "", "}"),
            call(0, "", "", r#""}"}"#),
        ];
        assert_eq!(calls(&following), wanted);
        assert_eq!(calls(&interleaved), wanted);
    }

    #[test]
    fn a_call_opens_as_soon_as_its_predecessor_is_whole() {
        let (mut blocks, mut out) = (Blocks::default(), Vec::new());
        blocks.call(0, call(0, "a", "f", "{}"), &mut out);
        blocks.call(0, call(1, "b", "g", ""), &mut out);
        assert!(matches!(out.last(), Some(Event::Open { block: 1, .. })), "{out:?}");
    }

    #[test]
    fn a_call_without_an_id_gets_one_and_one_without_a_name_waits_for_it() {
        assert_eq!(
            calls(&[call(0, "", "", "{"), call(0, "", "f", "}")]),
            [("call_0_0".to_owned(), "f".to_owned(), "{}".to_owned())]
        );
    }

    #[test]
    fn blocks_follow_each_other_and_count_up() {
        let (mut blocks, mut out) = (Blocks::default(), Vec::new());
        blocks.thought(0, "hm", &mut out);
        blocks.text(0, "a", &mut out);
        blocks.text(0, "b", &mut out);
        blocks.call(0, call(0, "i", "f", "{}"), &mut out);
        blocks.text(0, "c", &mut out);
        blocks.call(0, call(0, "j", "f", "{}"), &mut out);
        blocks.close_all(&mut out);
        let opened = out.iter().filter_map(|event| match event {
            Event::Open { block, .. } => Some(*block),
            _ => None,
        });
        let opened: Vec<_> = opened.collect();
        let closed = out.iter().filter(|event| matches!(event, Event::Close { .. })).count();
        assert_eq!((opened, closed), (vec![0, 1, 2, 3, 4], 5));
    }
}
