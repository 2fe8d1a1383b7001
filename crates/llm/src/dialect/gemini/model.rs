//! What a model's name tells of it.

use crate::catalogue::{Facts, ReasoningStyle};
use crate::generation::Effort;

/// A model, as far as its name tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Model<'a> {
    name: &'a str,
    version: Version,
}

/// The generation of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    /// Not one of Gemini's, or without a number.
    Unknown,
    /// Major and minor number.
    Known(u32, u32),
    /// `gemini-flash-latest` and the like, which are of the newest.
    Latest,
}

/// How a model is told to think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thinking {
    /// It does not think.
    None,
    /// It thinks, and cannot be told how much.
    Fixed,
    /// `thinkingBudget`.
    Budget {
        /// The least, above 0.
        min: u64,
        /// The most.
        max: u64,
        /// Whether 0 is allowed.
        can_stop: bool,
    },
    /// `thinkingLevel`, from `least`, with or without `MEDIUM`.
    Level {
        /// The least level there is.
        least: Effort,
        /// Whether there is one between low and high.
        has_medium: bool,
    },
}

impl<'a> Model<'a> {
    /// The model of a name, with or without the path before it (`models/`, `publishers/google/models/`).
    pub(super) fn new(name: &'a str) -> Self {
        let name = name.rsplit('/').next().unwrap_or_default();
        Self { name, version: version(name) }
    }

    fn is_at_least(self, major: u32, minor: u32) -> bool {
        self.version >= Version::Known(major, minor)
    }

    /// Whether it checks that calls in the history are signed
    /// (<https://ai.google.dev/gemini-api/docs/thought-signatures>, 2026-11), and takes media in a function's answer
    /// (<https://ai.google.dev/gemini-api/docs/function-calling#multimodal>, 2026-11).
    pub(super) fn is_third_generation(self) -> bool {
        self.is_at_least(3, 0)
    }

    /// Whether it takes JSON schemas as they are (`responseJsonSchema`, `parametersJsonSchema`), and checks arguments (`VALIDATED`)
    /// (<https://ai.google.dev/gemini-api/docs/structured-output>, 2026-11). Tuned models are of no older generation.
    pub(super) fn takes_json_schema(self) -> bool {
        self.is_at_least(2, 5) || self.version == Version::Unknown
    }

    /// Whether it searches with `googleSearch` rather than `googleSearchRetrieval`
    /// (<https://ai.google.dev/gemini-api/docs/google-search>, 2026-11).
    pub(super) fn has_google_search(self) -> bool {
        self.is_at_least(2, 0) || self.version == Version::Unknown
    }

    /// How it is told to think: as the catalogue says, else by its name.
    ///
    /// Source: <https://ai.google.dev/gemini-api/docs/thinking>, 2026-11.
    pub(super) fn thinking(self, facts: &Facts) -> Thinking {
        match facts.reasoning {
            ReasoningStyle::None => Thinking::None,
            ReasoningStyle::Always => Thinking::Fixed,
            ReasoningStyle::Budget { min, max, can_stop } => Thinking::Budget { min, max, can_stop },
            ReasoningStyle::Effort => self.level(),
            ReasoningStyle::Unknown | ReasoningStyle::Adaptive | ReasoningStyle::Switch => {
                self.thinking_by_name()
            }
        }
    }

    fn thinking_by_name(self) -> Thinking {
        let has = |word| self.name.contains(word);
        if has("-tts") || has("embedding") {
            return Thinking::None;
        }
        match self.version {
            Version::Unknown if has("gemma") || has("learnlm") => Thinking::None,
            Version::Known(..2, _) | Version::Known(2, ..5) => Thinking::None,
            Version::Known(2, _) if has("-image") => Thinking::None,
            Version::Known(2, _) if has("-pro") => {
                Thinking::Budget { min: 128, max: 32_768, can_stop: false }
            }
            Version::Known(2, _) if has("-lite") => {
                Thinking::Budget { min: 512, max: 24_576, can_stop: true }
            }
            // Of an unknown generation both that think understand a budget.
            Version::Known(2, _) | Version::Unknown => {
                Thinking::Budget { min: 1, max: 24_576, can_stop: true }
            }
            Version::Known(3, 0) if has("-image") => Thinking::Fixed,
            Version::Known(..) | Version::Latest => self.level(),
        }
    }

    fn level(self) -> Thinking {
        let is_pro = self.name.contains("-pro");
        let least = if is_pro { Effort::Low } else { Effort::Minimal };
        Thinking::Level { least, has_medium: !is_pro || self.version != Version::Known(3, 0) }
    }
}

fn version(name: &str) -> Version {
    let Some((_, rest)) = name.split_once("gemini-") else { return Version::Unknown };
    if rest.contains("latest") {
        return Version::Latest;
    }
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (major, rest) = rest.split_at(digits(rest));
    let minor = rest.strip_prefix('.').unwrap_or_default();
    let minor = &minor[..digits(minor)];
    major.parse().map_or(Version::Unknown, |major| Version::Known(major, minor.parse().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_how_a_model_thinks() {
        let budget = |min, max, can_stop| Thinking::Budget { min, max, can_stop };
        let level = |least, has_medium| Thinking::Level { least, has_medium };
        for (name, thinking) in [
            ("gemini-1.5-pro-002", Thinking::None),
            ("models/gemini-2.0-flash", Thinking::None),
            ("gemini-2.5-pro", budget(128, 32_768, false)),
            ("gemini-2.5-flash", budget(1, 24_576, true)),
            ("publishers/google/models/gemini-2.5-flash-lite", budget(512, 24_576, true)),
            ("gemini-2.5-flash-image", Thinking::None),
            ("gemini-2.5-flash-preview-tts", Thinking::None),
            ("gemini-3-pro-preview", level(Effort::Low, false)),
            ("gemini-3.1-pro-preview", level(Effort::Low, true)),
            ("gemini-3-flash-preview", level(Effort::Minimal, true)),
            ("gemini-3-pro-image-preview", Thinking::Fixed),
            ("gemini-3.5-flash-lite", level(Effort::Minimal, true)),
            ("gemini-flash-latest", level(Effort::Minimal, true)),
            ("gemma-3-27b-it", Thinking::None),
            ("1234567890", budget(1, 24_576, true)),
        ] {
            assert_eq!(Model::new(name).thinking(&Facts::default()), thinking, "{name}");
        }
    }
}
