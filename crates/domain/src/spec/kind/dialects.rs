//! The languages of clients that an upstream may speak itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language in which clients ask for generated content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientDialect {
    /// OpenAI's `POST /chat/completions`.
    Chat,
    /// OpenAI's legacy `POST /completions`.
    Completions,
    /// OpenAI's `POST /responses`.
    Responses,
    /// Anthropic's `POST /messages`.
    Messages,
    /// Google's `generateContent`.
    Gemini,
}

/// A set of dialects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dialects(u8);

impl Dialects {
    /// The set of `dialects`.
    pub const fn of(dialects: &[ClientDialect]) -> Self {
        let (mut set, mut at) = (0, 0);
        while at < dialects.len() {
            set |= 1 << dialects[at] as u8;
            at += 1;
        }
        Self(set)
    }

    /// True when `dialect` is in the set.
    pub const fn contains(self, dialect: ClientDialect) -> bool {
        self.0 & (1 << dialect as u8) != 0
    }
}
