//! How providers fare: each check, and what they come to.

mod checks;

use roundhouse_domain::{HealthStatus, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};

pub use self::checks::{CheckRecord, Sample, delete_before, insert_checks, list_checks, samples};
use crate::entity::provider_health::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "provider_health";

/// How a provider fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderHealth {
    /// Its name.
    pub provider: String,
    /// How it fares, all in all.
    pub status: HealthStatus,
    /// Why not better.
    pub reason: Option<String>,
    /// Checks in a row that failed.
    pub failures: u32,
    /// When it was checked last.
    pub checked_at: Timestamp,
    /// Since when it fares like this.
    pub changed_at: Timestamp,
    /// Since when it gets no requests, for having failed its checks.
    pub disabled_at: Option<Timestamp>,
}

/// How a provider fares; nobody else changes it before the transaction ends.
pub async fn get_for_update(
    transaction: &impl ConnectionTrait,
    provider: &str,
) -> Result<Option<ProviderHealth>, StorageError> {
    Entity::find_by_id(provider).lock_exclusive().one(transaction).await?.map(health).transpose()
}

/// How a provider fares; none before its first check.
pub async fn get(
    connection: &impl ConnectionTrait,
    provider: &str,
) -> Result<Option<ProviderHealth>, StorageError> {
    Entity::find_by_id(provider).one(connection).await?.map(health).transpose()
}

/// How all providers fare that were checked, by name.
pub async fn list_all(connection: &impl ConnectionTrait) -> Result<Vec<ProviderHealth>, StorageError> {
    let rows = Entity::find().order_by_asc(Column::Provider).all(connection).await?;
    rows.into_iter().map(health).collect()
}

/// Notes how a provider fares.
pub async fn upsert(connection: &impl ConnectionTrait, health: &ProviderHealth) -> Result<(), StorageError> {
    let row = ActiveModel {
        provider: Set(health.provider.clone()),
        status: Set(health.status.as_str().to_owned()),
        reason: Set(health.reason.clone()),
        failures: Set(i32::try_from(health.failures).unwrap_or(i32::MAX)),
        checked_at: Set(health.checked_at.as_millis()),
        changed_at: Set(health.changed_at.as_millis()),
        disabled_at: Set(health.disabled_at.map(Timestamp::as_millis)),
    };
    let replace = OnConflict::column(Column::Provider)
        .update_columns([
            Column::Status,
            Column::Reason,
            Column::Failures,
            Column::CheckedAt,
            Column::ChangedAt,
            Column::DisabledAt,
        ])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(connection).await?;
    Ok(())
}

/// Forgets how a provider fares; tells whether anything was known.
pub async fn delete(connection: &impl ConnectionTrait, provider: &str) -> Result<bool, StorageError> {
    Ok(Entity::delete_by_id(provider).exec(connection).await?.rows_affected > 0)
}

fn health(row: Model) -> Result<ProviderHealth, StorageError> {
    let corrupt = |column| StorageError::corrupt(TABLE, column, &row.provider);
    Ok(ProviderHealth {
        status: HealthStatus::parse(&row.status).ok_or_else(|| corrupt("status"))?,
        failures: u32::try_from(row.failures).map_err(|_| corrupt("failures"))?,
        reason: row.reason,
        checked_at: Timestamp::from_millis(row.checked_at),
        changed_at: Timestamp::from_millis(row.changed_at),
        disabled_at: row.disabled_at.map(Timestamp::from_millis),
        provider: row.provider,
    })
}
