//! Single checks.

use roundhouse_domain::{CheckOutcome, Timestamp};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::entity::health_check::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "health_checks";

/// One check of one address of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRecord {
    /// Its id; sorts by time.
    pub id: Uuid,
    /// The provider's name.
    pub provider: String,
    /// Which address was asked.
    pub address: String,
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// How long it took, in milliseconds.
    pub latency_ms: u32,
    /// What was wrong.
    pub error: Option<String>,
    /// Whether a person asked for it.
    pub manual: bool,
}

/// What statistics need of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The provider's name.
    pub provider: String,
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// How long it took, in milliseconds.
    pub latency_ms: u32,
}

/// Adds checks.
pub async fn insert_checks(
    connection: &impl ConnectionTrait,
    checks: &[CheckRecord],
) -> Result<(), StorageError> {
    if checks.is_empty() {
        return Ok(());
    }
    let rows = checks.iter().map(|check| ActiveModel {
        id: Set(check.id),
        provider: Set(check.provider.clone()),
        address: Set(check.address.clone()),
        at: Set(check.at.as_millis()),
        outcome: Set(check.outcome.as_str().to_owned()),
        latency_ms: Set(i32::try_from(check.latency_ms).unwrap_or(i32::MAX)),
        error: Set(check.error.clone()),
        manual: Set(check.manual),
    });
    Entity::insert_many(rows).exec_without_returning(connection).await?;
    Ok(())
}

/// Checks of a provider, newest first, `limit` of them before `cursor`.
pub async fn list_checks(
    connection: &impl ConnectionTrait,
    provider: &str,
    limit: u64,
    cursor: Option<Uuid>,
) -> Result<Vec<CheckRecord>, StorageError> {
    let conditions = Condition::all()
        .add(Column::Provider.eq(provider))
        .add_option(cursor.map(|cursor| Column::Id.lt(cursor)));
    let rows =
        Entity::find().filter(conditions).order_by_desc(Column::Id).limit(limit).all(connection).await?;
    rows.into_iter().map(record).collect()
}

/// What there is to reckon with since `from`, of one provider or of all.
pub async fn samples(
    connection: &impl ConnectionTrait,
    provider: Option<&str>,
    from: Timestamp,
) -> Result<Vec<Sample>, StorageError> {
    let conditions = Condition::all()
        .add(Column::At.gte(from.as_millis()))
        .add_option(provider.map(|provider| Column::Provider.eq(provider)));
    let query = Entity::find()
        .select_only()
        .columns([Column::Provider, Column::At, Column::Outcome, Column::LatencyMs])
        .filter(conditions);
    let rows: Vec<(String, i64, String, i32)> = query.into_tuple().all(connection).await?;
    let sample = |(provider, at, outcome, latency): (String, i64, String, i32)| {
        let corrupt = |column| StorageError::corrupt(TABLE, column, &provider);
        Ok(Sample {
            at: Timestamp::from_millis(at),
            outcome: CheckOutcome::parse(&outcome).ok_or_else(|| corrupt("outcome"))?,
            latency_ms: u32::try_from(latency).map_err(|_| corrupt("latency_ms"))?,
            provider,
        })
    };
    rows.into_iter().map(sample).collect()
}

/// Removes checks from before `time`, `max_rows` at the most; tells how many.
pub async fn delete_before(
    connection: &impl ConnectionTrait,
    time: Timestamp,
    max_rows: u64,
) -> Result<u64, StorageError> {
    let oldest = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::At.lt(time.as_millis()))
        .order_by(Column::Id, sea_orm::Order::Asc)
        .limit(max_rows)
        .take();
    Ok(Entity::delete_many().filter(Column::Id.in_subquery(oldest)).exec(connection).await?.rows_affected)
}

fn record(row: Model) -> Result<CheckRecord, StorageError> {
    let corrupt = |column| StorageError::corrupt(TABLE, column, row.id);
    Ok(CheckRecord {
        id: row.id,
        at: Timestamp::from_millis(row.at),
        outcome: CheckOutcome::parse(&row.outcome).ok_or_else(|| corrupt("outcome"))?,
        latency_ms: u32::try_from(row.latency_ms).map_err(|_| corrupt("latency_ms"))?,
        provider: row.provider,
        address: row.address,
        error: row.error,
        manual: row.manual,
    })
}
