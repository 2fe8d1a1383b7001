//! Notices a wrong master key at the start, before anything is sealed under it.

use std::path::Path;

use roundhouse_domain::{ErrorKind, Secret};
use sea_orm::ConnectionTrait;
use zeroize::Zeroizing;

use super::{MasterKey, SealingError, key_file};
use crate::database::Database;
use crate::error::StorageError;
use crate::settings;

const NAME: &str = "encryption.canary";
const CONTEXT: &str = "canary";
const SONG: &[u8] = b"this key opens the secrets of this database";

/// The first master key of the database, sealed, once there is another.
const FIRST: &str = "encryption.first";
const FIRST_CONTEXT: &str = "first key";

/// Why the master key and the database do not go together.
#[derive(Debug, thiserror::Error)]
pub enum CanaryError {
    /// The secrets in the database were sealed under another key.
    #[error(
        "the encryption key is not the one that this database was made with: set the old ROUNDHOUSE_ENCRYPTION_KEY, or put the old encryption.key back into the data folder"
    )]
    WrongKey,
    /// There is no key, or something cannot be sealed.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl CanaryError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::WrongKey => ErrorKind::Invalid,
            Self::Sealing(error) => error.kind(),
            Self::Storage(error) => error.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongKey => "encryption_key_wrong",
            Self::Sealing(error) => error.code(),
            Self::Storage(error) => error.code(),
        }
    }
}

impl MasterKey {
    /// The key of `database`: the configured one, or the one in the file `encryption.key` in `data_dir`, which is made at the first
    /// start. Where the file's replacement was cut off, it is brought to its end.
    pub async fn of_database(
        configured: Option<&Secret>,
        data_dir: &Path,
        database: &Database,
    ) -> Result<Self, CanaryError> {
        let verified = Self::load_or_create(configured, data_dir)?.verify(database).await;
        if configured.is_some() || !matches!(verified, Err(CanaryError::WrongKey)) {
            return verified;
        }
        let Some(bytes) = key_file::drafted(data_dir)? else { return verified };
        let master = Self::from_bytes(&*bytes).verify(database).await?;
        key_file::promote_draft(data_dir)?;
        Ok(master)
    }

    /// Makes sure that the secrets of `database` open under this key; a database without any takes it as its own. Returns the
    /// key with what earlier keys of the database left to it.
    pub async fn verify(&self, database: &Database) -> Result<Self, CanaryError> {
        if settings::get(database.reader(), NAME).await?.is_none() {
            self.adopt(database).await?;
        }
        self.fits(database.reader()).await?;
        match settings::get(database.reader(), FIRST).await? {
            None => Ok(self.clone()),
            Some(sealed) => {
                let first = self.open(&sealed, FIRST_CONTEXT)?;
                let first = first.first_chunk().ok_or(SealingError::Unopenable)?;
                Ok(self.after(Zeroizing::new(*first)))
            }
        }
    }

    /// Makes sure that the secrets of a database open under this key; one without any fits every key.
    pub(crate) async fn fits(&self, connection: &impl ConnectionTrait) -> Result<(), CanaryError> {
        let Some(found) = settings::get(connection, NAME).await? else { return Ok(()) };
        match self.open(&found, CONTEXT) {
            Ok(plain) if *plain == SONG => Ok(()),
            _ => Err(CanaryError::WrongKey),
        }
    }

    async fn adopt(&self, database: &Database) -> Result<(), CanaryError> {
        let sealed = self.seal(SONG, CONTEXT)?;
        let transaction = database.write().await?;
        // Another process may have been faster, with another key.
        settings::get_or_insert(&transaction, NAME, &sealed).await?;
        Ok(transaction.commit().await.map_err(StorageError::from)?)
    }
}

/// Makes `to` the key of a database, and leaves it what `from` has.
pub(super) async fn move_in(
    connection: &impl ConnectionTrait,
    from: &MasterKey,
    to: &MasterKey,
) -> Result<(), CanaryError> {
    settings::set(connection, NAME, &to.seal(SONG, CONTEXT)?).await?;
    settings::set(connection, FIRST, &to.seal(from.first(), FIRST_CONTEXT)?).await?;
    Ok(())
}
