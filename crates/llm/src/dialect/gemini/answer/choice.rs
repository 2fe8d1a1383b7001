//! What has come of one alternative.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::super::{base64, finish, ids};
use super::citations;
use super::document::{Blob, Call, Candidate, Part};
use super::partial::Partial;
use crate::dialect::Dialect;
use crate::generation::{
    Block, Blocks, Delta, Event, Finish, Fragment, Issuer, Media, MediaKind, Native, Signature, Source,
};

/// What block is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Open {
    #[default]
    None,
    Text,
    Thought,
    Other,
}

/// Where the events of an answer go.
pub(super) struct Flow<'a> {
    /// The answer's id.
    pub(super) answer: &'a str,
    pub(super) blocks: &'a mut Blocks,
    pub(super) out: &'a mut Vec<Event>,
}

/// What has come of one alternative.
#[derive(Debug, Default)]
pub(super) struct Choice {
    pub(super) number: u32,
    open: Open,
    /// The text of the open text block: citations count its bytes.
    text: String,
    calls: u32,
    partial: Option<Partial>,
    finish: Option<String>,
    finish_message: Option<String>,
    beside: Vec<(&'static str, Vec<u8>)>,
}

impl Choice {
    /// The alternative with a number.
    pub(super) fn new(number: u32) -> Self {
        Self { number, ..Self::default() }
    }

    /// Takes what a document tells of it.
    pub(super) fn take(&mut self, candidate: Candidate<'_>, to: &mut Flow<'_>) {
        for part in candidate.parts {
            self.part(part, to);
        }
        if let Some(value) = candidate.logprobs.and_then(super::logprobs::read) {
            to.out.push(Event::Logprobs { choice: self.number, value });
        }
        for (name, raw) in
            candidate.beside.into_iter().filter(|(_, raw)| !matches!(*raw, b"null" | b"[]" | b"{}"))
        {
            self.beside.retain(|(known, _)| *known != name);
            self.beside.push((name, raw.to_vec()));
        }
        self.finish = candidate.finish.map(Cow::into_owned).or(self.finish.take());
        self.finish_message = candidate.finish_message.map(Cow::into_owned).or(self.finish_message.take());
    }

    /// Takes note that the prompt was refused.
    pub(super) fn block(&mut self) {
        self.finish = Some("SAFETY".to_owned());
    }

    /// Whether it has come to an end.
    pub(super) fn has_finished(&self) -> bool {
        self.finish.is_some()
    }

    /// Closes what is open and tells what could not be told before; the searches that were made.
    pub(super) fn close(&mut self, to: &mut Flow<'_>) -> u64 {
        self.close_partial(to);
        let beside = |name: &str| {
            let raw = self.beside.iter().find(|(known, _)| *known == name);
            raw.and_then(|(_, raw)| serde_json::from_slice(raw).ok()).unwrap_or(Value::Null)
        };
        let grounding = beside("groundingMetadata");
        if self.open == Open::Text {
            let cited = citations::read(
                &grounding,
                &beside("citationMetadata"),
                &beside("urlContextMetadata"),
                &self.text,
            );
            for citation in cited {
                to.blocks.annotate(self.number, Delta::Citation(citation), to.out);
            }
        }
        to.blocks.close(self.number, to.out);
        citations::searches(&grounding)
    }

    /// Why it ended.
    pub(super) fn finish(&self, blocks: &Blocks) -> Option<Finish> {
        let reason = self.finish.as_deref()?;
        Some(finish::read(reason, blocks.has_calls(self.number)))
    }

    /// What only this dialect knows of it.
    pub(super) fn native(&self) -> Map<String, Value> {
        let parsed = |raw: &[u8]| serde_json::from_slice(raw).ok();
        let mut native: Map<String, Value> =
            self.beside.iter().filter_map(|(name, raw)| Some(((*name).to_owned(), parsed(raw)?))).collect();
        if let Some(reason) = self.finish.as_deref().filter(|reason| !finish::is_plain(reason)) {
            native.insert("finishReason".to_owned(), reason.into());
            native
                .extend(self.finish_message.as_deref().map(|text| ("finishMessage".to_owned(), text.into())));
        }
        native
    }

    fn part(&mut self, part: Part<'_>, to: &mut Flow<'_>) {
        let signature = part.signature.map(|text| Signature::new(Issuer::Gemini, text));
        match part {
            Part { text: Some(text), is_thought: true, .. } => self.thought(&text, signature, to),
            Part { text: Some(text), .. } => self.text(&text, signature, to),
            Part { call: Some(call), .. } => self.call(call, signature, to),
            Part { blob: Some(Blob { mime, data: Some(data) }), is_thought: false, .. } => {
                self.blob(mime, data, signature, to);
            }
            Part { file: Some(Blob { mime, data: Some(url) }), .. } => {
                let mime = mime.map(Cow::into_owned);
                let kind = mime.as_deref().map_or(MediaKind::Document, MediaKind::of);
                let media = Media::new(kind, Source::Url { url: url.into_owned(), mime });
                self.whole(Block::Media(media), signature, to);
            }
            Part { raw, .. } => match serde_json::from_slice(raw) {
                Ok(Value::Object(fields)) if fields.keys().any(|name| name != "thoughtSignature") => {
                    let native = Native { dialect: Dialect::Gemini, value: Value::Object(fields) };
                    self.whole(Block::Native(native), None, to);
                }
                _ => self.text("", signature, to),
            },
        }
    }

    fn thought(&mut self, text: &str, signature: Option<Signature>, to: &mut Flow<'_>) {
        if !text.is_empty() {
            to.blocks.thought(self.number, text, to.out);
            self.open = Open::Thought;
        }
        if let Some(signature) = signature {
            to.blocks.sign_thought(self.number, signature, to.out);
            self.open = Open::None;
        }
    }

    fn text(&mut self, text: &str, signature: Option<Signature>, to: &mut Flow<'_>) {
        if !text.is_empty() {
            self.begin_text();
            self.text.push_str(text);
            to.blocks.text(self.number, text, to.out);
        }
        let Some(signature) = signature else { return };
        if self.open == Open::Thought && text.is_empty() {
            // The proof of what was thought, after it.
            to.blocks.sign_thought(self.number, signature, to.out);
            self.open = Open::None;
            return;
        }
        if self.open != Open::Text {
            to.blocks.close(self.number, to.out);
            self.begin_text();
        }
        to.blocks.annotate(self.number, Delta::Signature(signature), to.out);
    }

    fn begin_text(&mut self) {
        if self.open != Open::Text {
            self.text.clear();
            self.open = Open::Text;
        }
    }

    fn blob(
        &mut self,
        mime: Option<Cow<'_, str>>,
        data: Cow<'_, str>,
        signature: Option<Signature>,
        to: &mut Flow<'_>,
    ) {
        let mime = mime.map_or_else(|| "application/octet-stream".to_owned(), Cow::into_owned);
        let is_pcm = ["audio/l16", "audio/pcm"]
            .iter()
            .any(|kind| mime.get(..kind.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(kind)));
        let data = base64::standard(data.into_owned());
        if is_pcm {
            to.blocks.audio(self.number, Delta::Audio(data), to.out);
            self.open = Open::Other;
            return;
        }
        let media = Media::new(MediaKind::of(&mime), Source::Bytes { mime, data });
        self.whole(Block::Media(media), signature, to);
    }

    fn whole(&mut self, block: Block, signature: Option<Signature>, to: &mut Flow<'_>) {
        to.blocks.whole(self.number, block, signature.map(Delta::Signature).into_iter().collect(), to.out);
        self.open = Open::None;
    }

    fn call(&mut self, call: Call<'_>, signature: Option<Signature>, to: &mut Flow<'_>) {
        if self.partial.is_none() && call.partial.is_none() && !call.will_continue {
            let arguments = call.args.map(compact).filter(|args| args.starts_with('{'));
            let name = call.name.unwrap_or_default();
            let arguments = arguments.unwrap_or_else(|| "{}".to_owned());
            self.emit(call.id.as_deref(), &name, &arguments, signature, to);
            return;
        }
        let is_next =
            call.name.is_some() && self.partial.as_ref().is_some_and(|partial| !partial.name.is_empty());
        if is_next {
            self.close_partial(to);
        }
        let partial = self.partial.get_or_insert_default();
        partial.id = call.id.map(Cow::into_owned).or(partial.id.take());
        partial.signature = signature.map(|signature| signature.data).or(partial.signature.take());
        if let Some(name) = call.name {
            partial.name = name.into_owned();
        }
        if let Some(arguments) = call.args {
            partial.set(arguments);
        }
        if let Some(pieces) = call.partial {
            partial.take(pieces);
        }
        if !call.will_continue {
            self.close_partial(to);
        }
    }

    fn close_partial(&mut self, to: &mut Flow<'_>) {
        let Some(partial) = self.partial.take() else { return };
        let signature = partial.signature.as_deref().map(|data| Signature::new(Issuer::Gemini, data));
        let arguments = partial.arguments();
        self.emit(partial.id.as_deref(), &partial.name, &arguments, signature, to);
    }

    fn emit(
        &mut self,
        id: Option<&str>,
        name: &str,
        arguments: &str,
        signature: Option<Signature>,
        to: &mut Flow<'_>,
    ) {
        let (choice, key) = (self.number, self.calls);
        self.calls += 1;
        self.open = Open::Other;
        let id = id.map_or_else(|| ids::of_call(to.answer, choice, key, name, arguments), str::to_owned);
        // Without a name a call would wait for it for ever.
        let name = if name.is_empty() { "unknown" } else { name };
        let begin = Fragment { key, id: &id, name, ..Default::default() };
        to.blocks.call(choice, begin, to.out);
        if let Some(signature) = signature {
            to.blocks.sign_call(choice, key, signature, to.out);
        }
        to.blocks.call(choice, Fragment { key, arguments, ..Default::default() }, to.out);
    }
}

/// JSON without the blanks between its parts, which whole answers of Gemini's have.
fn compact(json: &[u8]) -> String {
    let json = String::from_utf8_lossy(json);
    if !json.bytes().any(|byte| matches!(byte, b'\n' | b' ')) {
        return json.into_owned();
    }
    let (mut compact, mut in_string, mut is_escaped) = (String::with_capacity(json.len()), false, false);
    for letter in json.chars() {
        if !in_string && letter.is_ascii_whitespace() {
            continue;
        }
        compact.push(letter);
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = in_string,
            '"' => in_string = !in_string,
            _ => {}
        }
    }
    compact
}
