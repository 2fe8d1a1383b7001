//! The schema, as the changes that led to it.

mod m20261101_000001_users;
mod m20261101_000002_keys;
mod m20261101_000003_requests;
mod m20261101_000004_config;
mod m20261101_000005_accounts;
mod m20261101_000006_keys;
mod m20261101_000007_models;
mod m20261101_000008_access;
mod m20261101_000009_ledger;
mod m20261101_000010_jobs;
mod m20261101_000011_health;

use sea_orm::{DbErr, EntityTrait, QueryOrder};
use sea_orm_migration::seaql_migrations::{Column, Entity};
use sea_orm_migration::{IntoSchemaManagerConnection, MigrationTrait, MigratorTrait, SchemaManager};

/// All migrations, oldest first.
pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261101_000001_users::Migration),
            Box::new(m20261101_000002_keys::Migration),
            Box::new(m20261101_000003_requests::Migration),
            Box::new(m20261101_000004_config::Migration),
            Box::new(m20261101_000005_accounts::Migration),
            Box::new(m20261101_000006_keys::Migration),
            Box::new(m20261101_000007_models::Migration),
            Box::new(m20261101_000008_access::Migration),
            Box::new(m20261101_000009_ledger::Migration),
            Box::new(m20261101_000010_jobs::Migration),
            Box::new(m20261101_000011_health::Migration),
        ]
    }
}

/// How a database's schema compares with this program's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaStatus {
    /// Migrations that both know.
    pub applied: Vec<String>,
    /// Migrations that the database still needs.
    pub pending: Vec<String>,
    /// Migrations that only the database knows: a newer version made them.
    pub unknown: Vec<String>,
}

impl SchemaStatus {
    /// Compares the database behind `connection` with this program, without changing it.
    pub(crate) async fn read<'c>(connection: impl IntoSchemaManagerConnection<'c>) -> Result<Self, DbErr> {
        let manager = SchemaManager::new(connection);
        let found = if manager.has_table("seaql_migrations").await? {
            Entity::find().order_by_asc(Column::Version).all(manager.get_connection()).await?
        } else {
            Vec::new()
        };
        Ok(Self::compare(found.into_iter().map(|row| row.version).collect()))
    }

    /// What a database without anything in it needs.
    pub(crate) fn of_nothing() -> Self {
        Self::compare(Vec::new())
    }

    fn compare(found: Vec<String>) -> Self {
        let known: Vec<String> =
            Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
        let (applied, unknown) = found.into_iter().partition::<Vec<_>, _>(|name| known.contains(name));
        let pending = known.into_iter().filter(|name| !applied.contains(name)).collect();
        Self { applied, pending, unknown }
    }
}
