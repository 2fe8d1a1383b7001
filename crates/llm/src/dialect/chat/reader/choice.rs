//! One alternative of an answer.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::super::chunk::{Audio, Call, Choice, Detail, Message, Piece};
use super::super::think::{self, Splitter};
use super::super::{annotations, details, finish, media};
use crate::generation::{
    Block, Blocks, Citation, Delta, Event, Fragment, Issuer, Media, MediaKind, Signature, Source,
};

/// The most tool calls of an answer; far above what any model makes, and fragments look for theirs among them.
const MOST_CALLS: usize = 1_024;

/// How far an alternative has come.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts: each can be true without the others")]
pub(super) struct State {
    splitter: Option<Splitter>,
    calls: Vec<Seen>,
    /// Signatures that came before the calls whose ids they name.
    signatures: Vec<(String, Signature)>,
    /// What was said while calls were under way: a call must not be cut in two by it.
    late_thought: String,
    late_text: String,
    /// Whether thoughts came in fields of their own: they may stand in the text once more.
    has_thoughts: bool,
    is_used: bool,
    is_refused: bool,
    has_citations: bool,
    finish: Option<String>,
    stop: Option<String>,
}

/// A tool call that has begun.
#[derive(Debug)]
struct Seen {
    index: Option<u64>,
    id: String,
}

impl State {
    pub(super) fn new(splits_thoughts: bool) -> Self {
        Self {
            splitter: splits_thoughts.then(Splitter::default),
            calls: Vec::new(),
            signatures: Vec::new(),
            late_thought: String::new(),
            late_text: String::new(),
            has_thoughts: false,
            is_used: false,
            is_refused: false,
            has_citations: false,
            finish: None,
            stop: None,
        }
    }

    /// Whether anything of it has come: numbers need not be told in order.
    pub(super) const fn is_used(&self) -> bool {
        self.is_used
    }

    /// Whether a reason for the end has come.
    pub(super) const fn has_ended(&self) -> bool {
        self.finish.is_some()
    }

    /// Takes what a document adds.
    pub(super) fn take(&mut self, blocks: &mut Blocks, choice: Choice<'_>, out: &mut Vec<Event>) {
        let Choice { index, message, is_whole, finish, stop, logprobs } = choice;
        self.is_used = true;
        self.message(index, blocks, message, is_whole, out);
        if let Some(value) =
            logprobs.and_then(|raw| serde_json::from_slice(raw).ok()).filter(Value::is_object)
        {
            out.push(Event::Logprobs { choice: index, value });
        }
        // The first word counts: some servers repeat it, with another one.
        self.finish = self.finish.take().or_else(|| finish.map(Cow::into_owned));
        self.stop = self.stop.take().or_else(|| stop.map(Cow::into_owned));
    }

    /// Ends the alternative.
    pub(super) fn end(
        &mut self,
        choice: u32,
        blocks: &mut Blocks,
        extra: &Map<String, Value>,
        out: &mut Vec<Event>,
    ) {
        self.flush(choice, blocks, out);
        if !self.has_citations && self.calls.is_empty() {
            let sources = annotations::of_sources(extra);
            for citation in sources {
                blocks.annotate(choice, Delta::Citation(citation), out);
            }
        }
        blocks.close(choice, out);
        let word = self.finish.as_deref().unwrap_or("stop");
        let finish = finish::read(word, self.stop.as_deref(), !self.calls.is_empty(), self.is_refused);
        out.push(Event::Finish { choice, finish });
    }

    fn flush(&mut self, choice: u32, blocks: &mut Blocks, out: &mut Vec<Event>) {
        if let Some(splitter) = &mut self.splitter {
            let mut pieces = Vec::new();
            splitter.finish(&mut pieces);
            self.pieces(choice, blocks, pieces, out);
        }
        if !self.late_thought.trim().is_empty() {
            blocks.thought(choice, &self.late_thought, out);
        }
        if !self.late_text.trim().is_empty() {
            blocks.text(choice, &self.late_text, out);
        }
        for (_, signature) in self.signatures.drain(..) {
            thought(choice, blocks, signature, None, out);
        }
    }

    fn message(
        &mut self,
        choice: u32,
        blocks: &mut Blocks,
        message: Message<'_>,
        is_whole: bool,
        out: &mut Vec<Event>,
    ) {
        // The same thoughts may stand in both; only the details have their signatures.
        let has_text = message.details.iter().any(|detail| detail.text.is_some());
        self.has_thoughts |= has_text || message.reasoning.is_some();
        if let Some(reasoning) = message.reasoning.filter(|_| !has_text) {
            self.thought(choice, blocks, &reasoning, out);
        }
        message.details.into_iter().for_each(|detail| self.detail(choice, blocks, detail, out));
        message.text.into_iter().for_each(|text| self.text(choice, blocks, &text, out));
        message.pieces.into_iter().for_each(|piece| self.piece(choice, blocks, piece, out));
        if let Some(refusal) = message.refusal {
            self.is_refused = true;
            blocks.refusal(choice, &refusal, out);
        }
        for url in message.images {
            let image = Block::Media(media::media_of_url(url, MediaKind::Image));
            blocks.whole(choice, image, Vec::new(), out);
        }
        message.audio.into_iter().for_each(|audio| sound(choice, blocks, audio, is_whole, out));
        for citation in message.annotations.map(annotations::read).unwrap_or_default() {
            self.cite(choice, blocks, citation, out);
        }
        message.calls.into_iter().for_each(|call| self.call(choice, blocks, call, is_whole, out));
    }

    fn piece(&mut self, choice: u32, blocks: &mut Blocks, piece: Piece<'_>, out: &mut Vec<Event>) {
        match piece {
            Piece::Text(text) => self.text(choice, blocks, &text, out),
            Piece::Thought(text) => self.thought(choice, blocks, &text, out),
            Piece::Image(url) => {
                let image = Block::Media(media::media_of_url(url, MediaKind::Image));
                blocks.whole(choice, image, Vec::new(), out);
            }
        }
    }

    fn text(&mut self, choice: u32, blocks: &mut Blocks, text: &str, out: &mut Vec<Event>) {
        if let Some(splitter) = &mut self.splitter {
            let mut pieces = Vec::new();
            splitter.push(text, &mut pieces);
            self.pieces(choice, blocks, pieces, out);
        } else {
            self.answer(choice, blocks, text, out);
        }
    }

    fn pieces(&mut self, choice: u32, blocks: &mut Blocks, pieces: Vec<think::Piece>, out: &mut Vec<Event>) {
        for piece in pieces {
            match piece {
                think::Piece::Thought(_) if self.has_thoughts => {}
                think::Piece::Thought(text) => self.thought(choice, blocks, &text, out),
                think::Piece::Answer(text) => self.answer(choice, blocks, &text, out),
            }
        }
    }

    fn answer(&mut self, choice: u32, blocks: &mut Blocks, text: &str, out: &mut Vec<Event>) {
        if !self.calls.is_empty() {
            self.late_text.push_str(text);
        } else if !text.is_empty() {
            blocks.text(choice, text, out);
        }
    }

    fn thought(&mut self, choice: u32, blocks: &mut Blocks, text: &str, out: &mut Vec<Event>) {
        if !self.calls.is_empty() {
            self.late_thought.push_str(text);
        } else if !text.is_empty() {
            blocks.thought(choice, text, out);
        }
    }

    fn detail(&mut self, choice: u32, blocks: &mut Blocks, detail: Detail<'_>, out: &mut Vec<Event>) {
        let Detail { id, format, text, signature, data } = detail;
        if let Some(text) = text {
            self.thought(choice, blocks, &text, out);
        }
        let Some(issuer) = details::issuer_of(format.as_deref()) else { return };
        if let Some(signature) = signature {
            blocks.sign_thought(choice, Signature::opened(&signature, issuer), out);
        }
        let Some(signature) = data.map(|data| Signature::opened(&data, issuer)) else { return };
        match id {
            // Google signs calls, and names them.
            Some(id) if signature.issuer == Issuer::Gemini => self.sign(choice, blocks, id, signature, out),
            id => thought(choice, blocks, signature, id.map(Cow::into_owned), out),
        }
    }

    fn sign(
        &mut self,
        choice: u32,
        blocks: &mut Blocks,
        id: Cow<'_, str>,
        signature: Signature,
        out: &mut Vec<Event>,
    ) {
        match self.calls.iter().position(|seen| seen.id == id) {
            Some(at) => blocks.sign_call(choice, key(at), signature, out),
            None if self.signatures.len() < 128 => self.signatures.push((id.into_owned(), signature)),
            None => {}
        }
    }

    fn cite(&mut self, choice: u32, blocks: &mut Blocks, citation: Citation, out: &mut Vec<Event>) {
        self.has_citations = true;
        if self.calls.is_empty() {
            blocks.annotate(choice, Delta::Citation(citation), out);
        }
    }

    fn call(
        &mut self,
        choice: u32,
        blocks: &mut Blocks,
        call: Call<'_>,
        is_whole: bool,
        out: &mut Vec<Event>,
    ) {
        let id = call.id.as_deref().unwrap_or_default();
        let name = call.name.as_deref().unwrap_or_default();
        let known = if is_whole { None } else { self.known(call.index, id, name) };
        let at = known.unwrap_or(self.calls.len());
        if known.is_none() {
            if self.calls.len() >= MOST_CALLS {
                return;
            }
            self.calls.push(Seen { index: call.index, id: id.to_owned() });
        }
        let arguments = call.arguments.as_deref().unwrap_or_default();
        let fragment = Fragment { key: key(at), id, name, arguments, is_custom: call.is_custom };
        let earlier = self.signatures.iter().position(|(signed, _)| !id.is_empty() && signed == id);
        let earlier = earlier.map(|at| self.signatures.swap_remove(at).1);
        let own = call.signature.map(|text| Signature::opened(&text, Issuer::Gemini));
        // A signature must be there before the first argument, so that writers can still put it into the id.
        match own.or(earlier) {
            Some(signature) => {
                blocks.call(choice, Fragment { arguments: "", ..fragment }, out);
                blocks.sign_call(choice, key(at), signature, out);
                blocks.call(choice, Fragment { id: "", name: "", ..fragment }, out);
            }
            None => blocks.call(choice, fragment, out),
        }
    }

    /// The call that a fragment goes on with, however little it tells of it.
    fn known(&mut self, index: Option<u64>, id: &str, name: &str) -> Option<usize> {
        let fits = |seen: &Seen| match index {
            // Some servers give every call the index 0; some, every fragment of one call another id.
            Some(_) if seen.index.is_some() => {
                seen.index == index
                    && (id.is_empty() || seen.id.is_empty() || seen.id == id || name.is_empty())
            }
            _ if id.is_empty() => name.is_empty(),
            _ => seen.id == id || (seen.id.is_empty() && name.is_empty()),
        };
        let at = self.calls.iter().rposition(fits)?;
        if self.calls[at].id.is_empty() {
            id.clone_into(&mut self.calls[at].id);
        }
        Some(at)
    }
}

fn key(at: usize) -> u32 {
    // The largest number means "closed" in blocks.
    u32::try_from(at).unwrap_or(u32::MAX).min(u32::MAX - 1)
}

/// A thought that is encrypted, or the proof of the one that is open.
fn thought(choice: u32, blocks: &mut Blocks, signature: Signature, id: Option<String>, out: &mut Vec<Event>) {
    let is_redacted = signature.issuer == Issuer::Anthropic;
    if is_redacted || id.is_some() {
        let kind = Block::Thought { is_redacted, id };
        blocks.whole(choice, kind, vec![Delta::Signature(signature)], out);
    } else {
        blocks.sign_thought(choice, signature, out);
    }
}

fn sound(choice: u32, blocks: &mut Blocks, audio: Audio<'_>, is_whole: bool, out: &mut Vec<Event>) {
    if is_whole {
        blocks.whole(choice, Block::Media(whole_sound(audio)), Vec::new(), out);
        return;
    }
    if let Some(id) = audio.id {
        blocks.open_audio(choice, id.into_owned(), out);
    }
    if let Some(text) = audio.transcript {
        blocks.audio(choice, Delta::Transcript(text.into_owned()), out);
    }
    if let Some(data) = audio.data {
        blocks.audio(choice, Delta::Audio(data.into_owned()), out);
    }
}

fn whole_sound(audio: Audio<'_>) -> Media {
    let data = audio.data.map(Cow::into_owned).unwrap_or_default();
    let mime = media::mime_of_bytes(&data).to_owned();
    let mut sound = Media::new(MediaKind::Audio, Source::Bytes { mime, data });
    let texts = [("id", audio.id), ("transcript", audio.transcript)];
    let texts =
        texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into_owned().into())));
    sound.extra.extend(texts);
    sound.extra.extend(audio.expires_at.map(|at| ("expires_at".to_owned(), at.into())));
    sound
}
