//! What alerts have found, whom they told about it, and what nobody wants to be told for a while.

mod events;
mod silences;

use roundhouse_domain::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

pub use self::events::{
    AlertEvent, Delivery, delete_events_before, get_event, insert_event, list_events, update_delivery,
};
pub use self::silences::{Silence, delete_ended_silences, delete_silence, insert_silence, list_silences};
use crate::entity::alert_state::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

/// Something that a rule has found and that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertState {
    /// The rule's name.
    pub rule: String,
    /// What it is about: a provider, a kind of job, an owner of a budget.
    pub object: String,
    /// What was found, as JSON.
    pub finding: String,
    /// Since when.
    pub since: Timestamp,
    /// Since when it counts: it has lasted long enough.
    pub fired_at: Option<Timestamp>,
    /// When somebody was told last.
    pub told_at: Option<Timestamp>,
}

/// What a rule has found and is not over; nobody else changes it before the transaction ends.
pub async fn states_for_update(
    transaction: &impl ConnectionTrait,
    rule: &str,
) -> Result<Vec<AlertState>, StorageError> {
    let query = Entity::find().filter(Column::Rule.eq(rule)).order_by_asc(Column::Object).lock_exclusive();
    Ok(query.all(transaction).await?.into_iter().map(state).collect())
}

/// All that rules have found and is not over, by rule and object.
pub async fn list_states(connection: &impl ConnectionTrait) -> Result<Vec<AlertState>, StorageError> {
    let query = Entity::find().order_by_asc(Column::Rule).order_by_asc(Column::Object);
    Ok(query.all(connection).await?.into_iter().map(state).collect())
}

/// Notes what a rule has found.
pub async fn upsert_state(connection: &impl ConnectionTrait, state: &AlertState) -> Result<(), StorageError> {
    let row = ActiveModel {
        rule: Set(state.rule.clone()),
        object: Set(state.object.clone()),
        finding: Set(state.finding.clone()),
        since: Set(state.since.as_millis()),
        fired_at: Set(state.fired_at.map(Timestamp::as_millis)),
        told_at: Set(state.told_at.map(Timestamp::as_millis)),
    };
    let replace = OnConflict::columns([Column::Rule, Column::Object])
        .update_columns([Column::Finding, Column::Since, Column::FiredAt, Column::ToldAt])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(connection).await?;
    Ok(())
}

/// Forgets what a rule has found about an object.
pub async fn delete_state(
    connection: &impl ConnectionTrait,
    rule: &str,
    object: &str,
) -> Result<(), StorageError> {
    Entity::delete_by_id((rule.to_owned(), object.to_owned())).exec(connection).await?;
    Ok(())
}

/// Forgets what all rules but `rules` have found; tells how much.
pub async fn delete_states_of_others(
    connection: &impl ConnectionTrait,
    rules: &[&str],
) -> Result<u64, StorageError> {
    let query = Entity::delete_many().filter(Column::Rule.is_not_in(rules.iter().copied()));
    Ok(query.exec(connection).await?.rows_affected)
}

fn state(row: Model) -> AlertState {
    AlertState {
        rule: row.rule,
        object: row.object,
        finding: row.finding,
        since: Timestamp::from_millis(row.since),
        fired_at: row.fired_at.map(Timestamp::from_millis),
        told_at: row.told_at.map(Timestamp::from_millis),
    }
}
