//! The request log. Every index costs on each insert, so there is one order only: by id, which is by time.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob_null, boolean, integer, pk_uuid, text, text_null, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = requests();
        if manager.get_database_backend() == DbBackend::Sqlite {
            // One tree instead of a table and an index to it.
            table.extra("WITHOUT ROWID");
        }
        manager.create_table(table).await
    }
}

fn requests() -> TableCreateStatement {
    Table::create()
        .table("requests")
        .col(pk_uuid("id"))
        .col(big_integer("started_at"))
        .col(big_integer("duration_ms"))
        .col(big_integer_null("first_byte_ms"))
        .col(uuid_null("access_key_id"))
        .col(text("access_key"))
        .col(text("operation"))
        .col(text("model"))
        .col(boolean("stream"))
        .col(integer("status"))
        .col(text("outcome"))
        .col(text_null("error"))
        .col(big_integer("input_tokens"))
        .col(big_integer("output_tokens"))
        .col(big_integer("cached_tokens"))
        .col(big_integer("cache_write_tokens"))
        .col(big_integer("reasoning_tokens"))
        .col(text_null("client_ip"))
        .col(text_null("provider"))
        .col(blob_null("provider_key_hash"))
        .col(text_null("upstream_model"))
        .col(text("attempts"))
        .col(text_null("choices"))
        .take()
}
