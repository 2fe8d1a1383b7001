//! The item of the output that is being written.

mod call;
mod message;
mod thought;

pub(super) use call::Calling;
pub(super) use message::Message;
pub(super) use thought::Thought;

use super::sink::Place;
use crate::convert::Asked;
use crate::dialect::responses::wire::Status;
use crate::generation::{Citation, Signature};

/// The item that is open.
#[derive(Debug, Default)]
pub(super) enum Open {
    /// None is.
    #[default]
    Nothing,
    /// A message.
    Message(Message),
    /// A thought.
    Thought(Thought),
    /// A call of a tool.
    Call(Calling),
}

impl Open {
    /// Adds text of a message or of a thought.
    pub(super) fn text(&mut self, delta: &str, place: &mut Place<'_>) {
        match self {
            Self::Message(message) => message.text(delta, place),
            Self::Thought(thought) => thought.text(delta, place),
            Self::Nothing | Self::Call(_) => {}
        }
    }

    /// Adds to the input of a call.
    pub(super) fn arguments(&mut self, delta: &str, place: &mut Place<'_>) {
        if let Self::Call(call) = self {
            call.arguments(delta, place);
        }
    }

    /// Adds where a message's text is from.
    pub(super) fn citation(&mut self, citation: &Citation, place: &mut Place<'_>) {
        if let Self::Message(message) = self {
            message.citation(citation, place);
        }
    }

    /// Signs a thought.
    pub(super) fn sign(&mut self, signature: Signature) {
        if let Self::Thought(thought) = self {
            thought.signature = Some(signature);
        }
    }

    /// Tells that what came in pieces is whole; a message can have further parts.
    pub(super) fn close(&mut self, place: &mut Place<'_>) {
        match self {
            Self::Message(message) => message.close(place),
            Self::Thought(thought) => thought.close(place),
            Self::Call(call) => call.close(place),
            Self::Nothing => {}
        }
    }

    /// Tells that the item is whole, and appends it to the output; false where none was open.
    pub(super) fn settle(
        mut self,
        asked: &Asked,
        status: Status,
        place: &mut Place<'_>,
        items: &mut Vec<u8>,
    ) -> bool {
        self.close(place);
        match &self {
            Self::Nothing => return false,
            Self::Message(message) => place.done(&message.item(status), items),
            Self::Thought(thought) => place.done(&thought.item(), items),
            Self::Call(call) => place.done(&call.item(asked, status), items),
        }
        true
    }
}
