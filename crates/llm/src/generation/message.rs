//! Messages and their parts.

use serde_json::{Map, Value};

use super::Signature;
use crate::dialect::Dialect;

/// One turn, or a part of one.
///
/// Results of tools stand in [`Role::User`] messages, before other parts; calls, thoughts and refusals in
/// [`Role::Assistant`] ones; system and developer messages hold text. Dialects that want turns to alternate use
/// `Message::turns`.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// The speaker's name.
    pub name: Option<String>,
    /// What is said, in order.
    pub parts: Vec<Part>,
    /// The item's id in the caller's dialect (Responses).
    pub id: Option<String>,
}

impl Message {
    /// A message of `role` with `parts`.
    pub fn new(role: Role, parts: Vec<Part>) -> Self {
        Self { role, name: None, parts, id: None }
    }

    /// Messages in which neighbours of one role are joined; results of tools come first in a user's turn.
    pub(crate) fn turns(messages: Vec<Self>) -> Vec<Self> {
        let mut turns: Vec<Self> = Vec::with_capacity(messages.len());
        for message in messages {
            match turns.last_mut() {
                Some(last) if last.role == message.role => last.parts.extend(message.parts),
                _ => turns.push(message),
            }
        }
        for turn in turns.iter_mut().filter(|turn| turn.role == Role::User) {
            turn.parts.sort_by_key(|part| !matches!(part, Part::ToolResult(_)));
        }
        turns
    }

    /// The text of all text parts, joined.
    pub(crate) fn text(&self) -> String {
        self.parts.iter().filter_map(Part::as_text).collect::<Vec<_>>().join("\n")
    }
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The operator, of the highest rank.
    System,
    /// The operator, as OpenAI's newer models call it; the same as system where a dialect knows only that.
    Developer,
    /// The user, and what tools answered.
    User,
    /// The model.
    Assistant,
}

/// One piece of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text.
    Text(Text),
    /// An image, sound, film or document.
    Media(Media),
    /// The model's refusal, in its words.
    Refusal(String),
    /// The model's thinking.
    Thought(Thought),
    /// A call of a tool.
    ToolCall(ToolCall),
    /// What a tool answered.
    ToolResult(ToolResult),
    /// What only its own dialect understands, such as the work of a server's tool.
    Native(Native),
}

impl Part {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Text { text: text.into(), ..Text::default() })
    }

    /// The text of a text part.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(&text.text),
            _ => None,
        }
    }
}

/// Text with what belongs to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Where it is from.
    pub citations: Vec<Citation>,
    /// Whether the prompt may be cached up to here.
    pub cache: Option<CacheHint>,
    /// Gemini signs text that follows thinking.
    pub signature: Option<Signature>,
    /// Whether it is a remark on the way or the answer itself (Responses: `commentary`, `final_answer`).
    pub phase: Option<String>,
}

/// Anthropic's `cache_control` (`{"type":"ephemeral","ttl":"5m"}`): the prompt may be cached up to the part that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheHint {
    /// How long: `5m` or `1h`.
    pub ttl: Option<String>,
}

/// An image, sound, film or document.
#[derive(Clone, Debug, PartialEq)]
pub struct Media {
    /// What it is.
    pub kind: MediaKind,
    /// Where it is.
    pub source: Source,
    /// The file's name or title.
    pub name: Option<String>,
    /// How closely to look at it: `low`, `high`, `auto`.
    pub detail: Option<String>,
    /// Whether the prompt may be cached up to here.
    pub cache: Option<CacheHint>,
    /// Gemini signs images that it made.
    pub signature: Option<Signature>,
    /// What only the caller's dialect knows of it (Anthropic's `citations` and `context`, Gemini's `videoMetadata`).
    pub extra: Map<String, Value>,
}

impl Media {
    /// Media without anything beside it.
    pub fn new(kind: MediaKind, source: Source) -> Self {
        Self { kind, source, name: None, detail: None, cache: None, signature: None, extra: Map::new() }
    }
}

/// What media are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// A picture.
    Image,
    /// Sound.
    Audio,
    /// A film.
    Video,
    /// Any other file: PDF, text, tables.
    Document,
}

impl MediaKind {
    /// The kind that a MIME type stands for.
    pub fn of(mime: &str) -> Self {
        match mime.split('/').next().unwrap_or_default() {
            "image" => Self::Image,
            "audio" => Self::Audio,
            "video" => Self::Video,
            _ => Self::Document,
        }
    }
}

/// Where media are.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Here.
    Bytes {
        /// The MIME type.
        mime: String,
        /// Standard base64 with padding.
        data: String,
    },
    /// At an address that anybody can read.
    Url {
        /// `https:`, `http:` or the provider's own scheme (`gs:`, `s3:`).
        url: String,
        /// The MIME type, where it was told.
        mime: Option<String>,
    },
    /// A file that was given to the provider before.
    File {
        /// Its id there.
        id: String,
        /// The MIME type, where it was told.
        mime: Option<String>,
    },
    /// A document that is plain text.
    Text(String),
}

/// The model's thinking.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Thought {
    /// What is shown of it; may be empty.
    pub text: String,
    /// Proof of it for the provider that made it, or the whole of it encrypted.
    pub signature: Option<Signature>,
    /// Whether it is kept secret: the signature is all there is (`redacted_thinking`).
    pub is_redacted: bool,
    /// The item's id (Responses).
    pub id: Option<String>,
}

/// A call of a tool.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolCall {
    /// What its result names it by; writers fit it to their provider's rule.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// A JSON object as text, or any text for a custom tool. May be cut off or empty in histories.
    pub arguments: String,
    /// Whether it is a custom (free-form) tool.
    pub is_custom: bool,
    /// Gemini signs calls that follow thinking.
    pub signature: Option<Signature>,
    /// The item's id (Responses), where it differs from `id`.
    pub item_id: Option<String>,
    /// Whether the prompt may be cached up to here.
    pub cache: Option<CacheHint>,
}

/// What a tool answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolResult {
    /// The call's id.
    pub call_id: String,
    /// The tool's name, where it was told; [`super::Request`] has it in the call otherwise.
    pub name: Option<String>,
    /// Text and media.
    pub parts: Vec<Part>,
    /// Whether it failed.
    pub is_error: bool,
    /// Whether the call was of a custom tool.
    pub is_custom: bool,
    /// Gemini's `response` object, as it came.
    pub structured: Option<Value>,
    /// Whether the prompt may be cached up to here.
    pub cache: Option<CacheHint>,
}

/// Where text is from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Citation {
    /// The page.
    pub url: Option<String>,
    /// Its title, or the document's.
    pub title: Option<String>,
    /// The words that are cited.
    pub quote: Option<String>,
    /// Where the cited text begins, in characters of the part's text.
    pub start: Option<u64>,
    /// Where it ends.
    pub end: Option<u64>,
    /// As its own dialect has it.
    pub native: Option<Native>,
}

/// What only one dialect understands, as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Native {
    /// Whose.
    pub dialect: Dialect,
    /// The item, block or part.
    pub value: Value,
}
