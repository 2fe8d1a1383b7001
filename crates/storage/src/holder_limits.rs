//! Limits of users and groups, by whose they are; who is not there has none.

use std::collections::HashMap;

use roundhouse_domain::HolderId;
use roundhouse_domain::spec::LimitSpec;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::entity::holder_limits::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "holder_limits";

/// The limits of `holder`.
pub async fn get(connection: &impl ConnectionTrait, holder: &HolderId) -> Result<LimitSpec, StorageError> {
    let row = Entity::find_by_id(holder.to_string()).one(connection).await?;
    Ok(row.as_ref().map(read).transpose()?.map(|(_, limits)| limits).unwrap_or_default())
}

/// The limits of all who have some.
pub async fn list_all(
    connection: &impl ConnectionTrait,
) -> Result<HashMap<HolderId, LimitSpec>, StorageError> {
    Entity::find().all(connection).await?.iter().map(read).collect()
}

/// Sets the limits of `holder`; without any, it is forgotten.
pub async fn set(
    connection: &impl ConnectionTrait,
    holder: &HolderId,
    limits: &LimitSpec,
) -> Result<(), StorageError> {
    if limits.is_empty() {
        Entity::delete_by_id(holder.to_string()).exec(connection).await?;
        return Ok(());
    }
    let text = serde_json::to_string(limits)
        .map_err(|error| StorageError::Database(sea_orm::DbErr::Json(error.to_string())))?;
    let replace = OnConflict::column(Column::Holder).update_column(Column::Limits).to_owned();
    let row = ActiveModel { holder: Set(holder.to_string()), limits: Set(text) };
    Entity::insert(row).on_conflict(replace).exec_without_returning(connection).await?;
    Ok(())
}

fn read(row: &Model) -> Result<(HolderId, LimitSpec), StorageError> {
    let corrupt = |column| StorageError::corrupt(TABLE, column, &row.holder);
    let holder = row.holder.parse().map_err(|_| corrupt("holder"))?;
    Ok((holder, serde_json::from_str(&row.limits).map_err(|_| corrupt("limits"))?))
}
