//! What a request asks for, whatever protocol it came in.

use serde_json::Value;

use super::content::Content;
use super::fields::{Bad, Read};
use super::tools::{Choice, Tool};
use super::words;

/// What every message costs beside its text, as providers count.
const MESSAGE_TOKENS: u64 = 4;

/// What an image or a file costs.
const ATTACHMENT_TOKENS: u64 = 85;

/// The form that the answer has to have.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Format {
    #[default]
    Text,
    Json,
    Schema(Value),
}

/// A conversation and how to go on with it.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    /// The last text of the user.
    pub prompt: String,
    /// The results of tools that the conversation ends with.
    pub results: Vec<String>,
    /// Images and files beside the last text.
    pub attachments: usize,
    /// Everything that was read, in tokens.
    pub input_tokens: u64,
    pub tools: Vec<Tool>,
    pub choice: Choice,
    pub parallel: bool,
    pub format: Format,
    pub max_tokens: Option<u64>,
    pub stop: Vec<String>,
    /// How many answers.
    pub n: usize,
    pub stream: bool,
    pub thinking: bool,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            prompt: String::new(),
            results: Vec::new(),
            attachments: 0,
            input_tokens: 3,
            tools: Vec::new(),
            choice: Choice::Auto,
            parallel: true,
            format: Format::Text,
            max_tokens: None,
            stop: Vec::new(),
            n: 1,
            stream: false,
            thinking: false,
        }
    }
}

impl Ask {
    /// Hears what a user says; results of tools that come along are what it is about.
    pub(super) fn user(&mut self, content: Content) {
        self.count(&content);
        if content.results.is_empty() {
            self.results.clear();
            self.prompt = content.text;
            self.attachments = content.attachments;
        } else {
            self.results.extend(content.results);
        }
    }

    /// Hears what the model itself has said before.
    pub(super) fn assistant(&mut self, content: &Content) {
        self.count(content);
        self.results.clear();
    }

    /// Hears instructions.
    pub(super) fn system(&mut self, content: &Content) {
        self.count(content);
    }

    /// Hears the result of a tool.
    pub(super) fn result(&mut self, content: Content) {
        self.count(&content);
        self.results.push(content.text);
    }

    /// Offers tools.
    pub(super) fn offer(&mut self, tools: Vec<Tool>) {
        for tool in &tools {
            self.input_tokens += words::count(&tool.name) + words::count(&tool.description);
            self.input_tokens += words::count(&tool.schema.to_string());
        }
        self.tools = tools;
    }

    /// Says which tools may or must be called; one that is forced has to be on offer.
    pub(super) fn choose(&mut self, choice: Choice, param: &str) -> Read<()> {
        if let Choice::Named(name) = &choice
            && !self.tools.iter().any(|tool| tool.name == *name)
        {
            let message = format!("The forced tool '{name}' is not among the tools.");
            return Err(Bad { message, param: Some(param.to_owned()) });
        }
        self.choice = choice;
        Ok(())
    }

    fn count(&mut self, content: &Content) {
        let texts = content.results.iter().chain([&content.text, &content.other]);
        self.input_tokens += MESSAGE_TOKENS + texts.map(|text| words::count(text)).sum::<u64>();
        self.input_tokens += ATTACHMENT_TOKENS * content.attachments as u64;
    }
}
