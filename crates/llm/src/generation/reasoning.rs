//! How much a model is to think.

pub use roundhouse_domain::spec::Effort;

/// How much a model is to think, and what of it to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reasoning {
    /// In words.
    pub effort: Option<Effort>,
    /// In tokens; 0 is not at all. Where both are given the tokens count.
    pub budget_tokens: Option<u64>,
    /// Whether the model decides how much (Anthropic's `adaptive`, Gemini's budget -1).
    pub is_adaptive: bool,
    /// Whether thoughts are to be shown: `auto`, `concise`, `detailed` (OpenAI); `summarized`, `omitted` (Anthropic).
    pub summary: Option<String>,
    /// Whether thoughts are to be shown, where that is a switch (Gemini's `includeThoughts`).
    pub include_thoughts: Option<bool>,
}

impl Reasoning {
    /// The effort asked for, with `most` tokens as the measure of budgets; none where the caller left it to the model.
    pub fn effort(&self, most: u64) -> Option<Effort> {
        self.budget_tokens.map(|tokens| Effort::of_budget(tokens, most)).or(self.effort)
    }

    /// The budget asked for where at most `most` tokens can be thought; none where the caller left it to the model.
    pub fn budget(&self, most: u64) -> Option<u64> {
        self.budget_tokens
            .map(|tokens| tokens.min(most))
            .or_else(|| self.effort.map(|effort| effort.budget(most)))
    }

    /// True when the caller asked for no thinking at all.
    pub fn is_off(&self) -> bool {
        self.budget_tokens == Some(0) || (self.budget_tokens.is_none() && self.effort == Some(Effort::None))
    }

    /// Whether thoughts are to be shown, where the caller said so.
    pub fn shows_thoughts(&self) -> Option<bool> {
        self.include_thoughts.or_else(|| self.summary.as_deref().map(|summary| summary != "omitted"))
    }
}
