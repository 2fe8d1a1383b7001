//! A whole answer from its events, and back.

use super::answer::Choice;
use super::{Answer, Block, Delta, Event, Media, MediaKind, Part, Source, Text, Thought, ToolCall};
use crate::UpstreamError;

/// Puts the events of a stream together.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    answer: Answer,
    failure: Option<UpstreamError>,
}

impl Collector {
    /// Takes the next event.
    pub(crate) fn push(&mut self, event: Event) {
        match event {
            Event::Start { id, model, created } => {
                self.answer.id = id;
                self.answer.model = model;
                self.answer.created = created;
            }
            Event::Open { choice, kind, .. } => {
                let part = part(kind);
                self.choice(choice).parts.push(part);
            }
            Event::Delta { choice, delta, .. } => {
                if let Some(part) = self.choice(choice).parts.last_mut() {
                    add(part, delta);
                }
            }
            Event::Logprobs { choice, value } => merge_logprobs(&mut self.choice(choice).logprobs, value),
            Event::Finish { choice, finish } => self.choice(choice).finish = Some(finish),
            Event::Usage(usage) => self.answer.usage = Some(usage),
            Event::Extra(extra) => self.answer.extra.extend(extra),
            Event::Failed(error) => self.failure = Some(error),
            Event::Close { .. } | Event::End => {}
        }
    }

    /// The whole answer.
    ///
    /// # Errors
    /// What the provider said went wrong.
    pub(crate) fn finish(self) -> Result<Answer, UpstreamError> {
        self.failure.map_or(Ok(self.answer), Err)
    }

    fn choice(&mut self, index: u32) -> &mut Choice {
        let index = index.min(127) as usize;
        if self.answer.choices.len() <= index {
            self.answer.choices.resize_with(index + 1, Choice::default);
        }
        &mut self.answer.choices[index]
    }
}

impl Answer {
    /// The events of a stream that would have told the same.
    pub(crate) fn into_events(self) -> Vec<Event> {
        let mut events = vec![Event::Start { id: self.id, model: self.model, created: self.created }];
        for (index, answered) in self.choices.into_iter().enumerate() {
            let choice = u32::try_from(index).unwrap_or(u32::MAX);
            for (index, part) in answered.parts.into_iter().enumerate() {
                let block = u32::try_from(index).unwrap_or(u32::MAX);
                let Some((kind, deltas)) = parted(part) else { continue };
                events.push(Event::Open { choice, block, kind });
                events.extend(deltas.into_iter().map(|delta| Event::Delta { choice, block, delta }));
                events.push(Event::Close { choice, block });
            }
            events.extend(answered.logprobs.map(|value| Event::Logprobs { choice, value }));
            events.extend(answered.finish.map(|finish| Event::Finish { choice, finish }));
        }
        if !self.extra.is_empty() {
            events.push(Event::Extra(self.extra));
        }
        events.extend(self.usage.map(Event::Usage));
        events.push(Event::End);
        events
    }
}

fn part(kind: Block) -> Part {
    match kind {
        Block::Text => Part::Text(Text::default()),
        Block::Refusal => Part::Refusal(String::new()),
        Block::Thought { is_redacted, id } => {
            Part::Thought(Thought { is_redacted, id, ..Thought::default() })
        }
        Block::ToolCall { id, name, is_custom } => {
            Part::ToolCall(ToolCall { id, name, is_custom, ..ToolCall::default() })
        }
        Block::Media(media) => Part::Media(media),
        Block::Audio { id } => {
            let source = Source::Bytes { mime: "audio/pcm".to_owned(), data: String::new() };
            let mut media = Media::new(MediaKind::Audio, source);
            media.extra.extend(id.map(|id| ("id".to_owned(), id.into())));
            Part::Media(media)
        }
        Block::Native(native) => Part::Native(native),
    }
}

fn add(part: &mut Part, delta: Delta) {
    match (part, delta) {
        (Part::Text(text), Delta::Text(more)) => append(&mut text.text, more),
        (Part::Text(text), Delta::Citation(citation)) => text.citations.push(citation),
        (Part::Text(text), Delta::Signature(signature)) => text.signature = Some(signature),
        (Part::Refusal(text), Delta::Text(more)) => append(text, more),
        (Part::Thought(thought), Delta::Text(more)) => append(&mut thought.text, more),
        (Part::Thought(thought), Delta::Signature(signature)) => thought.signature = Some(signature),
        (Part::ToolCall(call), Delta::Arguments(more)) => append(&mut call.arguments, more),
        (Part::ToolCall(call), Delta::Signature(signature)) => call.signature = Some(signature),
        (Part::Media(media), Delta::Signature(signature)) => media.signature = Some(signature),
        (Part::Media(Media { source: Source::Bytes { data, .. }, .. }), Delta::Audio(more)) => {
            append(data, more);
        }
        (Part::Media(media), Delta::Transcript(more)) => {
            let transcript = media.extra.entry("transcript").or_insert_with(|| String::new().into());
            if let serde_json::Value::String(text) = transcript {
                text.push_str(&more);
            }
        }
        // Nothing else belongs together, and no reader makes it.
        _ => {}
    }
}

/// Adds to a text; the first piece is taken as it is, since whole answers come in one.
fn append(text: &mut String, more: String) {
    if text.is_empty() {
        *text = more;
    } else {
        text.push_str(&more);
    }
}

fn parted(part: Part) -> Option<(Block, Vec<Delta>)> {
    let texts = |text: String| if text.is_empty() { Vec::new() } else { vec![Delta::Text(text)] };
    Some(match part {
        Part::Text(text) => {
            let mut deltas = texts(text.text);
            deltas.extend(text.citations.into_iter().map(Delta::Citation));
            deltas.extend(text.signature.map(Delta::Signature));
            (Block::Text, deltas)
        }
        Part::Refusal(text) => (Block::Refusal, texts(text)),
        Part::Thought(thought) => {
            let mut deltas = texts(thought.text);
            deltas.extend(thought.signature.map(Delta::Signature));
            (Block::Thought { is_redacted: thought.is_redacted, id: thought.id }, deltas)
        }
        Part::ToolCall(call) => {
            let mut deltas: Vec<_> = call.signature.map(Delta::Signature).into_iter().collect();
            deltas.push(Delta::Arguments(call.arguments));
            (Block::ToolCall { id: call.id, name: call.name, is_custom: call.is_custom }, deltas)
        }
        Part::Media(media) => (Block::Media(media), Vec::new()),
        Part::Native(native) => (Block::Native(native), Vec::new()),
        Part::ToolResult(_) => return None,
    })
}

fn merge_logprobs(known: &mut Option<serde_json::Value>, more: serde_json::Value) {
    let Some(known) = known else {
        *known = Some(more);
        return;
    };
    for list in ["content", "refusal"] {
        let Some(added) = more.get(list).and_then(|list| list.as_array()) else { continue };
        match known.get_mut(list).and_then(|list| list.as_array_mut()) {
            Some(items) => items.extend(added.iter().cloned()),
            None => known[list] = added.clone().into(),
        }
    }
}
