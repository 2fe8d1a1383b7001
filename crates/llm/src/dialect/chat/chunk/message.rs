//! A message, or what is added to one.

use std::borrow::Cow;

use super::{filled, present};
use crate::json::{Scanner, Step};

/// A message, or what is added to one.
#[derive(Debug, Default)]
pub(crate) struct Message<'a> {
    /// The content where it is text.
    pub(crate) text: Option<Cow<'a, str>>,
    /// The content where it is in parts.
    pub(crate) pieces: Vec<Piece<'a>>,
    pub(crate) reasoning: Option<Cow<'a, str>>,
    pub(crate) details: Vec<Detail<'a>>,
    pub(crate) refusal: Option<Cow<'a, str>>,
    pub(crate) annotations: Option<&'a [u8]>,
    pub(crate) audio: Option<Audio<'a>>,
    /// URLs, most of them data URLs.
    pub(crate) images: Vec<Cow<'a, str>>,
    pub(crate) calls: Vec<Call<'a>>,
}

/// A part of the content.
#[derive(Debug)]
pub(crate) enum Piece<'a> {
    /// Text.
    Text(Cow<'a, str>),
    /// Thinking.
    Thought(Cow<'a, str>),
    /// An image's URL.
    Image(Cow<'a, str>),
}

/// A piece of thinking, in `OpenRouter`'s form.
#[derive(Debug, Default)]
pub(crate) struct Detail<'a> {
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) format: Option<Cow<'a, str>>,
    /// What is shown of it.
    pub(crate) text: Option<Cow<'a, str>>,
    /// The proof of what is shown.
    pub(crate) signature: Option<Cow<'a, str>>,
    /// The whole of it, encrypted.
    pub(crate) data: Option<Cow<'a, str>>,
}

/// Sound, or more of it.
#[derive(Debug, Default)]
pub(crate) struct Audio<'a> {
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) data: Option<Cow<'a, str>>,
    pub(crate) transcript: Option<Cow<'a, str>>,
    pub(crate) expires_at: Option<u64>,
}

/// A call of a tool, or more of it.
#[derive(Debug, Default)]
pub(crate) struct Call<'a> {
    pub(crate) index: Option<u64>,
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) arguments: Option<Cow<'a, str>>,
    pub(crate) is_custom: bool,
    /// Google's signature.
    pub(crate) signature: Option<Cow<'a, str>>,
}

impl<'a> Message<'a> {
    pub(crate) fn read(&mut self, scanner: &mut Scanner<'a>) -> Step<()> {
        scanner.fields(|scanner, key| {
            match key.inner() {
                b"content" => self.content(scanner)?,
                b"reasoning_content" | b"reasoning" => {
                    self.reasoning = filled(scanner.text()?).or(self.reasoning.take());
                }
                b"reasoning_details" => scanner.elements(|scanner| {
                    self.details.push(Detail::read(scanner)?);
                    Ok(())
                })?,
                b"refusal" => self.refusal = filled(scanner.text()?),
                b"annotations" => self.annotations = present(scanner.raw()?).filter(|raw| *raw != b"[]"),
                b"audio" if scanner.peek() == Some(b'{') => self.audio = Some(Audio::read(scanner)?),
                b"images" => scanner.elements(|scanner| {
                    self.images.extend(image(scanner)?);
                    Ok(())
                })?,
                b"tool_calls" => scanner.elements(|scanner| {
                    self.calls.push(Call::read(scanner)?);
                    Ok(())
                })?,
                b"function_call" if scanner.peek() == Some(b'{') => {
                    let mut call = Call { index: Some(0), ..Call::default() };
                    call.function(scanner)?;
                    self.calls.push(call);
                }
                _ => scanner.skip()?,
            }
            Ok(())
        })
    }

    fn content(&mut self, scanner: &mut Scanner<'a>) -> Step<()> {
        if scanner.peek() != Some(b'[') {
            self.text = filled(scanner.text()?);
            return Ok(());
        }
        scanner.items(|scanner| {
            if scanner.peek() == Some(b'"') {
                self.pieces.extend(scanner.text()?.map(Piece::Text));
                return Ok(());
            }
            scanner.fields(|scanner, key| {
                match key.inner() {
                    b"text" => self.pieces.extend(scanner.text()?.map(Piece::Text)),
                    b"thinking" => self.thinking(scanner)?,
                    b"image_url" => self.pieces.extend(url(scanner)?.map(Piece::Image)),
                    _ => scanner.skip()?,
                }
                Ok(())
            })
        })
    }

    /// Mistral's: `{"type":"thinking","thinking":[{"type":"text","text":…}]}`.
    fn thinking(&mut self, scanner: &mut Scanner<'a>) -> Step<()> {
        if scanner.peek() == Some(b'"') {
            self.pieces.extend(scanner.text()?.map(Piece::Thought));
            return Ok(());
        }
        scanner.elements(|scanner| {
            scanner.fields(|scanner, key| {
                if key.inner() == b"text" {
                    self.pieces.extend(scanner.text()?.map(Piece::Thought));
                    return Ok(());
                }
                scanner.skip()
            })
        })
    }
}

impl<'a> Detail<'a> {
    fn read(scanner: &mut Scanner<'a>) -> Step<Self> {
        let mut detail = Self::default();
        scanner.fields(|scanner, key| {
            match key.inner() {
                b"id" => detail.id = filled(scanner.text()?),
                b"format" => detail.format = filled(scanner.text()?),
                b"text" | b"summary" => detail.text = filled(scanner.text()?),
                b"signature" => detail.signature = filled(scanner.text()?),
                b"data" => detail.data = filled(scanner.text()?),
                _ => scanner.skip()?,
            }
            Ok(())
        })?;
        Ok(detail)
    }
}

impl<'a> Audio<'a> {
    fn read(scanner: &mut Scanner<'a>) -> Step<Self> {
        let mut audio = Self::default();
        scanner.fields(|scanner, key| {
            match key.inner() {
                b"id" => audio.id = filled(scanner.text()?),
                b"data" => audio.data = filled(scanner.text()?),
                b"transcript" => audio.transcript = filled(scanner.text()?),
                b"expires_at" => audio.expires_at = scanner.count()?,
                _ => scanner.skip()?,
            }
            Ok(())
        })?;
        Ok(audio)
    }
}

impl<'a> Call<'a> {
    fn read(scanner: &mut Scanner<'a>) -> Step<Self> {
        let mut call = Self::default();
        scanner.fields(|scanner, key| {
            match key.inner() {
                b"index" => call.index = scanner.count()?,
                b"id" => call.id = filled(scanner.text()?),
                b"function" => call.function(scanner)?,
                b"custom" if scanner.peek() == Some(b'{') => {
                    call.is_custom = true;
                    call.function(scanner)?;
                }
                // Google's own server of this dialect: `{"google":{"thought_signature":…}}`.
                b"extra_content" => scanner.fields(|scanner, _| {
                    scanner.fields(|scanner, key| {
                        if key.inner() == b"thought_signature" {
                            call.signature = filled(scanner.text()?);
                            return Ok(());
                        }
                        scanner.skip()
                    })
                })?,
                _ => scanner.skip()?,
            }
            Ok(())
        })?;
        Ok(call)
    }

    fn function(&mut self, scanner: &mut Scanner<'a>) -> Step<()> {
        scanner.fields(|scanner, key| {
            match key.inner() {
                b"name" => self.name = filled(scanner.text()?),
                b"arguments" | b"input" => self.arguments = filled(text_or_json(scanner)?),
                _ => scanner.skip()?,
            }
            Ok(())
        })
    }
}

/// Text, or the JSON that stands where text should.
fn text_or_json<'a>(scanner: &mut Scanner<'a>) -> Step<Option<Cow<'a, str>>> {
    if !matches!(scanner.peek(), Some(b'{' | b'[')) {
        return scanner.text();
    }
    Ok(std::str::from_utf8(scanner.raw()?).ok().map(Cow::Borrowed))
}

/// An image's URL: `{"type":"image_url","image_url":{"url":…}}`.
fn image<'a>(scanner: &mut Scanner<'a>) -> Step<Option<Cow<'a, str>>> {
    let mut found = None;
    scanner.fields(|scanner, key| {
        match key.inner() {
            b"image_url" => found = url(scanner)?,
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    Ok(found)
}

/// A URL, or the object that has one.
fn url<'a>(scanner: &mut Scanner<'a>) -> Step<Option<Cow<'a, str>>> {
    if scanner.peek() == Some(b'"') {
        return Ok(filled(scanner.text()?));
    }
    let mut found = None;
    scanner.fields(|scanner, key| {
        match key.inner() {
            b"url" => found = filled(scanner.text()?),
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    Ok(found)
}
