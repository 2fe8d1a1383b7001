//! Provider keys that wait to be added.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, blob, pk_uuid, text};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let imports = Table::create()
            .table("provider_key_imports")
            .col(pk_uuid("id"))
            .col(text("provider"))
            .col(blob("sealed"))
            .col(big_integer("created_at"))
            .take();
        manager.create_table(imports).await
    }
}
