//! Chat completions and completions, whole and in chunks.
//!
//! Sources: <https://platform.openai.com/docs/api-reference/chat-streaming>, and for what others add:
//! <https://console.groq.com/docs/api-reference> (`x_groq`), <https://openrouter.ai/docs/api-reference/errors> (`error` in a
//! choice), <https://platform.minimax.io/docs/api-reference/errorcode> (`base_resp`); 2026-11.

use super::{Ending, Facts};
use crate::json::{Scanner, Step};

pub(super) fn read(facts: &mut Facts, scanner: &mut Scanner<'_>) -> Step<()> {
    let mut is_ping = false;
    scanner.members(|scanner, key| {
        match key.inner() {
            b"choices" => {
                facts.is_known = true;
                scanner.elements(|scanner| choice(facts, scanner))?;
            }
            b"usage" => facts.counts.read(scanner)?,
            b"x_groq" => scanner.fields(|scanner, key| match key.inner() {
                b"usage" => facts.counts.read(scanner),
                b"error" => error(facts, scanner),
                _ => scanner.skip(),
            })?,
            b"error" => error(facts, scanner)?,
            b"base_resp" => scanner.fields(|scanner, key| {
                let raw = scanner.raw()?;
                facts.is_error |= key.inner() == b"status_code" && raw != b"0";
                Ok(())
            })?,
            b"type" => is_ping = scanner.text()?.is_some_and(|kind| matches!(&*kind, "ping" | "keepalive")),
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    facts.is_known |= is_ping || facts.is_error || facts.counts.is_told();
    facts.is_semantic |= !facts.is_known;
    Ok(())
}

fn choice(facts: &mut Facts, scanner: &mut Scanner<'_>) -> Step<()> {
    let (mut index, mut ending) = (0, Ending::Open);
    scanner.fields(|scanner, key| {
        match key.inner() {
            b"index" => index = scanner.count()?.unwrap_or_default(),
            b"delta" | b"message" | b"text" => facts.is_semantic |= scanner.has_content()?,
            b"finish_reason" => ending = Ending::read(scanner)?,
            b"error" => error(facts, scanner)?,
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    facts.choice(index, ending);
    Ok(())
}

fn error(facts: &mut Facts, scanner: &mut Scanner<'_>) -> Step<()> {
    facts.is_error |= scanner.is_present()?;
    Ok(())
}
