//! Keys of a provider that was deleted wait on a shelf, since deleting can be undone.

use roundhouse_domain::ConfigObjectId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{Column, Entity, bump_version};
use crate::error::StorageError;

/// Puts the keys of a provider aside; a new provider of the same name does not get them. Tells how many there were.
pub async fn set_aside(
    connection: &impl ConnectionTrait,
    provider: &str,
    id: ConfigObjectId,
) -> Result<u64, StorageError> {
    rename(connection, provider, &shelf(id)).await
}

/// Gives a provider that is back the keys that were put aside for it. Tells how many there are.
pub async fn bring_back(
    connection: &impl ConnectionTrait,
    provider: &str,
    id: ConfigObjectId,
) -> Result<u64, StorageError> {
    rename(connection, &shelf(id), provider).await
}

/// No provider's name: these have no colon.
fn shelf(id: ConfigObjectId) -> String {
    format!("deleted:{id}")
}

async fn rename(connection: &impl ConnectionTrait, from: &str, to: &str) -> Result<u64, StorageError> {
    let query = Entity::update_many().col_expr(Column::Provider, Expr::value(to));
    let moved = query.filter(Column::Provider.eq(from)).exec(connection).await?.rows_affected;
    if moved > 0 {
        bump_version(connection, from).await?;
        bump_version(connection, to).await?;
    }
    Ok(moved)
}
