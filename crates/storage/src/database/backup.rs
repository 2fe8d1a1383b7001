//! Copies of a SQLite database.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use roundhouse_domain::ErrorKind;
use sea_orm::sqlx::{self, Connection, SqlitePool};

use super::{files, sqlite};

/// Why no copy was made.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// PostgreSQL has tools of its own for this.
    #[error(
        "a PostgreSQL database is backed up with pg_dump, for example: pg_dump --format=custom --file=roundhouse.dump DATABASE_URL"
    )]
    Postgres,
    /// There is a file of that name.
    #[error("{} exists already: name another file", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file could not be made.
    #[error("the backup {} could not be written: is the folder writable, and is there room on its disk?", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// SQLite could not make the copy.
    #[error("the backup {} could not be made", path.display())]
    Copy {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        source: sqlx::Error,
    },
}

impl BackupError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Postgres => ErrorKind::Invalid,
            Self::Exists { .. } => ErrorKind::Conflict,
            Self::File { .. } | Self::Copy { .. } => ErrorKind::Unavailable,
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Postgres => "backup_needs_pg_dump",
            Self::Exists { .. } => "backup_exists",
            Self::File { .. } | Self::Copy { .. } => "backup_failed",
        }
    }
}

/// Copies the database of `pool` to `path`, which becomes complete or not at all.
///
/// Runs on a connection of its own: the copy reads one snapshot, so that writers need not wait.
pub(super) async fn copy(pool: &SqlitePool, path: &Path) -> Result<(), BackupError> {
    let failed = |source| BackupError::File { path: path.to_owned(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        files::make_folder(folder).map_err(failed)?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(BackupError::Exists { path: path.to_owned() });
        }
        Err(error) => return Err(failed(error)),
    }
    let copied = match vacuum_into(pool, path).await {
        Ok(()) => sync(path).await.map_err(failed),
        Err(source) => Err(BackupError::Copy { path: path.to_owned(), source }),
    };
    if copied.is_err() {
        // Half a copy must not pass for one; that it cannot be removed matters less than why it is there.
        let _ = std::fs::remove_file(path);
    }
    copied
}

async fn vacuum_into(pool: &SqlitePool, path: &Path) -> Result<(), sqlx::Error> {
    let mut connection = sqlite::connect(pool.connect_options().get_filename()).await?;
    let target = path.to_str().ok_or_else(|| sqlx::Error::Configuration("the path is not UTF-8".into()))?;
    let copied = sqlx::query("VACUUM INTO ?").bind(target).execute(&mut connection).await;
    connection.close().await?;
    copied.map(drop)
}

/// SQLite leaves it to the system when the copy reaches the disk.
async fn sync(path: &Path) -> io::Result<()> {
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || File::open(path)?.sync_all()).await?
}
