//! What providers list.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, pk_uuid, text, text_null};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(models()).await?;
        let unique = Index::create()
            .name("models_provider_name")
            .table("models")
            .col("provider")
            .col("name")
            .unique()
            .take();
        manager.create_index(unique).await
    }
}

fn models() -> TableCreateStatement {
    Table::create()
        .table("models")
        .col(pk_uuid("id"))
        .col(text("provider"))
        .col(text("name"))
        .col(text_null("display_name"))
        .col(text_null("owned_by"))
        .col(big_integer_null("context_tokens"))
        .col(big_integer_null("max_output_tokens"))
        .col(big_integer("first_seen"))
        .col(big_integer("last_seen"))
        .col(big_integer_null("missing_since"))
        .take()
}
