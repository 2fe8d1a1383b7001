//! A backup in the place of a SQLite database.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use roundhouse_domain::ErrorKind;
use sea_orm::{ConnectionTrait, Statement};

use super::{OpenError, OpenOptions, Target, files, sqlite};
use crate::error::StorageError;
use crate::migration::SchemaStatus;
use crate::sealing::{CanaryError, MasterKey};

/// What SQLite keeps beside a database while it is open.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// PostgreSQL has tools of its own for this.
    #[error(
        "a PostgreSQL database is restored with pg_restore: stop all servers, then for example: pg_restore --clean --if-exists --no-owner --dbname=DATABASE_URL roundhouse.dump"
    )]
    Postgres,
    /// The file is no backup of ours, or is damaged.
    #[error("{} is no whole backup: {reason}; take another one", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A newer version made it.
    #[error("{} was made by a newer version of Roundhouse: restore it with that version", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// What is sealed in it does not open.
    #[error(
        "{} was made under another encryption key: set the ROUNDHOUSE_ENCRYPTION_KEY of that time, or put the encryption.key of that time into the data folder, and restore again", path.display()
    )]
    WrongKey {
        /// The file.
        path: PathBuf,
    },
    /// A file could not be read, written or moved.
    #[error("{} cannot be read or written", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The database's address is wrong.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// SQLite failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl RestoreError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Postgres | Self::Damaged { .. } | Self::Newer { .. } | Self::WrongKey { .. } => {
                ErrorKind::Invalid
            }
            Self::File { .. } => ErrorKind::Unavailable,
            Self::Open(error) => error.kind(),
            Self::Storage(error) => error.kind(),
        }
    }
}

/// Puts the backup `file` in the place of the SQLite database, and what was there into the folder `aside`. Nobody may use the
/// database meanwhile. Returns how many schema changes the next start will make.
///
/// The backup is copied and checked before anything is touched, and takes its place by one rename.
pub async fn restore(
    options: &OpenOptions,
    master: &MasterKey,
    file: &Path,
    aside: &Path,
) -> Result<usize, RestoreError> {
    let Target::Sqlite(path) = Target::parse(&options.url)? else { return Err(RestoreError::Postgres) };
    let draft = beside(&path, ".restoring");
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| RestoreError::File { path, source }
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        files::make_folder(folder).map_err(failed(folder))?;
    }
    fs::copy(file, &draft).map_err(failed(file))?;
    let checked = check(&draft, file, master).await;
    let placed = match checked {
        Ok(pending) => put_in_place(&draft, &path, aside).map(|()| pending).map_err(failed(&path)),
        Err(error) => Err(error),
    };
    if placed.is_err() {
        // What is left of it matters less than why.
        let _ = fs::remove_file(&draft);
    }
    placed
}

async fn check(draft: &Path, file: &Path, master: &MasterKey) -> Result<usize, RestoreError> {
    let damaged = |reason: String| RestoreError::Damaged { path: file.to_owned(), reason };
    let connection = sqlite::look(draft).await.map_err(|error| damaged(error.to_string()))?;
    let found = async {
        let question = Statement::from_string(connection.get_database_backend(), "PRAGMA integrity_check(1)");
        let row = connection.query_one_raw(question).await.map_err(|error| damaged(error.to_string()))?;
        let verdict: Option<String> = row.and_then(|row| row.try_get_by_index(0).ok());
        match verdict.as_deref() {
            Some("ok") => {}
            other => return Err(damaged(other.unwrap_or("it cannot be checked").to_owned())),
        }
        let schema = SchemaStatus::read(&connection).await.map_err(StorageError::from)?;
        if !schema.unknown.is_empty() {
            return Err(RestoreError::Newer { path: file.to_owned() });
        }
        if schema.applied.is_empty() {
            return Err(damaged("it holds no data of Roundhouse".to_owned()));
        }
        match master.fits(&connection).await {
            Ok(()) => Ok(schema.pending.len()),
            Err(CanaryError::Storage(error)) => Err(error.into()),
            Err(_) => Err(RestoreError::WrongKey { path: file.to_owned() }),
        }
    };
    let found = found.await;
    connection.close().await.map_err(StorageError::from)?;
    found
}

/// The old database keeps its files under another name; then the new one gets its name.
fn put_in_place(draft: &Path, path: &Path, aside: &Path) -> io::Result<()> {
    File::open(draft)?.sync_all()?;
    if path.exists() {
        files::make_folder(aside)?;
        let name = path.file_name().unwrap_or_default();
        fs::hard_link(path, aside.join(name))?;
        for suffix in BESIDE {
            let there = beside(path, suffix);
            if there.exists() {
                fs::rename(&there, beside(&aside.join(name), suffix))?;
            }
        }
    }
    fs::rename(draft, path)?;
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// The file beside another whose name ends with `suffix`.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
