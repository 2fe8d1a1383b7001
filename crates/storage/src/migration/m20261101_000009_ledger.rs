//! What requests come to by minute, hour and day, and bodies that were captured.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, blob_null, boolean, integer, pk_uuid, small_integer};

use crate::usage::{KEY, counter_columns};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut table in [usage(), bodies()] {
            if manager.get_database_backend() == DbBackend::Sqlite {
                table.extra("WITHOUT ROWID");
            }
            manager.create_table(table).await?;
        }
        let name = "request_bodies_captured_at";
        manager
            .create_index(Index::create().name(name).table("request_bodies").col("captured_at").take())
            .await
    }
}

fn usage() -> TableCreateStatement {
    let mut table = Table::create().table("usage").take();
    let mut key = Index::create();
    for name in KEY {
        key.col(name);
        table.col(match name {
            "cube" | "grain" => small_integer(name),
            "at" => big_integer(name),
            _ => integer(name),
        });
    }
    for name in counter_columns() {
        table.col(big_integer(name));
    }
    table.primary_key(&mut key).take()
}

fn bodies() -> TableCreateStatement {
    Table::create()
        .table("request_bodies")
        .col(pk_uuid("id"))
        .col(big_integer("captured_at"))
        .col(blob_null("request"))
        .col(boolean("request_cut"))
        .col(blob_null("response"))
        .col(boolean("response_cut"))
        .take()
}
