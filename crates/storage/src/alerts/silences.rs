//! What nobody wants to be told for a while.

use roundhouse_domain::{Timestamp, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::alert_silence::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

/// Nobody is told about this until then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Its id.
    pub id: Uuid,
    /// Of this rule only; none is any.
    pub rule: Option<String>,
    /// About this object only; none is any.
    pub object: Option<String>,
    /// When it ends.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
    /// Who wanted it.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Silence {
    /// Whether it keeps this from being told now.
    pub fn covers(&self, rule: &str, object: &str, now: Timestamp) -> bool {
        let fits =
            |wanted: &Option<String>, name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
        self.until > now && fits(&self.rule, rule) && fits(&self.object, object)
    }
}

/// Adds a silence.
pub async fn insert_silence(
    connection: &impl ConnectionTrait,
    silence: &Silence,
) -> Result<(), StorageError> {
    let row = ActiveModel {
        id: Set(silence.id),
        rule: Set(silence.rule.clone()),
        object: Set(silence.object.clone()),
        until: Set(silence.until.as_millis()),
        reason: Set(silence.reason.clone()),
        created_by: Set(silence.created_by.map(|user| user.0)),
        created_at: Set(silence.created_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// All silences, newest first.
pub async fn list_silences(connection: &impl ConnectionTrait) -> Result<Vec<Silence>, StorageError> {
    let rows = Entity::find().order_by_desc(Column::Id).all(connection).await?;
    Ok(rows.into_iter().map(silence).collect())
}

/// Removes a silence; returns what it was.
pub async fn delete_silence(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<Silence>, StorageError> {
    let found = Entity::find_by_id(id).one(connection).await?;
    Entity::delete_by_id(id).exec(connection).await?;
    Ok(found.map(silence))
}

/// Removes silences that ended before `time`; tells how many.
pub async fn delete_ended_silences(
    connection: &impl ConnectionTrait,
    time: Timestamp,
) -> Result<u64, StorageError> {
    let query = Entity::delete_many().filter(Column::Until.lt(time.as_millis()));
    Ok(query.exec(connection).await?.rows_affected)
}

fn silence(row: Model) -> Silence {
    Silence {
        id: row.id,
        rule: row.rule,
        object: row.object,
        until: Timestamp::from_millis(row.until),
        reason: row.reason,
        created_by: row.created_by.map(UserId),
        created_at: Timestamp::from_millis(row.created_at),
    }
}
