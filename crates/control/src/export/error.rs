//! Why an export is not made.

use roundhouse_domain::ErrorKind;
use roundhouse_interchange::uni_api::WriteFileError;
use roundhouse_interchange::{ReadError, WriteError};
use roundhouse_storage::StorageError;

use crate::objects::ObjectError;

/// Why an export is not made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is no such provider.
    #[error("there is no provider named {0:?}")]
    NoProvider(String),
    /// It is not set where to export to.
    #[error("it is not set where to: {0}")]
    NoTarget(&'static str),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
    /// It cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The file that is there cannot be read, or ours not be written into it.
    #[error(transparent)]
    UniApi(#[from] WriteFileError),
    /// The other gateway does not do as it should.
    #[error(transparent)]
    Remote(#[from] ReadError),
    /// A file cannot be written.
    #[error("cannot write {path}: {error}")]
    File {
        /// Which.
        path: String,
        /// Why not.
        error: std::io::Error,
    },
    /// What is configured cannot be read.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// The database does not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The program is ending.
    #[error("the work was stopped")]
    Stopped,
}

impl ExportError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NoProvider(_) => ErrorKind::NotFound,
            Self::NoTarget(_) | Self::UniApi(_) => ErrorKind::Invalid,
            Self::Write(error) => error.kind(),
            Self::Remote(error) => error.kind(),
            Self::File { .. } | Self::Stopped | Self::Tls(_) => ErrorKind::Unavailable,
            Self::Object(error) => error.kind(),
            Self::Storage(error) => error.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoProvider(_) => "no_provider",
            Self::NoTarget(_) => "no_export_target",
            Self::Write(error) => error.code(),
            Self::UniApi(_) => "existing_file_invalid",
            Self::Remote(_) => "export_remote",
            Self::File { .. } => "export_file",
            Self::Object(error) => error.code(),
            Self::Storage(error) => error.code(),
            Self::Stopped | Self::Tls(_) => "unavailable",
        }
    }
}
