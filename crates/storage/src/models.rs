//! What providers list: each model with when it was first and last seen there.

mod sync;

use roundhouse_domain::{ModelId, Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

pub use self::sync::{Listed, Synced, sync};
use crate::entity::model::{Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "models";

/// A model that a provider lists, or listed once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredModel {
    /// Its id.
    pub id: ModelId,
    /// The provider's name.
    pub provider: String,
    /// What it says of itself.
    pub listed: Listed,
    /// When it was first listed.
    pub first_seen: Timestamp,
    /// When it was last listed.
    pub last_seen: Timestamp,
    /// Since when it is no longer listed; none while it is.
    pub missing_since: Option<Timestamp>,
}

/// The model of that id.
pub async fn get(
    connection: &impl ConnectionTrait,
    id: ModelId,
) -> Result<Option<StoredModel>, StorageError> {
    Entity::find_by_id(id.0).one(connection).await?.map(model).transpose()
}

/// All models, by provider and name: what a snapshot is made from.
pub async fn list_all(connection: &impl ConnectionTrait) -> Result<Vec<StoredModel>, StorageError> {
    let rows =
        Entity::find().order_by_asc(Column::Provider).order_by_asc(Column::Name).all(connection).await?;
    rows.into_iter().map(model).collect()
}

/// Models of one provider, by name.
pub async fn list_of(
    connection: &impl ConnectionTrait,
    provider: &str,
) -> Result<Vec<StoredModel>, StorageError> {
    let rows =
        Entity::find().filter(Column::Provider.eq(provider)).order_by_asc(Column::Name).all(connection);
    rows.await?.into_iter().map(model).collect()
}

/// When each provider last listed anything.
pub async fn last_seen(connection: &impl ConnectionTrait) -> Result<Vec<(String, Timestamp)>, StorageError> {
    let query = Entity::find()
        .select_only()
        .column(Column::Provider)
        .column_as(Column::LastSeen.max(), "last_seen")
        .group_by(Column::Provider);
    let rows: Vec<(String, i64)> = query.into_tuple().all(connection).await?;
    Ok(rows.into_iter().map(|(provider, seen)| (provider, Timestamp::from_millis(seen))).collect())
}

/// Removes models that went missing before `time`; tells how many.
pub async fn delete_missing_before(
    connection: &impl ConnectionTrait,
    time: Timestamp,
) -> Result<u64, StorageError> {
    let gone = Entity::delete_many().filter(Column::MissingSince.lt(time.as_millis()));
    Ok(gone.exec(connection).await?.rows_affected)
}

/// Removes all models of a provider; tells how many.
pub async fn delete_of(connection: &impl ConnectionTrait, provider: &str) -> Result<u64, StorageError> {
    let all = Entity::delete_many().filter(Column::Provider.eq(provider));
    Ok(all.exec(connection).await?.rows_affected)
}

fn model(row: Model) -> Result<StoredModel, StorageError> {
    let corrupt = |column| StorageError::corrupt(TABLE, column, row.id);
    let tokens =
        |number: Option<i64>, column| number.map(u64::try_from).transpose().map_err(|_| corrupt(column));
    Ok(StoredModel {
        id: ModelId(row.id),
        listed: Listed {
            context_tokens: tokens(row.context_tokens, "context_tokens")?,
            max_output_tokens: tokens(row.max_output_tokens, "max_output_tokens")?,
            name: row.name,
            display_name: row.display_name,
            owned_by: row.owned_by,
        },
        provider: row.provider,
        first_seen: Timestamp::from_millis(row.first_seen),
        last_seen: Timestamp::from_millis(row.last_seen),
        missing_since: row.missing_since.map(Timestamp::from_millis),
    })
}
