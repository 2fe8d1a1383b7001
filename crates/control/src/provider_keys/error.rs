//! What can go wrong with provider keys.

use roundhouse_domain::ErrorKind;
use roundhouse_jobs::QueueError;
use roundhouse_storage::StorageError;
use roundhouse_storage::sealing::SealingError;

use crate::control::ApplyError;

/// Why something cannot be done with provider keys.
#[derive(Debug, thiserror::Error)]
pub enum ProviderKeyError {
    /// There is no such provider.
    #[error("there is no such provider")]
    NoProvider,
    /// There is no such key.
    #[error("there is no such provider key")]
    NotFound,
    /// It stands in the configuration file or the environment.
    #[error(
        "this key is declared in the configuration file, a keys file or the environment; change it there"
    )]
    Declared,
    /// A value cannot be accepted.
    #[error("`{field}` {message}")]
    Field {
        /// Which one.
        field: &'static str,
        /// What is wrong, and what to do.
        message: String,
    },
    /// There is nothing to add.
    #[error("`text` holds no key that could be sent{}; give one a line, separated by commas or spaces, or as a JSON array", unusable(*.0))]
    NoKeys(usize),
    /// The provider is not served, so its keys cannot be tested.
    #[error("the provider is switched off; switch it on to test its keys")]
    NotServed,
    /// The person has seen many keys lately.
    #[error("many keys were revealed within a minute; wait a minute, or export them all at once")]
    TooOften,
    /// A credential cannot be opened or sealed.
    #[error("the key cannot be read or kept; is the encryption key the right one?")]
    Sealing(#[from] SealingError),
    /// The job cannot be made.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The change is stored and cannot be put in force.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// The database does not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The process is ending.
    #[error("the server is stopping")]
    Stopping,
}

impl ProviderKeyError {
    /// A value that cannot be accepted.
    pub(super) fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::Field { field, message: message.into() }
    }

    /// What kind it is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NoProvider | Self::NotFound => ErrorKind::NotFound,
            Self::Declared | Self::NotServed => ErrorKind::Conflict,
            Self::Field { .. } | Self::NoKeys(_) => ErrorKind::Invalid,
            Self::TooOften => ErrorKind::RateLimited,
            Self::Sealing(_) => ErrorKind::Internal,
            Self::Queue(error) => error.kind(),
            Self::Apply(_) | Self::Stopping => ErrorKind::Unavailable,
            Self::Storage(error) => error.kind(),
        }
    }

    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoProvider => "provider_not_found",
            Self::NotFound => "not_found",
            Self::Declared => "declared",
            Self::Field { .. } => "invalid_field",
            Self::NoKeys(_) => "no_keys",
            Self::NotServed => "provider_disabled",
            Self::TooOften => "too_many_reveals",
            Self::Sealing(_) => "sealing_failed",
            Self::Queue(error) => error.code(),
            Self::Apply(_) | Self::Stopping => "unavailable",
            Self::Storage(error) => error.code(),
        }
    }
}

fn unusable(count: usize) -> String {
    if count == 0 { String::new() } else { format!(" ({count} have characters that cannot)") }
}
