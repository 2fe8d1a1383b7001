//! What a conversion cannot keep.

use std::borrow::Cow;

/// The most losses that are kept of a request.
const MOST: usize = 100;

/// What a dialect cannot say at all: the request must be refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Unsupported {
    /// The field of the caller's request.
    pub param: Option<String>,
    /// What is wrong and what to do, for the caller.
    pub message: String,
}

impl Unsupported {
    /// A field that cannot be kept.
    pub fn new(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self { param: Some(param.into()), message: message.into() }
    }
}

/// What a conversion dropped or changed, for the caller to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses(Vec<Loss>);

/// One field that was dropped or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Loss {
    field: String,
    why: Cow<'static, str>,
}

impl Losses {
    /// Notes that `field` of the caller's request was dropped or changed, and why, in a few lower-case words.
    ///
    /// Only the first hundred are kept: nobody reads more, and a hostile request must not make us compare them all.
    pub fn note(&mut self, field: impl Into<String>, why: impl Into<Cow<'static, str>>) {
        if self.0.len() >= MOST {
            return;
        }
        let loss = Loss { field: field.into(), why: why.into() };
        if !self.0.contains(&loss) {
            self.0.push(loss);
        }
    }

    /// True when nothing was lost.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields with their reasons.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|loss| (loss.field.as_str(), loss.why.as_ref()))
    }

    /// The first loss as a refusal, for routes that allow none.
    pub fn refusal(&self) -> Option<Unsupported> {
        let loss = self.0.first()?;
        let message = format!(
            "{} cannot be kept for this model's provider ({}); leave it out, or let the route drop it",
            loss.field, loss.why
        );
        Some(Unsupported::new(loss.field.as_str(), message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_told_once_and_not_without_end() {
        let mut losses = Losses::default();
        for index in 0..1_000 {
            losses.note(format!("messages[{index}].name"), "no names");
            losses.note("seed", "no seeds");
        }
        assert_eq!(losses.iter().count(), MOST);
        assert_eq!(losses.iter().filter(|(field, _)| *field == "seed").count(), 1);
    }
}
