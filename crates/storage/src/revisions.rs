//! Changes of the configuration, as they were made.

use roundhouse_domain::{Timestamp, UserId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::entity::revision::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "revisions";

/// One change of the configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    /// Counts up from 1.
    pub number: i64,
    /// When.
    pub created_at: Timestamp,
    /// Who, where that person has an account.
    pub author_id: Option<UserId>,
    /// Who, in words.
    pub author: String,
    /// What was meant.
    pub summary: String,
    /// What changed.
    pub changes: Vec<ObjectChange>,
}

/// What a revision did to one document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectChange {
    /// The document's kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What it was; none where it is new.
    pub before: Option<Version>,
    /// What it is; none where it was removed.
    pub after: Option<Version>,
}

/// A document at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// The document's id.
    pub id: uuid::Uuid,
    /// When the document was made, in milliseconds since 1970.
    pub created_at: i64,
    /// The document, without its secrets.
    pub body: Value,
    /// Its secrets, sealed, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<String>,
}

/// Adds a revision.
pub async fn insert(connection: &impl ConnectionTrait, revision: &Revision) -> Result<(), StorageError> {
    let changes = serde_json::to_string(&revision.changes)
        .map_err(|error| StorageError::Database(sea_orm::DbErr::Json(error.to_string())))?;
    let row = ActiveModel {
        number: Set(revision.number),
        created_at: Set(revision.created_at.as_millis()),
        author_id: Set(revision.author_id.map(|user| user.0)),
        author: Set(revision.author.clone()),
        summary: Set(revision.summary.clone()),
        changes: Set(changes),
    };
    Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// The number of the newest revision; 0 where there is none.
pub async fn latest(connection: &impl ConnectionTrait) -> Result<i64, StorageError> {
    let newest = Entity::find().select_only().column(Column::Number).order_by_desc(Column::Number).limit(1);
    Ok(newest.into_tuple::<i64>().one(connection).await?.unwrap_or(0))
}

/// The revision of that number.
pub async fn get(connection: &impl ConnectionTrait, number: i64) -> Result<Option<Revision>, StorageError> {
    Entity::find_by_id(number).one(connection).await?.map(revision).transpose()
}

/// Revisions from the newest, `limit` of them before the one numbered `before`.
pub async fn list(
    connection: &impl ConnectionTrait,
    limit: u64,
    before: Option<i64>,
) -> Result<Vec<Revision>, StorageError> {
    let mut query = Entity::find().order_by_desc(Column::Number).limit(limit);
    if let Some(before) = before {
        query = query.filter(Column::Number.lt(before));
    }
    query.all(connection).await?.into_iter().map(revision).collect()
}

/// All revisions after the one numbered `number`, oldest first.
pub async fn list_after(
    connection: &impl ConnectionTrait,
    number: i64,
) -> Result<Vec<Revision>, StorageError> {
    let query = Entity::find().filter(Column::Number.gt(number)).order_by_asc(Column::Number);
    query.all(connection).await?.into_iter().map(revision).collect()
}

fn revision(row: Model) -> Result<Revision, StorageError> {
    let changes = serde_json::from_str(&row.changes)
        .map_err(|_| StorageError::corrupt(TABLE, "changes", row.number))?;
    Ok(Revision {
        number: row.number,
        created_at: Timestamp::from_millis(row.created_at),
        author_id: row.author_id.map(UserId),
        author: row.author,
        summary: row.summary,
        changes,
    })
}
