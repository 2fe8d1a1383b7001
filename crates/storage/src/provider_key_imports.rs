//! Provider keys that wait to be added: many at once, sealed as one, until a job has added them one by one.

use roundhouse_domain::{KeyImportId, Timestamp};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::provider_key_import::{ActiveModel, Column, Entity};
use crate::error::StorageError;

/// What they are sealed for; see [`crate::MasterKey::seal`].
pub const SEALING_CONTEXT: &str = "provider_key_import";

/// Keeps keys, sealed as one, for a provider.
pub async fn insert(
    connection: &impl ConnectionTrait,
    id: KeyImportId,
    provider: &str,
    sealed: Vec<u8>,
    now: Timestamp,
) -> Result<(), StorageError> {
    let row = ActiveModel {
        id: Set(id.0),
        provider: Set(provider.to_owned()),
        sealed: Set(sealed),
        created_at: Set(now.as_millis()),
    };
    Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// The keys as they were sealed.
pub async fn get_sealed(
    connection: &impl ConnectionTrait,
    id: KeyImportId,
) -> Result<Option<Vec<u8>>, StorageError> {
    Ok(Entity::find_by_id(id.0).one(connection).await?.map(|row| row.sealed))
}

/// Forgets them; tells whether they were there.
pub async fn delete(connection: &impl ConnectionTrait, id: KeyImportId) -> Result<bool, StorageError> {
    Ok(Entity::delete_by_id(id.0).exec(connection).await?.rows_affected > 0)
}

/// Forgets those from before `time`, whose jobs were cancelled or failed; tells how many.
pub async fn delete_before(connection: &impl ConnectionTrait, time: Timestamp) -> Result<u64, StorageError> {
    let query = Entity::delete_many().filter(Column::CreatedAt.lt(time.as_millis()));
    Ok(query.exec(connection).await?.rows_affected)
}
