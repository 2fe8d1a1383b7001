//! Access keys that people make.

use std::io::Write;
use std::path::{Path, PathBuf};

use roundhouse_domain::spec::{LimitSpec, ModelRule};
use roundhouse_domain::{AccessKeyId, ErrorKind, Secret, Timestamp, UserId};
use roundhouse_storage::StorageError;
use roundhouse_storage::access_keys::{self, AccessKey};

use crate::control::{ApplyError, Control};

/// What a credential of ours begins with, so that people and secret scanners know it.
const PREFIX: &str = "rh-";

/// The file that the first access key is written to.
const FIRST_KEY_FILE: &str = "first-access-key.txt";

/// What is asked for when an access key is made.
#[derive(Clone, Debug)]
pub struct NewAccessKey {
    /// Unique among access keys.
    pub name: String,
    /// What it may use.
    pub models: Vec<ModelRule>,
    /// How much it may use.
    pub limits: LimitSpec,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// Why an access key cannot be made, changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum AccessKeyError {
    /// The name is empty or too long.
    #[error("the name must be 1 to 100 characters")]
    Name,
    /// A key of that name exists.
    #[error("an access key named {0:?} exists already")]
    Exists(String),
    /// There is none.
    #[error("there is no such access key")]
    NotFound,
    /// It stands in the configuration file or the environment.
    #[error("this access key is declared in the configuration file or the environment; change it there")]
    Declared,
    /// The first key's file cannot be written.
    #[error("cannot write {path}: {error}")]
    File {
        /// Where to.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// The system has no randomness to give.
    #[error("the system has no randomness for a new credential")]
    Randomness,
    /// The change is stored and cannot be put in force.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// The database does not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl AccessKeyError {
    /// What kind it is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Name => ErrorKind::Invalid,
            Self::Exists(_) | Self::Declared => ErrorKind::Conflict,
            Self::NotFound => ErrorKind::NotFound,
            Self::Apply(_) | Self::Storage(_) => ErrorKind::Unavailable,
            Self::File { .. } | Self::Randomness => ErrorKind::Internal,
        }
    }

    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Name => "invalid_name",
            Self::Exists(_) => "name_taken",
            Self::Declared => "declared",
            Self::NotFound => "not_found",
            Self::Apply(_) | Self::Storage(_) => "unavailable",
            Self::File { .. } | Self::Randomness => "internal",
        }
    }
}

impl Control {
    /// Makes an access key; the credential is in the answer and nowhere else.
    pub async fn create_access_key(
        &self,
        new: NewAccessKey,
        created_by: Option<UserId>,
    ) -> Result<(AccessKey, Secret), AccessKeyError> {
        let length = new.name.chars().count();
        if new.name.trim().is_empty() || length > 100 {
            return Err(AccessKeyError::Name);
        }
        if self.is_declared(&new.name) {
            return Err(AccessKeyError::Exists(new.name));
        }
        let credential = fresh_credential()?;
        let now = self.inner().parts.clock.now();
        let key = AccessKey {
            id: self.inner().parts.ids.next(),
            name: new.name,
            key_hash: self.inner().parts.hasher.credential(credential.expose().as_bytes()),
            masked: credential.masked(),
            models: new.models,
            limits: new.limits,
            expires_at: new.expires_at,
            enabled: true,
            created_by,
            created_at: now,
            updated_at: now,
        };
        let transaction = self.database().write().await?;
        access_keys::insert(&transaction, &key).await.map_err(|error| match error.kind() {
            ErrorKind::Conflict => AccessKeyError::Exists(key.name.clone()),
            _ => error.into(),
        })?;
        transaction.commit().await.map_err(StorageError::from)?;
        self.apply().await?;
        Ok((key, credential))
    }

    /// Gives an access key a new credential; the old one stops working at once.
    pub async fn rotate_access_key(&self, id: AccessKeyId) -> Result<(AccessKey, Secret), AccessKeyError> {
        let credential = fresh_credential()?;
        let transaction = self.database().write().await?;
        let mut key = access_keys::get(&transaction, id).await?.ok_or(AccessKeyError::NotFound)?;
        key.key_hash = self.inner().parts.hasher.credential(credential.expose().as_bytes());
        key.masked = credential.masked();
        key.updated_at = self.inner().parts.clock.now();
        access_keys::update(&transaction, &key).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        self.apply().await?;
        Ok((key, credential))
    }

    /// Removes an access key; it stops working at once.
    pub async fn delete_access_key(&self, id: AccessKeyId) -> Result<(), AccessKeyError> {
        let transaction = self.database().write().await?;
        if !access_keys::delete(&transaction, id).await? {
            return Err(AccessKeyError::NotFound);
        }
        transaction.commit().await.map_err(StorageError::from)?;
        Ok(self.apply().await?)
    }

    /// Access keys that people made, oldest first, and where the next page begins.
    pub async fn list_access_keys(
        &self,
        limit: u64,
        after: Option<AccessKeyId>,
    ) -> Result<Vec<AccessKey>, AccessKeyError> {
        Ok(access_keys::list(self.database().reader(), limit, after).await?)
    }

    /// One access key.
    pub async fn get_access_key(&self, id: AccessKeyId) -> Result<AccessKey, AccessKeyError> {
        access_keys::get(self.database().reader(), id).await?.ok_or(AccessKeyError::NotFound)
    }

    /// At the first start, when there is no access key at all, makes one named `default` and writes it to a file in the data folder
    /// that only its owner can read; returns the file.
    pub async fn ensure_first_access_key(&self) -> Result<Option<PathBuf>, AccessKeyError> {
        let stored = access_keys::list(self.database().reader(), 1, None).await?;
        if !stored.is_empty() || !self.config().declared.access_keys.is_empty() {
            return Ok(None);
        }
        let new = NewAccessKey {
            name: "default".to_owned(),
            models: vec![ModelRule::All],
            limits: LimitSpec::default(),
            expires_at: None,
        };
        let path = self.config().data_dir.join(FIRST_KEY_FILE);
        let (_, credential) = self.create_access_key(new, None).await?;
        write_private(&path, &credential)
            .map_err(|error| AccessKeyError::File { path: path.clone(), error })?;
        Ok(Some(path))
    }

    fn is_declared(&self, name: &str) -> bool {
        self.config().declared.access_keys.iter().any(|key| key.name == name)
    }
}

fn fresh_credential() -> Result<Secret, AccessKeyError> {
    use base64::Engine as _;
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|_| AccessKeyError::Randomness)?;
    let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random);
    Ok(Secret::new(format!("{PREFIX}{text}")))
}

fn write_private(path: &Path, secret: &Secret) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    writeln!(file, "{}", secret.expose())
}
