//! What a Claude takes, as far as its name or the catalogue tells.

use crate::catalogue::{Facts, ReasoningStyle};
use crate::dialect::Target;

/// The least budget of thinking that Anthropic takes
/// (<https://platform.claude.com/docs/en/build-with-claude/extended-thinking>, 2026-11).
pub(super) const LEAST_BUDGET: u64 = 1_024;

/// The most tokens of an answer of a model that nothing is known of: what the clients of this dialect ask of every server
/// that speaks it.
const COMMON_LIMIT: u64 = 32_000;

/// The most tokens of an answer, from the version on; the first that fits counts.
///
/// Source: <https://platform.claude.com/docs/en/about-claude/models/overview>, 2026-11.
const LIMITS: &[(Family, Version, u64)] = &[
    (Family::Any, (4, 6), 128_000),
    (Family::Any, (4, 5), 64_000),
    (Family::Opus, (4, 0), 32_000),
    (Family::Any, (3, 7), 64_000),
    (Family::Any, (3, 5), 8_192),
    (Family::Any, (0, 0), 4_096),
];

type Version = (u64, u64);

/// A line of models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    /// Sonnet, Haiku and what is unknown.
    Any,
    Opus,
    /// Fable and Mythos.
    Fable,
}

/// How a model is told to think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thinking {
    /// It does not.
    None,
    /// In tokens, at most this many.
    Budget(u64),
    /// It decides itself; a word says how much.
    Adaptive {
        /// Whether it can be told not to.
        can_stop: bool,
        /// Whether it thinks where nothing is said.
        is_default: bool,
    },
    /// It always does, and takes no word on it.
    Always,
}

/// A model that a request is written for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Model<'a> {
    claude: Option<(Family, Version)>,
    facts: &'a Facts,
}

impl<'a> Model<'a> {
    pub(super) fn of(target: &Target<'a>) -> Self {
        Self { claude: claude(target.model), facts: target.facts }
    }

    /// Whether it is one of Anthropic's.
    pub(super) fn is_claude(&self) -> bool {
        self.claude.is_some()
    }

    /// The most tokens of an answer.
    pub(super) fn limit(&self) -> u64 {
        self.known_limit().unwrap_or(COMMON_LIMIT)
    }

    /// The most tokens of an answer, where anything is known.
    pub(super) fn known_limit(&self) -> Option<u64> {
        let by_name = || {
            let (family, version) = self.claude?;
            let fits = |of: &Family| *of == Family::Any || *of == family;
            LIMITS.iter().find(|(of, since, _)| fits(of) && version >= *since).map(|(.., limit)| *limit)
        };
        self.facts.max_output_tokens.or_else(by_name)
    }

    /// How it is told to think.
    ///
    /// Sources: <https://platform.claude.com/docs/en/build-with-claude/thinking>, and that newer ones cannot stop:
    /// <https://platform.claude.com/docs/en/models/opus-5-5/whats-new-opus-5-5>,
    /// <https://platform.claude.com/docs/en/models/fable-5/migration-guide>; 2026-11.
    pub(super) fn thinking(&self) -> Thinking {
        let adaptive = Thinking::Adaptive { can_stop: self.can_stop(), is_default: self.since((5, 0)) };
        match self.facts.reasoning {
            ReasoningStyle::None => Thinking::None,
            ReasoningStyle::Budget { max, .. } => Thinking::Budget(max.min(self.limit())),
            ReasoningStyle::Adaptive | ReasoningStyle::Effort => adaptive,
            ReasoningStyle::Always => match self.claude {
                Some(_) => Thinking::Adaptive { can_stop: false, is_default: true },
                None => Thinking::Always,
            },
            ReasoningStyle::Unknown if self.since((4, 6)) => adaptive,
            ReasoningStyle::Unknown if self.is_before((3, 7)) => Thinking::None,
            ReasoningStyle::Switch | ReasoningStyle::Unknown => Thinking::Budget(self.limit()),
        }
    }

    /// The words for effort that it takes, least first; none where it takes none
    /// (<https://platform.claude.com/docs/en/build-with-claude/effort>, 2026-11).
    pub(super) fn efforts(&self) -> &'static [&'static str] {
        const ALL: [&str; 5] = ["low", "medium", "high", "xhigh", "max"];
        const WITHOUT_XHIGH: [&str; 4] = ["low", "medium", "high", "max"];
        match self.claude {
            Some((Family::Opus, (4, 5))) => &ALL[..3],
            Some((_, version)) if version < (4, 6) => &[],
            Some((_, (4, 6))) => &WITHOUT_XHIGH,
            _ => &ALL,
        }
    }

    /// Whether it refuses temperature, `top_p` and `top_k`
    /// (<https://platform.claude.com/docs/en/about-claude/models/migration-guide>, 2026-11).
    pub(super) fn has_fixed_sampling(&self) -> bool {
        self.facts.has_fixed_sampling || self.since((4, 7))
    }

    /// Whether it takes only one of temperature and `top_p` (the same page).
    pub(super) fn has_one_of_temperature_and_top_p(&self) -> bool {
        self.since((4, 1))
    }

    /// Whether it keeps to a JSON schema, in its text and in the arguments of strict tools
    /// (<https://platform.claude.com/docs/en/build-with-claude/structured-outputs>, 2026-11).
    pub(super) fn has_json_schema(&self) -> bool {
        self.facts.has_json_schema.unwrap_or_else(|| self.since((4, 5)))
    }

    /// Whether it goes on from a last message of its own
    /// (<https://platform.claude.com/docs/en/api/errors#prefill-not-supported>, 2026-11).
    pub(super) fn takes_prefill(&self) -> bool {
        !self.since((4, 6))
    }

    /// Whether it can be made to call a tool
    /// (<https://platform.claude.com/docs/en/models/opus-5-5/whats-new-opus-5-5#forced-tool-use-is-not-supported>, 2026-11).
    pub(super) fn can_be_forced(&self) -> bool {
        match self.claude {
            Some((Family::Opus, version)) => version < (5, 5),
            Some((Family::Fable, version)) => version < (5, 1),
            _ => true,
        }
    }

    /// Whether system messages may stand among the others
    /// (<https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages>, 2026-11).
    pub(super) fn takes_system_anywhere(&self) -> bool {
        self.since((4, 8))
    }

    fn can_stop(&self) -> bool {
        match self.claude {
            Some((Family::Opus, version)) => version < (5, 5),
            Some((Family::Fable, _)) => false,
            _ => true,
        }
    }

    fn since(&self, version: Version) -> bool {
        self.claude.is_some_and(|(_, own)| own >= version)
    }

    fn is_before(&self, version: Version) -> bool {
        self.claude.is_some_and(|(_, own)| own < version)
    }
}

/// The family and version in a name of any host: `claude-opus-4-6`, `us.anthropic.claude-haiku-4-5-20251001-v1:0`,
/// `claude-3-7-sonnet@20250219`, `anthropic/claude-4.7-opus`.
fn claude(name: &str) -> Option<(Family, Version)> {
    let name = name.to_ascii_lowercase();
    let words = name[name.find("claude")?..].split(|letter: char| !letter.is_ascii_alphanumeric());
    let (mut family, mut numbers, mut is_over) = (Family::Any, [None, None], false);
    for word in words.skip(1) {
        // Longer numbers are dates; what follows the version is not part of it.
        match word.parse::<u64>().ok().filter(|_| word.len() <= 2) {
            Some(number) if !is_over => match &mut numbers {
                [major @ None, _] => *major = Some(number),
                [_, minor @ None] => *minor = Some(number),
                _ => is_over = true,
            },
            _ => is_over |= numbers[0].is_some(),
        }
        match word {
            "opus" => family = Family::Opus,
            "fable" | "mythos" => family = Family::Fable,
            _ => {}
        }
    }
    // Mythos Preview has no number; it takes what 4.7 takes.
    let version = match numbers {
        [None, _] if family == Family::Fable => (4, 7),
        [major, minor] => (major?, minor.unwrap_or(0)),
    };
    Some((family, version))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    static NOTHING: LazyLock<Facts> = LazyLock::new(Facts::default);

    fn model(name: &str) -> Model<'static> {
        Model { claude: claude(name), facts: &NOTHING }
    }

    #[test]
    fn versions_are_found_in_the_names_of_every_host() {
        for (name, version) in [
            ("claude-3-haiku-20240307", (3, 0)),
            ("claude-3-5-sonnet-latest", (3, 5)),
            ("claude-3-7-sonnet@20250219", (3, 7)),
            ("claude-sonnet-4-20250514", (4, 0)),
            ("claude-4-opus-20250514", (4, 0)),
            ("us.anthropic.claude-haiku-4-5-20251001-v1:0", (4, 5)),
            ("us.anthropic.claude-opus-4-6-v1", (4, 6)),
            ("anthropic/claude-4.7-opus", (4, 7)),
            ("claude-mythos-preview", (4, 7)),
            ("claude-fable-5", (5, 0)),
            ("claude-haiku-5-5", (5, 5)),
        ] {
            assert_eq!(claude(name).unwrap().1, version, "{name}");
        }
        assert_eq!(claude("kimi-k2"), None);
        assert_eq!(claude("our-claude"), None);
    }

    #[test]
    fn limits_follow_the_version_and_yield_to_the_catalogue() {
        for (name, limit) in [
            ("claude-3-opus-20240229", 4_096),
            ("claude-3-5-haiku-20241022", 8_192),
            ("claude-opus-4-1", 32_000),
            ("claude-sonnet-4-5", 64_000),
            ("claude-opus-5-5", 128_000),
            ("glm-4.6", 32_000),
        ] {
            assert_eq!(model(name).limit(), limit, "{name}");
        }
        let facts = Facts { max_output_tokens: Some(7), ..NOTHING.clone() };
        assert_eq!(Model { facts: &facts, ..model("claude-3") }.limit(), 7);
    }

    #[test]
    fn newer_models_think_as_they_like_and_some_always() {
        assert_eq!(model("claude-3-5-sonnet").thinking(), Thinking::None);
        assert_eq!(model("claude-sonnet-4-5").thinking(), Thinking::Budget(64_000));
        let adaptive = |can_stop, is_default| Thinking::Adaptive { can_stop, is_default };
        assert_eq!(model("claude-opus-4-6").thinking(), adaptive(true, false));
        assert_eq!(model("claude-sonnet-5-5").thinking(), adaptive(true, true));
        assert_eq!(model("claude-opus-5-5").thinking(), adaptive(false, true));
        assert!(!model("claude-fable-5-1").can_be_forced());
        assert!(model("claude-opus-5").can_be_forced());
    }
}
