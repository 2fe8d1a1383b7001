//! Messages, in the order that the target takes.

mod assistant;

use std::borrow::Cow;

use serde::Serialize;

use super::Context;
use super::content::{ContentOut, PartOut};
use crate::dialect::chat::details::Detail;
use crate::dialect::chat::wire::{CallOut, ImageOut};
use crate::generation::{Losses, Message, Part, Role, ToolResult, Unsupported, call_id};
use crate::profile::{CallIds, Fields, Turns};

/// A message.
#[derive(Debug, Default, Serialize)]
pub(super) struct MessageOut<'a> {
    role: &'static str,
    content: ContentOut<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_content: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasoning_details: Vec<Detail<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio: Option<AudioId<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<ImageOut<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<CallOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial: Option<bool>,
}

/// Sound of an earlier answer.
#[derive(Debug, Serialize)]
struct AudioId<'a> {
    id: &'a str,
}

/// Messages so far.
struct Out<'a, 'l> {
    context: Context<'a>,
    messages: Vec<MessageOut<'a>>,
    /// Media of tools and of the assistant's, which only users can send: they go into the next user's message.
    waiting: Vec<PartOut<'a>>,
    losses: &'l mut Losses,
}

/// Writes messages, and an instruction of ours behind those of the caller's.
pub(super) fn write<'a>(
    context: &Context<'a>,
    history: &'a [Message],
    instruction: Option<String>,
    losses: &mut Losses,
) -> Result<Vec<MessageOut<'a>>, Unsupported> {
    let messages = Vec::with_capacity(history.len() + 2);
    let mut out = Out { context: *context, messages, waiting: Vec::new(), losses };
    let is_first = context.profile().turns != Turns::Any;
    out.instructions(history, is_first, instruction)?;
    for message in history {
        match message.role {
            Role::System | Role::Developer if is_first => {}
            Role::System | Role::Developer => out.instruct(message)?,
            Role::User => out.user(message)?,
            Role::Assistant => out.assistant(message)?,
        }
    }
    out.flush();
    out.prefill();
    Ok(out.messages)
}

impl<'a> Out<'a, '_> {
    /// Writes the instructions that come first: all of them where the target takes none later.
    fn instructions(
        &mut self,
        history: &'a [Message],
        all: bool,
        ours: Option<String>,
    ) -> Result<(), Unsupported> {
        let is_instruction = |message: &&Message| matches!(message.role, Role::System | Role::Developer);
        let mut parts = Vec::new();
        for message in history.iter().filter(is_instruction).filter(|_| all) {
            parts.extend(self.parts(&message.parts)?);
        }
        parts.extend(ours.map(|text| PartOut::text(Cow::Owned(text))));
        if !parts.is_empty() {
            let content = ContentOut::of(parts, "\n\n");
            self.push(MessageOut { role: "system", content, ..MessageOut::default() });
        }
        Ok(())
    }

    fn instruct(&mut self, message: &'a Message) -> Result<(), Unsupported> {
        self.flush();
        let is_developer = message.role == Role::Developer && self.context.takes.has(Fields::DEVELOPER);
        let role = if is_developer { "developer" } else { "system" };
        let parts = self.parts(&message.parts)?;
        self.say(role, message, parts);
        Ok(())
    }

    fn user(&mut self, message: &'a Message) -> Result<(), Unsupported> {
        let is_result = |part: &&Part| matches!(part, Part::ToolResult(_));
        for part in message.parts.iter().filter(is_result) {
            if let Part::ToolResult(result) = part {
                self.result(result)?;
            }
        }
        let parts = self.parts(&message.parts)?;
        if !parts.is_empty() || !message.parts.iter().any(|part| is_result(&part)) {
            let mut all = std::mem::take(&mut self.waiting);
            all.extend(parts);
            self.say("user", message, all);
        }
        Ok(())
    }

    fn say(&mut self, role: &'static str, message: &'a Message, parts: Vec<PartOut<'a>>) {
        let name = self.name(message);
        let content = match ContentOut::of(parts, "\n\n") {
            ContentOut::Nothing => ContentOut::Text(Cow::Borrowed("")),
            content => content,
        };
        self.push(MessageOut { role, content, name, ..MessageOut::default() });
    }

    fn name(&mut self, message: &'a Message) -> Option<&'a str> {
        let name = message.name.as_deref()?;
        if self.context.takes.has(Fields::NAMES) {
            return Some(name);
        }
        self.losses.note("messages.name", "this model's provider has no names of speakers");
        None
    }

    fn parts(&mut self, parts: &'a [Part]) -> Result<Vec<PartOut<'a>>, Unsupported> {
        let mut written = Vec::with_capacity(parts.len());
        for part in parts {
            written.extend(self.context.part(part, self.losses)?);
        }
        Ok(written)
    }

    /// Writes what a tool answered; only text can stand there, the rest follows in a user's message.
    fn result(&mut self, result: &'a ToolResult) -> Result<(), Unsupported> {
        let mut texts = Vec::new();
        let mut media = Vec::new();
        for part in &result.parts {
            match self.context.part(part, self.losses)? {
                Some(text @ PartOut::Text { .. }) => texts.push(text),
                Some(other) => media.push(other),
                None => {}
            }
        }
        if !media.is_empty() {
            let says = format!("From the tool call {}:", result.call_id);
            self.waiting.push(PartOut::text(Cow::Owned(says)));
            self.waiting.append(&mut media);
        }
        if let Some(PartOut::Text { text, cache_control }) = texts.last_mut() {
            *cache_control = self.context.cache(result.cache.as_ref()).or(*cache_control);
            mark(text, result.is_error);
        } else {
            texts.push(PartOut::text(Cow::Owned(structured(result))));
        }
        let tool_call_id = Some(self.call_id(&result.call_id));
        let content = ContentOut::of(texts, "\n");
        self.push(MessageOut { role: "tool", content, tool_call_id, ..MessageOut::default() });
        Ok(())
    }

    /// A call's id as the target takes it.
    fn call_id(&self, id: &'a str) -> Cow<'a, str> {
        match self.context.profile().call_ids {
            CallIds::Plain => call_id::fit(id, 40, call_id::is_plain),
            CallIds::Nine if id.len() != 9 => call_id::fit(id, 9, |_| false),
            CallIds::Nine => call_id::fit(id, 9, |byte| byte.is_ascii_alphanumeric()),
            CallIds::Any => call_id::fit(id, usize::MAX, |_| true),
        }
    }

    /// Sends the media that wait.
    fn flush(&mut self) {
        if !self.waiting.is_empty() {
            let content = ContentOut::of(std::mem::take(&mut self.waiting), "\n\n");
            self.push(MessageOut { role: "user", content, ..MessageOut::default() });
        }
    }

    fn push(&mut self, message: MessageOut<'a>) {
        let follows_tool =
            message.role == "user" && self.messages.last().is_some_and(|last| last.role == "tool");
        if follows_tool && self.context.profile().turns == Turns::ToolsAnswered {
            // An answer that says as little as one may.
            let content = ContentOut::Text(Cow::Borrowed(" "));
            self.messages.push(MessageOut { role: "assistant", content, ..MessageOut::default() });
        }
        self.messages.push(message);
    }
}

/// This dialect has no field that says that a tool failed: the text must.
fn mark(text: &mut Cow<'_, str>, is_error: bool) {
    let says_so = text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("error"));
    if is_error && !says_so {
        *text = Cow::Owned(format!("Error: {text}"));
    }
}

fn structured(result: &ToolResult) -> String {
    match &result.structured {
        Some(value) => value.to_string(),
        None if result.is_error => "Error".to_owned(),
        None => String::new(),
    }
}
