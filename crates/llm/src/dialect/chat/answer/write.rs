//! Writes whole answers.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use super::super::chunk::KEPT;
use super::super::details::Detail;
use super::super::wire::{self, AudioOut, CallOut, ImageOut};
use super::super::{annotations, finish, usage};
use crate::convert::Asked;
use crate::generation::{Answer, Choice, Finish, MediaKind, Part, Thought, ToolCall};

#[derive(Serialize)]
struct Document<'a> {
    id: Cow<'a, str>,
    object: &'static str,
    created: i64,
    model: &'a str,
    choices: Vec<ChoiceOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<usage::Wire>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_tier: Option<&'a str>,
    #[serde(flatten)]
    kept: Kept<'a>,
}

/// Fields that are written as they came.
struct Kept<'a>(Vec<(&'static str, &'a Value)>);

#[derive(Serialize)]
struct ChoiceOut<'a> {
    index: usize,
    message: Message<'a>,
    logprobs: Option<&'a Value>,
    finish_reason: &'static str,
}

#[derive(Default, Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Option<Cow<'a, str>>,
    refusal: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_content: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasoning_details: Vec<Detail<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<CallOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    function_call: Option<wire::FunctionOut<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio: Option<AudioOut<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<ImageOut<'a>>,
}

/// Writes a whole answer.
pub(crate) fn write_answer(answer: &Answer, asked: &Asked) -> Vec<u8> {
    let kept = KEPT.iter().filter_map(|name| Some((*name, answer.extra.get(*name)?)));
    let document = Document {
        id: wire::id(answer.id.as_deref(), asked),
        object: "chat.completion",
        created: answer.created.unwrap_or(asked.created),
        model: &asked.model,
        choices: (0..).zip(&answer.choices).map(|(index, choice)| choice_out(index, choice, asked)).collect(),
        usage: answer.usage.as_ref().map(usage::Wire::from),
        service_tier: answer.service_tier.as_deref(),
        kept: Kept(kept.filter(|(name, _)| *name != "service_tier").collect()),
    };
    serde_json::to_vec(&document).unwrap_or_default()
}

fn choice_out<'a>(index: usize, choice: &'a Choice, asked: &'a Asked) -> ChoiceOut<'a> {
    let mut message = Message { role: "assistant", ..Message::default() };
    choice.parts.iter().for_each(|part| message.add(part, asked));
    let has_calls = !message.tool_calls.is_empty();
    let stops = if has_calls { Finish::ToolCalls } else { Finish::Stop };
    let finish = choice.finish.as_ref().unwrap_or(&stops);
    let mut finish_reason = finish::write(finish, message.refusal.is_some());
    if wire::is_legacy(asked) && has_calls {
        message.function_call = message.tool_calls.drain(..).next().and_then(CallOut::into_function);
        finish_reason = if finish_reason == "tool_calls" { "function_call" } else { finish_reason };
    }
    ChoiceOut { index, message, logprobs: choice.logprobs.as_ref(), finish_reason }
}

impl<'a> Message<'a> {
    fn add(&mut self, part: &'a Part, asked: &Asked) {
        match part {
            Part::Text(text) => {
                if !text.citations.is_empty() {
                    let before = self.content.as_deref().map_or(0, |content| content.chars().count() as u64);
                    let citations = text.citations.iter();
                    self.annotations.extend(citations.filter_map(|cited| annotations::write(cited, before)));
                }
                join(&mut self.content, &text.text);
            }
            Part::Refusal(text) => join(&mut self.refusal, text),
            Part::Thought(thought) => self.think(thought),
            Part::ToolCall(call) => self.tool_calls.push(call_out(call, asked)),
            Part::Media(media) if media.kind == MediaKind::Audio => self.audio = AudioOut::of(media),
            Part::Media(media) => self.images.extend(ImageOut::of(media)),
            // No client of this dialect has a place for them.
            Part::ToolResult(_) | Part::Native(_) => {}
        }
    }

    fn think(&mut self, thought: &'a Thought) {
        if !thought.text.is_empty() {
            join(&mut self.reasoning_content, &thought.text);
        }
        if thought.signature.is_some() {
            let index = self.reasoning_details.len();
            self.reasoning_details.extend(Detail::of_thought(thought, index));
        }
    }
}

fn call_out<'a>(call: &'a ToolCall, asked: &Asked) -> CallOut<'a> {
    let id = wire::packed(&call.id, call.signature.as_ref());
    let is_custom = call.is_custom || asked.custom_tools.contains(&call.name);
    if !is_custom {
        return CallOut::function(id, &call.name, Cow::Borrowed(&call.arguments));
    }
    let input =
        if call.is_custom { Cow::Borrowed(&*call.arguments) } else { wire::input_of(&call.arguments) };
    CallOut::custom(id, &call.name, input)
}

/// Adds to a text that may not be there yet; copies only where there was one.
fn join<'a>(text: &mut Option<Cow<'a, str>>, more: &'a str) {
    match text {
        Some(text) => text.to_mut().push_str(more),
        None => *text = Some(Cow::Borrowed(more)),
    }
}

impl Serialize for Kept<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}
