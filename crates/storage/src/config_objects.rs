//! What people configure: one document for each thing, with its secrets sealed apart.

use roundhouse_domain::{ConfigObjectId, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;

use crate::entity::config_object::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "config_objects";
/// What the secrets of a document are sealed for; see [`crate::MasterKey::seal`].
pub const SEALING_CONTEXT: &str = "config_object";

/// A stored document.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfigObject {
    /// Its id.
    pub id: ConfigObjectId,
    /// What it is, such as `provider`.
    pub kind: String,
    /// Unique among those of its kind.
    pub name: String,
    /// The document, without its secrets.
    pub body: Value,
    /// The secrets, sealed for [`SEALING_CONTEXT`].
    pub sealed: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// All documents, by kind and name.
pub async fn list_all(connection: &impl ConnectionTrait) -> Result<Vec<ConfigObject>, StorageError> {
    let rows = Entity::find().order_by_asc(Column::Kind).order_by_asc(Column::Name).all(connection).await?;
    rows.into_iter().map(config_object).collect()
}

/// The documents of one kind, by name.
pub async fn list_by_kind(
    connection: &impl ConnectionTrait,
    kind: &str,
) -> Result<Vec<ConfigObject>, StorageError> {
    let query = Entity::find().filter(Column::Kind.eq(kind)).order_by_asc(Column::Name);
    query.all(connection).await?.into_iter().map(config_object).collect()
}

/// Writes a document, new or in the place of the one of its kind and name.
pub async fn upsert(connection: &impl ConnectionTrait, object: &ConfigObject) -> Result<(), StorageError> {
    let row = ActiveModel {
        id: Set(object.id.0),
        kind: Set(object.kind.clone()),
        name: Set(object.name.clone()),
        body: Set(object.body.to_string()),
        sealed: Set(object.sealed.clone()),
        created_at: Set(object.created_at.as_millis()),
        updated_at: Set(object.updated_at.as_millis()),
    };
    let replace = OnConflict::columns([Column::Kind, Column::Name])
        .update_columns([Column::Id, Column::Body, Column::Sealed, Column::CreatedAt, Column::UpdatedAt])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(connection).await?;
    Ok(())
}

/// Removes a document; tells whether it was there.
pub async fn delete(connection: &impl ConnectionTrait, kind: &str, name: &str) -> Result<bool, StorageError> {
    let query = Entity::delete_many().filter(Column::Kind.eq(kind)).filter(Column::Name.eq(name));
    Ok(query.exec(connection).await?.rows_affected > 0)
}

fn config_object(row: Model) -> Result<ConfigObject, StorageError> {
    let body = serde_json::from_str(&row.body).map_err(|_| StorageError::corrupt(TABLE, "body", row.id))?;
    Ok(ConfigObject {
        id: ConfigObjectId(row.id),
        kind: row.kind,
        name: row.name,
        body,
        sealed: row.sealed,
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
    })
}
