//! Who is in which group.

use std::collections::HashMap;

use roundhouse_domain::{GroupId, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    TryInsertResult,
};

use super::Group;
use crate::entity::group_member::{ActiveModel, Column, Entity};
use crate::entity::{group, user};
use crate::error::StorageError;
use crate::users::{self, User};

/// Puts a person into a group, by hand; tells whether they were not in it. Either of them missing is a conflict.
pub async fn insert_member(
    connection: &impl ConnectionTrait,
    group: GroupId,
    user: UserId,
) -> Result<bool, StorageError> {
    put(connection, group, user, false).await
}

/// Takes a person out of a group; tells whether they were in it.
pub async fn delete_member(
    connection: &impl ConnectionTrait,
    group: GroupId,
    user: UserId,
) -> Result<bool, StorageError> {
    Ok(Entity::delete_by_id((group.0, user.0)).exec(connection).await?.rows_affected > 0)
}

/// Members of a group in the order they were added as users, `limit` of them after `cursor`.
pub async fn list_members(
    connection: &impl ConnectionTrait,
    group: GroupId,
    limit: u64,
    cursor: Option<UserId>,
) -> Result<Vec<User>, StorageError> {
    let mut query = user::Entity::find()
        .filter(user::Column::Id.in_subquery(members_of(group)))
        .order_by_asc(user::Column::Id)
        .limit(limit);
    if let Some(cursor) = cursor {
        query = query.filter(user::Column::Id.gt(cursor.0));
    }
    query.all(connection).await?.into_iter().map(users::user).collect()
}

/// The groups that a person is in, in the order they were made.
pub async fn list_of_user(
    connection: &impl ConnectionTrait,
    user: UserId,
) -> Result<Vec<Group>, StorageError> {
    let mine =
        Query::select().column(Column::GroupId).from(Entity).and_where(Column::UserId.eq(user.0)).take();
    let query =
        group::Entity::find().filter(group::Column::Id.in_subquery(mine)).order_by_asc(group::Column::Id);
    query.all(connection).await?.into_iter().map(super::group).collect()
}

/// How many members each of these groups has; those without any are left out.
pub async fn member_counts(
    connection: &impl ConnectionTrait,
    groups: &[GroupId],
) -> Result<HashMap<GroupId, u64>, StorageError> {
    let rows: Vec<(Uuid, i64)> = Entity::find()
        .select_only()
        .column(Column::GroupId)
        .column_as(Column::UserId.count(), "members")
        .filter(Column::GroupId.is_in(groups.iter().map(|group| group.0)))
        .group_by(Column::GroupId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(group, count)| (GroupId(group), u64::try_from(count).unwrap_or_default()))
        .collect())
}

/// Makes the groups that a person is in by a provider's word the ones with these names, as far as they exist; groups that
/// somebody put them into by hand stay.
pub async fn sync_claimed(
    connection: &impl ConnectionTrait,
    user: UserId,
    names: &[String],
) -> Result<(), StorageError> {
    let wanted: Vec<Uuid> = group::Entity::find()
        .select_only()
        .column(group::Column::Id)
        .filter(group::Column::Name.is_in(names))
        .into_tuple()
        .all(connection)
        .await?;
    Entity::delete_many()
        .filter(Column::UserId.eq(user.0))
        .filter(Column::ByClaim.eq(true))
        .filter(Column::GroupId.is_not_in(wanted.clone()))
        .exec(connection)
        .await?;
    for group in wanted {
        put(connection, GroupId(group), user, true).await?;
    }
    Ok(())
}

/// The ids of a group's members.
pub(crate) fn members_of(group: GroupId) -> sea_orm::sea_query::SelectStatement {
    Query::select().column(Column::UserId).from(Entity).and_where(Column::GroupId.eq(group.0)).take()
}

async fn put(
    connection: &impl ConnectionTrait,
    group: GroupId,
    user: UserId,
    by_claim: bool,
) -> Result<bool, StorageError> {
    let row = ActiveModel { group_id: Set(group.0), user_id: Set(user.0), by_claim: Set(by_claim) };
    let added = Entity::insert(row)
        .on_conflict_do_nothing_on([Column::GroupId, Column::UserId])
        .exec_without_returning(connection)
        .await?;
    Ok(matches!(added, TryInsertResult::Inserted(1..)))
}
