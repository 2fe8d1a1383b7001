//! The request log.

mod attempts;
mod insert;

use std::borrow::Cow;

use roundhouse_domain::{
    AccessKeyId, Choices, KeyHash, Outcome, RequestId, RequestRecord, Timestamp, TokenUsage,
};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

pub use self::insert::insert_batch;
use crate::entity::request::{Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "requests";
/// How far the time in an id may be from the request's own: ids are made at arrival, by the same clock.
const ID_SLACK_MS: i64 = 60_000;

/// Which requests to list; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The access key's name.
    pub access_key: Option<String>,
    /// The public model name.
    pub model: Option<String>,
    /// Who made the last attempt.
    pub provider: Option<String>,
    /// The answer's status.
    pub status: Option<u16>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Arrived then or later.
    pub from: Option<Timestamp>,
    /// Arrived before.
    pub to: Option<Timestamp>,
}

/// The request of that id, with its attempts.
pub async fn get(
    connection: &impl ConnectionTrait,
    id: RequestId,
) -> Result<Option<RequestRecord>, StorageError> {
    Entity::find_by_id(id.0).one(connection).await?.map(record).transpose()
}

/// Requests with their attempts, newest first, `limit` of them before `cursor`.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    limit: u64,
    cursor: Option<RequestId>,
) -> Result<Vec<RequestRecord>, StorageError> {
    let mut conditions = conditions(filter);
    if let Some(cursor) = cursor {
        conditions = conditions.add(Column::Id.lt(cursor.0));
    }
    let rows =
        Entity::find().filter(conditions).order_by_desc(Column::Id).limit(limit).all(connection).await?;
    rows.into_iter().map(record).collect()
}

/// Removes requests that arrived before `time`, the oldest first, `max_rows` at the most; tells how many.
pub async fn delete_before(
    connection: &impl ConnectionTrait,
    time: Timestamp,
    max_rows: u64,
) -> Result<u64, StorageError> {
    let oldest = Query::select()
        .column(Column::Id)
        .from(Entity)
        .cond_where(arrived_before(time))
        .order_by(Column::Id, sea_orm::Order::Asc)
        .limit(max_rows)
        .take();
    let deleted = Entity::delete_many().filter(Column::Id.in_subquery(oldest)).exec(connection).await?;
    Ok(deleted.rows_affected)
}

fn conditions(filter: &Filter) -> Condition {
    let mut all = Condition::all()
        .add_option(filter.access_key.as_ref().map(|name| Column::AccessKey.eq(name)))
        .add_option(filter.model.as_ref().map(|model| Column::Model.eq(model)))
        .add_option(filter.provider.as_ref().map(|provider| Column::Provider.eq(provider)))
        .add_option(filter.status.map(|status| Column::Status.eq(i32::from(status))))
        .add_option(filter.outcome.map(|outcome| Column::Outcome.eq(outcome.as_str())));
    if let Some(from) = filter.from {
        let first = first_id(from.as_millis().saturating_sub(ID_SLACK_MS));
        all = all.add(Column::Id.gte(first)).add(Column::StartedAt.gte(from.as_millis()));
    }
    if let Some(to) = filter.to {
        all = all.add(arrived_before(to));
    }
    all
}

/// Ids sort by time, so the one index on them finds times as well.
fn arrived_before(time: Timestamp) -> Condition {
    let end = first_id(time.as_millis().saturating_add(ID_SLACK_MS));
    Condition::all().add(Column::Id.lt(end)).add(Column::StartedAt.lt(time.as_millis()))
}

/// The smallest id of that millisecond or later (RFC 9562, section 5.7: 48 bits of time come first).
fn first_id(millis: i64) -> Uuid {
    let millis = u128::try_from(millis.clamp(0, (1 << 48) - 1)).unwrap_or_default();
    Uuid::from_u128(millis << 80)
}

fn record(row: Model) -> Result<RequestRecord, StorageError> {
    let corrupt = |column| StorageError::corrupt(TABLE, column, row.id);
    let number = |number: i64, column| u32::try_from(number).map_err(|_| corrupt(column));
    let tokens = |number: i64, column| u64::try_from(number).map_err(|_| corrupt(column));
    let key_hash = row.provider_key_hash.as_deref().map(|hash| hash.try_into().map(KeyHash)).transpose();
    let last = attempts::Last {
        provider: row.provider,
        model: row.upstream_model,
        key_hash: key_hash.map_err(|_| corrupt("provider_key_hash"))?,
    };
    let choices =
        row.choices.as_deref().map(|text| Choices::read(text, &row.model).ok_or_else(|| corrupt("choices")));
    let client_ip = row.client_ip.as_deref().map(str::parse).transpose().map_err(|_| corrupt("client_ip"))?;
    Ok(RequestRecord {
        id: RequestId(row.id),
        started_at: Timestamp::from_millis(row.started_at),
        duration_ms: number(row.duration_ms, "duration_ms")?,
        first_byte_ms: row.first_byte_ms.map(|millis| number(millis, "first_byte_ms")).transpose()?,
        access_key_id: row.access_key_id.map(AccessKeyId),
        stream: row.stream,
        status: u16::try_from(row.status).map_err(|_| corrupt("status"))?,
        outcome: Outcome::parse(&row.outcome).ok_or_else(|| corrupt("outcome"))?,
        usage: TokenUsage {
            input: tokens(row.input_tokens, "input_tokens")?,
            output: tokens(row.output_tokens, "output_tokens")?,
            cached: tokens(row.cached_tokens, "cached_tokens")?,
            cache_write: tokens(row.cache_write_tokens, "cache_write_tokens")?,
            reasoning: tokens(row.reasoning_tokens, "reasoning_tokens")?,
            ..TokenUsage::default()
        },
        client_ip,
        attempts: attempts::read(&row.attempts, last).ok_or_else(|| corrupt("attempts"))?,
        choices: choices.transpose()?.unwrap_or_default(),
        access_key: row.access_key.into(),
        operation: Cow::Owned(row.operation),
        model: row.model.into(),
        error: row.error.map(Into::into),
        ..RequestRecord::new(RequestId(row.id), Timestamp::from_millis(row.started_at))
    })
}
