//! A caller's request for a task, read once and written for each provider that is tried.

use std::sync::Arc;

use bytes::Bytes;
use roundhouse_domain::TokenUsage;
use serde_json::Value;

use super::embeddings::Content;
use super::{Call, Form, Reply, Stamp, embeddings, images, moderations, rerank, speech, transcriptions};
use crate::convert::{self, Fetched};
use crate::generation::{Losses, Media, Part, Source, Unsupported};
use crate::{BodyError, Operation, UpstreamError};

/// A caller's request for a task.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// Embeddings.
    Embeddings(embeddings::Request),
    /// Ranks.
    Rerank(rerank::Request),
    /// Moderation.
    Moderations(moderations::Request),
    /// Images.
    Images(Box<images::Request>),
    /// Speech.
    Speech(speech::Request),
    /// The text of a recording.
    Transcription(Box<transcriptions::Request>),
}

/// An answer in the caller's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// What the caller gets.
    pub reply: Reply,
    /// Tokens, as the provider counted them.
    pub usage: TokenUsage,
}

impl Task {
    /// Reads the body of `operation`, which is a form or JSON as `content_type` says; `model` is the one that a Gemini path names.
    ///
    /// # Errors
    /// Names the field that is wrong.
    pub fn read(
        operation: Operation,
        model: &str,
        content_type: &str,
        body: &Bytes,
    ) -> Result<Self, BodyError> {
        let json = || -> Result<Value, BodyError> {
            serde_json::from_slice(body)
                .map_err(|error| BodyError::new(format!("the body is not valid JSON: {error}")))
        };
        Ok(match operation {
            Operation::Embeddings => Self::Embeddings(embeddings::read_openai(json()?)?),
            Operation::EmbedContent => Self::Embeddings(embeddings::read_gemini(json()?, model)?),
            Operation::BatchEmbedContents => Self::Embeddings(embeddings::read_gemini_batch(json()?, model)?),
            Operation::Rerank => Self::Rerank(rerank::read_request(json()?)?),
            Operation::Moderations => Self::Moderations(moderations::read_request(json()?)?),
            Operation::ImagesGenerations => Self::Images(Box::new(images::read_generation(json()?)?)),
            Operation::ImagesEdits if operation.is_form(content_type) => {
                Self::Images(Box::new(images::read_edit_form(content_type, body)?))
            }
            Operation::ImagesEdits => Self::Images(Box::new(images::read_edit(json()?)?)),
            Operation::Speech => Self::Speech(speech::read_request(json()?)?),
            Operation::Transcriptions => {
                Self::Transcription(Box::new(transcriptions::read_transcription(content_type, body)?))
            }
            Operation::Translations => {
                Self::Transcription(Box::new(transcriptions::read_translation(content_type, body)?))
            }
            _ => return Err(BodyError::new("this operation asks for generated content")),
        })
    }

    /// The addresses of media whose bytes are wanted in `form`, each once.
    pub fn urls_to_fetch(&self, form: Form) -> Vec<String> {
        let mut urls = Vec::new();
        for media in self.media().into_iter().filter(|_| !form.takes_addresses()) {
            if let Source::Url { url, .. } = &media.source
                && (url.starts_with("https://") || url.starts_with("http://"))
                && !urls.contains(url)
            {
                urls.push(url.clone());
            }
        }
        urls
    }

    /// The same task with what was fetched in the place of its addresses.
    #[must_use]
    pub fn with_fetched(&self, fetched: &[Arc<Fetched>]) -> Self {
        let mut task = self.clone();
        match &mut task {
            Self::Images(request) => {
                let media = request.images.iter_mut().chain(&mut request.mask);
                media.for_each(|media| convert::replace(media, fetched));
            }
            Self::Embeddings(request) => {
                let contents = request.inputs.iter_mut().map(|input| &mut input.content);
                let parts = contents.filter_map(|content| match content {
                    Content::Parts(parts) => Some(parts),
                    _ => None,
                });
                for part in parts.flatten() {
                    if let Part::Media(media) = part {
                        convert::replace(media, fetched);
                    }
                }
            }
            _ => {}
        }
        task
    }

    fn media(&self) -> Vec<&Media> {
        match self {
            Self::Images(request) => request.images.iter().chain(&request.mask).collect(),
            Self::Embeddings(request) => {
                let parts = request.inputs.iter().filter_map(|input| match &input.content {
                    Content::Parts(parts) => Some(parts),
                    _ => None,
                });
                let media = parts.flatten().filter_map(|part| match part {
                    Part::Media(media) => Some(media),
                    _ => None,
                });
                media.collect()
            }
            _ => Vec::new(),
        }
    }

    /// The upstream calls that do the task with `model`, whose answers belong together in this order; at least one.
    ///
    /// # Errors
    /// Names what the provider has no place for.
    pub fn write(&self, form: Form, model: &str, losses: &mut Losses) -> Result<Vec<Call>, Unsupported> {
        match (self, form) {
            (Self::Embeddings(request), Form::Embeddings(wire)) => {
                embeddings::write_requests(request, wire, model, losses)
            }
            (Self::Rerank(request), Form::Rerank(wire)) => {
                rerank::write_request(request, wire, model, losses).map(|call| vec![call])
            }
            (Self::Moderations(request), Form::Moderations) => {
                Ok(vec![moderations::write_request(request, model, losses)])
            }
            (Self::Images(request), Form::Images(wire)) => {
                images::write_requests(request, wire, model, losses)
            }
            (Self::Speech(request), Form::Speech(wire)) => {
                speech::write_request(request, wire, model, losses).map(|call| vec![call])
            }
            (Self::Transcription(request), Form::Transcriptions) => {
                transcriptions::write_request(request, losses).map(|call| vec![call])
            }
            _ => Err(Unsupported::new("model", "this model's provider does no such work")),
        }
    }

    /// Joins the bodies of the good answers to all calls into the caller's.
    ///
    /// # Errors
    /// When one is an error in spite of its status, or cannot be read.
    pub fn answer(
        &self,
        form: Form,
        bodies: &[Bytes],
        stamp: &convert::Stamp,
    ) -> Result<Done, UpstreamError> {
        let stamp = &Stamp { id: &stamp.id, created: stamp.created };
        let first = bodies.first().map_or(&[][..], |body| body);
        Ok(match (self, form) {
            (Self::Embeddings(request), Form::Embeddings(wire)) => {
                let answers = bodies.iter().map(|body| embeddings::read_answer(wire, body));
                let answer = embeddings::merge(answers.collect::<Result<Vec<_>, _>>()?, &request.asked)?;
                Done { reply: embeddings::write_answer(&answer, &request.asked), usage: answer.usage }
            }
            (Self::Images(request), Form::Images(wire)) => {
                let answers = bodies.iter().map(|body| images::read_answer(wire, body));
                let answer = images::merge(answers.collect::<Result<Vec<_>, _>>()?);
                let reply = images::write_answer(&answer, &request.asked, stamp);
                Done { reply, usage: answer.usage.counted() }
            }
            (Self::Rerank(request), _) => {
                let answer = rerank::read_answer(first, &request.asked)?;
                Done { reply: rerank::write_answer(&answer, &request.asked, stamp), usage: answer.usage }
            }
            (Self::Moderations(request), _) => {
                let answer = moderations::read_answer(first, request.texts.len())?;
                Done { reply: moderations::write_answer(&answer, &request.model, stamp), usage: answer.usage }
            }
            (Self::Speech(request), Form::Speech(wire)) => {
                let answer = speech::read_answer(wire, first)?;
                Done { reply: speech::write_answer(&answer, &request.asked), usage: answer.usage.counted() }
            }
            (Self::Transcription(request), _) => {
                let answer = transcriptions::read_answer(first)?;
                let reply = transcriptions::write_answer(&answer, &request.asked);
                Done { reply, usage: answer.usage.counted() }
            }
            _ => return Err(super::json::broken("answer")),
        })
    }
}
