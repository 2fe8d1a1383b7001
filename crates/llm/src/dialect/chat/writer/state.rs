//! How far an alternative has been written.

use std::borrow::Cow;

use super::super::annotations;
use super::{AudioOut, CallOut, Chunks, Content, Delta, Detail, FunctionOut, ImageOut, finish, wire};
use crate::generation::{self, Block, Event, Finish, MediaKind, Signature, Thought};

/// How far an alternative has been written.
#[derive(Debug, Default)]
pub(super) struct State {
    has_role: bool,
    is_refused: bool,
    open: Open,
    calls: u32,
    details: usize,
    /// Characters of text in the blocks before.
    before: u64,
    /// Characters of text in this block.
    here: u64,
}

/// The block that is open.
#[derive(Debug, Default)]
enum Open {
    #[default]
    None,
    Text,
    Refusal,
    /// A thought is kept until it is signed: proof and text go back together.
    Thought(Thought),
    Call(Call),
    Audio,
}

/// A tool call.
#[derive(Debug)]
struct Call {
    id: String,
    name: String,
    form: Form,
    signature: Option<Signature>,
    is_sent: bool,
    /// The arguments of a function that stands for a free-form tool.
    waiting: String,
}

/// What a call is for the client, and for the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Function,
    Legacy,
    Custom,
    /// A function for the provider, a free-form tool for the client.
    CustomOfFunction,
}

impl State {
    pub(super) fn take(&mut self, event: Event, chunks: &mut Chunks<'_>) {
        match event {
            Event::Open { kind, .. } => self.open(kind, chunks),
            Event::Delta { delta, .. } => self.delta(delta, chunks),
            Event::Close { .. } => self.close(chunks),
            Event::Logprobs { value, .. } => chunks.logprobs(value),
            Event::Finish { finish, .. } => self.finish(&finish, chunks),
            _ => {}
        }
    }

    fn open(&mut self, kind: Block, chunks: &mut Chunks<'_>) {
        self.role(matches!(kind, Block::Text | Block::Thought { .. }), chunks);
        self.open = match kind {
            Block::Text => Open::Text,
            Block::Refusal => {
                self.is_refused = true;
                Open::Refusal
            }
            Block::Thought { is_redacted, id } => {
                Open::Thought(Thought { is_redacted, id, ..Thought::default() })
            }
            Block::ToolCall { id, name, is_custom } => Open::Call(self.call(id, name, is_custom, chunks)),
            Block::Audio { id } => {
                chunks.delta(Delta { audio: Some(audio(id.as_deref(), None, None)), ..Delta::default() });
                Open::Audio
            }
            Block::Media(media) => {
                let is_sound = media.kind == MediaKind::Audio;
                let audio = if is_sound { AudioOut::of(&media) } else { None };
                let images = if is_sound { None } else { ImageOut::of(&media).map(|image| [image]) };
                if audio.is_some() || images.is_some() {
                    chunks.delta(Delta { audio, images, ..Delta::default() });
                }
                Open::None
            }
            Block::Native(_) => Open::None,
        };
    }

    fn role(&mut self, begins_with_text: bool, chunks: &mut Chunks<'_>) {
        if !self.has_role {
            self.has_role = true;
            let content = if begins_with_text { Content::Text("") } else { Content::Null };
            chunks.delta(Delta { role: Some("assistant"), content, ..Delta::default() });
        }
    }

    fn call(&mut self, id: String, name: String, is_custom: bool, chunks: &Chunks<'_>) -> Call {
        let form = if is_custom {
            Form::Custom
        } else if chunks.asked.custom_tools.contains(&name) {
            Form::CustomOfFunction
        } else if wire::is_legacy(chunks.asked) {
            Form::Legacy
        } else {
            Form::Function
        };
        self.calls += 1;
        Call { id, name, form, signature: None, is_sent: false, waiting: String::new() }
    }

    fn delta(&mut self, delta: generation::Delta, chunks: &mut Chunks<'_>) {
        use generation::Delta as Told;
        match (&mut self.open, delta) {
            (Open::Text, Told::Text(text)) => {
                self.here += text.chars().count() as u64;
                chunks.delta(Delta { content: Content::Text(&text), ..Delta::default() });
            }
            (Open::Refusal, Told::Text(text)) => {
                chunks.delta(Delta { refusal: Some(&text), ..Delta::default() });
            }
            (Open::Thought(thought), Told::Text(text)) => {
                chunks.delta(Delta { reasoning_content: Some(&text), ..Delta::default() });
                thought.text.push_str(&text);
            }
            (Open::Thought(thought), Told::Signature(signature)) => {
                thought.signature = Some(signature);
                let reasoning_details = Detail::of_thought(thought, self.details).collect();
                self.details += 1;
                chunks.delta(Delta { reasoning_details, ..Delta::default() });
            }
            (Open::Call(call), delta) => call.delta(delta, self.calls - 1, chunks),
            (Open::Audio, Told::Audio(data)) => {
                chunks.delta(Delta { audio: Some(audio(None, Some(&data), None)), ..Delta::default() });
            }
            (Open::Audio, Told::Transcript(text)) => {
                chunks.delta(Delta { audio: Some(audio(None, None, Some(&text))), ..Delta::default() });
            }
            (Open::Text, Told::Citation(citation)) => {
                if let Some(value) = annotations::write(&citation, self.before) {
                    chunks.delta(Delta { annotations: Some([value]), ..Delta::default() });
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, chunks: &mut Chunks<'_>) {
        if let Open::Call(call) = &mut self.open {
            call.close(self.calls - 1, chunks);
        }
        self.before += std::mem::take(&mut self.here);
        self.open = Open::None;
    }

    fn finish(&mut self, finish: &Finish, chunks: &mut Chunks<'_>) {
        self.role(true, chunks);
        let reason = finish::write(finish, self.is_refused);
        let is_legacy = reason == "tool_calls" && wire::is_legacy(chunks.asked);
        chunks.finish(if is_legacy { "function_call" } else { reason });
    }
}

impl Call {
    fn delta(&mut self, delta: generation::Delta, index: u32, chunks: &mut Chunks<'_>) {
        match delta {
            generation::Delta::Signature(signature) if self.is_sent => {
                let extra_content = Some(wire::google(&signature));
                chunks.call(CallOut { index: Some(index), extra_content, ..CallOut::default() });
            }
            generation::Delta::Signature(signature) => self.signature = Some(signature),
            generation::Delta::Arguments(more) if self.form == Form::CustomOfFunction => {
                self.waiting.push_str(&more);
            }
            generation::Delta::Arguments(more) => {
                self.send(index, "", chunks);
                self.more(index, &more, chunks);
            }
            _ => {}
        }
    }

    fn close(&mut self, index: u32, chunks: &mut Chunks<'_>) {
        let waiting = std::mem::take(&mut self.waiting);
        self.send(index, &wire::input_of(&waiting), chunks);
    }

    /// Sends id and name, once.
    fn send(&mut self, index: u32, input: &str, chunks: &mut Chunks<'_>) {
        if std::mem::replace(&mut self.is_sent, true) {
            return;
        }
        let id = wire::packed(&self.id, self.signature.as_ref());
        let call = match self.form {
            Form::Legacy if index > 0 => return,
            Form::Legacy => {
                let name = Some(self.name.as_str());
                let function_call = Some(FunctionOut { name, arguments: Cow::Borrowed("") });
                return chunks.delta(Delta { function_call, ..Delta::default() });
            }
            Form::Function => CallOut::function(id, &self.name, Cow::Borrowed("")),
            Form::Custom | Form::CustomOfFunction => CallOut::custom(id, &self.name, Cow::Borrowed(input)),
        };
        chunks.call(CallOut { index: Some(index), ..call });
    }

    fn more(&self, index: u32, more: &str, chunks: &mut Chunks<'_>) {
        let more = Cow::Borrowed(more);
        let call = CallOut { index: Some(index), ..CallOut::default() };
        match self.form {
            Form::Legacy if index > 0 => {}
            Form::Legacy => {
                let function_call = Some(FunctionOut { name: None, arguments: more });
                chunks.delta(Delta { function_call, ..Delta::default() });
            }
            Form::Function => {
                chunks.call(CallOut { function: Some(FunctionOut { name: None, arguments: more }), ..call });
            }
            Form::Custom | Form::CustomOfFunction => {
                chunks.call(CallOut { custom: Some(wire::CustomOut { name: None, input: more }), ..call });
            }
        }
    }
}

fn audio<'a>(id: Option<&'a str>, data: Option<&'a str>, transcript: Option<&'a str>) -> AudioOut<'a> {
    AudioOut { id, data, transcript, expires_at: None }
}
