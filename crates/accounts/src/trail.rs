//! What people change here leaves an entry in the audit log.

use std::time::Duration;

use roundhouse_domain::{AuditId, Author, ErrorKind, Permission, Timestamp};
use roundhouse_storage::audit::{self, Entry, Filter};
use roundhouse_storage::{ConnectionTrait, StorageError, account_links, sessions};
use serde_json::Value;

use crate::accounts::{Accounts, Context};
use crate::actor::{Authority, Denied};
use crate::fault::Fault;

/// Rows removed at a time: others get at the database in between.
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

/// Removes entries that are older than `retention`, and logins and links that are over, in pieces.
pub async fn sweep(accounts: &Accounts, retention: Option<Duration>) -> Result<(), Fault> {
    let context = accounts.context();
    let now = context.clock.now();
    let oldest = retention.map(|retention| before(now, retention));
    loop {
        let transaction = context.database.write().await?;
        let entries = match oldest {
            Some(oldest) => audit::delete_before(&transaction, oldest, SWEEP).await?,
            None => 0,
        };
        let logins = sessions::delete_expired(&transaction, now, SWEEP).await?;
        let links = account_links::delete_expired(&transaction, now, SWEEP).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        if entries.max(logins).max(links) < SWEEP {
            return Ok(());
        }
    }
}

fn before(now: Timestamp, by: Duration) -> Timestamp {
    let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.as_millis().saturating_sub(millis))
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
