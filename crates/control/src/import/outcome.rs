//! What an import does.

use roundhouse_domain::Secret;
use roundhouse_interchange::Note;
use serde::Serialize;

/// What an import did, or would do.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Each thing that is in the import, or goes because of it.
    pub objects: Vec<ObjectOutcome>,
    /// Keys by provider.
    pub keys: Vec<KeysOutcome>,
    /// Credentials that were made because none came along; told this once.
    pub fresh_credentials: Vec<FreshCredential>,
    /// What has no counterpart, and what was done instead.
    pub notes: Vec<Note>,
    /// What looks wrong in the configuration that results.
    pub warnings: Vec<String>,
}

/// What becomes of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObjectOutcome {
    /// Its kind.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What becomes of it.
    pub what: What,
}

/// What becomes of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It is new.
    Created,
    /// It was there, and differs now.
    Changed,
    /// It was there just so.
    Unchanged,
    /// It was there, and is not in the import.
    Removed,
    /// It stays as it is.
    Skipped,
}

impl What {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Removed => "removed",
            Self::Skipped => "skipped",
        }
    }
}

/// What becomes of the keys of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeysOutcome {
    /// The provider.
    pub provider: String,
    /// Keys that are new.
    pub added: u64,
    /// Keys that were there and stay as they are.
    pub known: u64,
}

/// A credential that was made.
#[derive(Clone, Debug)]
pub struct FreshCredential {
    /// The access key's name.
    pub access_key: String,
    /// The credential; none in a preview.
    pub secret: Option<Secret>,
}
