//! Access keys of our callers, and keys of providers with their states.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, blob_null, blob_uniq, boolean, integer, pk_uuid, text, text_null,
    text_uniq, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(access_keys()).await?;
        manager.create_table(provider_keys()).await?;
        let pages = Index::create()
            .name("provider_keys_page")
            .table("provider_keys")
            .col("provider")
            .col("id")
            .take();
        manager.create_index(pages).await?;
        manager.create_table(provider_key_versions(manager.get_database_backend())).await?;
        manager.create_table(provider_key_states(manager.get_database_backend())).await
    }
}

fn access_keys() -> TableCreateStatement {
    Table::create()
        .table("access_keys")
        .col(pk_uuid("id"))
        .col(text_uniq("name"))
        .col(blob_uniq("key_hash"))
        .col(text("masked"))
        .col(text("models"))
        .col(text("limits"))
        .col(big_integer_null("expires_at"))
        .col(boolean("enabled"))
        .col(uuid_null("created_by"))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .foreign_key(
            ForeignKey::create()
                .from("access_keys", "created_by")
                .to("users", "id")
                .on_delete(ForeignKeyAction::SetNull),
        )
        .take()
}

fn provider_keys() -> TableCreateStatement {
    Table::create()
        .table("provider_keys")
        .col(pk_uuid("id"))
        .col(text("provider"))
        .col(blob("key_hash"))
        .col(blob("sealed"))
        .col(text("masked"))
        .col(boolean("declared"))
        .col(boolean("enabled"))
        .col(text("note"))
        .col(text("tags"))
        .col(integer("weight"))
        .col(text("limits"))
        .col(blob_null("sealed_proxy"))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .index(Index::create().name("provider_keys_unique").unique().col("provider").col("key_hash"))
        .take()
}

/// Counts the changes of each provider's keys.
fn provider_key_versions(backend: DbBackend) -> TableCreateStatement {
    let mut table = Table::create()
        .table("provider_key_versions")
        .col(text("provider").primary_key())
        .col(big_integer("version"))
        .take();
    if backend == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    table
}

fn provider_key_states(backend: DbBackend) -> TableCreateStatement {
    let mut table = Table::create()
        .table("provider_key_states")
        .col(text("provider"))
        .col(blob("key_hash"))
        .col(text("status"))
        .col(big_integer_null("cooling_until"))
        .col(integer("failures"))
        .col(integer("rate_limits"))
        .col(text_null("last_error"))
        .col(big_integer("changed_at"))
        .primary_key(Index::create().col("provider").col("key_hash"))
        .take();
    if backend == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    table
}
