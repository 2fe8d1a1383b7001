//! All other answers: embeddings, images, sound, ranks, counts. Whatever they say is worth passing on.
//!
//! Sources: <https://platform.openai.com/docs/api-reference/images-streaming>,
//! <https://platform.openai.com/docs/api-reference/audio>; 2026-11.

use super::Facts;
use crate::json::{Scanner, Step};

pub(super) fn read(facts: &mut Facts, scanner: &mut Scanner<'_>) -> Step<()> {
    let mut is_event = false;
    scanner.members(|scanner, key| {
        match key.inner() {
            b"usage" | b"usageMetadata" => facts.counts.read(scanner)?,
            b"meta" => scanner.fields(|scanner, key| match key.inner() {
                b"tokens" => facts.counts.read(scanner),
                _ => scanner.skip(),
            })?,
            b"error" => facts.is_error |= scanner.is_present()?,
            b"type" => {
                is_event = true;
                let kind = scanner.text()?.unwrap_or_default();
                facts.is_terminal |= kind.ends_with(".done") || kind.ends_with(".completed");
                facts.is_error |= kind == "error";
            }
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    facts.is_known = true;
    facts.is_terminal |= !is_event;
    facts.is_semantic |= !facts.is_error;
    Ok(())
}
