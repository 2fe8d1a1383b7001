//! Logins of people.

use roundhouse_domain::{SessionId, Timestamp, UserId};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::entity::session::{ActiveModel, Column, Entity, Model};
use crate::entity::user;
use crate::error::StorageError;
use crate::users::{self, User};

const TABLE: &str = "sessions";

/// A stored login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// Keyed hash of the one refresh token that is valid now.
    pub refresh_hash: [u8; 32],
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends without a refresh.
    pub expires_at: Timestamp,
    /// When it was ended early.
    pub revoked_at: Option<Timestamp>,
    /// When it was last refreshed.
    pub last_used_at: Timestamp,
    /// Where it was begun, as far as that is known.
    pub address: Option<String>,
    /// What it was begun with: the browser's or program's own words.
    pub user_agent: Option<String>,
}

/// Adds a login.
pub async fn insert(connection: &impl ConnectionTrait, session: &Session) -> Result<(), StorageError> {
    let row = ActiveModel {
        id: Set(session.id.0),
        user_id: Set(session.user_id.0),
        refresh_hash: Set(session.refresh_hash.to_vec()),
        created_at: Set(session.created_at.as_millis()),
        expires_at: Set(session.expires_at.as_millis()),
        revoked_at: Set(session.revoked_at.map(Timestamp::as_millis)),
        last_used_at: Set(session.last_used_at.as_millis()),
        address: Set(session.address.clone()),
        user_agent: Set(session.user_agent.clone()),
    };
    Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// The login of that id, and whose it is.
pub async fn get(
    connection: &impl ConnectionTrait,
    id: SessionId,
) -> Result<Option<(Session, User)>, StorageError> {
    let found = Entity::find_by_id(id.0).find_also_related(user::Entity).one(connection).await?;
    let Some((row, user)) = found else { return Ok(None) };
    let user = user.ok_or_else(|| StorageError::corrupt(TABLE, "user_id", row.id))?;
    Ok(Some((session(row)?, users::user(user)?)))
}

/// A person's logins that hold, newest first.
pub async fn list_of_user(
    connection: &impl ConnectionTrait,
    user: UserId,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<Session>, StorageError> {
    let query = Entity::find()
        .filter(Column::UserId.eq(user.0))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_millis()))
        .order_by_desc(Column::Id)
        .limit(limit);
    query.all(connection).await?.into_iter().map(session).collect()
}

/// Replaces the refresh token, if `old_hash` is still the valid one and the login has not been ended; tells whether it
/// did.
pub async fn update_refresh_hash(
    connection: &impl ConnectionTrait,
    session: &Session,
    old_hash: &[u8; 32],
) -> Result<bool, StorageError> {
    let updated = Entity::update_many()
        .col_expr(Column::RefreshHash, Expr::value(session.refresh_hash.to_vec()))
        .col_expr(Column::ExpiresAt, Expr::value(session.expires_at.as_millis()))
        .col_expr(Column::LastUsedAt, Expr::value(session.last_used_at.as_millis()))
        .filter(Column::Id.eq(session.id.0))
        .filter(Column::RefreshHash.eq(old_hash.to_vec()))
        .filter(Column::RevokedAt.is_null())
        .exec(connection)
        .await?;
    Ok(updated.rows_affected > 0)
}

/// Ends a login; tells whether it was there and had not been ended.
pub async fn revoke(
    connection: &impl ConnectionTrait,
    id: SessionId,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let updated = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now.as_millis()))
        .filter(Column::Id.eq(id.0))
        .filter(Column::RevokedAt.is_null())
        .exec(connection)
        .await?;
    Ok(updated.rows_affected > 0)
}

/// Ends all logins of a person but the one to keep; tells how many.
pub async fn revoke_all(
    connection: &impl ConnectionTrait,
    user: UserId,
    keep: Option<SessionId>,
    now: Timestamp,
) -> Result<u64, StorageError> {
    let mut update = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now.as_millis()))
        .filter(Column::UserId.eq(user.0))
        .filter(Column::RevokedAt.is_null());
    if let Some(keep) = keep {
        update = update.filter(Column::Id.ne(keep.0));
    }
    Ok(update.exec(connection).await?.rows_affected)
}

/// Removes logins that expired before `time`, `max_rows` at the most; tells how many.
pub async fn delete_expired(
    connection: &impl ConnectionTrait,
    time: Timestamp,
    max_rows: u64,
) -> Result<u64, StorageError> {
    let oldest = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::ExpiresAt.lt(time.as_millis()))
        .limit(max_rows)
        .take();
    Ok(Entity::delete_many().filter(Column::Id.in_subquery(oldest)).exec(connection).await?.rows_affected)
}

fn session(row: Model) -> Result<Session, StorageError> {
    let refresh_hash = row.refresh_hash.as_slice().try_into();
    Ok(Session {
        id: SessionId(row.id),
        user_id: UserId(row.user_id),
        refresh_hash: refresh_hash.map_err(|_| StorageError::corrupt(TABLE, "refresh_hash", row.id))?,
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
        revoked_at: row.revoked_at.map(Timestamp::from_millis),
        last_used_at: Timestamp::from_millis(row.last_used_at),
        address: row.address,
        user_agent: row.user_agent,
    })
}
