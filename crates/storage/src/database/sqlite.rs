//! SQLite: one connection that writes, many that read.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::sqlx::{ConnectOptions, Connection};
use sea_orm::{DatabaseConnection, SqlxSqliteConnector};

use super::{Backend, Database, OpenError, files};
use crate::dimensions::Known;
use crate::migration::SchemaStatus;

/// How long a connection waits while another process, such as a backup tool, holds the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a caller waits for its turn.
const ACQUIRE_TIMEOUT: Duration = Duration::from_mins(1);
/// Pages in the write-ahead log before they are copied to the database: the default of 1,000 copies the pages of indexes
/// several times a second under load.
const CHECKPOINT_PAGES: &str = "4000";
/// The write-ahead log is cut back to this size after a checkpoint.
const JOURNAL_SIZE_LIMIT_BYTES: &str = "67108864";

/// The file that a URL names.
pub(super) fn path_of(url: &str) -> Result<PathBuf, OpenError> {
    // Other programs write a relative path with three slashes; no absolute path begins with a dot folder.
    let url = url.replacen("sqlite:///./", "sqlite://./", 1);
    let options =
        SqliteConnectOptions::from_str(&url).map_err(|error| OpenError::Url { reason: error.to_string() })?;
    let path = options.get_filename();
    if path.as_os_str().is_empty() || url.contains(":memory:") || url.contains("mode=memory") {
        return Err(OpenError::Url { reason: "name a file, as in sqlite://data/roundhouse.db".to_owned() });
    }
    Ok(path.to_owned())
}

pub(super) async fn open(path: &Path, max_connections: u32) -> Result<Database, OpenError> {
    files::make(path)?;
    let writer = pool(1)
        .after_release(|connection, _| {
            Box::pin(async move {
                // After a failed write SQLite may have ended a transaction by itself, which the driver then believes to be open
                // for ever (and refuses to begin another): such a connection is replaced. The ping waits for a queued rollback.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(
            options(path).journal_mode(SqliteJournalMode::Wal).pragma("wal_autocheckpoint", CHECKPOINT_PAGES),
        )
        .await
        .map_err(|error| OpenError::of_sqlite(path, error))?;
    let reader = pool(max_connections.max(1)).connect_lazy_with(options(path).pragma("query_only", "ON"));
    Ok(Database {
        reader: connection(reader),
        writer: connection(writer),
        backend: Backend::Sqlite,
        dimensions: Known::default(),
    })
}

pub(super) async fn check(path: &Path) -> Result<SchemaStatus, OpenError> {
    if !path.exists() {
        return Ok(SchemaStatus::of_nothing());
    }
    let pool = look(path).await.map_err(|error| OpenError::of_sqlite(path, error))?;
    let status = SchemaStatus::read(&pool).await;
    pool.close_by_ref().await?;
    Ok(status?)
}

/// One connection that changes nothing.
pub(super) async fn look(path: &Path) -> Result<DatabaseConnection, sea_orm::sqlx::Error> {
    pool(1).connect_with(options(path).pragma("query_only", "ON")).await.map(connection)
}

/// A connection beside the pools, for what must not run in either.
pub(super) async fn connect(path: &Path) -> Result<SqliteConnection, sea_orm::sqlx::Error> {
    SqliteConnection::connect_with(&options(path)).await
}

fn pool(max_connections: u32) -> SqlitePoolOptions {
    // A file cannot go away the way a server does: no need to ask each time whether it is still there.
    SqlitePoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .max_lifetime(None)
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("journal_size_limit", JOURNAL_SIZE_LIMIT_BYTES)
        .disable_statement_logging()
}

fn connection(pool: sea_orm::sqlx::SqlitePool) -> DatabaseConnection {
    SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)
}
