//! Access keys: configured like everything else, each change a revision, but for their credentials, which are known by their
//! hashes only and stand in no revision.

mod change;
mod credential;
mod error;
mod first;
mod list;

use std::collections::HashMap;

use roundhouse_config::Source;
use roundhouse_domain::spec::AccessKeySpec;
use roundhouse_domain::{AccessKeyId, Author, HolderId, Secret, Timestamp, UserId};
use roundhouse_gateway::limits::Used;
use roundhouse_storage::access_key_credentials::Credential;
use uuid::Uuid;

pub use self::change::Batch;
pub(crate) use self::credential::fresh_credential;
pub use self::error::AccessKeyError;
pub use self::list::Filter;

/// On whose word access keys are seen and changed.
#[derive(Clone, Debug)]
pub struct By {
    /// Who it is.
    pub author: Author,
    /// Which they may have to do with.
    pub reach: Reach,
}

/// Which access keys someone may have to do with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Their own only.
    Own(UserId),
    /// Everybody's.
    All,
}

/// An access key as people see it.
#[derive(Clone, Debug)]
pub struct AccessKey {
    /// Its id; of a declared one, made from its name.
    pub id: Uuid,
    /// What is configured, without a credential.
    pub spec: AccessKeySpec,
    /// Where it is configured.
    pub source: Source,
    /// Whose it is.
    pub owner: Option<UserId>,
    /// Its credentials that work, the newest first; a declared one has one.
    pub credentials: Vec<ShownCredential>,
    /// What was used.
    pub used: Used,
    /// What its owner may not expect.
    pub warnings: Vec<String>,
    /// When it was made, where people made it.
    pub created_at: Option<Timestamp>,
    /// When it was last changed, where people made it.
    pub updated_at: Option<Timestamp>,
}

/// A credential as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCredential {
    /// Its first and last characters.
    pub masked: String,
    /// When it was made, where that is known.
    pub created_at: Option<Timestamp>,
    /// When it ends, where a newer one took its place.
    pub expires_at: Option<Timestamp>,
}

/// An access key with a credential that is told this once.
#[derive(Debug)]
pub struct Fresh {
    /// The access key.
    pub key: AccessKey,
    /// The credential.
    pub credential: Secret,
}

impl AccessKey {
    /// Whether people made it, so that they can change it.
    pub fn is_editable(&self) -> bool {
        self.source == Source::Console
    }

    /// Who it is in the books.
    pub fn holder(&self) -> HolderId {
        if self.is_editable() {
            HolderId::AccessKey(AccessKeyId(self.id))
        } else {
            HolderId::DeclaredKey(self.spec.name.as_str().into())
        }
    }
}

impl Reach {
    fn includes(self, owner: Option<UserId>) -> bool {
        match self {
            Self::All => true,
            Self::Own(user) => owner == Some(user),
        }
    }
}

impl From<&Credential> for ShownCredential {
    fn from(credential: &Credential) -> Self {
        Self {
            masked: credential.masked.clone(),
            created_at: Some(credential.created_at),
            expires_at: credential.expires_at,
        }
    }
}

/// Credentials by access key, the newest first, without those that have ended.
fn by_key(credentials: &[Credential], now: Timestamp) -> HashMap<AccessKeyId, Vec<ShownCredential>> {
    let mut found: HashMap<_, Vec<ShownCredential>> = HashMap::new();
    let works = |credential: &&Credential| credential.expires_at.is_none_or(|end| end > now);
    for credential in credentials.iter().rev().filter(works) {
        found.entry(credential.access_key_id).or_default().push(credential.into());
    }
    found
}
