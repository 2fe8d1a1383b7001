//! What can go wrong with a stored thing.

use std::fmt;

use roundhouse_domain::ErrorKind;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, SqlErr, sqlx};

/// Why a repository function failed. Its text is safe to show; the cause is in its source.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A thing of that name, or what it refers to, stands in the way.
    #[error("something with the same name exists already, or something it refers to does not")]
    Conflict(#[source] DbErr),
    /// The database cannot be reached, or is too busy to answer in time.
    #[error("the database is not available at the moment")]
    Unavailable(#[source] DbErr),
    /// The disk is full, or the file may not be written.
    #[error("the database cannot be written: is the disk full, or read-only?")]
    Unwritable(#[source] DbErr),
    /// A row that this program never writes.
    #[error("table {table} has an unreadable {column} in row {id}")]
    Corrupt {
        /// Where it stands.
        table: &'static str,
        /// What cannot be read.
        column: &'static str,
        /// Which row.
        id: String,
    },
    /// Any other fault of the database or of ours.
    #[error("the database refused an operation")]
    Database(#[source] DbErr),
}

impl StorageError {
    /// Work beside the database that did not come to its end.
    pub fn unfinished(error: &tokio::task::JoinError) -> Self {
        Self::Database(DbErr::Custom(error.to_string()))
    }

    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Conflict(_) => ErrorKind::Conflict,
            Self::Unavailable(_) | Self::Unwritable(_) => ErrorKind::Unavailable,
            Self::Corrupt { .. } | Self::Database(_) => ErrorKind::Internal,
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Conflict(_) => "storage_conflict",
            Self::Unavailable(_) => "storage_unavailable",
            Self::Unwritable(_) => "storage_unwritable",
            Self::Corrupt { .. } => "storage_corrupt",
            Self::Database(_) => "storage_failed",
        }
    }

    /// A row that this program never writes.
    pub(crate) fn corrupt(table: &'static str, column: &'static str, id: impl fmt::Display) -> Self {
        Self::Corrupt { table, column, id: id.to_string() }
    }
}

impl From<DbErr> for StorageError {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(_) | SqlErr::ForeignKeyConstraintViolation(_)) =
            error.sql_err()
        {
            return Self::Conflict(error);
        }
        if matches!(
            error,
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout | ConnAcquireErr::ConnectionClosed)
        ) {
            return Self::Unavailable(error);
        }
        match sqlx_cause(&error).map(Trouble::of) {
            Some(Trouble::Busy | Trouble::Unreachable) => Self::Unavailable(error),
            Some(Trouble::Full | Trouble::ReadOnly) => Self::Unwritable(error),
            _ => Self::Database(error),
        }
    }
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
            sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
            error => DbErr::Exec(RuntimeErr::SqlxError(error.into())),
        }
        .into()
    }
}

fn sqlx_cause(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

/// What a driver's error means, as far as anyone can act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    Busy,
    Unreachable,
    Full,
    ReadOnly,
    NotADatabase,
    Refused,
    NoSuchDatabase,
    Other,
}

impl Trouble {
    /// Reads primary result codes of SQLite (sqlite.org/rescode.html) and SQLSTATE classes of PostgreSQL (appendix A
    /// of its manual).
    pub(crate) fn of(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed => Self::Unreachable,
            sqlx::Error::Database(error)
                if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() =>
            {
                let code = error.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or_default();
                // A failed write is told so, whatever stood against it (SQLITE_IOERR_WRITE).
                if code == 778 {
                    return Self::Full;
                }
                match code & 0xff {
                    5 | 6 => Self::Busy,
                    3 | 8 | 14 => Self::ReadOnly,
                    13 => Self::Full,
                    11 | 26 => Self::NotADatabase,
                    _ => Self::Other,
                }
            }
            sqlx::Error::Database(error) => match error.code().as_deref() {
                Some("28P01" | "28000") => Self::Refused,
                Some("3D000") => Self::NoSuchDatabase,
                Some("53100") => Self::Full,
                Some("25006") => Self::ReadOnly,
                Some(code) if code.starts_with("57P") || code.starts_with("08") || code.starts_with("53") => {
                    Self::Unreachable
                }
                Some("40001" | "40P01" | "55P03") => Self::Busy,
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }
}
