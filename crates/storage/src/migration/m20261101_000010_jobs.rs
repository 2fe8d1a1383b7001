//! Background work, and when it is to be done again.

use sea_orm::sea_query::Expr;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, pk_uuid, text, text_null, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(jobs()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        manager.create_table(schedules()).await
    }
}

fn jobs() -> TableCreateStatement {
    Table::create()
        .table("jobs")
        .col(pk_uuid("id"))
        .col(text("kind"))
        .col(text_null("subject"))
        .col(text("payload"))
        .col(text("state"))
        .col(integer("priority"))
        .col(big_integer("run_at"))
        .col(integer("attempts"))
        .col(integer("max_attempts"))
        .col(uuid_null("lease_owner"))
        .col(big_integer_null("lease_until"))
        .col(text_null("dedupe_key"))
        .col(boolean("cancel_requested"))
        .col(big_integer("progress_done"))
        .col(big_integer_null("progress_total"))
        .col(text_null("progress_message"))
        .col(text_null("checkpoint"))
        .col(text_null("result"))
        .col(text_null("error"))
        .col(uuid_null("created_by"))
        .col(big_integer("created_at"))
        .col(big_integer_null("started_at"))
        .col(big_integer_null("finished_at"))
        .take()
}

/// Each covers only the rows that it is asked for, so ended jobs cost the queue nothing.
fn indexes() -> [IndexCreateStatement; 4] {
    let state = |states: &[&'static str]| Expr::col("state").is_in(states.iter().copied());
    [
        Index::create()
            .name("jobs_waiting")
            .table("jobs")
            .col(("priority", IndexOrder::Desc))
            .col("run_at")
            .and_where(state(&["waiting"]))
            .take(),
        Index::create()
            .name("jobs_running")
            .table("jobs")
            .col("lease_until")
            .and_where(state(&["running"]))
            .take(),
        Index::create()
            .name("jobs_open_dedupe_key")
            .table("jobs")
            .col("dedupe_key")
            .unique()
            .and_where(state(&["waiting", "running"]))
            .take(),
        Index::create().name("jobs_finished").table("jobs").col("finished_at").take(),
    ]
}

fn schedules() -> TableCreateStatement {
    let mut name = text("name");
    name.primary_key();
    Table::create()
        .table("schedules")
        .col(name)
        .col(text("timing"))
        .col(big_integer("next_run_at"))
        .col(big_integer_null("last_run_at"))
        .col(uuid_null("last_job_id"))
        .take()
}
