//! Why an access key cannot be made, changed or removed.

use std::path::PathBuf;

use roundhouse_domain::ErrorKind;
use roundhouse_storage::StorageError;

use crate::changes::ChangeError;

/// Why an access key cannot be made, changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum AccessKeyError {
    /// What is configured would not fit, or cannot be kept.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// An administrator has locked it.
    #[error(
        "an administrator decides what this access key may use: you may rotate it, describe it and switch it off"
    )]
    Locked,
    /// The first key's file cannot be written.
    #[error("cannot write {path}: {error}")]
    File {
        /// Where to.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// The system has no randomness to give.
    #[error("the system has no randomness for a new credential")]
    Randomness,
}

impl AccessKeyError {
    /// What kind it is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Change(error) => error.kind(),
            Self::Locked => ErrorKind::Denied,
            Self::File { .. } | Self::Randomness => ErrorKind::Internal,
        }
    }

    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Change(error) => error.code(),
            Self::Locked => "access_key_locked",
            Self::File { .. } | Self::Randomness => "internal",
        }
    }

    /// The fields that are wrong, and what is wrong with each.
    pub fn fields(&self) -> Vec<(String, String)> {
        match self {
            Self::Change(error) => error.fields(),
            _ => Vec::new(),
        }
    }

    pub(super) fn field(name: &str, message: impl Into<String>) -> Self {
        ChangeError::field(name, message).into()
    }
}

impl From<StorageError> for AccessKeyError {
    fn from(error: StorageError) -> Self {
        Self::Change(error.into())
    }
}
