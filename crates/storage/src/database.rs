//! The connection to the database, alike for both kinds.
//!
//! SQLite allows one writer at a time. So that nobody ever meets "database is locked", all writing goes through one
//! connection, in transactions that take the lock at once; whoever comes meanwhile waits in line. Readers have
//! connections of their own, see the last committed state, and wait for nobody.

mod backup;
mod files;
mod migrate;
mod open_error;
mod postgres;
mod restore;
mod sqlite;

use std::path::{Path, PathBuf};

use roundhouse_domain::{Clock, Secret};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait, sqlx,
};

pub use self::backup::BackupError;
pub use self::open_error::OpenError;
pub use self::restore::{RestoreError, restore};
use crate::dimensions::Known;
use crate::error::StorageError;
use crate::migration::SchemaStatus;

/// Which database it is, and how to treat it.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// `sqlite://folder/file.db`, `sqlite:///absolute/file.db` or `postgres://user:password@host/database`.
    pub url: Secret,
    /// Connections at the most; of SQLite: for reading, beside the one for writing.
    pub max_connections: u32,
    /// Where a copy of a SQLite database is put before its schema changes.
    pub backup_dir: PathBuf,
    /// Dates the copies.
    pub clock: Clock,
}

/// The kinds of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

impl Backend {
    /// The kind's name, as in URLs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// An open database with the schema of this program; clones share its connections.
#[derive(Clone, Debug)]
pub struct Database {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    backend: Backend,
    dimensions: Known,
}

impl Database {
    /// Opens the database, makes it if there is none (SQLite), and brings its schema up to date.
    ///
    /// Several processes may do so at the same time: one changes the schema, the others wait. A SQLite database with
    /// something in it is copied to the backup folder first.
    pub async fn open(options: &OpenOptions) -> Result<Self, OpenError> {
        let database = match Target::parse(&options.url)? {
            Target::Sqlite(path) => sqlite::open(&path, options.max_connections).await?,
            Target::Postgres(target) => postgres::open(*target, options.max_connections).await?,
        };
        match migrate::run(&database, options).await {
            Ok(()) => Ok(database),
            Err(error) => {
                database.close().await;
                Err(error)
            }
        }
    }

    /// Compares a database's schema with this program's, and changes nothing; a SQLite file that is not there needs
    /// everything.
    pub async fn check(options: &OpenOptions) -> Result<SchemaStatus, OpenError> {
        match Target::parse(&options.url)? {
            Target::Sqlite(path) => sqlite::check(&path).await,
            Target::Postgres(target) => postgres::check(*target).await,
        }
    }

    /// The connections for looking; on SQLite they refuse to change anything.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Begins a transaction for changes; dropped without `commit`, it leaves no trace.
    ///
    /// On SQLite all others wait until it ends: no network calls inside.
    pub async fn write(&self) -> Result<DatabaseTransaction, StorageError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }

    /// Asks the database whether it answers.
    pub async fn ping(&self) -> Result<(), StorageError> {
        Ok(self.reader.ping().await?)
    }

    /// The version of SQLite or of the PostgreSQL server.
    pub async fn version(&self) -> Result<String, StorageError> {
        let question = match self.backend {
            Backend::Sqlite => "SELECT sqlite_version() AS version",
            Backend::Postgres => "SELECT current_setting('server_version') AS version",
        };
        let statement = Statement::from_string(self.reader.get_database_backend(), question);
        let row = self.reader.query_one_raw(statement).await?;
        let row = row.ok_or_else(|| sea_orm::DbErr::RecordNotFound("a version".to_owned()))?;
        Ok(row.try_get("", "version")?)
    }

    /// Which kind of database this is.
    pub const fn backend(&self) -> Backend {
        self.backend
    }

    /// Waits until all connections are given back, and closes them.
    pub async fn close(self) {
        // Closing a pool cannot fail; the result is there for other kinds of connection.
        let _ = self.reader.close().await;
        let _ = self.writer.close().await;
    }

    /// Copies a SQLite database, as it is at this moment, to a file that does not exist yet.
    pub async fn backup_to(&self, path: &Path) -> Result<(), BackupError> {
        match self.writer_pool() {
            WriterPool::Sqlite(pool) => backup::copy(pool, path).await,
            WriterPool::Postgres(_) => Err(BackupError::Postgres),
        }
    }

    /// Numbers of names that are known already.
    pub(crate) const fn dimensions(&self) -> &Known {
        &self.dimensions
    }

    /// The connection for writing, outside of any transaction.
    pub(crate) const fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// The connections for writing, for statements that are worth saying in SQL.
    pub(crate) fn writer_pool(&self) -> WriterPool<'_> {
        match self.backend {
            Backend::Sqlite => WriterPool::Sqlite(self.writer.get_sqlite_connection_pool()),
            Backend::Postgres => WriterPool::Postgres(self.writer.get_postgres_connection_pool()),
        }
    }
}

/// The writing side of either kind of database.
pub(crate) enum WriterPool<'a> {
    Sqlite(&'a sqlx::SqlitePool),
    Postgres(&'a sqlx::PgPool),
}

/// Where a database is.
enum Target {
    Sqlite(PathBuf),
    Postgres(Box<sqlx::postgres::PgConnectOptions>),
}

impl Target {
    fn parse(url: &Secret) -> Result<Self, OpenError> {
        let url = url.expose();
        if url.starts_with("sqlite:") {
            return sqlite::path_of(url).map(Self::Sqlite);
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return postgres::target_of(url).map(|target| Self::Postgres(Box::new(target)));
        }
        Err(OpenError::Url { reason: "it must begin with sqlite:// or postgres://".to_owned() })
    }
}
