//! Brings the schema up to date, once, however many processes start together.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use sea_orm_migration::MigratorTrait;

use super::{Backend, Database, OpenError, OpenOptions};
use crate::migration::{Migrator, SchemaStatus};

/// Names the lock among those of the PostgreSQL server: "rdhouse" in ASCII.
const LOCK: &str = "SELECT pg_advisory_xact_lock(x'7264686f757365'::bigint)";

/// Applies what is pending, all of it or nothing.
pub(super) async fn run(database: &Database, options: &OpenOptions) -> Result<(), OpenError> {
    if pending(SchemaStatus::read(&database.writer).await?)?.is_empty() {
        return Ok(());
    }
    // On SQLite this transaction is the lock.
    let transaction = database.write().await?;
    if database.backend == Backend::Postgres {
        transaction.execute_unprepared(LOCK).await?;
    }
    let pending = pending(SchemaStatus::read(&transaction).await?)?;
    if pending.is_empty() {
        return Ok(());
    }
    if database.backend == Backend::Sqlite && !is_empty(&transaction).await? {
        back_up(database, options).await?;
    }
    tracing::info!(migrations = ?pending, "bringing the database schema up to date");
    Migrator::up(&transaction, None).await.map_err(OpenError::Migration)?;
    transaction.commit().await.map_err(OpenError::Migration)
}

fn pending(status: SchemaStatus) -> Result<Vec<String>, OpenError> {
    if status.unknown.is_empty() {
        Ok(status.pending)
    } else {
        Err(OpenError::Newer { unknown: status.unknown })
    }
}

async fn is_empty(transaction: &DatabaseTransaction) -> Result<bool, DbErr> {
    let query =
        sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, "SELECT 1 FROM sqlite_schema LIMIT 1");
    Ok(transaction.query_one_raw(query).await?.is_none())
}

/// Copies the database while its writing lock is held, so that the copy is what the migrations will find.
async fn back_up(database: &Database, options: &OpenOptions) -> Result<(), OpenError> {
    let time = options.clock.now().to_string().replace(['-', ':'], "");
    let name = format!("roundhouse-before-{}-{time}.db", env!("CARGO_PKG_VERSION"));
    let path = options.backup_dir.join(name);
    database.backup_to(&path).await?;
    tracing::info!(path = %path.display(), "made a backup before changing the database schema");
    Ok(())
}
