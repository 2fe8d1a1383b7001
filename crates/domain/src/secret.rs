//! Text that must not reach a log or an answer.

use std::fmt;
use std::hash::{Hash, Hasher};

use schemars::JsonSchema;
use serde::Deserialize;
use zeroize::Zeroizing;

/// A secret text: wiped when dropped, and never shown by `Debug` or `Display`, nor serialised.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Secret(#[schemars(with = "String")] Zeroizing<String>);

impl Secret {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself: for the one place that must send or compare it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text for people: its first and last four characters, or nothing of a text under 12 characters.
    pub fn masked(&self) -> String {
        let characters = self.0.chars().count();
        if characters < 12 {
            return "****".to_owned();
        }
        let head: String = self.0.chars().take(4).collect();
        let tail: String = self.0.chars().skip(characters - 4).collect();
        format!("{head}****{tail}")
    }
}

impl Hash for Secret {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_str().hash(state);
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(****)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// Replaces every occurrence of a secret in `text` by its masked form: for texts of others that may echo a key.
pub fn redact(text: &str, secret: &Secret) -> String {
    if secret.expose().len() < 4 || !text.contains(secret.expose()) {
        return text.to_owned();
    }
    text.replace(secret.expose(), &secret.masked())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_only_ends_of_long_secrets() {
        assert_eq!(Secret::from("sk-1234567890abcd").masked(), "sk-1****abcd");
        assert_eq!(Secret::from("short").masked(), "****");
        assert_eq!(format!("{:?}", Secret::from("sk-1234567890abcd")), "Secret(****)");
    }

    #[test]
    fn redacts_an_echoed_key() {
        let key = Secret::from("sk-1234567890abcd");
        assert_eq!(redact("bad key sk-1234567890abcd!", &key), "bad key sk-1****abcd!");
    }
}
