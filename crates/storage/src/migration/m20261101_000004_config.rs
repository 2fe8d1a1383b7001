//! What people configure, the revisions that led to it, and the number by which others notice a change.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, blob_null, integer, pk_uuid, text, uuid_null};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(config_objects()).await?;
        manager.create_table(revisions()).await?;
        manager.create_table(config_version()).await?;
        let first = Query::insert()
            .into_table("config_version")
            .columns(["id", "version"])
            .values_panic([1.into(), 0_i64.into()])
            .take();
        manager.execute(first).await
    }
}

fn config_objects() -> TableCreateStatement {
    Table::create()
        .table("config_objects")
        .col(pk_uuid("id"))
        .col(text("kind"))
        .col(text("name"))
        .col(text("body"))
        .col(blob_null("sealed"))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .index(Index::create().name("config_objects_unique").unique().col("kind").col("name"))
        .take()
}

fn revisions() -> TableCreateStatement {
    let mut number = big_integer("number");
    number.primary_key();
    Table::create()
        .table("revisions")
        .col(number)
        .col(big_integer("created_at"))
        .col(uuid_null("author_id"))
        .col(text("author"))
        .col(text("summary"))
        .col(text("changes"))
        .take()
}

/// One row. Whoever changes the configuration takes it first, and so waits for others who do.
fn config_version() -> TableCreateStatement {
    let mut id = integer("id");
    id.primary_key();
    Table::create().table("config_version").col(id).col(big_integer("version")).take()
}
