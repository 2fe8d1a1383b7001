//! The number that grows with every change of what a snapshot is made of: replicas follow it.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::config_version::{Column, Entity};
use crate::error::StorageError;

/// The table's only row.
const ROW: i32 = 1;

/// The number now.
pub async fn get(connection: &impl ConnectionTrait) -> Result<i64, StorageError> {
    let row = Entity::find_by_id(ROW).one(connection).await?;
    row.map(|row| row.version).ok_or_else(|| StorageError::corrupt("config_version", "version", ROW))
}

/// Counts a change, and returns the number. Until the transaction ends, everybody else who changes the configuration waits.
pub async fn bump(connection: &impl ConnectionTrait) -> Result<i64, StorageError> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(ROW))
        .exec(connection)
        .await?;
    get(connection).await
}
