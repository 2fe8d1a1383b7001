//! One document of an answer, taken apart without insisting on types.

use std::borrow::Cow;

use crate::json::{Scanner, Step, push};

/// Members of a candidate that others have no counterpart for, or another one.
const BESIDE: [(&[u8], &str); 5] = [
    (b"groundingMetadata", "groundingMetadata"),
    (b"citationMetadata", "citationMetadata"),
    (b"urlContextMetadata", "urlContextMetadata"),
    (b"safetyRatings", "safetyRatings"),
    (b"avgLogprobs", "avgLogprobs"),
];

/// A document.
#[derive(Debug, Default)]
pub(super) struct Document<'a> {
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) model: Option<Cow<'a, str>>,
    pub(super) created: Option<Cow<'a, str>>,
    pub(super) candidates: Vec<Candidate<'a>>,
    /// `usageMetadata` as it stands.
    pub(super) usage: Option<&'a [u8]>,
    /// `promptFeedback` as it stands.
    pub(super) feedback: Option<&'a [u8]>,
    /// Whether the prompt was refused.
    pub(super) is_blocked: bool,
    pub(super) is_error: bool,
}

/// An alternative.
#[derive(Debug, Default)]
pub(super) struct Candidate<'a> {
    pub(super) index: u32,
    pub(super) parts: Vec<Part<'a>>,
    pub(super) finish: Option<Cow<'a, str>>,
    pub(super) finish_message: Option<Cow<'a, str>>,
    pub(super) logprobs: Option<&'a [u8]>,
    /// What stands beside the content, each under its name.
    pub(super) beside: Vec<(&'static str, &'a [u8])>,
}

/// A part.
#[derive(Debug, Default)]
pub(super) struct Part<'a> {
    pub(super) text: Option<Cow<'a, str>>,
    pub(super) is_thought: bool,
    pub(super) signature: Option<Cow<'a, str>>,
    pub(super) call: Option<Call<'a>>,
    pub(super) blob: Option<Blob<'a>>,
    pub(super) file: Option<Blob<'a>>,
    /// The part as it stands.
    pub(super) raw: &'a [u8],
}

/// A call of a function.
#[derive(Debug, Default)]
pub(super) struct Call<'a> {
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) name: Option<Cow<'a, str>>,
    /// The arguments as they stand.
    pub(super) args: Option<&'a [u8]>,
    /// Pieces of arguments as they stand.
    pub(super) partial: Option<&'a [u8]>,
    pub(super) will_continue: bool,
}

/// Media: bytes in base64, or an address.
#[derive(Debug, Default)]
pub(super) struct Blob<'a> {
    pub(super) mime: Option<Cow<'a, str>>,
    pub(super) data: Option<Cow<'a, str>>,
}

impl<'a> Document<'a> {
    /// Reads the document that `scanner` stands before, in `bytes`.
    pub(super) fn read(bytes: &'a [u8], scanner: &mut Scanner<'a>) -> Step<Self> {
        let mut document = Self::default();
        scanner.fields(|scanner, key| {
            match key.inner() {
                b"responseId" => document.id = scanner.text()?,
                b"modelVersion" => document.model = scanner.text()?,
                b"createTime" => document.created = scanner.text()?,
                b"candidates" => scanner.elements(|scanner| {
                    let candidate = Candidate::read(bytes, scanner)?;
                    push(&mut document.candidates, candidate);
                    Ok(())
                })?,
                b"usageMetadata" => document.usage = Some(scanner.raw()?),
                b"promptFeedback" => document.feedback(scanner.raw()?),
                b"error" => document.is_error |= scanner.is_present()?,
                _ => scanner.skip()?,
            }
            Ok(())
        })?;
        Ok(document)
    }

    fn feedback(&mut self, raw: &'a [u8]) {
        let mut is_blocked = false;
        let _ = Scanner::new(raw).fields(|scanner, key| {
            if key.inner() == b"blockReason" {
                is_blocked = scanner.is_present()?;
                return Ok(());
            }
            scanner.skip()
        });
        self.is_blocked |= is_blocked;
        self.feedback = Some(raw).filter(|raw| *raw != b"null");
    }
}

impl<'a> Candidate<'a> {
    fn read(bytes: &'a [u8], scanner: &mut Scanner<'a>) -> Step<Self> {
        let mut candidate = Self::default();
        scanner.fields(|scanner, key| {
            match key.inner() {
                b"index" => {
                    candidate.index = scanner.count()?.and_then(|index| index.try_into().ok()).unwrap_or(0);
                }
                b"finishReason" => candidate.finish = scanner.text()?.filter(|reason| !reason.is_empty()),
                b"finishMessage" => candidate.finish_message = scanner.text()?,
                b"logprobsResult" => candidate.logprobs = Some(scanner.raw()?),
                b"content" => scanner.fields(|scanner, key| {
                    if key.inner() != b"parts" {
                        return scanner.skip();
                    }
                    scanner.elements(|scanner| {
                        push(&mut candidate.parts, Part::read(bytes, scanner)?);
                        Ok(())
                    })
                })?,
                name => {
                    let raw = scanner.raw()?;
                    let known = BESIDE.iter().find(|(known, _)| *known == name);
                    candidate.beside.extend(known.map(|(_, name)| (*name, raw)));
                }
            }
            Ok(())
        })?;
        Ok(candidate)
    }
}

impl<'a> Part<'a> {
    fn read(bytes: &'a [u8], scanner: &mut Scanner<'a>) -> Step<Self> {
        let mut part = Self::default();
        scanner.peek();
        let start = scanner.position();
        scanner.fields(|scanner, key| {
            match key.inner() {
                b"text" => part.text = scanner.text()?,
                b"thought" => part.is_thought = flag(scanner)?,
                b"thoughtSignature" | b"thought_signature" => part.signature = scanner.text()?,
                b"functionCall" => part.call = Some(Call::read(scanner)?),
                b"inlineData" => part.blob = Some(Blob::read(scanner, b"data")?),
                b"fileData" => part.file = Some(Blob::read(scanner, b"fileUri")?),
                _ => scanner.skip()?,
            }
            Ok(())
        })?;
        part.raw = &bytes[start..scanner.position()];
        Ok(part)
    }
}

impl<'a> Call<'a> {
    fn read(scanner: &mut Scanner<'a>) -> Step<Self> {
        let mut call = Self::default();
        scanner.fields(|scanner, key| {
            match key.inner() {
                b"id" => call.id = scanner.text()?.filter(|id| !id.is_empty()),
                b"name" => call.name = scanner.text()?.filter(|name| !name.is_empty()),
                b"args" => call.args = Some(scanner.raw()?).filter(|raw| *raw != b"null"),
                b"partialArgs" => call.partial = Some(scanner.raw()?),
                b"willContinue" => call.will_continue = flag(scanner)?,
                _ => scanner.skip()?,
            }
            Ok(())
        })?;
        Ok(call)
    }
}

impl<'a> Blob<'a> {
    fn read(scanner: &mut Scanner<'a>, data: &[u8]) -> Step<Self> {
        let mut blob = Self::default();
        scanner.fields(|scanner, key| {
            match key.inner() {
                b"mimeType" => blob.mime = scanner.text()?,
                name if name == data => blob.data = scanner.text()?,
                _ => scanner.skip()?,
            }
            Ok(())
        })?;
        Ok(blob)
    }
}

fn flag(scanner: &mut Scanner<'_>) -> Step<bool> {
    scanner.raw().map(|raw| raw == b"true")
}
