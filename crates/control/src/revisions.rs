//! The history of what is configured: to look at, and to go back to.

mod diff;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roundhouse_domain::{Author, ConfigObjectId, Timestamp};
use roundhouse_storage::revisions::{self, Revision, Version};
use roundhouse_storage::{MasterKey, StorageError};

pub use self::diff::{FieldChange, FieldOperation, diff};
use crate::changes::{Change, ChangeError, Difference};
use crate::control::Control;
use crate::objects::{Object, ObjectError, ObjectKind, unseal};

/// How a revision is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undo {
    /// Everything is as it was right after that revision.
    BackTo,
    /// Only what that revision did is taken back.
    Only,
}

impl Control {
    /// Revisions from the newest, `limit` of them before the one numbered `before`.
    pub async fn list_revisions(
        &self,
        limit: u64,
        before: Option<i64>,
    ) -> Result<Vec<Revision>, StorageError> {
        revisions::list(self.database().reader(), limit, before).await
    }

    /// One revision.
    pub async fn get_revision(&self, number: i64) -> Result<Option<Revision>, StorageError> {
        revisions::get(self.database().reader(), number).await
    }

    /// Says what undoing a revision would do; nothing is kept.
    pub async fn preview_undo(
        &self,
        author: &Author,
        number: i64,
        undo: Undo,
    ) -> Result<Difference, ChangeError> {
        self.prepare_undo(author, number, undo).await?.preview().await
    }

    /// Undoes a revision, which makes a new one. Credentials stay as they are.
    pub async fn undo(&self, author: &Author, number: i64, undo: Undo) -> Result<Difference, ChangeError> {
        let summary = match undo {
            Undo::BackTo => format!("Back to revision {number}"),
            Undo::Only => format!("Without revision {number}"),
        };
        self.prepare_undo(author, number, undo).await?.commit(&summary).await
    }

    async fn prepare_undo(&self, author: &Author, number: i64, undo: Undo) -> Result<Change, ChangeError> {
        let mut change = self.begin_change(author).await?;
        let mut undone = match undo {
            Undo::BackTo => revisions::list_after(change.transaction(), number).await?,
            Undo::Only => Vec::new(),
        };
        match revisions::get(change.transaction(), number).await? {
            Some(revision) if undo == Undo::Only => undone.push(revision),
            Some(_) => {}
            None if undo == Undo::BackTo && number == 0 => {}
            None => return Err(ChangeError::NotFound),
        }
        // From the newest to the oldest: what an object was before the oldest of them stands in the end.
        for object in undone.into_iter().rev().flat_map(|revision| revision.changes) {
            let Some(kind) = ObjectKind::parse(&object.kind) else { continue };
            let before = object
                .before
                .map(|version| restored(kind, &object.name, version, &self.inner().parts.master))
                .transpose()?;
            change.draft().restore(kind, &object.name, before);
        }
        Ok(change)
    }
}

fn restored(
    kind: ObjectKind,
    name: &str,
    version: Version,
    master: &MasterKey,
) -> Result<Object, ObjectError> {
    let corrupt = || StorageError::Corrupt { table: "revisions", column: "changes", id: name.to_owned() };
    let sealed = version.sealed.map(|text| STANDARD.decode(text)).transpose().map_err(|_| corrupt())?;
    let created_at = Timestamp::from_millis(version.created_at);
    Ok(Object {
        id: ConfigObjectId(version.id),
        kind,
        name: name.to_owned(),
        body: unseal(version.body, sealed.as_deref(), master)?,
        created_at,
        updated_at: created_at,
    })
}
