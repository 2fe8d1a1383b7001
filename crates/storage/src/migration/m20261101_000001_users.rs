//! People and their logins.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, boolean, pk_uuid, text, text_null, text_uniq, uuid,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(users()).await?;
        manager.create_table(sessions()).await?;
        let by_user = Index::create().name("sessions_user").table("sessions").col("user_id").take();
        manager.create_index(by_user).await?;
        manager.create_table(settings()).await
    }
}

fn users() -> TableCreateStatement {
    Table::create()
        .table("users")
        .col(pk_uuid("id"))
        .col(text_uniq("email"))
        .col(text("name"))
        .col(text_null("password_hash"))
        .col(text("role"))
        .col(boolean("disabled"))
        .col(text_null("language"))
        .col(text_null("time_zone"))
        .col(big_integer_null("last_login_at"))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .take()
}

fn sessions() -> TableCreateStatement {
    let mut refresh_hash = blob("refresh_hash");
    refresh_hash.unique_key();
    Table::create()
        .table("sessions")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(refresh_hash)
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .col(big_integer_null("revoked_at"))
        .col(big_integer("last_used_at"))
        .col(text_null("address"))
        .col(text_null("user_agent"))
        .foreign_key(
            ForeignKey::create()
                .from("sessions", "user_id")
                .to("users", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

fn settings() -> TableCreateStatement {
    let mut name = text("name");
    name.primary_key();
    Table::create().table("settings").col(name).col(blob("value")).take()
}
