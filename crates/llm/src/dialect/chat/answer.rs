//! Whole answers.

mod write;

use super::chunk::Chunk;
use super::reader::StreamReader;
use crate::generation::{Answer, Collector};
use crate::{UpstreamError, document, errors};
pub(crate) use write::write_answer;

/// Reads a whole answer.
///
/// # Errors
/// What the provider says went wrong, or that it is no answer.
pub(crate) fn read_answer(body: &[u8]) -> Result<Answer, UpstreamError> {
    StreamReader::default().answer(body)
}

impl StreamReader {
    /// Reads a whole answer.
    ///
    /// # Errors
    /// What the provider says went wrong, or that it is no answer.
    pub(crate) fn answer(mut self, body: &[u8]) -> Result<Answer, UpstreamError> {
        let text = String::from_utf8_lossy(body);
        let body = text.as_bytes();
        let chunk = Chunk::read(body).map_err(|_| errors::read_error(200, None, body))?;
        if chunk.is_error {
            return Err(document::error(body));
        }
        if chunk.choices.is_empty() {
            let message = "the provider's answer has no choices".to_owned();
            return Err(UpstreamError { message, ..UpstreamError::default() });
        }
        let mut events = Vec::new();
        self.chunk(chunk, &mut events);
        self.end(&mut events);
        let mut collector = Collector::default();
        for event in events {
            collector.push(event);
        }
        let mut answer = collector.finish()?;
        let tier = answer.extra.shift_remove("service_tier");
        answer.service_tier = tier.as_ref().and_then(serde_json::Value::as_str).map(str::to_owned);
        Ok(answer)
    }
}
