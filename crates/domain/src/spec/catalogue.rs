//! What is known of models, as declared: limits, abilities and prices.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Effort, Name};
use crate::time::Timestamp;

/// Nano-dollars in a dollar.
const NANO: f64 = 1e9;

/// What is known of the models of some name. For each field, the first entry that fits and has it counts; what none has
/// comes from the built-in catalogue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelFactsSpec {
    /// The model, without its vendor's prefix and its date; `*` stands for any characters (`gpt-4o`, `my-llama-*`).
    #[serde(rename = "match")]
    #[schemars(length(min = 1))]
    pub pattern: String,
    /// Only for what this provider serves. Default any.
    #[serde(default)]
    pub provider: Option<Name>,
    /// A name for people.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The most tokens of prompt and answer together.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub context_tokens: Option<u64>,
    /// The most tokens of an answer.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub max_output_tokens: Option<u64>,
    /// How it is told to think: not at all, in words, in tokens, in words where it decides itself, on or off, or always.
    #[serde(default)]
    pub reasoning: Option<ReasoningSpec>,
    /// Bounds of its thinking, where it is told in tokens (`reasoning: budget`).
    #[serde(default)]
    pub thinking_tokens: Option<ThinkingSpec>,
    /// The words for effort that it takes.
    #[serde(default)]
    pub efforts: Option<Vec<Effort>>,
    /// Whether it refuses to be told temperature, `top_p` and penalties.
    #[serde(default)]
    pub fixed_sampling: Option<bool>,
    /// Whether it takes a JSON schema for its output.
    #[serde(default)]
    pub json_schema: Option<bool>,
    /// Whether it calls functions.
    #[serde(default)]
    pub tools: Option<bool>,
    /// What it takes beside text.
    #[serde(default)]
    pub input: Option<Vec<Modality>>,
    /// What it makes beside text.
    #[serde(default)]
    pub output: Option<Vec<Modality>>,
    /// What it costs; replaces the built-in prices as a whole.
    #[serde(default)]
    pub prices: Option<Prices>,
    /// The day on which it is switched off (`2027-01-14`).
    #[serde(default)]
    #[schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$"))]
    pub shutdown: Option<String>,
}

/// How a model is told to think.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasoningSpec {
    /// It does not think.
    None,
    /// In words.
    Effort,
    /// In tokens.
    Budget,
    /// It decides itself, and takes a word for how much.
    Adaptive,
    /// On or off.
    Switch,
    /// It always thinks, and cannot be told how much.
    Always,
}

/// How many tokens a model may be told to think.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThinkingSpec {
    /// The least.
    pub min: u64,
    /// The most.
    pub max: u64,
    /// Whether it can be told not to think. Default true.
    #[serde(default = "default_true")]
    pub can_stop: bool,
}

/// What a model takes or makes beside text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// Pictures.
    Image,
    /// Sound.
    Audio,
    /// Films.
    Video,
    /// PDF documents.
    Pdf,
}

/// Prices in US dollars per million tokens. A kind of token without a price of its own costs what the tokens cost that
/// it is part of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Prices {
    /// Prompt.
    pub input: Option<Price>,
    /// Answer.
    pub output: Option<Price>,
    /// Of the prompt: read from the provider's cache.
    pub cached: Option<Price>,
    /// Of the prompt: written to the provider's cache for minutes.
    pub cache_write: Option<Price>,
    /// Of the prompt: written to the provider's cache for an hour.
    pub cache_write_1h: Option<Price>,
    /// Of the answer: reasoning.
    pub reasoning: Option<Price>,
    /// Of the prompt: sound.
    pub audio_input: Option<Price>,
    /// Of the answer: sound.
    pub audio_output: Option<Price>,
    /// Of the prompt: pictures.
    pub image_input: Option<Price>,
    /// Of the answer: pictures.
    pub image_output: Option<Price>,
    /// Of each request, in US dollars, whatever its tokens.
    pub per_request: Option<Price>,
    /// Other prices for requests with long prompts.
    pub long: Vec<LongPrices>,
    /// Times of the day at which all of it costs less or more; the first that fits counts.
    pub windows: Vec<PriceWindow>,
}

/// Prices of a whole request whose prompt is longer than `above_tokens`; what is absent costs as always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LongPrices {
    /// Prompt tokens that are still paid as always.
    pub above_tokens: u64,
    /// Prompt.
    pub input: Option<Price>,
    /// Answer.
    pub output: Option<Price>,
    /// Of the prompt: read from the provider's cache.
    pub cached: Option<Price>,
    /// Of the prompt: written to the provider's cache for minutes.
    pub cache_write: Option<Price>,
    /// Of the prompt: written to the provider's cache for an hour.
    pub cache_write_1h: Option<Price>,
}

/// A time of the day, in UTC, at which everything costs `factor` times as much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceWindow {
    /// When it begins (`16:30`).
    pub from: TimeOfDay,
    /// When it ends (`00:30`); before `from` where it goes over midnight.
    pub to: TimeOfDay,
    /// What prices are multiplied by (`0.5`).
    pub factor: Factor,
}

impl PriceWindow {
    /// True when `time` is within it.
    pub fn covers(&self, time: Timestamp) -> bool {
        let minute = time.as_millis().rem_euclid(86_400_000) / 60_000;
        let (from, to) = (i64::from(self.from.0), i64::from(self.to.0));
        if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to }
    }
}

/// Minutes since midnight; written as `16:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOfDay(pub u16);

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:02}:{:02}", self.0 / 60, self.0 % 60))
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = |text: &str, most: u16| {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u16>().ok().filter(|number| is_number && *number <= most)
        };
        let read = |text: &str| {
            let (hours, minutes) = text.split_once(':')?;
            Some(Self(number(hours, 24)? * 60 + number(minutes, 59)?)).filter(|time| time.0 <= 24 * 60)
        };
        read(&text)
            .ok_or_else(|| serde::de::Error::custom("expected a time of the day in UTC, such as 16:30"))
    }
}

impl JsonSchema for TimeOfDay {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TimeOfDay".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": r"^\d{1,2}:\d{2}$", "description": "A time of the day in UTC, such as 16:30." })
    }
}

/// What prices are multiplied by, in thousandths; written as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor(pub u32);

impl Serialize for Factor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 1_000.0)
    }
}

impl<'de> Deserialize<'de> for Factor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let factor = f64::deserialize(deserializer)?;
        if !(0.0..=100.0).contains(&factor) {
            return Err(serde::de::Error::custom("expected a factor from 0 to 100, such as 0.5"));
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just above")]
        Ok(Self((factor * 1_000.0).round() as u32))
    }
}

impl JsonSchema for Factor {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Factor".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": 0, "maximum": 100, "description": "What prices are multiplied by." })
    }
}

/// A price in nano-dollars per million tokens; written as dollars per million tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(pub u64);

impl Serialize for Price {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[allow(clippy::cast_precision_loss, reason = "prices are far below 2^53 nano-dollars")]
        serializer.serialize_f64(self.0 as f64 / NANO)
    }
}

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let dollars = f64::deserialize(deserializer)?;
        if !(0.0..=1_000_000.0).contains(&dollars) {
            return Err(serde::de::Error::custom("expected US dollars per million tokens, such as 2.5"));
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just above")]
        Ok(Self((dollars * NANO).round() as u64))
    }
}

impl JsonSchema for Price {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Price".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "number",
            "minimum": 0,
            "maximum": 1_000_000,
            "description": "US dollars per million tokens."
        })
    }
}

const fn default_true() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_may_go_over_midnight() {
        let read = |text: &str| serde_json::from_str::<PriceWindow>(text).ok();
        let night = read(r#"{"from":"16:30","to":"00:30","factor":0.5}"#).unwrap();
        assert_eq!(night.factor, Factor(500));
        for (time, is_night) in
            [("16:29", false), ("16:30", true), ("23:59", true), ("00:29", true), ("00:30", false)]
        {
            let time = Timestamp::parse(&format!("2026-11-30T{time}:00Z")).unwrap();
            assert_eq!(night.covers(time), is_night, "{time}");
        }
        for wrong in ["24:30", "7", "07:60", "-1:00", "+1:00", ""] {
            assert!(read(&format!(r#"{{"from":"{wrong}","to":"00:30","factor":1}}"#)).is_none(), "{wrong}");
        }
        assert!(read(r#"{"from":"01:00","to":"24:00","factor":-1}"#).is_none());
    }

    #[test]
    fn prices_are_exact_to_a_billionth_of_a_dollar() {
        let read = |text: &str| serde_json::from_str::<Price>(text).ok();
        assert_eq!(read("2.5"), Some(Price(2_500_000_000)));
        assert_eq!(read("0.0375"), Some(Price(37_500_000)));
        assert_eq!(read("0.003625"), Some(Price(3_625_000)));
        assert_eq!(read("150"), Some(Price(150_000_000_000)));
        assert_eq!((read("-1"), read("1e300"), read("\"2\"")), (None, None, None));
        assert_eq!(serde_json::to_string(&Price(37_500_000)).ok().as_deref(), Some("0.0375"));
    }
}
