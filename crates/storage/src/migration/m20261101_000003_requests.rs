//! The request log. Every index costs on each insert, and what is looked for may be any mixture of things: so `requests` is
//! narrow, all of it integers, and is gone through in the order of its ids, which is that of time. Names are numbers of
//! `dimensions`; what is only ever shown stands in `request_details`, and what went wrong in `request_failures`.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, integer, integer_null, pk_auto, pk_uuid, small_integer, text, text_null,
    uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// What PostgreSQL's planner joins bitmaps of; SQLite cannot, and is faster without.
const POSTGRES_INDEXES: [&str; 6] =
    ["access_key_dim", "user_dim", "model_dim", "provider_dim", "provider_key_dim", "status"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        for mut table in [requests(), details(), failures()] {
            if is_sqlite {
                // One tree instead of a table and an index to it.
                table.extra("WITHOUT ROWID");
            }
            manager.create_table(table).await?;
        }
        manager.create_table(dimensions()).await?;
        let unique = Index::create()
            .name("dimensions_kind_value")
            .table("dimensions")
            .col("kind")
            .col("value")
            .unique()
            .take();
        manager.create_index(unique).await?;
        if is_sqlite {
            return Ok(());
        }
        for column in POSTGRES_INDEXES {
            let name = format!("requests_{column}");
            manager
                .create_index(Index::create().name(name).table("requests").col(column).col("id").take())
                .await?;
        }
        Ok(())
    }
}

fn requests() -> TableCreateStatement {
    Table::create()
        .table("requests")
        .col(pk_uuid("id"))
        .col(integer("access_key_dim"))
        .col(integer("user_dim"))
        .col(integer("group_dim"))
        .col(integer("model_dim"))
        .col(integer("provider_dim"))
        .col(integer("provider_key_dim"))
        .col(integer("operation_dim"))
        .col(integer("status"))
        .col(small_integer("outcome"))
        .col(integer("client_ip_hash"))
        .col(integer("session_hash"))
        .col(integer("attempt_count"))
        .col(small_integer("flags"))
        .col(big_integer("started_at"))
        .col(integer("duration_ms"))
        .col(integer_null("first_byte_ms"))
        .col(big_integer("input_tokens"))
        .col(big_integer("output_tokens"))
        .col(big_integer("cached_tokens"))
        .col(big_integer("cache_write_tokens"))
        .col(big_integer("reasoning_tokens"))
        .col(big_integer("audio_input_tokens"))
        .col(big_integer("audio_output_tokens"))
        .col(big_integer_null("cost_nanousd"))
        .take()
}

fn details() -> TableCreateStatement {
    Table::create()
        .table("request_details")
        .col(pk_uuid("id"))
        .col(uuid_null("access_key_id"))
        .col(text_null("client_ip"))
        .col(text_null("upstream_model"))
        .col(text_null("error"))
        .col(text("attempts"))
        .col(text_null("choices"))
        .col(text_null("more"))
        .take()
}

fn failures() -> TableCreateStatement {
    Table::create()
        .table("request_failures")
        .col(uuid("id"))
        .col(small_integer("position"))
        .col(integer("provider_dim"))
        .col(integer("provider_key_dim"))
        .col(integer("status"))
        .col(text("verdict"))
        .col(text("error"))
        .primary_key(Index::create().col("id").col("position"))
        .take()
}

fn dimensions() -> TableCreateStatement {
    Table::create()
        .table("dimensions")
        .col(pk_auto("id"))
        .col(small_integer("kind"))
        .col(text("value"))
        .take()
}
