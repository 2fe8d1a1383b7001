//! What can be wrong with a change of models.

use roundhouse_domain::ErrorKind;
use roundhouse_storage::StorageError;

use crate::changes::ChangeError;

/// Why models were not changed, or not asked for.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// There is no such model or provider.
    #[error("there is no such model")]
    NotFound,
    /// A file or a variable says what it is.
    #[error("the model {0} is declared in a file or a variable; change it there")]
    ReadOnly(String),
    /// A field is wrong.
    #[error("`{field}` {message}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What is wrong and what to do.
        message: String,
    },
    /// The provider did not give its list.
    #[error("the provider's models cannot be listed: {0}")]
    Upstream(String),
    /// The change cannot be made.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// The database does not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ModelError {
    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::ReadOnly(_) => ErrorKind::Conflict,
            Self::Invalid { .. } => ErrorKind::Invalid,
            Self::Upstream(_) => ErrorKind::UpstreamFailed,
            Self::Change(error) => error.kind(),
            Self::Storage(error) => error.kind(),
        }
    }

    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "model_not_found",
            Self::ReadOnly(_) => "read_only",
            Self::Invalid { .. } => "invalid_model",
            Self::Upstream(_) => "models_not_listed",
            Self::Change(error) => error.code(),
            Self::Storage(error) => error.code(),
        }
    }
}
