//! What people change here leaves an entry in the audit log.

use roundhouse_domain::{AuditId, Author, ErrorKind, Permission, Timestamp};
use roundhouse_storage::audit::{self, Entry, Filter};
use roundhouse_storage::{ConnectionTrait, StorageError};
use serde_json::Value;

use crate::accounts::{Accounts, Context};
use crate::actor::{Authority, Denied};
use crate::fault::Fault;

/// Entries removed at a time: others get at the database in between.
const SWEEP: u64 = 1_000;

/// What something is done to.
pub(crate) struct Object<'a> {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) name: &'a str,
}

/// Why the audit log is not shown.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The person may not see it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of the machinery.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl AuditError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }
}

/// Entries of the audit log, newest first, `limit` of them before `cursor`.
pub async fn list(
    accounts: &Accounts,
    by: Authority<'_>,
    filter: &Filter,
    (limit, cursor): (u64, Option<AuditId>),
) -> Result<Vec<Entry>, AuditError> {
    by.require(Permission::AuditRead)?;
    let reader = accounts.context().database.reader();
    Ok(audit::list(reader, filter, limit, cursor).await.map_err(Fault::from)?)
}

/// Removes entries from before `time`, in pieces; tells how many.
pub async fn sweep(accounts: &Accounts, time: Timestamp) -> Result<u64, Fault> {
    let mut removed = 0;
    loop {
        let transaction = accounts.context().database.write().await?;
        let piece = audit::delete_before(&transaction, time, SWEEP).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        removed += piece;
        if piece < SWEEP {
            return Ok(removed);
        }
    }
}

/// Writes an entry, in the transaction of the change that it tells of.
pub(crate) async fn note(
    context: &Context,
    connection: &impl ConnectionTrait,
    author: Author,
    action: &str,
    (object, detail): (Object<'_>, Value),
) -> Result<(), StorageError> {
    let entry = Entry {
        id: context.ids.next(),
        at: context.clock.now(),
        author,
        action: action.to_owned(),
        object_kind: object.kind.to_owned(),
        object_id: object.id,
        object_name: object.name.to_owned(),
        detail,
    };
    audit::insert(connection, &entry).await
}
