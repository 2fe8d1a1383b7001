//! Writes the conversation.

use std::collections::HashMap;

use super::super::part::{Content, Out};
use super::super::{ids, signature};
use super::write::Context;
use super::{Host, media, results};
use crate::dialect::Dialect;
use crate::generation::{
    Issuer, Losses, Message, Native, Part, Role, Signature, Thought, ToolCall, ToolResult, Unsupported,
    call_id,
};

/// The most bytes of a call's id; ours, since none is published.
const MAX_ID_BYTES: usize = 128;

/// What the user says first where a conversation begins with the model: a call must follow a turn of the user's
/// (<https://github.com/google-gemini/gemini-cli/issues/26486>, 2026-11).
const OPENING: &str = ".";

/// A turn while it is put together.
struct Turn<'a> {
    is_model: bool,
    /// Answers of functions with the numbers of their calls: they come first, in the order of the calls.
    results: Vec<(usize, Out<'a>)>,
    parts: Vec<Out<'a>>,
    has_call: bool,
}

/// Writes contents one after the other.
struct Writer<'a, 'c> {
    context: &'c Context<'a>,
    system: Vec<Out<'a>>,
    turns: Vec<Turn<'a>>,
    /// The number and the function of each call, by its id.
    calls: HashMap<&'a str, (usize, &'a str)>,
}

/// The system's instruction and the contents.
pub(in super::super) fn write<'a>(
    context: &Context<'a>,
    losses: &mut Losses,
) -> Result<(Option<Content<'a>>, Vec<Content<'a>>), Unsupported> {
    let mut writer = Writer { context, system: Vec::new(), turns: Vec::new(), calls: HashMap::new() };
    for (index, message) in context.request.messages.iter().enumerate() {
        writer.message(index, message, losses)?;
    }
    let mut contents: Vec<_> = writer.turns.into_iter().filter_map(Turn::content).collect();
    let mut system = writer.system;
    if contents.is_empty() {
        // A conversation must have a turn.
        contents.push(Content { role: Some("user"), parts: std::mem::take(&mut system) });
    }
    if !context.is_own() && contents.first().is_some_and(|content| content.role == Some("model")) {
        losses.note(context.places.messages, "the conversation must begin with the user: `.` was put first");
        contents.insert(0, Content { role: Some("user"), parts: vec![Out::text(OPENING)] });
    }
    Ok(((!system.is_empty()).then_some(Content { role: None, parts: system }), contents))
}

impl<'a> Writer<'a, '_> {
    fn message(
        &mut self,
        index: usize,
        message: &'a Message,
        losses: &mut Losses,
    ) -> Result<(), Unsupported> {
        let is_model = match message.role {
            Role::System | Role::Developer => {
                let texts = message.parts.iter().filter_map(Part::as_text).filter(|text| !text.is_empty());
                self.system.extend(texts.map(Out::text));
                return Ok(());
            }
            Role::User => false,
            Role::Assistant => true,
        };
        let place = format!("{}[{index}]", self.context.places.messages);
        if message.name.is_some() {
            losses.note(format!("{place}.name"), "speakers have no names here");
        }
        if self.turns.last().is_none_or(|turn| turn.is_model != is_model) {
            self.turns.push(Turn { is_model, results: Vec::new(), parts: Vec::new(), has_call: false });
        }
        message.parts.iter().try_for_each(|part| self.part(&place, part, losses))
    }

    fn part(&mut self, place: &str, part: &'a Part, losses: &mut Losses) -> Result<(), Unsupported> {
        let out = match part {
            Part::Text(text) => {
                let thought_signature = own(text.signature.as_ref());
                if text.text.is_empty() && thought_signature.is_none() {
                    return Ok(());
                }
                Some(Out::Text { text: text.text.as_str().into(), thought: false, thought_signature })
            }
            Part::Refusal(text) => Some(Out::text(text.as_str())),
            Part::Thought(thought) => self.thought(thought),
            Part::Media(media) => Some(media::write(self.context, place, media, losses)?),
            Part::ToolCall(call) => Some(self.call(call)),
            Part::ToolResult(result) => {
                self.result(place, result, losses)?;
                None
            }
            Part::Native(native) => self.native(place, native, losses),
        };
        if let Some(turn) = self.turns.last_mut() {
            turn.parts.extend(out);
        }
        Ok(())
    }

    /// Thoughts of Gemini's; what others thought is of no use to it.
    fn thought(&self, thought: &'a Thought) -> Option<Out<'a>> {
        let thought_signature = own(thought.signature.as_ref());
        let is_own = thought.signature.is_none() && self.context.is_own() && !thought.text.is_empty();
        let is_ours = is_own || thought_signature.is_some();
        is_ours.then(|| Out::Text { text: thought.text.as_str().into(), thought: true, thought_signature })
    }

    fn call(&mut self, call: &'a ToolCall) -> Out<'a> {
        let number = self.calls.len();
        self.calls.insert(&call.id, (number, &call.name));
        let mut out = Out::call(call, self.id(&call.id));
        let is_first = self.turns.last_mut().is_some_and(|turn| !std::mem::replace(&mut turn.has_call, true));
        if let Out::Call { thought_signature, .. } = &mut out {
            *thought_signature = own(call.signature.as_ref());
            if is_first && thought_signature.is_none() && self.context.model.is_third_generation() {
                *thought_signature = Some(signature::PLACEHOLDER.into());
            }
        }
        out
    }

    /// The id to write: Vertex finds calls by name and order, and so can Gemini where the id is made up.
    ///
    /// Source: <https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/Content#FunctionCall>, 2026-11.
    fn id(&self, id: &'a str) -> Option<std::borrow::Cow<'a, str>> {
        let is_written = self.context.host == Host::Gemini && !ids::is_made(id);
        is_written.then(|| call_id::fit(id, MAX_ID_BYTES, call_id::is_plain))
    }

    fn result(
        &mut self,
        place: &str,
        result: &'a ToolResult,
        losses: &mut Losses,
    ) -> Result<(), Unsupported> {
        let call = self.calls.get(result.call_id.as_str()).copied();
        let Some(name) = call.map(|(_, name)| name).or(result.name.as_deref()) else {
            let message = format!("no call with the id `{}` stands before this result", result.call_id);
            return Err(Unsupported::new(place, message));
        };
        let id = self.id(&result.call_id);
        let (out, beside) = results::write(self.context, place, result, (id, name), losses)?;
        if let Some(turn) = self.turns.last_mut() {
            turn.results.push((call.map_or(usize::MAX, |(number, _)| number), out));
            turn.parts.extend(beside);
        }
        Ok(())
    }

    fn native(&self, place: &str, native: &'a Native, losses: &mut Losses) -> Option<Out<'a>> {
        let is_known = |name: &str| native.value.get(name).is_some();
        if native.dialect != Dialect::Gemini {
            losses.note(place, "made by a tool of another provider");
            return None;
        }
        if self.context.host == Host::Vertex && (is_known("toolCall") || is_known("toolResponse")) {
            losses.note(place, "only known to Gemini's API");
            return None;
        }
        Some(Out::Native(&native.value))
    }
}

impl<'a> Turn<'a> {
    fn content(mut self) -> Option<Content<'a>> {
        self.results.sort_by_key(|(number, _)| *number);
        let parts: Vec<_> = self.results.into_iter().map(|(_, out)| out).chain(self.parts).collect();
        let role = if self.is_model { "model" } else { "user" };
        (!parts.is_empty()).then_some(Content { role: Some(role), parts })
    }
}

/// The text of a signature that Gemini can read.
fn own(signature: Option<&Signature>) -> Option<std::borrow::Cow<'_, str>> {
    let own = signature.filter(|signature| signature.issuer == Issuer::Gemini);
    own.map(|signature| signature.data.as_str().into())
}
