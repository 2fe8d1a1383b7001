//! Counts of tokens: those of providers, and an estimate for providers that do not count them when asked.
//!
//! A tokenizer's vocabulary would cost 6 MB of binary, 50 MB of memory and 0.2 s at the first request (tiktoken-rs 0.12.1 with
//! o200k alone; bpe-openai 0.3.2: 34 MB, 70 MB, 0.07 s), and would be right for one family of models. This estimate needs nothing.
//! Against o200k, over all text of a kind it is off by 1 % (chat in English), 2 % (Chinese prose), 1 to 3 % (Rust, Python,
//! JavaScript, Markdown, JSON of tools), 1 to 2 % (Japanese, Korean, Russian), and 5 to 15 % too low for European languages other
//! than English (Polish 5, Spanish 5, French 9, German 15); single pieces of 3,000 bytes are off by 3 to 6 % on average, and by less than 11 to 14 % for 19 of 20 even of code.
//! cl100k comes to the same for English and code, and to a third more for Chinese.

pub(crate) mod text;

use serde::Serialize;

use crate::UpstreamError;
use crate::dialect::{Dialect, gemini, messages};
use crate::generation::{
    Format, Function, Media, MediaKind, Message, Part, Request, Source, Tool, ToolResult,
};

/// What stands around a message (<https://github.com/openai/openai-cookbook/blob/main/examples/How_to_count_tokens_with_tiktoken.ipynb>,
/// 2026-11).
const MESSAGE_TOKENS: u64 = 4;

/// What stands around a tool, a call or a result.
const TOOL_TOKENS: u64 = 8;

/// An image of a megapixel: 765 for `OpenAI` (high detail), 1,032 to 1,290 for Gemini, 1,398 for Anthropic
/// (<https://platform.openai.com/docs/guides/images-vision>, <https://ai.google.dev/gemini-api/docs/tokens>,
/// <https://docs.claude.com/en/docs/build-with-claude/vision>; 2026-11).
const IMAGE_TOKENS: u64 = 1_000;

/// An image of low detail.
const SMALL_IMAGE_TOKENS: u64 = 85;

/// A file that is not here to be measured.
const UNSEEN_TOKENS: u64 = 2_000;

/// Bytes of PDF for a token: a page of 1,500 to 3,000 tokens
/// (<https://docs.claude.com/en/docs/build-with-claude/pdf-support>, 2026-11) is some 40 KB.
const PDF_BYTES: u64 = 20;

/// Bytes of sound for a token: 32 tokens (<https://ai.google.dev/gemini-api/docs/tokens>, 2026-11) a second of 16 KB.
const AUDIO_BYTES: u64 = 500;

/// Bytes of film for a token: 263 tokens (the same page) a second of 250 KB.
const VIDEO_BYTES: u64 = 1_000;

/// Bytes of a plain text for a token.
const TEXT_BYTES: u64 = 4;

/// Reads a provider's count.
pub(super) fn read(dialect: Dialect, body: &[u8]) -> Result<u64, UpstreamError> {
    if dialect == Dialect::Gemini {
        gemini::read_count_answer(body)
    } else {
        messages::read_count_answer(body)
    }
}

/// Writes a count for a caller of `dialect`.
pub(super) fn write(tokens: u64, dialect: Dialect) -> Vec<u8> {
    if dialect == Dialect::Gemini {
        gemini::write_count_answer(tokens)
    } else {
        messages::write_count_answer(tokens)
    }
}

/// How many tokens a request comes to, about.
pub(super) fn estimate(request: &Request) -> u64 {
    let messages = request.messages.iter().map(message);
    let tools = request.tools.iter().map(tool);
    let format = match &request.format {
        Some(Format::JsonSchema { schema, .. }) => json(schema),
        _ => 0,
    };
    messages.chain(tools).fold(format, u64::saturating_add)
}

/// How many tokens a text comes to, about.
fn of_text(text: &str) -> u64 {
    text::Parts::of(text).tokens()
}

fn message(message: &Message) -> u64 {
    let name = message.name.as_deref().map_or(0, of_text);
    message.parts.iter().map(part).fold(MESSAGE_TOKENS + name, u64::saturating_add)
}

fn part(part: &Part) -> u64 {
    match part {
        Part::Text(text) => of_text(&text.text),
        Part::Refusal(text) => of_text(text),
        Part::Thought(thought) => of_text(&thought.text),
        Part::Media(media) => of_media(media),
        Part::ToolCall(call) => TOOL_TOKENS + of_text(&call.name) + of_text(&call.arguments),
        Part::ToolResult(result) => of_result(result),
        Part::Native(native) => json(&native.value),
    }
}

/// What Gemini has in its own form is there in parts as well.
fn of_result(result: &ToolResult) -> u64 {
    let structured = result.structured.as_ref().filter(|_| result.parts.is_empty()).map_or(0, json);
    result.parts.iter().map(part).fold(TOOL_TOKENS + structured, u64::saturating_add)
}

fn of_media(media: &Media) -> u64 {
    let bytes = match &media.source {
        Source::Text(text) => return of_text(text),
        Source::Bytes { data, .. } => u64::try_from(data.len()).unwrap_or(u64::MAX) / 4 * 3,
        Source::Url { .. } | Source::File { .. } if media.kind != MediaKind::Image => return UNSEEN_TOKENS,
        Source::Url { .. } | Source::File { .. } => 0,
    };
    match media.kind {
        MediaKind::Image if media.detail.as_deref() == Some("low") => SMALL_IMAGE_TOKENS,
        MediaKind::Image => IMAGE_TOKENS,
        MediaKind::Audio => bytes / AUDIO_BYTES,
        MediaKind::Video => bytes / VIDEO_BYTES,
        MediaKind::Document if is_text(media) => bytes / TEXT_BYTES,
        MediaKind::Document => bytes / PDF_BYTES,
    }
}

fn is_text(media: &Media) -> bool {
    matches!(&media.source, Source::Bytes { mime, .. } if mime.starts_with("text/") || mime.ends_with("json"))
}

fn tool(tool: &Tool) -> u64 {
    TOOL_TOKENS
        + match tool {
            Tool::Function(Function { name, description, parameters, .. }) => {
                of_text(name)
                    + description.as_deref().map_or(0, of_text)
                    + parameters.as_ref().map_or(0, json)
            }
            Tool::Custom { name, description, format } => {
                of_text(name) + description.as_deref().map_or(0, of_text) + format.as_ref().map_or(0, json)
            }
            Tool::Server(server) => json(&server.native.value),
            Tool::Native(native) => json(&native.value),
        }
}

fn json(value: &impl Serialize) -> u64 {
    of_text(&serde_json::to_string(value).unwrap_or_default())
}

#[cfg(test)]
mod tests;
