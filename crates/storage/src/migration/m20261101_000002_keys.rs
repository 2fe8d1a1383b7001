//! Access keys of our callers, and keys of providers with their states.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, blob_null, boolean, integer, pk_uuid, text, text_null, uuid,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(access_key_credentials()).await?;
        let of_key = Index::create()
            .name("access_key_credentials_key")
            .table("access_key_credentials")
            .col("access_key_id")
            .take();
        manager.create_index(of_key).await?;
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

/// What an access key may do is configured elsewhere; here stand the hashes that its credentials are known by.
fn access_key_credentials() -> TableCreateStatement {
    let mut hash = blob("key_hash");
    hash.primary_key();
    Table::create()
        .table("access_key_credentials")
        .col(hash)
        .col(uuid("access_key_id"))
        .col(text("masked"))
        .col(big_integer("created_at"))
        .col(big_integer_null("expires_at"))
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
