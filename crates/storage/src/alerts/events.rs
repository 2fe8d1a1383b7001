//! What alerts have told.

use roundhouse_domain::Timestamp;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};

use crate::entity::alert_event::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "alert_events";

/// Something that an alert had to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertEvent {
    /// Its id; sorts by time.
    pub id: Uuid,
    /// The rule's name.
    pub rule: String,
    /// What it is about.
    pub object: String,
    /// What happened: `fired`, `repeated`, `resolved` or `test`.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// Since when things were so.
    pub since: Timestamp,
    /// What was found, as JSON.
    pub finding: String,
    /// Who was told.
    pub deliveries: Vec<Delivery>,
}

/// One way in which something was told, or was to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The channel's name.
    pub channel: String,
    /// `waiting`, `sent`, `failed` or `silenced`.
    pub state: String,
    /// What went wrong the last time.
    pub error: Option<String>,
}

/// Adds an event.
pub async fn insert_event(connection: &impl ConnectionTrait, event: &AlertEvent) -> Result<(), StorageError> {
    let row = ActiveModel {
        id: Set(event.id),
        rule: Set(event.rule.clone()),
        object: Set(event.object.clone()),
        kind: Set(event.kind.clone()),
        at: Set(event.at.as_millis()),
        since: Set(event.since.as_millis()),
        finding: Set(event.finding.clone()),
        deliveries: Set(written(event.id, &event.deliveries)?),
    };
    Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// The event of that id.
pub async fn get_event(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<AlertEvent>, StorageError> {
    Entity::find_by_id(id).one(connection).await?.map(event).transpose()
}

/// Events, newest first, `limit` of them before `cursor`; of one rule or of all.
pub async fn list_events(
    connection: &impl ConnectionTrait,
    rule: Option<&str>,
    limit: u64,
    cursor: Option<Uuid>,
) -> Result<Vec<AlertEvent>, StorageError> {
    let conditions = Condition::all()
        .add_option(rule.map(|rule| Column::Rule.eq(rule)))
        .add_option(cursor.map(|cursor| Column::Id.lt(cursor)));
    let rows =
        Entity::find().filter(conditions).order_by_desc(Column::Id).limit(limit).all(connection).await?;
    rows.into_iter().map(event).collect()
}

/// Notes what became of one way in which an event was to be told; tells whether the event is still there. The connection has to
/// be a transaction.
pub async fn update_delivery(
    transaction: &impl ConnectionTrait,
    id: Uuid,
    delivery: &Delivery,
) -> Result<bool, StorageError> {
    let Some(row) = Entity::find_by_id(id).lock_exclusive().one(transaction).await? else { return Ok(false) };
    let mut deliveries = event(row)?.deliveries;
    match deliveries.iter_mut().find(|known| known.channel == delivery.channel) {
        Some(known) => known.clone_from(delivery),
        None => deliveries.push(delivery.clone()),
    }
    Entity::update_many()
        .col_expr(Column::Deliveries, Expr::value(written(id, &deliveries)?))
        .filter(Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(true)
}

/// Removes events from before `time`, `max_rows` at the most; tells how many.
pub async fn delete_events_before(
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

fn written(id: Uuid, deliveries: &[Delivery]) -> Result<String, StorageError> {
    serde_json::to_string(deliveries).map_err(|_| StorageError::corrupt(TABLE, "deliveries", id))
}

fn event(row: Model) -> Result<AlertEvent, StorageError> {
    let deliveries = serde_json::from_str(&row.deliveries);
    Ok(AlertEvent {
        deliveries: deliveries.map_err(|_| StorageError::corrupt(TABLE, "deliveries", row.id))?,
        id: row.id,
        rule: row.rule,
        object: row.object,
        kind: row.kind,
        at: Timestamp::from_millis(row.at),
        since: Timestamp::from_millis(row.since),
        finding: row.finding,
    })
}
