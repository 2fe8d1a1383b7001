//! Amazon Bedrock's Converse, whole and as the events of a stream.
//!
//! Sources: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html>,
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html>; 2026-11.

use super::{Ending, Facts};
use crate::json::{Scanner, Step};

pub(super) fn read(facts: &mut Facts, event: &[u8], scanner: &mut Scanner<'_>) -> Step<()> {
    let (mut has_content, mut ending, mut says_error) = (false, Ending::Open, false);
    scanner.members(|scanner, key| {
        match key.inner() {
            // `start` and `delta` stand in events, `output` in whole answers.
            b"start" | b"delta" | b"output" => {
                facts.is_known = true;
                has_content |= scanner.has_content()?;
            }
            b"stopReason" => ending = Ending::read(scanner)?,
            b"usage" => facts.counts.read(scanner)?,
            b"error" => facts.is_error |= scanner.is_present()?,
            b"message" | b"Message" | b"__type" => says_error |= scanner.is_present()?,
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    if ending != Ending::Open {
        facts.choice(0, ending);
    }
    facts.is_error |= event == b"error" || (says_error && !facts.is_known);
    facts.is_semantic |= has_content;
    facts.is_terminal = event == b"metadata" || (event.is_empty() && facts.is_known);
    facts.is_known |= is_known_event(event) || facts.is_error || facts.counts.is_told();
    facts.is_semantic |= !facts.is_known && !event.is_empty();
    Ok(())
}

fn is_known_event(event: &[u8]) -> bool {
    matches!(
        event,
        b"messageStart"
            | b"contentBlockStart"
            | b"contentBlockDelta"
            | b"contentBlockStop"
            | b"messageStop"
            | b"metadata"
    )
}
