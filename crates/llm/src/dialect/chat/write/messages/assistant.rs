//! The assistant's messages.

use std::borrow::Cow;

use super::{AudioId, MessageOut, Out};
use crate::dialect::Dialect;
use crate::dialect::chat::details::Detail;
use crate::dialect::chat::wire::{self, CallOut, ImageOut};
use crate::dialect::chat::write::content::{ContentOut, PartOut, ThoughtOut};
use crate::generation::{Issuer, Media, MediaKind, Message, Part, Source, Thought, ToolCall, Unsupported};
use crate::profile::{Fields, History, Prefill};

impl<'a> Out<'a, '_> {
    /// Writes a message of the assistant's.
    pub(super) fn assistant(&mut self, message: &'a Message) -> Result<(), Unsupported> {
        self.flush();
        let mut made = MessageOut { role: "assistant", name: self.name(message), ..MessageOut::default() };
        let mut parts = Vec::new();
        // Pieces of one text, which citations part, belong together; other texts are paragraphs.
        let is_cited = |part: &Part| matches!(part, Part::Text(text) if !text.citations.is_empty());
        let between = if message.parts.iter().any(is_cited) { "" } else { "\n\n" };
        self.thoughts(message, &mut made, &mut parts);
        for part in &message.parts {
            match part {
                Part::Refusal(text) if self.context.takes.has(Fields::REFUSALS) => made.refusal = Some(text),
                Part::Media(media) => self.own_media(media, &mut made, &mut parts),
                Part::ToolCall(call) => made.tool_calls.push(self.tool_call(call)),
                Part::Thought(_) => {}
                other => parts.extend(self.context.part(other, self.losses)?),
            }
        }
        made.content = ContentOut::of(parts, between);
        let is_empty = matches!(made.content, ContentOut::Nothing);
        if is_empty && made.tool_calls.is_empty() && made.refusal.is_none() && made.audio.is_none() {
            made.content = ContentOut::Text(Cow::Borrowed(""));
        }
        self.push(made);
        Ok(())
    }

    /// Writes thoughts as the target wants them back; those of others are proofs that it cannot read.
    fn thoughts(&self, message: &'a Message, made: &mut MessageOut<'a>, parts: &mut Vec<PartOut<'a>>) {
        let thoughts = || {
            message.parts.iter().filter_map(|part| match part {
                Part::Thought(thought) => Some(thought),
                _ => None,
            })
        };
        let shown = || thoughts().filter(|thought| !thought.text.is_empty());
        let has_calls = message.parts.iter().any(|part| matches!(part, Part::ToolCall(_)));
        match self.context.profile().history {
            History::Nothing => {}
            History::Field => made.reasoning_content = joined(shown()),
            // DeepSeek and Kimi refuse histories without, and DeepSeek an empty one:
            // <https://github.com/NousResearch/hermes-agent/pull/17341>, 2026-04.
            History::RequiredField => {
                made.reasoning_content = joined(shown()).or(has_calls.then_some(Cow::Borrowed(" ")));
            }
            History::Details => made.reasoning_details = self.details(message, thoughts()),
            History::Tags => parts.extend(
                joined(shown()).map(|text| PartOut::text(Cow::Owned(format!("<think>\n{text}\n</think>")))),
            ),
            History::Parts => parts.extend(shown().map(|thought| PartOut::Thinking {
                thinking: [ThoughtOut { r#type: "text", text: &thought.text }],
            })),
        }
    }

    fn details(&self, message: &'a Message, thoughts: impl Iterator<Item = &'a Thought>) -> Vec<Detail<'a>> {
        let issuer = self.context.issuer();
        // Models that sign take no thought without a proof; others know no proofs.
        let is_fitting = |thought: &&Thought| match &thought.signature {
            Some(signature) => Some(signature.issuer) == issuer,
            None => issuer.is_none() && !thought.text.is_empty(),
        };
        let fitting = thoughts.filter(is_fitting).enumerate();
        let mut details: Vec<_> =
            fitting.flat_map(|(index, thought)| Detail::of_thought(thought, index)).collect();
        for part in &message.parts {
            let Part::ToolCall(ToolCall { id, signature: Some(signature), .. }) = part else { continue };
            if Some(signature.issuer) == issuer {
                details.push(Detail::of_call(id, signature, details.len()));
            }
        }
        details
    }

    fn tool_call(&self, call: &'a ToolCall) -> CallOut<'a> {
        let id = self.call_id(&call.id);
        let cache_control = self.context.cache(call.cache.as_ref());
        if call.is_custom && self.context.takes.has(Fields::CUSTOM_TOOLS) {
            let call = CallOut::custom(id, &call.name, Cow::Borrowed(&call.arguments));
            return CallOut { cache_control, ..call };
        }
        let arguments = if call.is_custom {
            Cow::Owned(wire::arguments_of(&call.arguments))
        } else if call.arguments.trim().is_empty() {
            Cow::Borrowed("{}")
        } else {
            Cow::Borrowed(&*call.arguments)
        };
        // Google's own server of this dialect is one of which nothing else is known.
        let signature = call.signature.as_ref().filter(|signature| {
            let is_google =
                signature.issuer == Issuer::Gemini && self.context.issuer() == Some(Issuer::Gemini);
            is_google && self.context.profile().history == History::Nothing
        });
        let extra_content = signature.map(wire::google);
        CallOut { extra_content, cache_control, ..CallOut::function(id, &call.name, arguments) }
    }

    /// Media that the assistant made: sound by its id, images as its own where the target has them, else as the user's.
    fn own_media(&mut self, media: &'a Media, made: &mut MessageOut<'a>, parts: &mut Vec<PartOut<'a>>) {
        let context = self.context;
        let is_own = context.request.dialect == Dialect::Chat && context.takes.has(Fields::SPEECH);
        match &media.source {
            Source::File { id, .. } if media.kind == MediaKind::Audio && is_own => {
                made.audio = Some(AudioId { id });
                return;
            }
            _ if media.kind == MediaKind::Image && context.takes.has(Fields::OWN_IMAGES) => {
                made.images.extend(ImageOut::of(media));
                return;
            }
            _ => {}
        }
        let transcript = media.extra.get("transcript").and_then(serde_json::Value::as_str);
        match (transcript, context.media(media)) {
            (Some(text), _) => parts.push(PartOut::text(Cow::Borrowed(text))),
            (None, Ok(part)) => {
                self.waiting.push(PartOut::text(Cow::Borrowed("Made by the assistant:")));
                self.waiting.push(part);
            }
            (None, Err(_)) => {
                let why = "this model's provider takes no such media of the assistant's";
                self.losses.note(context.path("messages"), why);
            }
        }
    }

    /// Marks a last message of the assistant's as one to go on from.
    pub(super) fn prefill(&mut self) {
        let Some(last) = self.messages.last_mut() else { return };
        if last.role != "assistant" || !last.tool_calls.is_empty() {
            return;
        }
        match self.context.profile().prefill {
            Prefill::GoesOn => {}
            Prefill::Flag("prefix") => last.prefix = Some(true),
            Prefill::Flag(_) => last.partial = Some(true),
            Prefill::Answers if self.context.request.dialect == Dialect::Chat => {}
            Prefill::Answers => {
                let why = "the model answers anew instead of going on from the last message";
                self.losses.note(self.context.path("messages"), why);
            }
        }
    }
}

/// The texts of thoughts, as one.
fn joined<'a>(mut thoughts: impl Iterator<Item = &'a Thought>) -> Option<Cow<'a, str>> {
    let mut text = Cow::Borrowed(thoughts.next()?.text.as_str());
    for thought in thoughts {
        let whole = text.to_mut();
        whole.push_str("\n\n");
        whole.push_str(&thought.text);
    }
    Some(text)
}
