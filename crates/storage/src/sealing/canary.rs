//! Notices a wrong master key at the start, before anything is sealed under it.

use roundhouse_domain::ErrorKind;

use super::MasterKey;
use crate::database::Database;
use crate::error::StorageError;
use crate::settings;

const NAME: &str = "encryption.canary";
const CONTEXT: &str = "canary";
const SONG: &[u8] = b"this key opens the secrets of this database";

/// Why the master key and the database do not go together.
#[derive(Debug, thiserror::Error)]
pub enum CanaryError {
    /// The secrets in the database were sealed under another key.
    #[error(
        "the encryption key is not the one that this database was made with: set the old ROUNDHOUSE_ENCRYPTION_KEY, or put the old encryption.key back into the data folder"
    )]
    WrongKey,
    /// The system has no randomness to give.
    #[error("the operating system gives no randomness")]
    Randomness,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl CanaryError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::WrongKey => ErrorKind::Invalid,
            Self::Randomness => ErrorKind::Unavailable,
            Self::Storage(error) => error.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongKey => "encryption_key_wrong",
            Self::Randomness => "randomness_missing",
            Self::Storage(error) => error.code(),
        }
    }
}

impl MasterKey {
    /// Makes sure that the secrets of `database` open under this key; a database without any takes it as its own.
    pub async fn verify(&self, database: &Database) -> Result<(), CanaryError> {
        let found = match settings::get(database.reader(), NAME).await? {
            Some(found) => found,
            None => self.adopt(database).await?,
        };
        match self.open(&found, CONTEXT) {
            Ok(plain) if *plain == SONG => Ok(()),
            _ => Err(CanaryError::WrongKey),
        }
    }

    async fn adopt(&self, database: &Database) -> Result<Vec<u8>, CanaryError> {
        let sealed = self.seal(SONG, CONTEXT).map_err(|_| CanaryError::Randomness)?;
        let transaction = database.write().await?;
        // Another process may have been faster, with another key.
        let found = settings::get_or_insert(&transaction, NAME, &sealed).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        Ok(found)
    }
}
