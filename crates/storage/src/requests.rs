//! The request log.

mod attempts;
mod failures;
mod filter;
mod insert;
mod more;
pub(crate) mod numbers;
mod read;
mod row;

use roundhouse_domain::{RequestId, RequestRecord, Timestamp};
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

pub use self::failures::{FailedKey, failed_keys};
pub use self::filter::Filter;
pub use self::insert::insert_batch;
use crate::entity::request::{Column, Entity};
use crate::entity::{request_detail, request_failure};
use crate::error::StorageError;

const TABLE: &str = "requests";

/// The request of that id, with its attempts.
pub async fn get(
    connection: &impl ConnectionTrait,
    id: RequestId,
) -> Result<Option<RequestRecord>, StorageError> {
    let found = Entity::find_by_id(id.0).one(connection).await?;
    Ok(read::records(connection, found.into_iter().collect()).await?.pop())
}

/// Requests with their attempts, newest first, `limit` of them before `cursor`.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    limit: u64,
    cursor: Option<RequestId>,
) -> Result<Vec<RequestRecord>, StorageError> {
    let Some(mut conditions) = filter.conditions(connection).await? else { return Ok(Vec::new()) };
    if let Some(cursor) = cursor {
        conditions = conditions.add(Column::Id.lt(cursor.0));
    }
    let rows =
        Entity::find().filter(conditions).order_by_desc(Column::Id).limit(limit).all(connection).await?;
    read::records(connection, rows).await
}

/// Removes requests that arrived before `time`, the oldest first, `max_rows` at the most (thousands: each id is a value of the
/// statement); tells how many. What they came to stays in the roll-ups.
pub async fn delete_before(
    connection: &impl ConnectionTrait,
    time: Timestamp,
    max_rows: u64,
) -> Result<u64, StorageError> {
    // The ids are looked up once: PostgreSQL goes past all that was removed and not yet vacuumed each time.
    let oldest: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(filter::arrived_before(time))
        .order_by_asc(Column::Id)
        .limit(max_rows)
        .into_tuple()
        .all(connection)
        .await?;
    if oldest.is_empty() {
        return Ok(0);
    }
    let details = request_detail::Column::Id.is_in(oldest.iter().copied());
    request_detail::Entity::delete_many().filter(details).exec(connection).await?;
    let failures = request_failure::Column::Id.is_in(oldest.iter().copied());
    request_failure::Entity::delete_many().filter(failures).exec(connection).await?;
    let deleted = Entity::delete_many().filter(Column::Id.is_in(oldest)).exec(connection).await?;
    Ok(deleted.rows_affected)
}
