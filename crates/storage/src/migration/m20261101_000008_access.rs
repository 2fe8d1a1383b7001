//! What holders of limits used, by day, and the limits of users and groups.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, text};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        manager.create_table(without_rowid(spending(), backend)).await?;
        manager.create_table(without_rowid(holder_limits(), backend)).await
    }
}

/// The day comes first: only those of one month are asked for, and the oldest are removed.
fn spending() -> TableCreateStatement {
    Table::create()
        .table("spending")
        .col(integer("day"))
        .col(text("holder"))
        .col(big_integer("requests"))
        .col(big_integer("tokens"))
        .col(big_integer("cost_nanousd"))
        .primary_key(Index::create().col("day").col("holder"))
        .take()
}

fn holder_limits() -> TableCreateStatement {
    let mut holder = text("holder");
    holder.primary_key();
    Table::create().table("holder_limits").col(holder).col(text("limits")).take()
}

/// One tree instead of a table and an index to it.
fn without_rowid(mut table: TableCreateStatement, backend: DbBackend) -> TableCreateStatement {
    if backend == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    table
}
