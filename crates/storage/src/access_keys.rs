//! Access keys that people made; the credential itself is stored only as a keyed hash.

use roundhouse_domain::spec::{LimitSpec, ModelRule};
use roundhouse_domain::{AccessKeyId, Timestamp, UserId};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::entity::access_key::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "access_keys";

/// A stored access key.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessKey {
    /// Its id.
    pub id: AccessKeyId,
    /// Unique among access keys.
    pub name: String,
    /// The keyed hash that the credential is looked up by.
    pub key_hash: [u8; 32],
    /// The credential as shown to people.
    pub masked: String,
    /// What it may use.
    pub models: Vec<ModelRule>,
    /// How much it may use.
    pub limits: LimitSpec,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Whether it works at all.
    pub enabled: bool,
    /// Who made it, where that person is still there.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Adds an access key; a second one of the same name is a conflict.
pub async fn insert(connection: &impl ConnectionTrait, key: &AccessKey) -> Result<(), StorageError> {
    Entity::insert(row(key)?).exec_without_returning(connection).await?;
    Ok(())
}

/// The access key of that id.
pub async fn get(
    connection: &impl ConnectionTrait,
    id: AccessKeyId,
) -> Result<Option<AccessKey>, StorageError> {
    Entity::find_by_id(id.0).one(connection).await?.map(access_key).transpose()
}

/// Access keys in the order they were made, `limit` of them after `cursor`.
pub async fn list(
    connection: &impl ConnectionTrait,
    limit: u64,
    cursor: Option<AccessKeyId>,
) -> Result<Vec<AccessKey>, StorageError> {
    let mut query = Entity::find().order_by_asc(Column::Id).limit(limit);
    if let Some(cursor) = cursor {
        query = query.filter(Column::Id.gt(cursor.0));
    }
    query.all(connection).await?.into_iter().map(access_key).collect()
}

/// All access keys: what a snapshot is made from.
pub async fn list_all(connection: &impl ConnectionTrait) -> Result<Vec<AccessKey>, StorageError> {
    Entity::find().order_by_asc(Column::Id).all(connection).await?.into_iter().map(access_key).collect()
}

/// Writes all of an access key but who made it and when; tells whether it was there.
pub async fn update(connection: &impl ConnectionTrait, key: &AccessKey) -> Result<bool, StorageError> {
    let mut row = row(key)?;
    row.created_by = NotSet;
    row.created_at = NotSet;
    let updated = Entity::update_many().set(row).filter(Column::Id.eq(key.id.0)).exec(connection).await?;
    Ok(updated.rows_affected > 0)
}

/// Removes an access key; tells whether it was there.
pub async fn delete(connection: &impl ConnectionTrait, id: AccessKeyId) -> Result<bool, StorageError> {
    Ok(Entity::delete_by_id(id.0).exec(connection).await?.rows_affected > 0)
}

fn row(key: &AccessKey) -> Result<ActiveModel, StorageError> {
    let unwritable =
        |error: serde_json::Error| StorageError::Database(sea_orm::DbErr::Json(error.to_string()));
    Ok(ActiveModel {
        id: Set(key.id.0),
        name: Set(key.name.clone()),
        key_hash: Set(key.key_hash.to_vec()),
        masked: Set(key.masked.clone()),
        models: Set(serde_json::to_string(&key.models).map_err(unwritable)?),
        limits: Set(serde_json::to_string(&key.limits).map_err(unwritable)?),
        expires_at: Set(key.expires_at.map(Timestamp::as_millis)),
        enabled: Set(key.enabled),
        created_by: Set(key.created_by.map(|user| user.0)),
        created_at: Set(key.created_at.as_millis()),
        updated_at: Set(key.updated_at.as_millis()),
    })
}

fn access_key(row: Model) -> Result<AccessKey, StorageError> {
    let corrupt = |column| StorageError::corrupt(TABLE, column, row.id);
    Ok(AccessKey {
        id: AccessKeyId(row.id),
        key_hash: row.key_hash.as_slice().try_into().map_err(|_| corrupt("key_hash"))?,
        models: serde_json::from_str(&row.models).map_err(|_| corrupt("models"))?,
        limits: serde_json::from_str(&row.limits).map_err(|_| corrupt("limits"))?,
        name: row.name,
        masked: row.masked,
        expires_at: row.expires_at.map(Timestamp::from_millis),
        enabled: row.enabled,
        created_by: row.created_by.map(UserId),
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
    })
}
