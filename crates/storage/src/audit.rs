//! What people changed: one entry for each change, written in the transaction that makes it.

use roundhouse_domain::{AuditId, Author, Timestamp, UserId};
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::Value;

use crate::entity::audit::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

/// A change that somebody made.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its id; sorts by time.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub author: Author,
    /// What was done, as `<resource>.<verb>`: `provider_keys.reveal`.
    pub action: String,
    /// What kind of thing it was done to: `provider_key`.
    pub object_kind: String,
    /// Which one; empty where the kind has only one.
    pub object_id: String,
    /// What it was called then.
    pub object_name: String,
    /// What else is worth knowing; never a secret. `Value::Null` where there is nothing.
    pub detail: Value,
}

/// Which entries to list; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Who did it.
    pub actor: Option<UserId>,
    /// What was done; with a `.` at the end, whatever begins with it.
    pub action: Option<String>,
    /// What kind of thing it was done to.
    pub object_kind: Option<String>,
    /// Which one.
    pub object_id: Option<String>,
    /// Then or later.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
}

/// Adds an entry.
pub async fn insert(connection: &impl ConnectionTrait, entry: &Entry) -> Result<(), StorageError> {
    let row = ActiveModel {
        id: Set(entry.id.0),
        at: Set(entry.at.as_millis()),
        actor_id: Set(entry.author.user_id.map(|user| user.0)),
        actor: Set(entry.author.name.clone()),
        action: Set(entry.action.clone()),
        object_kind: Set(entry.object_kind.clone()),
        object_id: Set(entry.object_id.clone()),
        object_name: Set(entry.object_name.clone()),
        detail: Set(entry.detail.clone()),
    };
    Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// Entries, newest first, `limit` of them before `cursor`.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    limit: u64,
    cursor: Option<AuditId>,
) -> Result<Vec<Entry>, StorageError> {
    let conditions = conditions(filter).add_option(cursor.map(|cursor| Column::Id.lt(cursor.0)));
    let query = Entity::find().filter(conditions).order_by_desc(Column::Id).limit(limit);
    Ok(query.all(connection).await?.into_iter().map(entry).collect())
}

/// Removes entries from before `time`, the oldest first, `max_rows` at the most; tells how many.
pub async fn delete_before(
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

fn conditions(filter: &Filter) -> Condition {
    let action = filter.action.as_ref().map(|action| {
        if action.ends_with('.') { Column::Action.starts_with(action) } else { Column::Action.eq(action) }
    });
    Condition::all()
        .add_option(filter.actor.map(|user| Column::ActorId.eq(user.0)))
        .add_option(action)
        .add_option(filter.object_kind.as_ref().map(|kind| Column::ObjectKind.eq(kind)))
        .add_option(filter.object_id.as_ref().map(|id| Column::ObjectId.eq(id)))
        .add_option(filter.from.map(|from| Column::At.gte(from.as_millis())))
        .add_option(filter.to.map(|to| Column::At.lt(to.as_millis())))
}

fn entry(row: Model) -> Entry {
    Entry {
        id: AuditId(row.id),
        at: Timestamp::from_millis(row.at),
        author: Author { user_id: row.actor_id.map(UserId), name: row.actor },
        action: row.action,
        object_kind: row.object_kind,
        object_id: row.object_id,
        object_name: row.object_name,
        detail: row.detail,
    }
}
