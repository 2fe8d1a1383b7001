//! Gemini's answers: a stream is made of the same documents as a whole answer.
//!
//! Source: <https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse>, 2026-11.

use super::{Ending, Facts};
use crate::json::{Scanner, Step};

pub(super) fn read(facts: &mut Facts, scanner: &mut Scanner<'_>) -> Step<()> {
    scanner.members(|scanner, key| {
        match key.inner() {
            b"candidates" => {
                facts.is_known = true;
                scanner.elements(|scanner| candidate(facts, scanner))?;
            }
            b"usageMetadata" => {
                facts.is_known = true;
                facts.counts.read(scanner)?;
            }
            b"promptFeedback" => {
                facts.is_known = true;
                scanner.fields(|scanner, key| feedback(facts, scanner, key.inner()))?;
            }
            b"error" => facts.is_error |= scanner.is_present()?,
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    facts.is_known |= facts.is_error;
    facts.is_semantic |= !facts.is_known;
    Ok(())
}

fn candidate(facts: &mut Facts, scanner: &mut Scanner<'_>) -> Step<()> {
    let (mut index, mut ending) = (0, Ending::Open);
    scanner.fields(|scanner, key| {
        match key.inner() {
            b"index" => index = scanner.count()?.unwrap_or_default(),
            b"content" => facts.is_semantic |= scanner.has_content()?,
            b"finishReason" => ending = Ending::read(scanner)?,
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    facts.choice(index, ending);
    Ok(())
}

/// A blocked prompt has no candidates: the reason is the answer.
fn feedback(facts: &mut Facts, scanner: &mut Scanner<'_>, name: &[u8]) -> Step<()> {
    if name == b"blockReason" && scanner.is_present()? {
        facts.is_semantic = true;
        facts.is_terminal = true;
        return Ok(());
    }
    if name == b"blockReason" { Ok(()) } else { scanner.skip() }
}
