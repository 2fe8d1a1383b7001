//! Parts as content blocks.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::{Context, names};
use roundhouse_domain::spec::Family;

use crate::dialect::messages::block::{Block, Cache, Content, Source as Place, input};
use crate::dialect::messages::citation;
use crate::dialect::{Dialect, Target};
use crate::generation::{
    Issuer, Media, MediaKind, Native, Part, Source, Text, Thought, ToolCall, ToolResult, Unsupported, call_id,
};

/// Pictures that it looks at (<https://platform.claude.com/docs/en/build-with-claude/vision>, 2026-11).
const IMAGES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// The longest id of a call.
const LONGEST_ID: usize = 64;

/// Whether an address must be read and put in before the request is written: it is not one that Anthropic fetches itself.
/// Vertex and Bedrock fetch none.
pub(crate) fn needs_bytes(media: &Media, target: &Target<'_>) -> bool {
    let Source::Url { url, mime } = &media.source else { return false };
    // The clouds read no addresses (https://docs.claude.com/en/docs/build-with-claude/vision, 2026-11).
    let reads_urls = !matches!(target.family, Family::Vertex | Family::Bedrock);
    let is_fetched = match media.kind {
        MediaKind::Image => mime.as_deref().is_none_or(|mime| IMAGES.contains(&mime) || mime == "image/*"),
        _ => mime.as_deref().is_none_or(|mime| mime == "application/pdf"),
    };
    !(reads_urls && url.starts_with("https://") && is_fetched)
}

impl<'a> Context<'a, '_> {
    /// The block of a part of the message at `index`; none where it says nothing here.
    pub(super) fn block(&mut self, part: &'a Part, index: usize) -> Result<Option<Block<'a>>, Unsupported> {
        Ok(match part {
            Part::Text(text) => text_block(text),
            Part::Refusal(text) => Some(Block::text(text)).filter(|_| !text.trim().is_empty()),
            Part::Media(media) => Some(self.media(media, index)?),
            Part::Thought(thought) => self.thought(thought),
            Part::ToolCall(call) => Some(call_block(call)),
            Part::ToolResult(result) => Some(self.result(result, index)?),
            Part::Native(native) => self.native(native, index),
        })
    }

    fn result(&mut self, result: &'a ToolResult, index: usize) -> Result<Block<'a>, Unsupported> {
        let mut blocks = Vec::with_capacity(result.parts.len());
        for part in &result.parts {
            if matches!(part, Part::Text(_) | Part::Media(_) | Part::Native(_)) {
                blocks.extend(self.block(part, index)?);
            }
        }
        if let Some(structured) = result.structured.as_ref().filter(|_| blocks.is_empty()) {
            blocks.push(Block::text(structured.to_string()));
        }
        Ok(Block::ToolResult {
            tool_use_id: call_id::fit(&result.call_id, LONGEST_ID, call_id::is_plain),
            content: Content(blocks),
            is_error: result.is_error,
            cache_control: Cache::of(result.cache.as_ref()),
        })
    }

    /// Only what Anthropic signed is of use to it; servers of others that speak this dialect sign nothing.
    fn thought(&self, thought: &'a Thought) -> Option<Block<'a>> {
        match &thought.signature {
            Some(signature) if signature.issuer != Issuer::Anthropic => None,
            Some(signature) if thought.is_redacted => {
                Some(Block::RedactedThinking { data: Cow::Borrowed(&signature.data) })
            }
            None if self.model.is_claude() || !self.is_own() || thought.text.is_empty() => None,
            signature => {
                let signature = signature.as_ref().map_or("", |signature| &signature.data);
                Some(Block::Thinking { thinking: &thought.text, signature: Cow::Borrowed(signature) })
            }
        }
    }

    fn native(&mut self, native: &'a Native, index: usize) -> Option<Block<'a>> {
        if native.dialect != Dialect::Messages {
            let field = self.place(index);
            self.losses.note(field, "only the provider that made it understands it");
            return None;
        }
        Some(Block::Native(&native.value))
    }

    fn media(&mut self, media: &'a Media, index: usize) -> Result<Block<'a>, Unsupported> {
        let source = self.source(media, index)?;
        let cache_control = Cache::of(media.cache.as_ref());
        if media.detail.as_deref().is_some_and(|detail| detail != "auto") {
            self.losses.note(format!("{}.detail", self.place(index)), "images are always looked at closely");
        }
        let extra = Some(&media.extra).filter(|extra| self.is_own() && !extra.is_empty());
        Ok(match media.kind {
            MediaKind::Image => Block::Image { source, cache_control, extra },
            _ => Block::Document { source, title: media.name.as_deref(), cache_control, extra },
        })
    }

    fn source(&self, media: &'a Media, index: usize) -> Result<Place<'a>, Unsupported> {
        let refused = |what: &str| Err(Unsupported::new(self.place(index), what));
        if matches!(media.kind, MediaKind::Audio | MediaKind::Video) {
            return refused("this model's provider takes neither sound nor films; send what is said as text");
        }
        match &media.source {
            Source::Bytes { mime, data } if media.kind == MediaKind::Image => match picture(mime) {
                Some(media_type) => Ok(Place::Base64 { media_type, data }),
                None => refused("images must be JPEG, PNG, GIF or WebP for this model's provider"),
            },
            Source::Bytes { mime, data } if mime == "application/pdf" => {
                Ok(Place::Base64 { media_type: "application/pdf", data })
            }
            Source::Bytes { mime, data } => match text_of(mime, data) {
                Some(text) => Ok(Place::Text { media_type: "text/plain", data: Cow::Owned(text) }),
                None => refused("files must be PDF or text for this model's provider"),
            },
            Source::Text(text) => Ok(Place::Text { media_type: "text/plain", data: Cow::Borrowed(text) }),
            Source::Url { url, .. } if url.starts_with("https://") => Ok(Place::Url { url }),
            Source::Url { .. } => refused("the address cannot be read; send the content itself"),
            Source::File { id, .. } if self.is_own() => Ok(Place::File { file_id: id }),
            Source::File { .. } => {
                refused("the file was given to another provider; send its content or an address instead")
            }
        }
    }

    /// The name of the message at `index`.
    pub(super) fn place(&self, index: usize) -> String {
        format!("{}[{index}]", names::of(self.request.dialect, "messages"))
    }
}

fn text_block(text: &Text) -> Option<Block<'_>> {
    if let Some(block) = citation::stood_for(text) {
        return Some(Block::Native(block));
    }
    // Blocks without any text are refused.
    (!text.text.trim().is_empty()).then(|| Block::Text {
        text: Cow::Borrowed(&text.text),
        citations: citation::returned(text),
        cache_control: Cache::of(text.cache.as_ref()),
    })
}

fn call_block(call: &ToolCall) -> Block<'_> {
    Block::ToolUse {
        id: call_id::fit(&call.id, LONGEST_ID, call_id::is_plain),
        name: &call.name,
        input: input(call),
        cache_control: Cache::of(call.cache.as_ref()),
    }
}

fn picture(mime: &str) -> Option<&'static str> {
    let mime = if mime == "image/jpg" { "image/jpeg" } else { mime };
    IMAGES.into_iter().find(|known| known.eq_ignore_ascii_case(mime))
}

fn text_of(mime: &str, data: &str) -> Option<String> {
    let mime = mime.split(';').next().unwrap_or_default().trim();
    let is_text = mime.starts_with("text/")
        || ["json", "xml", "yaml", "javascript", "csv", "markdown"].iter().any(|end| mime.ends_with(end));
    String::from_utf8(BASE64_STANDARD.decode(data).ok().filter(|_| is_text)?).ok()
}
