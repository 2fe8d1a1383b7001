//! Faults that no caller has brought about.

use roundhouse_domain::ErrorKind;
use roundhouse_storage::StorageError;

/// A fault of the machinery, whatever was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Too many passwords are waiting to be checked.
    #[error("too many logins at the moment; try again in a few seconds")]
    Busy,
    /// The system has no randomness to give.
    #[error("the operating system gives no randomness")]
    Randomness,
    /// A password or a token could not be processed.
    #[error("the login could not be processed")]
    Cryptography,
}

impl Fault {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Storage(error) => error.kind(),
            Self::Busy | Self::Randomness => ErrorKind::Unavailable,
            Self::Cryptography => ErrorKind::Internal,
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Storage(error) => error.code(),
            Self::Busy => "logins_busy",
            Self::Randomness => "randomness_missing",
            Self::Cryptography => "login_failed",
        }
    }
}
