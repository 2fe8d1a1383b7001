//! Writes requests, as the target's profile wants them.

mod content;
mod format;
mod messages;
mod options;
mod reasoning;
mod tools;

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::catalogue::ReasoningStyle;
use crate::dialect::{Dialect, Target, written};
use crate::generation::{Issuer, Losses, Media, MediaKind, Message, Request, Source, Unsupported};
use crate::profile::{Documents, Fields, Profile, Turns};

/// The body of a request.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<messages::MessageOut<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<tools::ToolOut<'a>>,
    #[serde(flatten)]
    options: Map<String, Value>,
}

/// What everything that is written depends on.
#[derive(Clone, Copy)]
struct Context<'a> {
    request: &'a Request,
    target: &'a Target<'a>,
    takes: Fields,
}

/// Writes a request.
///
/// # Errors
/// Which field the target has no words for, where the answer would be of no use without it.
pub(crate) fn write_request(
    request: &Request,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    let context = Context::new(request, target);
    let mut options = Map::new();
    let tools = tools::write(&context, &mut options, losses)?;
    let instruction = format::write(&context, &mut options, losses);
    options::write(&context, &mut options, losses)?;
    reasoning::write(&context, &mut options, losses);
    options::extra(&context, &mut options, losses);
    let history = match target.profile.turns {
        Turns::Alternating => Cow::Owned(Message::turns(request.messages.clone())),
        Turns::Any | Turns::SystemFirst | Turns::ToolsAnswered => Cow::Borrowed(&request.messages[..]),
    };
    let messages = messages::write(&context, &history, instruction, losses)?;
    let body = Body { model: target.model, messages, tools, options };
    written(&body, request)
}

/// Whether media at an address must be fetched first, since the target takes bytes only.
pub(crate) fn needs_bytes(media: &Media, target: &Target<'_>) -> bool {
    let takes = target.profile.takes(target.model);
    if !matches!(media.source, Source::Url { .. }) {
        return false;
    }
    match media.kind {
        MediaKind::Image => takes.has(Fields::IMAGES) && !takes.has(Fields::IMAGE_URLS),
        MediaKind::Audio => takes.has(Fields::AUDIO),
        MediaKind::Video => false,
        MediaKind::Document => target.profile.documents == Documents::File,
    }
}

impl<'a> Context<'a> {
    fn new(request: &'a Request, target: &'a Target<'a>) -> Self {
        let mut takes = target.profile.takes(target.model);
        if target.facts.has_fixed_sampling {
            takes = takes.without(Fields::DRAWING);
        }
        Self { request, target, takes }
    }

    fn profile(&self) -> &'a Profile {
        self.target.profile
    }

    /// Whose signatures the model can read.
    fn issuer(&self) -> Option<Issuer> {
        let model = self.target.model.to_ascii_lowercase();
        let name = model.rsplit('/').next().unwrap_or_default();
        [("claude", Issuer::Anthropic), ("gemini", Issuer::Gemini), ("gpt-", Issuer::Openai)]
            .into_iter()
            .chain([("o1", Issuer::Openai), ("o3", Issuer::Openai), ("o4", Issuer::Openai)])
            .find(|(start, _)| name.starts_with(start))
            .map(|(_, issuer)| issuer)
    }

    fn thinks(&self) -> bool {
        self.target.facts.reasoning != ReasoningStyle::None
    }

    /// How the caller's dialect calls a field of this one.
    fn path(&self, field: &str) -> String {
        let known = match (self.request.dialect, field) {
            (Dialect::Messages, "stop") => "stop_sequences",
            (Dialect::Messages, "user") => "metadata.user_id",
            (Dialect::Messages, "reasoning") => "thinking",
            (Dialect::Messages, "response_format") => "output_config.format",
            (Dialect::Responses, "response_format") => "text.format",
            (Dialect::Responses, "verbosity") => "text.verbosity",
            (Dialect::Responses, "messages") => "input",
            (Dialect::Responses, "max_tokens") => "max_output_tokens",
            (Dialect::Gemini, "stop") => "generationConfig.stopSequences",
            (Dialect::Gemini, "max_tokens") => "generationConfig.maxOutputTokens",
            (Dialect::Gemini, "n") => "generationConfig.candidateCount",
            (Dialect::Gemini, "reasoning") => "generationConfig.thinkingConfig",
            (Dialect::Gemini, "response_format") => "generationConfig.responseSchema",
            (Dialect::Gemini, "temperature") => "generationConfig.temperature",
            (Dialect::Gemini, "top_p") => "generationConfig.topP",
            (Dialect::Gemini, "top_k") => "generationConfig.topK",
            (Dialect::Gemini, "seed") => "generationConfig.seed",
            (Dialect::Gemini, "presence_penalty") => "generationConfig.presencePenalty",
            (Dialect::Gemini, "frequency_penalty") => "generationConfig.frequencyPenalty",
            (Dialect::Gemini, "logprobs") => "generationConfig.responseLogprobs",
            (Dialect::Gemini, "modalities") => "generationConfig.responseModalities",
            (Dialect::Gemini, "tool_choice") => "toolConfig.functionCallingConfig",
            (Dialect::Gemini, "messages") => "contents",
            (_, other) => other,
        };
        known.to_owned()
    }

    fn unsupported(&self, field: &str, message: &str) -> Unsupported {
        Unsupported::new(self.path(field), message)
    }
}
