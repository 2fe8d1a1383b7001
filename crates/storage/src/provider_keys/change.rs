//! Changing and removing stored provider keys.

use roundhouse_domain::{ProviderKeyId, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{CHUNK, Column, Entity, Settings};
use crate::entity::provider_key_state as state;
use crate::entity::provider_key_version as version;
use crate::error::StorageError;

/// Writes what is said of a key and whether it is wanted; tells whether it was there.
pub async fn update(
    connection: &impl ConnectionTrait,
    id: ProviderKeyId,
    settings: &Settings,
    enabled: bool,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let mut row = settings.columns()?;
    row.enabled = Set(enabled);
    row.updated_at = Set(now.as_millis());
    let updated = Entity::update_many().set(row).filter(Column::Id.eq(id.0)).exec(connection).await?;
    Ok(updated.rows_affected > 0)
}

/// Switches keys off or on; tells how many were there.
pub async fn set_enabled(
    connection: &impl ConnectionTrait,
    ids: &[ProviderKeyId],
    enabled: bool,
    now: Timestamp,
) -> Result<u64, StorageError> {
    let mut changed = 0;
    for chunk in ids.chunks(CHUNK) {
        let query = Entity::update_many()
            .col_expr(Column::Enabled, Expr::value(enabled))
            .col_expr(Column::UpdatedAt, Expr::value(now.as_millis()))
            .filter(Column::Id.is_in(chunk.iter().map(|id| id.0)));
        changed += query.exec(connection).await?.rows_affected;
    }
    Ok(changed)
}

/// Removes keys with their states; tells how many were there.
pub async fn delete_many(
    connection: &impl ConnectionTrait,
    ids: &[ProviderKeyId],
) -> Result<u64, StorageError> {
    let mut deleted = 0;
    for chunk in ids.chunks(CHUNK) {
        let ids = || chunk.iter().map(|id| id.0);
        let named = Query::select()
            .columns([Column::Provider, Column::KeyHash])
            .from(Entity)
            .and_where(Column::Id.is_in(ids()))
            .take();
        let of_keys = Expr::tuple([Expr::col(state::Column::Provider), Expr::col(state::Column::KeyHash)]);
        state::Entity::delete_many().filter(of_keys.in_subquery(named)).exec(connection).await?;
        let query = Entity::delete_many().filter(Column::Id.is_in(ids()));
        deleted += query.exec(connection).await?.rows_affected;
    }
    Ok(deleted)
}

/// Removes all keys of a provider with their states; tells how many there were.
pub async fn delete_all(connection: &impl ConnectionTrait, provider: &str) -> Result<u64, StorageError> {
    state::Entity::delete_many().filter(state::Column::Provider.eq(provider)).exec(connection).await?;
    bump_version(connection, provider).await?;
    let query = Entity::delete_many().filter(Column::Provider.eq(provider));
    Ok(query.exec(connection).await?.rows_affected)
}

/// Counts a change of a provider's keys: whoever holds what was read before reads again.
pub async fn bump_version(connection: &impl ConnectionTrait, provider: &str) -> Result<(), StorageError> {
    let next = Expr::col((version::Entity, version::Column::Version)).add(1);
    let count =
        OnConflict::column(version::Column::Provider).value(version::Column::Version, next).to_owned();
    let row = version::ActiveModel { provider: Set(provider.to_owned()), version: Set(1) };
    version::Entity::insert(row).on_conflict(count).exec_without_returning(connection).await?;
    Ok(())
}
