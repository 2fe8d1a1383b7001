//! A streamed answer, event by event.

use serde_json::{Map, Value};

use super::{Citation, Finish, Media, Native, Signature, Usage};
use crate::UpstreamError;

/// One step of a streamed answer.
///
/// The order that every reader keeps and every writer may rely on: `Start` once and first; then for each choice blocks
/// one after another, each `Open`, any number of `Delta`, `Close`, with numbers that count from 0; then its `Finish`.
/// `Usage` may come at any time and replaces what was told before. `End` is last; after `Failed` only `End` follows.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The answer begins.
    Start {
        /// The provider's id for it.
        id: Option<String>,
        /// The model, as the provider calls it.
        model: Option<String>,
        /// When it began, in seconds since 1970.
        created: Option<i64>,
    },
    /// A block begins.
    Open {
        /// The alternative it belongs to.
        choice: u32,
        /// Its number there.
        block: u32,
        /// What it is.
        kind: Block,
    },
    /// A block goes on.
    Delta {
        /// The alternative it belongs to.
        choice: u32,
        /// Its number there.
        block: u32,
        /// What is added.
        delta: Delta,
    },
    /// A block is whole.
    Close {
        /// The alternative it belongs to.
        choice: u32,
        /// Its number there.
        block: u32,
    },
    /// OpenAI's `logprobs` object of the text that came last.
    Logprobs {
        /// The alternative it belongs to.
        choice: u32,
        /// `{"content":[…]}`.
        value: Value,
    },
    /// An alternative has ended.
    Finish {
        /// Which.
        choice: u32,
        /// Why.
        finish: Finish,
    },
    /// Tokens so far.
    Usage(Usage),
    /// What only the provider's dialect knows of the answer, for [`super::Answer::extra`].
    Extra(Map<String, Value>),
    /// The provider failed.
    Failed(UpstreamError),
    /// The answer is whole.
    End,
}

/// What a block is.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Text.
    Text,
    /// A refusal.
    Refusal,
    /// Thinking.
    Thought {
        /// Whether it is kept secret: a signature is all that comes.
        is_redacted: bool,
        /// The item's id (Responses).
        id: Option<String>,
    },
    /// A call of a tool; its arguments follow.
    ToolCall {
        /// What its result is to name it by.
        id: String,
        /// The tool's name.
        name: String,
        /// Whether it is a custom (free-form) tool.
        is_custom: bool,
    },
    /// Media that are whole.
    Media(Media),
    /// Sound that comes in pieces: [`Delta::Audio`], with [`Delta::Transcript`].
    Audio {
        /// The provider's id for it.
        id: Option<String>,
    },
    /// What only its own dialect understands, whole.
    Native(Native),
}

/// What is added to a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Delta {
    /// Text, of a text, refusal or thought block.
    Text(String),
    /// A piece of a tool call's arguments.
    Arguments(String),
    /// The block's signature, whole.
    Signature(Signature),
    /// Where the text is from.
    Citation(Citation),
    /// Sound, in base64.
    Audio(String),
    /// What the sound says.
    Transcript(String),
}
