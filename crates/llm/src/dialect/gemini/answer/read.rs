//! Reads a whole answer of the provider.

use super::stream_reader::StreamReader;
use crate::UpstreamError;
use crate::errors;
use crate::generation::{Answer, Choice, Collector};
use crate::json::Scanner;

/// Reads a whole answer: it is one document of a stream.
///
/// # Errors
/// What the provider said went wrong, or that the answer cannot be read.
pub(crate) fn read_answer(body: &[u8]) -> Result<Answer, UpstreamError> {
    let (mut reader, mut events) = (StreamReader::default(), Vec::new());
    if reader.event(b"", body, &mut events).is_err() || events.is_empty() {
        return Err(errors::read_error(200, None, body));
    }
    reader.finish(&mut events);
    let mut collector = Collector::default();
    for event in events {
        collector.push(event);
    }
    let mut answer = collector.finish()?;
    if answer.choices.is_empty() {
        answer.choices.push(Choice::default());
    }
    answer.service_tier = service_tier(body);
    Ok(answer)
}

/// The tier that served it stands beside the counts (<https://ai.google.dev/gemini-api/docs/flex-inference>, 2026-11).
fn service_tier(body: &[u8]) -> Option<String> {
    let mut tier = None;
    let read = Scanner::new(body).fields(|scanner, key| {
        if key.inner() != b"usageMetadata" {
            return scanner.skip();
        }
        scanner.fields(|scanner, key| {
            if key.inner() != b"serviceTier" {
                return scanner.skip();
            }
            tier = scanner.text()?.map(std::borrow::Cow::into_owned);
            Ok(())
        })
    });
    read.ok().and(tier)
}
