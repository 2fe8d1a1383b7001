//! Rules that bring the names of models into one form, so that the same model of several providers has one public name.

mod defaults;
#[cfg(test)]
mod tests;

pub use defaults::DATE;
use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Bytes that one compiled expression may take.
const EXPRESSION_BYTES: usize = 256 << 10;

/// Characters of an expression at the most.
pub const MAX_EXPRESSION_CHARS: usize = 500;

/// Bytes of the longest name that a rule may make.
const MAX_NAME_BYTES: usize = 300;

/// How names of models that providers list are brought into one form. Names that somebody chose are left alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NormalisationSpec {
    /// Whether models get their normalised names at all. Default false.
    pub enabled: bool,
    /// Whether a model can still be called by its provider's own name too. Default true.
    pub keep_original: bool,
    /// The rules, each applied once to what the one before made. Default rules that take off vendors' prefixes, dates and
    /// `-latest`, `-preview`, `-alpha`, `-beta`, `-rc`, `-instruct`, and mend spellings such as `gpt4`.
    #[schemars(length(max = 100))]
    pub rules: Vec<NormalisationRule>,
}

/// One rule. A rule that would leave nothing of a name leaves it as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NormalisationRule {
    /// What people call it.
    #[schemars(length(min = 1, max = 100))]
    pub name: String,
    /// What it does.
    pub kind: RuleKind,
    /// For `replace`: the regular expression (<https://docs.rs/regex/#syntax>) whose first match is replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub pattern: Option<String>,
    /// For `replace` and `spelling`: what stands there instead; `$1` is the first group of the expression. Default nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub with: String,
    /// For `strip_prefix` and `strip_suffix`: the texts, of which the first that fits is taken off; for `spelling`: what names
    /// begin with instead of `with`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<String>,
    /// Whether it is applied. Default true.
    #[serde(default = "default_true")]
    pub enabled: bool,
}

/// What a rule does with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Replaces what an expression finds.
    Replace,
    /// Takes a text off the start.
    StripPrefix,
    /// Takes a text off the end.
    StripSuffix,
    /// Makes all letters small.
    LowerCase,
    /// Writes the start of a name as it is usually written.
    Spelling,
}

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RuleError {
    /// Its place among the rules.
    pub index: usize,
    /// The field at fault.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// Rules, ready to be applied.
#[derive(Clone, Debug, Default)]
pub struct Normaliser {
    rules: Vec<(String, Action)>,
}

/// A name after all rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Normalised {
    /// The name.
    pub name: String,
    /// The rules that changed it, in order.
    pub applied: Vec<String>,
}

#[derive(Clone, Debug)]
enum Action {
    Replace(Regex, String),
    StripPrefix(Vec<String>),
    StripSuffix(Vec<String>),
    LowerCase,
    Spelling(Vec<String>, String),
}

impl NormalisationSpec {
    /// The rules, ready to be applied, whether or not they are [`Self::enabled`].
    ///
    /// # Errors
    /// The first rule that cannot be applied, and why.
    pub fn compile(&self) -> Result<Normaliser, RuleError> {
        let rules = self.rules.iter().enumerate().filter(|(_, rule)| rule.enabled);
        let compiled = rules.map(|(index, rule)| Ok((rule.name.clone(), rule.action(index)?)));
        Ok(Normaliser { rules: compiled.collect::<Result<_, _>>()? })
    }
}

impl NormalisationRule {
    /// Says what is wrong with the rule at `index`.
    ///
    /// # Errors
    /// When it cannot be applied.
    pub fn check(&self, index: usize) -> Result<(), RuleError> {
        self.action(index).map(|_| ())
    }

    fn action(&self, index: usize) -> Result<Action, RuleError> {
        let wrong = |field, message: &str| RuleError { index, field, message: message.to_owned() };
        let texts = || {
            let texts: Vec<_> = self.texts.iter().filter(|text| !text.is_empty()).cloned().collect();
            if texts.is_empty() { Err(wrong("texts", "needs at least one text")) } else { Ok(texts) }
        };
        Ok(match self.kind {
            RuleKind::Replace => {
                let pattern = self.pattern.as_deref().filter(|pattern| !pattern.is_empty());
                let pattern = pattern.ok_or_else(|| wrong("pattern", "needs a regular expression"))?;
                let regex = expression(pattern).map_err(|message| wrong("pattern", &message))?;
                Action::Replace(regex, self.with.clone())
            }
            RuleKind::StripPrefix => Action::StripPrefix(texts()?),
            RuleKind::StripSuffix => Action::StripSuffix(texts()?),
            RuleKind::LowerCase => Action::LowerCase,
            RuleKind::Spelling if self.with.is_empty() => {
                return Err(wrong("with", "needs the usual spelling"));
            }
            RuleKind::Spelling => Action::Spelling(texts()?, self.with.clone()),
        })
    }
}

/// Compiles a regular expression of a person within bounds of size; matching takes linear time whatever it says.
///
/// # Errors
/// What is wrong with it.
pub fn expression(pattern: &str) -> Result<Regex, String> {
    if pattern.chars().count() > MAX_EXPRESSION_CHARS {
        return Err(format!("a regular expression has at most {MAX_EXPRESSION_CHARS} characters"));
    }
    let built =
        RegexBuilder::new(pattern).size_limit(EXPRESSION_BYTES).dfa_size_limit(EXPRESSION_BYTES).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "this regular expression is too large; repeat less".to_owned(),
        // The last line of the explanation says what is wrong; those before draw the place.
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            format!("this is no regular expression: {last}")
        }
    })
}

impl Normaliser {
    /// Applies the rules in their order to what the one before made.
    pub fn normalise(&self, name: &str) -> Normalised {
        let mut done = Normalised { name: name.to_owned(), applied: Vec::new() };
        for (rule, action) in &self.rules {
            let new = action.apply(&done.name);
            if new != done.name && !new.trim().is_empty() && new.len() <= MAX_NAME_BYTES {
                done.name = new;
                done.applied.push(rule.clone());
            }
        }
        done
    }
}

impl Action {
    fn apply(&self, name: &str) -> String {
        let found = |new: Option<String>| new.unwrap_or_else(|| name.to_owned());
        match self {
            Self::Replace(regex, with) => regex.replace(name, with.as_str()).into_owned(),
            Self::StripPrefix(texts) => {
                found(texts.iter().find_map(|text| name.strip_prefix(text.as_str()).map(str::to_owned)))
            }
            Self::StripSuffix(texts) => {
                found(texts.iter().find_map(|text| name.strip_suffix(text.as_str()).map(str::to_owned)))
            }
            Self::LowerCase => name.to_lowercase(),
            Self::Spelling(texts, with) => {
                let rest = texts.iter().find_map(|text| name.strip_prefix(text.as_str()));
                found(rest.map(|rest| [with, rest].concat()))
            }
        }
    }
}

const fn default_true() -> bool {
    true
}
