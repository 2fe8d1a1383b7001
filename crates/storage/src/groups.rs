//! Groups of people: what their members may do beyond what every member may.

mod members;

use roundhouse_domain::{GroupId, Permissions, Timestamp};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;

pub(crate) use self::members::members_of;
pub use self::members::{
    delete_member, insert_member, list_members, list_of_user, member_counts, sync_claimed,
};
use crate::entity::group::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "groups";

/// A stored group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Unique among groups.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What its members may do.
    pub permissions: Permissions,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed; members do not count.
    pub updated_at: Timestamp,
}

/// Adds a group; a second one of the same name is a conflict.
pub async fn insert(connection: &impl ConnectionTrait, group: &Group) -> Result<(), StorageError> {
    Entity::insert(row(group)).exec_without_returning(connection).await?;
    Ok(())
}

/// The group of that id.
pub async fn get(connection: &impl ConnectionTrait, id: GroupId) -> Result<Option<Group>, StorageError> {
    Entity::find_by_id(id.0).one(connection).await?.map(group).transpose()
}

/// Groups in the order they were made, `limit` of them after `cursor`.
pub async fn list(
    connection: &impl ConnectionTrait,
    limit: u64,
    cursor: Option<GroupId>,
) -> Result<Vec<Group>, StorageError> {
    let mut query = Entity::find().order_by_asc(Column::Id).limit(limit);
    if let Some(cursor) = cursor {
        query = query.filter(Column::Id.gt(cursor.0));
    }
    query.all(connection).await?.into_iter().map(group).collect()
}

/// Writes all of a group but when it was made; tells whether it was there.
pub async fn update(connection: &impl ConnectionTrait, group: &Group) -> Result<bool, StorageError> {
    let row = ActiveModel { created_at: NotSet, ..row(group) };
    let updated = Entity::update_many().set(row).filter(Column::Id.eq(group.id.0)).exec(connection).await?;
    Ok(updated.rows_affected > 0)
}

/// Removes a group; its members stay. Tells whether it was there.
pub async fn delete(connection: &impl ConnectionTrait, id: GroupId) -> Result<bool, StorageError> {
    Ok(Entity::delete_by_id(id.0).exec(connection).await?.rows_affected > 0)
}

fn row(group: &Group) -> ActiveModel {
    ActiveModel {
        id: Set(group.id.0),
        name: Set(group.name.clone()),
        description: Set(group.description.clone()),
        permissions: Set(group.permissions.names().into()),
        created_at: Set(group.created_at.as_millis()),
        updated_at: Set(group.updated_at.as_millis()),
    }
}

fn group(row: Model) -> Result<Group, StorageError> {
    Ok(Group {
        id: GroupId(row.id),
        permissions: permissions(&row.permissions)
            .ok_or_else(|| StorageError::corrupt(TABLE, "permissions", row.id))?,
        name: row.name,
        description: row.description,
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
    })
}

/// Reads a stored list of names.
pub(crate) fn permissions(names: &Value) -> Option<Permissions> {
    let names: Option<Vec<&str>> = names.as_array()?.iter().map(Value::as_str).collect();
    Some(Permissions::of_names(names?))
}
