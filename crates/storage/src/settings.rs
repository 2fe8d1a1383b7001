//! Single values by name.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::entity::setting::{ActiveModel, Column, Entity};
use crate::error::StorageError;

/// The value of that name.
pub async fn get(connection: &impl ConnectionTrait, name: &str) -> Result<Option<Vec<u8>>, StorageError> {
    Ok(Entity::find_by_id(name).one(connection).await?.map(|row| row.value))
}

/// Sets the value of that name.
pub async fn set(connection: &impl ConnectionTrait, name: &str, value: &[u8]) -> Result<(), StorageError> {
    let replace = OnConflict::column(Column::Name).update_column(Column::Value).to_owned();
    Entity::insert(row(name, value)).on_conflict(replace).exec_without_returning(connection).await?;
    Ok(())
}

/// Sets the value of that name unless there is one, and returns what stands there then.
pub async fn get_or_insert(
    connection: &impl ConnectionTrait,
    name: &str,
    value: &[u8],
) -> Result<Vec<u8>, StorageError> {
    Entity::insert(row(name, value))
        .on_conflict_do_nothing_on([Column::Name])
        .exec_without_returning(connection)
        .await?;
    get(connection, name).await?.ok_or_else(|| StorageError::corrupt("settings", "value", name))
}

/// Removes the value of that name; tells whether there was one.
pub async fn delete(connection: &impl ConnectionTrait, name: &str) -> Result<bool, StorageError> {
    Ok(Entity::delete_by_id(name).exec(connection).await?.rows_affected > 0)
}

fn row(name: &str, value: &[u8]) -> ActiveModel {
    ActiveModel { name: Set(name.to_owned()), value: Set(value.to_vec()) }
}
