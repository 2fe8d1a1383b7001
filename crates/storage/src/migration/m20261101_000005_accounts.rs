//! What people changed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, json, pk_uuid, text, uuid_null};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(audit_log()).await?;
        for (name, column) in [("audit_log_actor", "actor_id"), ("audit_log_object", "object_id")] {
            let index = Index::create().name(name).table("audit_log").col(column).col("id").take();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// Entries outlive what they speak of, so nothing here refers to another table.
fn audit_log() -> TableCreateStatement {
    Table::create()
        .table("audit_log")
        .col(pk_uuid("id"))
        .col(big_integer("at"))
        .col(uuid_null("actor_id"))
        .col(text("actor"))
        .col(text("action"))
        .col(text("object_kind"))
        .col(text("object_id"))
        .col(text("object_name"))
        .col(json("detail"))
        .take()
}
