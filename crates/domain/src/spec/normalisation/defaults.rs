//! The rules that are there until somebody changes them.

use super::{NormalisationRule, NormalisationSpec, RuleKind};

/// Words at the end of a name that tell a release, not a model.
const RELEASES: [&str; 6] = ["-latest", "-preview", "-alpha", "-beta", "-rc", "-instruct"];

/// Bedrock's names: an area, the vendor, the model and its revision
/// (<https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html>, 2026-11).
const BEDROCK_PREFIX: &str = r"^(?:(?:us|us-gov|eu|apac|jp|au|ca|global)\.)?(?:amazon|anthropic|ai21|cohere|deepseek|meta|minimax|mistral|moonshot|openai|qwen|writer)\.";

/// The revision at the end of Bedrock's names.
const BEDROCK_REVISION: &str = r"-v\d+:\d+$";

/// An expression that finds dates as vendors write them behind a name: `-2024-08-06`, `-20241022`, `@20240620`, `-05-06`, `-0613`.
pub const DATE: &str = r"[-@](?:20\d{2}-\d{2}-\d{2}|20\d{6}|\d{2}-\d{2}|\d{4})$";

impl Default for NormalisationSpec {
    fn default() -> Self {
        Self {
            enabled: false,
            keep_original: true,
            rules: vec![
                replace("vendor before a slash", r"^.*/", ""),
                NormalisationRule { kind: RuleKind::LowerCase, ..replace("lower case", "", "") },
                replace("vendor before a dot", BEDROCK_PREFIX, ""),
                replace("revision", BEDROCK_REVISION, ""),
                spelling("gpt-", &["openai-gpt-"]),
                spelling("gpt-4", &["gpt4", "gpt_4"]),
                spelling("gpt-3.5", &["gpt-35", "gpt35", "gpt3.5", "gpt_3.5"]),
                strip(RuleKind::StripSuffix, "release", &RELEASES),
                replace("date", DATE, ""),
                strip(RuleKind::StripSuffix, "release before a date", &RELEASES),
            ],
        }
    }
}

fn replace(name: &str, pattern: &str, with: &str) -> NormalisationRule {
    NormalisationRule {
        name: name.to_owned(),
        kind: RuleKind::Replace,
        pattern: Some(pattern.to_owned()).filter(|pattern| !pattern.is_empty()),
        with: with.to_owned(),
        texts: Vec::new(),
        enabled: true,
    }
}

fn strip(kind: RuleKind, name: &str, texts: &[&str]) -> NormalisationRule {
    let texts = texts.iter().map(|text| (*text).to_owned()).collect();
    NormalisationRule { kind, texts, ..replace(name, "", "") }
}

fn spelling(with: &str, texts: &[&str]) -> NormalisationRule {
    NormalisationRule {
        with: with.to_owned(),
        ..strip(RuleKind::Spelling, &format!("spelling of {with}"), texts)
    }
}
