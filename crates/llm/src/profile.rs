//! How a provider differs from the dialect that it speaks: data, no code per provider.

mod fields;
mod models;
mod vendors;

use crate::generation::Effort;
pub use fields::Fields;

/// How a server of OpenAI's shape differs from OpenAI's own; the default is a server of which nothing is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The provider's name in configuration.
    pub name: &'static str,
    /// Other names that people give it.
    pub aliases: &'static [&'static str],
    /// The hosts of its API, or the ends of their names where they begin with a dot.
    pub hosts: &'static [&'static str],
    /// The fields and abilities that it has.
    pub takes: Fields,
    /// Fields of the caller's that have no common meaning and that it refuses.
    pub refuses: &'static [&'static str],
    /// Under which name it takes the most tokens of an answer.
    pub token_limit: TokenLimit,
    /// The least and the most temperature.
    pub temperature: (f64, f64),
    /// The most stop texts.
    pub max_stops: usize,
    /// Under which name it takes a seed.
    pub seed: &'static str,
    /// The tiers that it serves.
    pub tiers: &'static [&'static str],
    /// How it is told to think.
    pub reasoning: Asking,
    /// How it wants its earlier thoughts back.
    pub history: History,
    /// Whether thoughts stand in the text of answers between `<think>` and `</think>`.
    pub has_think_tags: bool,
    /// Which forms of text it can be held to.
    pub format: Formats,
    /// Its word for "a tool must be called"; none: it cannot be told so.
    pub required: Option<&'static str>,
    /// Which ids of tool calls it takes.
    pub call_ids: CallIds,
    /// Which order of messages it takes.
    pub turns: Turns,
    /// What it does with a last message of the assistant's.
    pub prefill: Prefill,
    /// In which form it takes documents.
    pub documents: Documents,
    /// How it is told to search the web.
    pub web_search: WebSearch,
    /// What differs by model; the first that fits counts.
    pub models: &'static [Model],
}

/// Under which name a provider takes the most tokens of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenLimit {
    /// `max_tokens`.
    MaxTokens,
    /// `max_completion_tokens`.
    MaxCompletionTokens,
}

/// How a provider is told to think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asking {
    /// On and off.
    pub switch: Switch,
    /// How much, in words.
    pub effort: EffortField,
    /// The words that it knows, least first.
    pub words: &'static [Effort],
    /// How much, in tokens.
    pub budget: BudgetField,
}

/// The field that turns thinking on and off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// There is none.
    None,
    /// `thinking: {"type": "enabled" | "disabled"}`; the word for on.
    Thinking(&'static str),
    /// `enable_thinking`.
    EnableThinking,
    /// `reasoning: {"enabled"}`.
    Reasoning,
    /// `chat_template_kwargs: {"enable_thinking"}`.
    Template,
}

/// The field for how much to think, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffortField {
    /// There is none.
    None,
    /// `reasoning_effort`.
    ReasoningEffort,
    /// `reasoning_effort`, only for models that are known to think by words.
    ReasoningEffortOfSome,
    /// `reasoning: {"effort"}`.
    Reasoning,
}

/// The field for how much to think, in tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BudgetField {
    /// There is none.
    None,
    /// `thinking_budget`.
    ThinkingBudget,
    /// `reasoning: {"max_tokens"}`.
    Reasoning,
}

/// How a provider wants its earlier thoughts back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// Not at all.
    Nothing,
    /// As `reasoning_content`, where there are any.
    Field,
    /// As `reasoning_content`, which must be there in messages with tool calls.
    RequiredField,
    /// As `reasoning_details` with their signatures.
    Details,
    /// In the text, between `<think>` and `</think>`.
    Tags,
    /// As parts of type `thinking`.
    Parts,
}

/// Which forms of text a provider can be held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formats {
    /// JSON of a schema, and any JSON object.
    Schema,
    /// JSON of a schema only.
    SchemaOnly,
    /// Any JSON object.
    Object,
    /// None: it can only be asked in words.
    Words,
}

/// Which ids of tool calls a provider takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallIds {
    /// At most 40 letters, digits, `_` and `-`.
    Plain,
    /// Exactly nine letters and digits.
    Nine,
    /// Any.
    Any,
}

/// Which order of messages a provider takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turns {
    /// Any.
    Any,
    /// One system message, first.
    SystemFirst,
    /// One system message first, then user and assistant by turns.
    Alternating,
    /// One system message first, and an answer of the assistant's between those of tools and the next user's.
    ToolsAnswered,
}

/// What a provider does with a last message of the assistant's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefill {
    /// It goes on from it.
    GoesOn,
    /// It goes on from it where this field of the message is true.
    Flag(&'static str),
    /// It answers anew.
    Answers,
}

/// In which form a provider takes documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Documents {
    /// Not at all.
    None,
    /// `file` with `file_data` or `file_id`.
    File,
    /// `file` with `file_data`, which may be a URL.
    FileOrUrl,
    /// `document_url`, which may be a data URL.
    DocumentUrl,
    /// `file_url`, no bytes.
    FileUrl,
}

/// How a provider is told to search the web.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebSearch {
    /// It cannot be.
    None,
    /// `web_search_options`.
    Options,
    /// `web_search_options`, for models whose name tells that they search.
    OptionsOfSearchModels,
    /// `enable_search`.
    EnableSearch,
    /// A tool of type `web_search`.
    Tool,
    /// It always does.
    Always,
}

/// What is different for some models of a provider.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    /// How their names begin, after the last slash.
    pub starts: &'static [&'static str],
    /// What is not in their names.
    pub without: &'static [&'static str],
    /// What they do not take.
    pub refuses: Fields,
    /// The words for how much to think that they know; none: those of the provider.
    pub words: Option<&'static [Effort]>,
    /// Under which name they take the most tokens; none: that of the provider.
    pub token_limit: Option<TokenLimit>,
}

/// The profile of a name; of a server of which nothing is known where the name is not known.
pub fn named(name: &str) -> &'static Profile {
    let is_it = |profile: &&&Profile| {
        let names = std::iter::once(&profile.name).chain(profile.aliases);
        names.into_iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    vendors::ALL.iter().find(is_it).copied().unwrap_or(&vendors::GENERIC)
}

/// The profile of the provider whose API is at `host`; of a server of which nothing is known where it is not known.
pub fn of_host(host: &str) -> &'static Profile {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let is_it = |known: &str| {
        if known.starts_with('.') { host.ends_with(known) } else { host == known }
    };
    let found = vendors::ALL.iter().find(|profile| profile.hosts.iter().any(|known| is_it(known)));
    found.copied().unwrap_or(&vendors::GENERIC)
}

impl Profile {
    /// What is different for `model`, if anything is.
    pub(crate) fn model(&self, model: &str) -> Option<&'static Model> {
        let name = bare(model);
        self.models.iter().find(|known| {
            known.starts.iter().any(|start| has_start(name, start))
                && !known.without.iter().any(|word| has_word(name, word))
        })
    }

    /// What `model` takes.
    pub(crate) fn takes(&self, model: &str) -> Fields {
        self.model(model).map_or(self.takes, |known| self.takes.without(known.refuses))
    }
}

impl Default for Profile {
    fn default() -> Self {
        vendors::GENERIC
    }
}

/// A model's name without who made it.
fn bare(model: &str) -> &str {
    model.rsplit('/').next().unwrap_or(model)
}

fn has_start(name: &str, start: &str) -> bool {
    name.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn has_word(name: &str, word: &str) -> bool {
    name.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests;
