//! States of provider keys, as the data plane last reported them. A key without a row is active with nothing counted.

use std::collections::HashMap;
use std::sync::Arc;

use roundhouse_domain::{KeyHash, KeyStateRecord, KeyStatus, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::provider_key_state::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "provider_key_states";
/// Rows in one statement; SQLite takes 32,766 values (`SQLITE_MAX_VARIABLE_NUMBER`), `PostgreSQL` 65,535.
const CHUNK: usize = 1_000;

/// Writes states; of several for one key the newest stays, also against what is stored already.
pub async fn upsert_batch(
    connection: &impl ConnectionTrait,
    states: &[KeyStateRecord],
) -> Result<(), StorageError> {
    for chunk in newest(states).chunks(CHUNK) {
        let newer = Expr::col((Entity, Column::ChangedAt)).lte(Expr::cust("excluded.changed_at"));
        let replace = OnConflict::columns([Column::Provider, Column::KeyHash])
            .update_columns([
                Column::Status,
                Column::CoolingUntil,
                Column::Failures,
                Column::RateLimits,
                Column::LastError,
                Column::ChangedAt,
            ])
            .action_and_where(newer)
            .to_owned();
        let rows = chunk.iter().map(|state| row(state));
        Entity::insert_many(rows).on_conflict(replace).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// All states.
pub async fn list_all(connection: &impl ConnectionTrait) -> Result<Vec<KeyStateRecord>, StorageError> {
    let mut names = HashMap::new();
    let rows = Entity::find().all(connection).await?;
    rows.into_iter().map(|row| record(row, &mut names)).collect()
}

/// Forgets the states of these keys, so that they count as active; tells how many there were.
pub async fn delete(
    connection: &impl ConnectionTrait,
    provider: &str,
    keys: &[KeyHash],
) -> Result<u64, StorageError> {
    let mut deleted = 0;
    for chunk in keys.chunks(CHUNK) {
        let hashes = chunk.iter().map(|key| key.0.to_vec());
        let query =
            Entity::delete_many().filter(Column::Provider.eq(provider)).filter(Column::KeyHash.is_in(hashes));
        deleted += query.exec(connection).await?.rows_affected;
    }
    Ok(deleted)
}

/// One state for each key, since a statement may not touch a row twice.
fn newest(states: &[KeyStateRecord]) -> Vec<&KeyStateRecord> {
    let mut newest: HashMap<(&str, KeyHash), &KeyStateRecord> = HashMap::with_capacity(states.len());
    for state in states {
        newest
            .entry((&*state.provider, state.key_hash))
            .and_modify(|held| {
                if held.changed_at <= state.changed_at {
                    *held = state;
                }
            })
            .or_insert(state);
    }
    let mut newest: Vec<_> = newest.into_values().collect();
    // Writers that lock rows in the same order cannot wait for each other in a circle.
    newest.sort_unstable_by_key(|state| (&*state.provider, state.key_hash));
    newest
}

fn row(state: &KeyStateRecord) -> ActiveModel {
    ActiveModel {
        provider: Set((*state.provider).to_owned()),
        key_hash: Set(state.key_hash.0.to_vec()),
        status: Set(state.status.as_str().to_owned()),
        cooling_until: Set(state.cooling_until.map(Timestamp::as_millis)),
        failures: Set(i32::try_from(state.failures).unwrap_or(i32::MAX)),
        rate_limits: Set(i32::try_from(state.rate_limits).unwrap_or(i32::MAX)),
        last_error: Set(state.last_error.as_deref().map(str::to_owned)),
        changed_at: Set(state.changed_at.as_millis()),
    }
}

fn record(row: Model, names: &mut HashMap<String, Arc<str>>) -> Result<KeyStateRecord, StorageError> {
    let corrupt = |column| StorageError::corrupt(TABLE, column, &row.provider);
    let key_hash = KeyHash(row.key_hash.as_slice().try_into().map_err(|_| corrupt("key_hash"))?);
    let status = KeyStatus::parse(&row.status).ok_or_else(|| corrupt("status"))?;
    let failures = u32::try_from(row.failures).map_err(|_| corrupt("failures"))?;
    let rate_limits = u32::try_from(row.rate_limits).map_err(|_| corrupt("rate_limits"))?;
    Ok(KeyStateRecord {
        provider: names.entry(row.provider).or_insert_with_key(|name| name.as_str().into()).clone(),
        key_hash,
        status,
        cooling_until: row.cooling_until.map(Timestamp::from_millis),
        failures,
        rate_limits,
        last_error: row.last_error.map(Into::into),
        changed_at: Timestamp::from_millis(row.changed_at),
    })
}
