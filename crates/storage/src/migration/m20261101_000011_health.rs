//! How providers fare, and who was told about it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, pk_uuid, text, text_null, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [health_checks(), provider_health(), alert_states(), alert_events(), alert_silences()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn indexes() -> [IndexCreateStatement; 3] {
    [
        Index::create()
            .name("health_checks_provider")
            .table("health_checks")
            .col("provider")
            .col("id")
            .take(),
        Index::create().name("health_checks_at").table("health_checks").col("at").take(),
        Index::create().name("alert_events_rule").table("alert_events").col("rule").col("id").take(),
    ]
}

fn health_checks() -> TableCreateStatement {
    Table::create()
        .table("health_checks")
        .col(pk_uuid("id"))
        .col(text("provider"))
        .col(text("address"))
        .col(big_integer("at"))
        .col(text("outcome"))
        .col(integer("latency_ms"))
        .col(text_null("error"))
        .col(boolean("manual"))
        .take()
}

fn provider_health() -> TableCreateStatement {
    let mut provider = text("provider");
    provider.primary_key();
    Table::create()
        .table("provider_health")
        .col(provider)
        .col(text("status"))
        .col(text_null("reason"))
        .col(integer("failures"))
        .col(big_integer("checked_at"))
        .col(big_integer("changed_at"))
        .col(big_integer_null("disabled_at"))
        .take()
}

fn alert_states() -> TableCreateStatement {
    Table::create()
        .table("alert_states")
        .col(text("rule"))
        .col(text("object"))
        .col(text("finding"))
        .col(big_integer("since"))
        .col(big_integer_null("fired_at"))
        .col(big_integer_null("told_at"))
        .primary_key(Index::create().col("rule").col("object"))
        .take()
}

fn alert_events() -> TableCreateStatement {
    Table::create()
        .table("alert_events")
        .col(pk_uuid("id"))
        .col(text("rule"))
        .col(text("object"))
        .col(text("kind"))
        .col(big_integer("at"))
        .col(big_integer("since"))
        .col(text("finding"))
        .col(text("deliveries"))
        .take()
}

fn alert_silences() -> TableCreateStatement {
    Table::create()
        .table("alert_silences")
        .col(pk_uuid("id"))
        .col(text_null("rule"))
        .col(text_null("object"))
        .col(big_integer("until"))
        .col(text("reason"))
        .col(uuid_null("created_by"))
        .col(big_integer("created_at"))
        .take()
}
