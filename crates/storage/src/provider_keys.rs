//! Keys of providers: sealed, named by their keyed hash, shown masked.

mod change;
mod filter;
mod planned;
mod settings;
mod shelf;
mod sync;

use roundhouse_domain::{KeyHash, KeyStatus, ProviderKeyId, Timestamp};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait, Select,
};

pub use self::change::{bump_version, delete_all, delete_many, set_enabled, update};
pub use self::filter::Filter;
pub use self::planned::{Planned, list_disabled, list_planned, versions};
pub use self::settings::Settings;
pub use self::shelf::{bring_back, set_aside};
pub use self::sync::{Declared, DeclaredKey, SyncError, Synced, sync_declared};
use crate::entity::provider_key::{ActiveModel, Column, Entity, Relation};
use crate::entity::provider_key_state as state;
use crate::error::StorageError;

const TABLE: &str = "provider_keys";
/// What a provider key is sealed for; see [`crate::MasterKey::seal`].
pub const SEALING_CONTEXT: &str = "provider_key";
/// What the proxy of a provider key is sealed for.
pub const PROXY_CONTEXT: &str = "provider_key_proxy";
/// Rows in one statement; SQLite takes 32,766 values (`SQLITE_MAX_VARIABLE_NUMBER`), `PostgreSQL` 65,535.
const CHUNK: usize = 500;

/// A provider key to be stored.
#[derive(Clone, Debug)]
pub struct NewProviderKey {
    /// Its id.
    pub id: ProviderKeyId,
    /// The keyed hash that names the key in states and attempts.
    pub key_hash: KeyHash,
    /// What [`crate::MasterKey::seal`] makes of it for [`SEALING_CONTEXT`].
    pub sealed: Vec<u8>,
    /// The key as shown to people.
    pub masked: String,
    /// What is said of it.
    pub settings: Settings,
    /// When it was added.
    pub created_at: Timestamp,
}

/// A stored provider key with its state, without the key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderKey {
    /// Its id.
    pub id: ProviderKeyId,
    /// The provider's name.
    pub provider: String,
    /// Names the key in states and attempts.
    pub key_hash: KeyHash,
    /// The key as shown to people.
    pub masked: String,
    /// Whether a configuration or key file brought it.
    pub declared: bool,
    /// Whether people want it used.
    pub enabled: bool,
    /// What is said of it.
    pub settings: Settings,
    /// When it was added.
    pub created_at: Timestamp,
    /// When a person last changed it.
    pub updated_at: Timestamp,
    /// Whether it may be used now.
    pub status: KeyStatus,
    /// When a cooling key is used again.
    pub cooling_until: Option<Timestamp>,
    /// Counted failures.
    pub failures: u32,
    /// What the provider said last, without secrets.
    pub last_error: Option<String>,
}

/// How many keys are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusCounts {
    /// In use.
    pub active: u64,
    /// Resting.
    pub cooling: u64,
    /// Refused by the provider.
    pub invalid: u64,
    /// Switched off.
    pub disabled: u64,
}

impl StatusCounts {
    /// All of them.
    pub const fn total(&self) -> u64 {
        self.active + self.cooling + self.invalid + self.disabled
    }
}

/// Adds keys that people entered; those that the provider has already stay as they are. Tells how many were new.
pub async fn insert_many(
    connection: &impl ConnectionTrait,
    provider: &str,
    keys: &[NewProviderKey],
) -> Result<u64, StorageError> {
    let mut inserted = 0;
    for chunk in keys.chunks(CHUNK) {
        inserted += insert_chunk(connection, provider, chunk, false).await?;
    }
    Ok(inserted)
}

/// The key of that id, as it was sealed.
pub async fn get_sealed(
    connection: &impl ConnectionTrait,
    id: ProviderKeyId,
) -> Result<Option<Vec<u8>>, StorageError> {
    Ok(Entity::find_by_id(id.0).select_only().column(Column::Sealed).into_tuple().one(connection).await?)
}

/// All keys of a provider as they were sealed, in the order they were added: what a pool is made from.
pub async fn list_sealed(
    connection: &impl ConnectionTrait,
    provider: &str,
) -> Result<Vec<(KeyHash, Vec<u8>)>, StorageError> {
    let query = Entity::find().select_only().columns([Column::KeyHash, Column::Sealed]);
    let query = query.filter(Column::Provider.eq(provider)).order_by_asc(Column::Id);
    let rows: Vec<(Vec<u8>, Vec<u8>)> = query.into_tuple().all(connection).await?;
    rows.into_iter().map(|(hash, sealed)| Ok((key_hash(provider, &hash)?, sealed))).collect()
}

/// Some keys of a provider as they were sealed, in no order; those that are not there are left out.
pub async fn find_sealed(
    connection: &impl ConnectionTrait,
    provider: &str,
    keys: &[KeyHash],
) -> Result<Vec<(KeyHash, Vec<u8>)>, StorageError> {
    let mut found = Vec::with_capacity(keys.len());
    for chunk in keys.chunks(CHUNK) {
        let query = Entity::find().select_only().columns([Column::KeyHash, Column::Sealed]);
        let query = query.filter(Column::Provider.eq(provider)).filter(Column::KeyHash.is_in(hashes(chunk)));
        let rows: Vec<(Vec<u8>, Vec<u8>)> = query.into_tuple().all(connection).await?;
        for (hash, sealed) in rows {
            found.push((key_hash(provider, &hash)?, sealed));
        }
    }
    Ok(found)
}

/// A key with its state at `now`.
pub async fn get(
    connection: &impl ConnectionTrait,
    id: ProviderKeyId,
    now: Timestamp,
) -> Result<Option<ProviderKey>, StorageError> {
    let query = shown(with_states(), now).filter(Column::Id.eq(id.0));
    query.into_model::<Row>().one(connection).await?.map(provider_key).transpose()
}

/// Keys of these ids with their states at `now`, in the order they were added; those that are not there are left out.
pub async fn get_many(
    connection: &impl ConnectionTrait,
    ids: &[ProviderKeyId],
    now: Timestamp,
) -> Result<Vec<ProviderKey>, StorageError> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let ids = chunk.iter().map(|id| id.0);
        let query = shown(with_states(), now).filter(Column::Id.is_in(ids)).order_by_asc(Column::Id);
        for row in query.into_model::<Row>().all(connection).await? {
            found.push(provider_key(row)?);
        }
    }
    Ok(found)
}

/// Keys of a provider with their states, in the order they were added, `limit` of them after `cursor`.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter<'_>,
    limit: u64,
    cursor: Option<ProviderKeyId>,
) -> Result<Vec<ProviderKey>, StorageError> {
    let mut query =
        shown(with_states(), filter.now).filter(filter.condition()).order_by_asc(Column::Id).limit(limit);
    if let Some(cursor) = cursor {
        query = query.filter(Column::Id.gt(cursor.0));
    }
    query.into_model::<Row>().all(connection).await?.into_iter().map(provider_key).collect()
}

/// How many keys fit a filter.
pub async fn count(connection: &impl ConnectionTrait, filter: &Filter<'_>) -> Result<u64, StorageError> {
    let query = with_states().column_as(Column::Id.count(), "keys").filter(filter.condition());
    let count: Option<i64> = query.into_tuple().one(connection).await?;
    Ok(u64::try_from(count.unwrap_or_default()).unwrap_or_default())
}

/// How many keys of a provider are in which state at `now`.
pub async fn count_by_status(
    connection: &impl ConnectionTrait,
    provider: &str,
    now: Timestamp,
) -> Result<StatusCounts, StorageError> {
    let query = with_states()
        .filter(Column::Provider.eq(provider))
        .column_as(status_at(now), "status")
        .column_as(Column::Id.count(), "keys")
        .group_by(Expr::cust("1"));
    let mut counts = StatusCounts::default();
    for (status, keys) in query.into_tuple::<(String, i64)>().all(connection).await? {
        let count = match KeyStatus::parse(&status) {
            Some(KeyStatus::Active) => &mut counts.active,
            Some(KeyStatus::Cooling) => &mut counts.cooling,
            Some(KeyStatus::Invalid) => &mut counts.invalid,
            Some(KeyStatus::Disabled) => &mut counts.disabled,
            None => return Err(StorageError::corrupt("provider_key_states", "status", provider)),
        };
        *count = u64::try_from(keys).unwrap_or_default();
    }
    Ok(counts)
}

async fn insert_chunk(
    connection: &impl ConnectionTrait,
    provider: &str,
    keys: &[NewProviderKey],
    declared: bool,
) -> Result<u64, StorageError> {
    let row = |key: &NewProviderKey| -> Result<ActiveModel, StorageError> {
        Ok(ActiveModel {
            id: Set(key.id.0),
            provider: Set(provider.to_owned()),
            key_hash: Set(key.key_hash.0.to_vec()),
            sealed: Set(key.sealed.clone()),
            masked: Set(key.masked.clone()),
            declared: Set(declared),
            enabled: Set(true),
            created_at: Set(key.created_at.as_millis()),
            updated_at: Set(key.created_at.as_millis()),
            ..key.settings.columns()?
        })
    };
    let rows: Vec<_> = keys.iter().map(row).collect::<Result<_, _>>()?;
    let insert = Entity::insert_many(rows).on_conflict_do_nothing_on([Column::Provider, Column::KeyHash]);
    Ok(match insert.exec_without_returning(connection).await? {
        sea_orm::TryInsertResult::Inserted(rows) => rows,
        sea_orm::TryInsertResult::Empty | sea_orm::TryInsertResult::Conflicted => 0,
    })
}

fn with_states() -> Select<Entity> {
    Entity::find().select_only().join(JoinType::LeftJoin, Relation::State.def())
}

fn shown(query: Select<Entity>, now: Timestamp) -> Select<Entity> {
    query
        .columns([
            Column::Id,
            Column::Provider,
            Column::KeyHash,
            Column::Masked,
            Column::Declared,
            Column::Enabled,
            Column::Note,
            Column::Tags,
            Column::Weight,
            Column::Limits,
            Column::SealedProxy,
            Column::CreatedAt,
            Column::UpdatedAt,
        ])
        .column_as(status_at(now), "status")
        .column_as(state::Column::CoolingUntil, "cooling_until")
        .column_as(state::Column::Failures, "failures")
        .column_as(state::Column::LastError, "last_error")
}

fn hashes(keys: &[KeyHash]) -> impl Iterator<Item = Vec<u8>> {
    keys.iter().map(|key| key.0.to_vec())
}

/// The status at `now`, as an expression: disabled when people say so, active without a row, and when a rest is over.
fn status_at(now: Timestamp) -> SimpleExpr {
    let stored = Expr::col((state::Entity, state::Column::Status));
    let rested =
        stored.clone().eq(KeyStatus::Cooling.as_str()).and(state::Column::CoolingUntil.lte(now.as_millis()));
    CaseStatement::new()
        .case(Column::Enabled.eq(false), KeyStatus::Disabled.as_str())
        .case(stored.clone().is_null().or(rested), KeyStatus::Active.as_str())
        .finally(stored)
        .into()
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    provider: String,
    key_hash: Vec<u8>,
    masked: String,
    declared: bool,
    enabled: bool,
    note: String,
    tags: String,
    weight: i32,
    limits: String,
    sealed_proxy: Option<Vec<u8>>,
    created_at: i64,
    updated_at: i64,
    status: String,
    cooling_until: Option<i64>,
    failures: Option<i32>,
    last_error: Option<String>,
}

fn provider_key(row: Row) -> Result<ProviderKey, StorageError> {
    let corrupt = |column| StorageError::corrupt("provider_key_states", column, row.id);
    let status = KeyStatus::parse(&row.status).ok_or_else(|| corrupt("status"))?;
    Ok(ProviderKey {
        id: ProviderKeyId(row.id),
        key_hash: key_hash(row.id, &row.key_hash)?,
        failures: u32::try_from(row.failures.unwrap_or_default()).map_err(|_| corrupt("failures"))?,
        provider: row.provider,
        masked: row.masked,
        declared: row.declared,
        enabled: row.enabled,
        settings: Settings::read(row.id, row.note, &row.tags, row.weight, (&row.limits, row.sealed_proxy))?,
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
        status,
        cooling_until: (status == KeyStatus::Cooling)
            .then_some(row.cooling_until)
            .flatten()
            .map(Timestamp::from_millis),
        last_error: row.last_error,
    })
}

fn key_hash(id: impl std::fmt::Display, bytes: &[u8]) -> Result<KeyHash, StorageError> {
    bytes.try_into().map(KeyHash).map_err(|_| StorageError::corrupt(TABLE, "key_hash", id))
}
