//! What the gateway must know of a JSON request body, found in one pass without building a tree.

use std::ops::Range;

use bytes::Bytes;

use crate::json::{Scanner, Step, Text, place};
use crate::{BodyError, Operation, Pieces, Protocol};

mod fields;

use fields::{count, flag, text, within};

/// The few fields of a request body that decide where it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    model: Option<String>,
    stream: bool,
    affinity: Affinity,
    previous_response_id: Option<String>,
    wants_usage: bool,
    max_output_tokens: Option<u64>,
    choices: Option<u64>,
    /// Where model names stand; several only in Gemini's batches.
    spans: Vec<Range<usize>>,
    /// Right after the opening brace: where a model goes that is not there.
    opening: usize,
    is_gemini: bool,
}

/// The fields that name a conversation or a user, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Affinity {
    prompt_cache_key: Option<String>,
    user: Option<String>,
    metadata_user_id: Option<String>,
    safety_identifier: Option<String>,
}

impl Envelope {
    /// Reads the body of `op`: one JSON object in UTF-8, checked to its end.
    ///
    /// # Errors
    /// Says what is wrong and where; names the field where one is: `model` given twice or not a string,
    /// `stream` neither true, false nor null.
    pub fn scan(body: &Bytes, op: Operation) -> Result<Self, BodyError> {
        if simdutf8::basic::from_utf8(body).is_err() {
            return Err(not_utf8(body));
        }
        let mut envelope = Self {
            is_gemini: op.protocol() == Protocol::Gemini,
            stream: op == Operation::StreamGenerateContent,
            ..Self::default()
        };
        let mut scanner = Scanner::new(body);
        match envelope.read(&mut scanner) {
            Ok(()) => Ok(envelope),
            Err(_) => Err(scanner.error()),
        }
    }

    /// The model that is asked for; none for Gemini, whose paths name it.
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// Whether a stream is asked for, by the body or, for Gemini, by the operation.
    pub fn stream(&self) -> bool {
        self.stream
    }

    /// What names the conversation or the user: `prompt_cache_key`, `user`, `metadata.user_id` or `safety_identifier`.
    pub fn affinity(&self) -> Option<&str> {
        let Affinity { prompt_cache_key, user, metadata_user_id, safety_identifier } = &self.affinity;
        [prompt_cache_key, user, metadata_user_id, safety_identifier].into_iter().find_map(Option::as_deref)
    }

    /// The stored response that this request goes on from.
    pub fn previous_response_id(&self) -> Option<&str> {
        self.previous_response_id.as_deref()
    }

    /// Whether the caller asked for usage at the end of the stream (`stream_options.include_usage`).
    pub fn wants_usage(&self) -> bool {
        self.wants_usage
    }

    /// The most tokens that each answer may have (`max_tokens`, `max_completion_tokens`, `max_output_tokens`, `maxOutputTokens`).
    pub fn max_output_tokens(&self) -> Option<u64> {
        self.max_output_tokens
    }

    /// How many answers are asked for (`n`, `candidateCount`).
    pub fn choices(&self) -> u64 {
        self.choices.unwrap_or(1).max(1)
    }

    /// The scanned body with `model` in the place of the model's name, or put first where none was; all else is shared.
    /// Gemini's bodies name a model only for embeddings and token counts, and get none where none was.
    pub fn with_model(&self, body: &Bytes, model: &str) -> Pieces {
        let fits = self.spans.last().map_or(self.opening, |span| span.end) <= body.len();
        if !fits || (!self.is_gemini && self.model.as_deref() == Some(model)) {
            return body.clone().into();
        }
        let name = if self.is_gemini { quote(&resource_name(model)) } else { quote(model) };
        match self.spans.as_slice() {
            [] if self.is_gemini => body.clone().into(),
            [] => {
                let is_empty = body[self.opening..].trim_ascii_start().starts_with(b"}");
                let comma = if is_empty { "" } else { "," };
                Pieces::splice(body, self.opening..self.opening, format!("\"model\":{name}{comma}").into())
            }
            [span] if body[span.clone()] == *name.as_bytes() => body.clone().into(),
            [span] => Pieces::splice(body, span.clone(), name.into()),
            spans => replace_all(body, spans, &name).into(),
        }
    }

    fn read(&mut self, scanner: &mut Scanner<'_>) -> Step<()> {
        if scanner.peek() == Some(b'{') {
            self.opening = scanner.position() + 1;
        }
        scanner.members(|scanner, key| {
            if self.is_gemini { self.gemini_member(scanner, key) } else { self.member(scanner, key) }
        })?;
        scanner.end()
    }

    fn member(&mut self, scanner: &mut Scanner<'_>, key: Text<'_>) -> Step<()> {
        match key.name().as_ref() {
            b"model" => self.model_member(scanner),
            b"stream" => {
                self.stream = flag(scanner, "stream", "stream must be true or false")?;
                Ok(())
            }
            b"stream_options" => within(scanner, "include_usage", |scanner| {
                self.wants_usage = scanner.peek() == Some(b't');
                scanner.skip()
            }),
            b"metadata" => {
                within(scanner, "user_id", |scanner| text(scanner, &mut self.affinity.metadata_user_id))
            }
            b"prompt_cache_key" => text(scanner, &mut self.affinity.prompt_cache_key),
            b"user" => text(scanner, &mut self.affinity.user),
            b"safety_identifier" => text(scanner, &mut self.affinity.safety_identifier),
            b"max_tokens" | b"max_completion_tokens" | b"max_output_tokens" => {
                count(scanner, &mut self.max_output_tokens)
            }
            b"n" => count(scanner, &mut self.choices),
            b"previous_response_id" => text(scanner, &mut self.previous_response_id),
            _ => scanner.skip(),
        }
    }
}

impl Envelope {
    fn model_member(&mut self, scanner: &mut Scanner<'_>) -> Step<()> {
        if self.model.is_some() {
            return scanner.refuse("model", "model is given twice");
        }
        if scanner.peek() != Some(b'"') {
            return scanner.refuse("model", "model must be a string");
        }
        let name = scanner.string()?;
        let Some(value) = name.value() else { return scanner.refuse("model", "model is not valid text") };
        self.model = Some(value.into_owned());
        self.spans.push(name.span());
        Ok(())
    }

    /// Gemini names the model in the path, and again in the bodies of embeddings and token counts, where the two must agree
    /// (<https://ai.google.dev/api/embeddings>, <https://ai.google.dev/api/tokens>, 2026-11).
    fn gemini_member(&mut self, scanner: &mut Scanner<'_>, key: Text<'_>) -> Step<()> {
        match key.name().as_ref() {
            b"model" => self.gemini_model(scanner),
            b"generateContentRequest" | b"generate_content_request" => {
                within(scanner, "model", |scanner| self.gemini_model(scanner))
            }
            b"generationConfig" | b"generation_config" => {
                scanner.fields(|scanner, key| match key.name().as_ref() {
                    b"maxOutputTokens" | b"max_output_tokens" => count(scanner, &mut self.max_output_tokens),
                    b"candidateCount" | b"candidate_count" => count(scanner, &mut self.choices),
                    _ => scanner.skip(),
                })
            }
            b"requests" if scanner.peek() == Some(b'[') => {
                scanner.items(|scanner| within(scanner, "model", |scanner| self.gemini_model(scanner)))
            }
            _ => scanner.skip(),
        }
    }

    fn gemini_model(&mut self, scanner: &mut Scanner<'_>) -> Step<()> {
        if scanner.peek() != Some(b'"') {
            return scanner.skip();
        }
        self.spans.push(scanner.string()?.span());
        Ok(())
    }
}

fn not_utf8(body: &[u8]) -> BodyError {
    let at = std::str::from_utf8(body).map_or_else(|error| error.valid_up_to(), str::len);
    BodyError::new(format!("the body is not valid UTF-8 ({})", place(body, at)))
}

fn quote(name: &str) -> String {
    serde_json::Value::from(name).to_string()
}

fn resource_name(model: &str) -> String {
    if model.contains('/') { model.to_owned() } else { format!("models/{model}") }
}

fn replace_all(body: &Bytes, spans: &[Range<usize>], name: &str) -> Bytes {
    let mut replaced = Vec::with_capacity(body.len() + spans.len() * name.len());
    let mut from = 0;
    for span in spans {
        replaced.extend_from_slice(&body[from..span.start]);
        replaced.extend_from_slice(name.as_bytes());
        from = span.end;
    }
    replaced.extend_from_slice(&body[from..]);
    replaced.into()
}

#[cfg(test)]
mod tests;
