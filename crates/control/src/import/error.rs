//! Why an import is not made.

use roundhouse_domain::ErrorKind;
use roundhouse_interchange::ReadError;
use roundhouse_storage::StorageError;
use roundhouse_storage::sealing::SealingError;

use crate::changes::ChangeError;

/// Why an import is not made; nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// What was read does not fit.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// Credentials cannot be sealed.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// The system has no randomness to give.
    #[error("the system has no randomness for a new credential")]
    Randomness,
    /// The database does not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ImportError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Read(error) => error.kind(),
            Self::Change(error) => error.kind(),
            Self::Sealing(error) => error.kind(),
            Self::Randomness => ErrorKind::Unavailable,
            Self::Storage(error) => error.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Read(error) => error.code(),
            Self::Change(error) => error.code(),
            Self::Sealing(error) => error.code(),
            Self::Randomness => "randomness_missing",
            Self::Storage(error) => error.code(),
        }
    }
}
