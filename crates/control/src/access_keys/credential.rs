//! Credentials of access keys: made here, told once, kept as hashes.

use std::time::Duration;

use roundhouse_domain::{AccessKeyId, Secret};
use roundhouse_storage::access_key_credentials::{self as credentials, Credential};
use roundhouse_storage::audit::{self, Entry};
use serde_json::{Value, json};

use super::{AccessKeyError, By, Fresh};
use crate::callers::LIST;
use crate::changes::{Change, ChangeError};
use crate::control::Control;

/// What a credential of ours begins with, so that people and secret scanners know it.
const PREFIX: &str = "rh-";

/// Bytes of randomness in a credential.
const RANDOM_BYTES: usize = 32;

impl Control {
    /// Gives an access key a new credential. The old one stops working at once, or goes on for `grace`.
    pub async fn rotate_access_key(
        &self,
        by: &By,
        id_or_name: &str,
        grace: Duration,
    ) -> Result<Fresh, AccessKeyError> {
        let found = self.find_access_key(by.reach, id_or_name).await?;
        self.refuse_declared_key(&found.spec.name)?;
        let (id, now) = (AccessKeyId(found.id), self.now());
        let change = self.begin_change(&by.author).await?;
        credentials::delete_ended(change.transaction(), id, now).await?;
        if grace.is_zero() {
            credentials::delete_of(change.transaction(), id).await?;
        } else {
            credentials::update_end(change.transaction(), id, now.plus(grace)).await?;
        }
        let credential = self.add_credential(&change, id).await?;
        let detail = json!({ "grace_seconds": grace.as_secs() });
        self.note_key(&change, by, "access_keys.rotate", (id, &found.spec.name, detail)).await?;
        change.commit("").await?;
        Ok(Fresh { key: self.access_key(by.reach, &found.id.to_string()).await?, credential })
    }

    /// Takes all credentials from an access key: they stop working at once. What it may use stays configured, and rotating gives it
    /// a new one.
    pub async fn revoke_access_key(&self, by: &By, id_or_name: &str) -> Result<(), AccessKeyError> {
        let found = self.find_access_key(by.reach, id_or_name).await?;
        self.refuse_declared_key(&found.spec.name)?;
        let id = AccessKeyId(found.id);
        let change = self.begin_change(&by.author).await?;
        credentials::delete_of(change.transaction(), id).await?;
        self.note_key(&change, by, "access_keys.revoke", (id, &found.spec.name, Value::Null)).await?;
        change.commit("").await?;
        Ok(())
    }

    /// Makes a credential of an access key.
    pub(super) async fn add_credential(
        &self,
        change: &Change,
        id: AccessKeyId,
    ) -> Result<Secret, AccessKeyError> {
        let secret = fresh_credential()?;
        let credential = Credential {
            key_hash: self.inner().parts.hasher.credential(secret.expose().as_bytes()),
            access_key_id: id,
            masked: secret.masked(),
            created_at: self.now(),
            expires_at: None,
        };
        credentials::insert(change.transaction(), &credential).await?;
        Ok(secret)
    }

    /// Writes down what was done to an access key's credentials.
    pub(super) async fn note_key(
        &self,
        change: &Change,
        by: &By,
        action: &str,
        (id, name, detail): (AccessKeyId, &str, Value),
    ) -> Result<(), AccessKeyError> {
        let entry = Entry {
            id: self.inner().parts.ids.next(),
            at: self.now(),
            author: by.author.clone(),
            action: action.to_owned(),
            object_kind: "access_key".to_owned(),
            object_id: id.to_string(),
            object_name: name.to_owned(),
            detail,
        };
        Ok(audit::insert(change.transaction(), &entry).await?)
    }

    /// Refuses to change what stands in the file or the environment.
    pub(super) fn refuse_declared_key(&self, name: &str) -> Result<(), AccessKeyError> {
        use roundhouse_config::Source;
        let place = match self.config().sources.entry(LIST, name) {
            Some(Source::File { line }) => format!("the configuration file, line {line}"),
            Some(Source::Environment { name }) => format!("the environment ({name})"),
            Some(Source::Console) | None => return Ok(()),
        };
        Err(ChangeError::Declared(name.to_owned(), place).into())
    }
}

pub(crate) fn fresh_credential() -> Result<Secret, AccessKeyError> {
    use base64::Engine as _;
    let mut random = [0; RANDOM_BYTES];
    getrandom::fill(&mut random).map_err(|_| AccessKeyError::Randomness)?;
    let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random);
    Ok(Secret::new(format!("{PREFIX}{text}")))
}
