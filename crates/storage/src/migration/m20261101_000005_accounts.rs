//! Groups, personal tokens, links, identities elsewhere, second factors, and what people changed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, boolean, json, json_null, pk_uuid, text, text_uniq, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Name, table and columns of each index.
const INDEXES: [(&str, &str, &[&str]); 6] = [
    ("group_members_user", "group_members", &["user_id"]),
    ("personal_tokens_user", "personal_tokens", &["user_id"]),
    ("account_links_user", "account_links", &["user_id"]),
    ("identities_user", "identities", &["user_id"]),
    ("audit_log_actor", "audit_log", &["actor_id", "id"]),
    ("audit_log_object", "audit_log", &["object_id", "id"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            groups(),
            group_members(),
            personal_tokens(),
            account_links(),
            identities(),
            totp_factors(),
            recovery_codes(),
            audit_log(),
        ] {
            manager.create_table(table).await?;
        }
        for (name, table, columns) in INDEXES {
            let mut index = Index::create().name(name).table(table).take();
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn groups() -> TableCreateStatement {
    Table::create()
        .table("groups")
        .col(pk_uuid("id"))
        .col(text_uniq("name"))
        .col(text("description"))
        .col(json("permissions"))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .take()
}

fn group_members() -> TableCreateStatement {
    Table::create()
        .table("group_members")
        .col(uuid("group_id"))
        .col(uuid("user_id"))
        .col(boolean("by_claim"))
        .primary_key(Index::create().col("group_id").col("user_id"))
        .foreign_key(&mut of_user("group_members"))
        .foreign_key(
            ForeignKey::create()
                .from("group_members", "group_id")
                .to("groups", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

fn personal_tokens() -> TableCreateStatement {
    let mut hash = blob("token_hash");
    hash.unique_key();
    Table::create()
        .table("personal_tokens")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(text("name"))
        .col(hash)
        .col(text("masked"))
        .col(json_null("scopes"))
        .col(big_integer("created_at"))
        .col(big_integer_null("expires_at"))
        .col(big_integer_null("last_used_at"))
        .foreign_key(&mut of_user("personal_tokens"))
        .take()
}

fn account_links() -> TableCreateStatement {
    let mut hash = blob("token_hash");
    hash.unique_key();
    Table::create()
        .table("account_links")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(text("kind"))
        .col(hash)
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .foreign_key(&mut of_user("account_links"))
        .take()
}

fn identities() -> TableCreateStatement {
    Table::create()
        .table("identities")
        .col(text("issuer"))
        .col(text("subject"))
        .col(uuid("user_id"))
        .col(text("email"))
        .col(big_integer("created_at"))
        .col(big_integer("last_login_at"))
        .primary_key(Index::create().col("issuer").col("subject"))
        .foreign_key(&mut of_user("identities"))
        .take()
}

fn totp_factors() -> TableCreateStatement {
    Table::create()
        .table("totp_factors")
        .col(pk_uuid("user_id"))
        .col(blob("sealed"))
        .col(big_integer("last_step"))
        .col(big_integer("created_at"))
        .col(big_integer_null("confirmed_at"))
        .foreign_key(&mut of_user("totp_factors"))
        .take()
}

fn recovery_codes() -> TableCreateStatement {
    Table::create()
        .table("recovery_codes")
        .col(uuid("user_id"))
        .col(blob("code_hash"))
        .primary_key(Index::create().col("user_id").col("code_hash"))
        .foreign_key(&mut of_user("recovery_codes"))
        .take()
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

/// What belongs to a person goes with them.
fn of_user(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, "user_id").to("users", "id").on_delete(ForeignKeyAction::Cascade).take()
}
