//! Credentials of access keys that people made, by keyed hash only. An access key has several while an old one goes on beside
//! the new.

use roundhouse_domain::{AccessKeyId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder,
};

use crate::entity::access_key_credential::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "access_key_credentials";
/// Ids in one statement; SQLite takes 32,766 values (`SQLITE_MAX_VARIABLE_NUMBER`), `PostgreSQL` 65,535.
const CHUNK: usize = 1_000;

/// A stored credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// What it is looked up by.
    pub key_hash: [u8; 32],
    /// Whose it is.
    pub access_key_id: AccessKeyId,
    /// The credential as shown to people.
    pub masked: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, where a newer one took its place.
    pub expires_at: Option<Timestamp>,
}

/// Adds a credential.
pub async fn insert(connection: &impl ConnectionTrait, credential: &Credential) -> Result<(), StorageError> {
    let row = ActiveModel {
        key_hash: Set(credential.key_hash.to_vec()),
        access_key_id: Set(credential.access_key_id.0),
        masked: Set(credential.masked.clone()),
        created_at: Set(credential.created_at.as_millis()),
        expires_at: Set(credential.expires_at.map(Timestamp::as_millis)),
    };
    Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// All credentials, the oldest of each access key first: what a snapshot is made from.
pub async fn list_all(connection: &impl ConnectionTrait) -> Result<Vec<Credential>, StorageError> {
    let query = Entity::find().order_by_asc(Column::AccessKeyId).order_by_asc(Column::CreatedAt);
    query.all(connection).await?.into_iter().map(credential).collect()
}

/// The credentials of these access keys, the oldest first.
pub async fn list_of(
    connection: &impl ConnectionTrait,
    keys: &[AccessKeyId],
) -> Result<Vec<Credential>, StorageError> {
    let mut found = Vec::new();
    for chunk in keys.chunks(CHUNK) {
        let query = Entity::find()
            .filter(Column::AccessKeyId.is_in(chunk.iter().map(|key| key.0)))
            .order_by_asc(Column::CreatedAt);
        for row in query.all(connection).await? {
            found.push(credential(row)?);
        }
    }
    Ok(found)
}

/// Lets the credentials of an access key end at `time`, those that end sooner excepted.
pub async fn update_end(
    connection: &impl ConnectionTrait,
    key: AccessKeyId,
    time: Timestamp,
) -> Result<(), StorageError> {
    let later = Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(time.as_millis()));
    Entity::update_many()
        .col_expr(Column::ExpiresAt, Expr::value(time.as_millis()))
        .filter(Column::AccessKeyId.eq(key.0))
        .filter(later)
        .exec(connection)
        .await?;
    Ok(())
}

/// Removes the credentials of an access key; tells how many there were.
pub async fn delete_of(connection: &impl ConnectionTrait, key: AccessKeyId) -> Result<u64, StorageError> {
    let deleted = Entity::delete_many().filter(Column::AccessKeyId.eq(key.0)).exec(connection).await?;
    Ok(deleted.rows_affected)
}

/// Removes the credentials of an access key that ended before `time`.
pub async fn delete_ended(
    connection: &impl ConnectionTrait,
    key: AccessKeyId,
    time: Timestamp,
) -> Result<u64, StorageError> {
    let query = Entity::delete_many()
        .filter(Column::AccessKeyId.eq(key.0))
        .filter(Expr::col(Column::ExpiresAt).lte(time.as_millis()));
    Ok(query.exec(connection).await?.rows_affected)
}

fn credential(row: Model) -> Result<Credential, StorageError> {
    let corrupt = |column| StorageError::corrupt(TABLE, column, row.access_key_id);
    Ok(Credential {
        key_hash: row.key_hash.as_slice().try_into().map_err(|_| corrupt("key_hash"))?,
        access_key_id: AccessKeyId(row.access_key_id),
        masked: row.masked,
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: row.expires_at.map(Timestamp::from_millis),
    })
}
