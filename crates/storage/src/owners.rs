//! People and groups as owners of access keys: no more of them than limits need.

use roundhouse_domain::{GroupId, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};

use crate::entity::{group, group_member, user};
use crate::error::StorageError;

/// Someone who may own access keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Who.
    pub id: UserId,
    /// In lower case.
    pub email: String,
    /// Whether they are kept out.
    pub disabled: bool,
}

/// Everybody, in the order they were added.
pub async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Owner>, StorageError> {
    let query = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Email, user::Column::Disabled])
        .order_by_asc(user::Column::Id);
    let rows: Vec<(Uuid, String, bool)> = query.into_tuple().all(connection).await?;
    Ok(rows.into_iter().map(|(id, email, disabled)| Owner { id: UserId(id), email, disabled }).collect())
}

/// All groups with their names.
pub async fn list_groups(connection: &impl ConnectionTrait) -> Result<Vec<(GroupId, String)>, StorageError> {
    let query = group::Entity::find().select_only().columns([group::Column::Id, group::Column::Name]);
    let rows: Vec<(Uuid, String)> = query.into_tuple().all(connection).await?;
    Ok(rows.into_iter().map(|(id, name)| (GroupId(id), name)).collect())
}

/// Who is in which group; for each person the groups in the order they were made.
pub async fn list_memberships(
    connection: &impl ConnectionTrait,
) -> Result<Vec<(UserId, GroupId)>, StorageError> {
    let query = group_member::Entity::find()
        .select_only()
        .columns([group_member::Column::UserId, group_member::Column::GroupId])
        .order_by_asc(group_member::Column::GroupId);
    let rows: Vec<(Uuid, Uuid)> = query.into_tuple().all(connection).await?;
    Ok(rows.into_iter().map(|(user, group)| (UserId(user), GroupId(group))).collect())
}
