//! Messages as items of the input.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses/create>, 2026-11.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::media;
use crate::dialect::Dialect;
use crate::dialect::responses::is_ours;
use crate::dialect::responses::wire::{Called, Content, Input, Item, Output, Summary};
use crate::generation::{
    CacheHint, Issuer, Losses, Message, Native, Part, Request, Role, Thought, ToolCall, ToolResult,
    Unsupported, call_id,
};

/// The longest id of a call that the dialect takes.
const MAX_CALL_ID: usize = 64;

/// Writes the messages of a request.
pub(super) struct Writer<'a, 'l> {
    request: &'a Request,
    losses: &'l mut Losses,
    /// Items have ids only where the provider stores them: it looks for those that it did not keep in vain
    /// (<https://github.com/vercel/ai/issues/7543>, 2026-11).
    keeps_ids: bool,
    items: Vec<Item<'a>>,
}

impl<'a, 'l> Writer<'a, 'l> {
    pub(super) fn new(request: &'a Request, is_stored: bool, losses: &'l mut Losses) -> Self {
        let keeps_ids = is_stored && request.dialect == Dialect::Responses;
        Self { request, losses, keeps_ids, items: Vec::with_capacity(request.messages.len()) }
    }

    /// The items of `messages`.
    pub(super) fn items(mut self, messages: &'a [Message]) -> Result<Vec<Item<'a>>, Unsupported> {
        let path = match self.request.dialect {
            Dialect::Responses => "input",
            Dialect::Gemini => "contents",
            _ => "messages",
        };
        for message in messages {
            self.message(message, path)?;
        }
        Ok(self.items)
    }

    fn message(&mut self, message: &'a Message, path: &str) -> Result<(), Unsupported> {
        if message.name.is_some() {
            self.losses.note(format!("{path}.name"), "speakers have no names in this dialect");
        }
        let mut id = message.id.as_deref();
        let mut content = Vec::new();
        let mut phase = None;
        for part in &message.parts {
            let is_assistant = message.role == Role::Assistant;
            if let Some(written) = if is_assistant { said(part) } else { self.told(part, path)? } {
                let of_part = part_phase(part);
                if phase != of_part && !content.is_empty() {
                    self.flush(message.role, &mut id, phase, &mut content);
                }
                phase = of_part;
                content.push(written);
                continue;
            }
            self.flush(message.role, &mut id, phase, &mut content);
            self.item(part, path)?;
        }
        self.flush(message.role, &mut id, phase, &mut content);
        Ok(())
    }

    fn flush(
        &mut self,
        role: Role,
        id: &mut Option<&'a str>,
        phase: Option<&'a str>,
        content: &mut Vec<Content<'a>>,
    ) {
        if content.is_empty() {
            return;
        }
        let role = match role {
            Role::System => "system",
            Role::Developer => "developer",
            Role::User => "user",
            Role::Assistant => "assistant",
        };
        let id = self.kept(id.take(), "msg_");
        self.items.push(Item::Message { id, status: None, role, phase, content: std::mem::take(content) });
    }

    /// A part of what the model is told; none where it is an item of its own.
    fn told(&self, part: &'a Part, path: &str) -> Result<Option<Content<'a>>, Unsupported> {
        Ok(Some(match part {
            Part::Text(text) => Content::InputText {
                text: &text.text,
                prompt_cache_breakpoint: self.breakpoint(text.cache.as_ref()),
            },
            Part::Refusal(text) => Content::InputText { text, prompt_cache_breakpoint: None },
            Part::Media(media) => {
                media::content(media, self.request.dialect, self.breakpoint(media.cache.as_ref()), path)?
            }
            Part::Native(Native { dialect: Dialect::Responses, value })
                if value["type"].as_str().is_some_and(|kind| kind.starts_with("input_")) =>
            {
                Content::Native(value)
            }
            _ => return Ok(None),
        }))
    }

    /// Explicit marks are only for those who know the dialect: it also caches without, and older models refuse them
    /// (<https://platform.openai.com/docs/guides/prompt-caching>, 2026-11).
    fn breakpoint(&self, hint: Option<&CacheHint>) -> Option<Value> {
        let hint = hint.filter(|_| self.request.dialect == Dialect::Responses)?;
        Some(match hint.ttl {
            Some(_) => json!({ "mode": "explicit", "ttl": "12h" }),
            None => json!({ "mode": "explicit" }),
        })
    }

    fn item(&mut self, part: &'a Part, path: &str) -> Result<(), Unsupported> {
        match part {
            Part::Thought(thought) => self.thought(thought),
            Part::ToolCall(call) => self.call(call),
            Part::ToolResult(result) => self.result(result, path)?,
            Part::Native(Native { dialect: Dialect::Responses, value }) => {
                self.items.push(Item::Native(value));
            }
            Part::Native(_) => self.losses.note(path, "only its own provider understands this part"),
            // What the model made is shown to it as if the user had sent it: it has no other place here.
            Part::Media(made) => {
                let content = vec![media::content(made, self.request.dialect, None, path)?];
                self.items.push(Item::Message { id: None, status: None, role: "user", phase: None, content });
            }
            Part::Text(_) | Part::Refusal(_) => {}
        }
        Ok(())
    }

    /// Only what the provider itself proved can be given back; a stored thought is named by its id.
    fn thought(&mut self, thought: &'a Thought) {
        let id = self.kept(thought.id.as_deref(), "rs_");
        let summary = |text: &'a str| {
            if text.is_empty() { Vec::new() } else { vec![Summary { text: Cow::Borrowed(text) }] }
        };
        match &thought.signature {
            Some(signature) if signature.issuer == Issuer::Openai => self.items.push(Item::Reasoning {
                id,
                summary: summary(&thought.text),
                encrypted_content: Some(Cow::Borrowed(&signature.data)),
            }),
            None if id.is_some() => {
                self.items.push(Item::Reasoning {
                    id,
                    summary: summary(&thought.text),
                    encrypted_content: None,
                });
            }
            _ => {}
        }
    }

    fn call(&mut self, call: &'a ToolCall) {
        let call_id = call_id::fit(&call.id, MAX_CALL_ID, call_id::is_plain);
        let prefix = if call.is_custom { "ctc_" } else { "fc_" };
        let id = self.kept(call.item_id.as_deref(), prefix);
        let text = Cow::Borrowed(call.arguments.as_str());
        let input = if call.is_custom { Input::Input(text) } else { Input::Arguments(arguments(text)) };
        let written = Called { id, status: None, call_id, namespace: None, name: &call.name, input };
        self.items.push(if call.is_custom {
            Item::CustomToolCall(written)
        } else {
            Item::FunctionCall(written)
        });
    }

    fn result(&mut self, result: &'a ToolResult, path: &str) -> Result<(), Unsupported> {
        let call_id = call_id::fit(&result.call_id, MAX_CALL_ID, call_id::is_plain);
        let output = match (result.parts.as_slice(), &result.structured) {
            ([], Some(structured)) => Output::Text(Cow::Owned(structured.to_string())),
            ([], None) => Output::Text(Cow::Borrowed("")),
            ([Part::Text(text)], _) => Output::Text(Cow::Borrowed(&text.text)),
            (parts, _) => Output::Parts(self.outputs(parts, path)?),
        };
        self.items.push(if result.is_custom {
            Item::CustomToolCallOutput { call_id, output }
        } else {
            Item::FunctionCallOutput { call_id, output }
        });
        Ok(())
    }

    fn outputs(&self, parts: &'a [Part], path: &str) -> Result<Vec<Content<'a>>, Unsupported> {
        let mut outputs = Vec::with_capacity(parts.len());
        for part in parts {
            match self.told(part, path)? {
                Some(Content::InputAudio { .. }) => {
                    return Err(Unsupported::new(
                        path,
                        "results of tools cannot hold sound for this model's provider",
                    ));
                }
                Some(output) => outputs.push(output),
                None => {
                    let why =
                        "results of tools can hold text, images and files only for this model's provider";
                    return Err(Unsupported::new(path, why));
                }
            }
        }
        Ok(outputs)
    }

    fn kept(&self, id: Option<&'a str>, prefix: &str) -> Option<Cow<'a, str>> {
        id.filter(|id| self.keeps_ids && id.starts_with(prefix) && !is_ours(id)).map(Cow::Borrowed)
    }
}

/// A part of what the model said; none where it is an item of its own.
fn said(part: &Part) -> Option<Content<'_>> {
    match part {
        Part::Text(text) => {
            Some(Content::OutputText { text: Cow::Borrowed(&text.text), annotations: None, logprobs: None })
        }
        Part::Refusal(refusal) => Some(Content::Refusal { refusal: Cow::Borrowed(refusal) }),
        _ => None,
    }
}

fn part_phase(part: &Part) -> Option<&str> {
    match part {
        Part::Text(text) => text.phase.as_deref(),
        _ => None,
    }
}

/// The dialect wants a JSON text, also for a call without arguments.
fn arguments(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.trim().is_empty() { Cow::Borrowed("{}") } else { text }
}
