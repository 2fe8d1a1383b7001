//! The one-time link by which the first person makes themselves administrator.
//!
//! The database holds a random value, and the link a hash of it under a key of ours: so the link is the same after a
//! restart and in every process, and reading the database is not enough to know it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use roundhouse_domain::{ErrorKind, Secret};
use roundhouse_storage::{StorageError, settings, users};

use crate::Role;
use crate::accounts::Accounts;
use crate::actor::Authority;
use crate::fault::Fault;
use crate::sessions::{self, Device, Tokens};
use crate::users::{NewUser, Prepared, UserError};

const SETTING: &str = "setup.nonce";

/// Why the set-up was not completed.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// There is somebody already.
    #[error("this server is set up already: log in, or ask an administrator for an account")]
    Done,
    /// The link is not the one in the log.
    #[error("this set-up link is not valid: take the one that the server printed to its log")]
    WrongToken,
    /// What was entered cannot be accepted.
    #[error(transparent)]
    User(#[from] UserError),
}

impl SetupError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Done => ErrorKind::Conflict,
            Self::WrongToken => ErrorKind::Unauthenticated,
            Self::User(error) => error.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Done => "setup_done",
            Self::WrongToken => "setup_token_wrong",
            Self::User(error) => error.code(),
        }
    }
}

impl From<Fault> for SetupError {
    fn from(fault: Fault) -> Self {
        Self::User(fault.into())
    }
}

impl From<StorageError> for SetupError {
    fn from(error: StorageError) -> Self {
        Self::User(error.into())
    }
}

/// Whether there is nobody yet.
pub async fn is_needed(accounts: &Accounts) -> Result<bool, SetupError> {
    Ok(users::count(accounts.context().database.reader()).await? == 0)
}

/// What the first person must show, as long as there is nobody.
pub async fn token_if_needed(accounts: &Accounts) -> Result<Option<Secret>, SetupError> {
    let context = accounts.context();
    if users::count(context.database.reader()).await? > 0 {
        return Ok(None);
    }
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce).map_err(|_| Fault::Randomness)?;
    let transaction = context.database.write().await?;
    let nonce = settings::get_or_insert(&transaction, SETTING, &nonce).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(Some(Secret::new(URL_SAFE_NO_PAD.encode(mark(accounts, &nonce).as_bytes()))))
}

/// Adds the first person, as an administrator whatever role they name, and logs them in.
pub async fn complete(
    accounts: &Accounts,
    token: &Secret,
    new: &NewUser,
    device: &Device,
) -> Result<Tokens, SetupError> {
    let context = accounts.context();
    let nonce = settings::get(context.database.reader(), SETTING).await?;
    if users::count(context.database.reader()).await? > 0 {
        return Err(SetupError::Done);
    }
    let nonce = nonce.ok_or(SetupError::WrongToken)?;
    let shown =
        URL_SAFE_NO_PAD.decode(token.expose()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    // Comparing hashes takes the same time wherever they differ.
    if shown.map(blake3::Hash::from) != Some(mark(accounts, &nonce)) {
        return Err(SetupError::WrongToken);
    }
    let prepared = Prepared::new(accounts, &NewUser { role: Role::Administrator, ..new.clone() }).await?;
    let transaction = context.database.write().await?;
    // Of two who complete it at the same time, one finds the value gone.
    if !settings::delete(&transaction, SETTING).await? || users::count(&transaction).await? > 0 {
        return Err(SetupError::Done);
    }
    let user = prepared.insert(context, &transaction, Authority::Operator).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(sessions::start(accounts, user, device).await?)
}

fn mark(accounts: &Accounts, nonce: &[u8]) -> blake3::Hash {
    blake3::keyed_hash(&accounts.context().keys.derive("setup link"), nonce)
}
