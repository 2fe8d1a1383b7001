//! Why a database cannot be used.

use std::io;
use std::path::{Path, PathBuf};

use roundhouse_domain::ErrorKind;
use sea_orm::{DbErr, sqlx};

use super::backup::BackupError;
use crate::error::{StorageError, Trouble};

/// Why a database cannot be used; its text says what to do, and never shows a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address cannot be read.
    #[error("the database URL cannot be used: {reason}")]
    Url {
        /// What is wrong with it.
        reason: String,
    },
    /// The file, or the folder it is in, may not be written.
    #[error("{} cannot be written: make the folder and the file writable for the user that runs this program", path.display())]
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There is no room left.
    #[error("no space is left for {}: make room on its disk", path.display())]
    DiskFull {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file is something else, or damaged.
    #[error("{} is not a SQLite database, or is damaged: name another file, or restore a backup", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        source: sqlx::Error,
    },
    /// The server does not answer.
    #[error("no PostgreSQL server answers at {address}: is it running, and is the address right?")]
    Unreachable {
        /// Host and port.
        address: String,
        /// What the network said.
        #[source]
        source: sqlx::Error,
    },
    /// The server does not accept the user or the password.
    #[error(
        "PostgreSQL at {address} refuses user {user}: check the user and the password in the database URL"
    )]
    Refused {
        /// Host and port.
        address: String,
        /// The user's name.
        user: String,
        /// What the server said.
        #[source]
        source: sqlx::Error,
    },
    /// The server has no such database.
    #[error("PostgreSQL at {address} has no database {name}: create it with createdb {name}")]
    NoSuchDatabase {
        /// Host and port.
        address: String,
        /// The database's name.
        name: String,
        /// What the server said.
        #[source]
        source: sqlx::Error,
    },
    /// A newer version of this program has used the database.
    #[error(
        "the database was made by a newer version of Roundhouse (it has {}): use that version, or restore a backup made before the upgrade",
        unknown.join(", ")
    )]
    Newer {
        /// The migrations that this program does not know.
        unknown: Vec<String>,
    },
    /// The copy before a change of the schema could not be made, so nothing was changed.
    #[error("the schema was not changed, since no backup could be made first")]
    Backup(#[from] BackupError),
    /// The schema could not be changed; the database is as it was.
    #[error("the schema could not be brought up to date; nothing was changed")]
    Migration(#[source] DbErr),
    /// Any other failure.
    #[error("the database could not be opened")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl OpenError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Url { .. }
            | Self::NotADatabase { .. }
            | Self::Refused { .. }
            | Self::NoSuchDatabase { .. } => ErrorKind::Invalid,
            Self::ReadOnly { .. } | Self::DiskFull { .. } | Self::Unreachable { .. } | Self::Backup(_) => {
                ErrorKind::Unavailable
            }
            Self::Newer { .. } => ErrorKind::Conflict,
            Self::Migration(_) | Self::Other(_) => ErrorKind::Internal,
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Url { .. } => "database_url_invalid",
            Self::ReadOnly { .. } => "database_read_only",
            Self::DiskFull { .. } => "database_disk_full",
            Self::NotADatabase { .. } => "database_not_a_database",
            Self::Unreachable { .. } => "database_unreachable",
            Self::Refused { .. } => "database_refused",
            Self::NoSuchDatabase { .. } => "database_missing",
            Self::Newer { .. } => "database_newer",
            Self::Backup(_) => "database_backup_failed",
            Self::Migration(_) => "database_migration_failed",
            Self::Other(_) => "database_failed",
        }
    }

    /// What a failure of the file system means.
    pub(super) fn of_file(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { path, source: source.into() }
            }
            io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::AlreadyExists => Self::ReadOnly { path, source: source.into() },
            _ => Self::Other(source.into()),
        }
    }

    /// What a failure of SQLite means.
    pub(super) fn of_sqlite(path: &Path, source: sqlx::Error) -> Self {
        let path = path.to_owned();
        match Trouble::of(&source) {
            Trouble::ReadOnly => Self::ReadOnly { path, source: source.into() },
            Trouble::Full => Self::DiskFull { path, source: source.into() },
            Trouble::NotADatabase => Self::NotADatabase { path, source },
            _ => Self::Other(source.into()),
        }
    }

    /// What a failure of PostgreSQL means.
    pub(super) fn of_postgres(target: &sqlx::postgres::PgConnectOptions, source: sqlx::Error) -> Self {
        let address = format!("{}:{}", target.get_host(), target.get_port());
        match Trouble::of(&source) {
            Trouble::Unreachable => Self::Unreachable { address, source },
            Trouble::Refused => Self::Refused { address, user: target.get_username().to_owned(), source },
            Trouble::NoSuchDatabase => {
                let name = target.get_database().unwrap_or(target.get_username()).to_owned();
                Self::NoSuchDatabase { address, name, source }
            }
            _ => Self::Other(source.into()),
        }
    }
}

impl From<DbErr> for OpenError {
    fn from(error: DbErr) -> Self {
        Self::Other(error.into())
    }
}

impl From<StorageError> for OpenError {
    fn from(error: StorageError) -> Self {
        Self::Other(error.into())
    }
}
