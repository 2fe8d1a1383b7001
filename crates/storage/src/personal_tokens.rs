//! Credentials that people make for scripts of theirs; a token itself is stored only as a keyed hash.

use roundhouse_domain::{Permissions, Timestamp, TokenId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::entity::personal_token::{ActiveModel, Column, Entity, Model};
use crate::entity::user;
use crate::error::StorageError;
use crate::groups::permissions;
use crate::users::{self, User};

const TABLE: &str = "personal_tokens";

/// A stored token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalToken {
    /// Its id.
    pub id: TokenId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is for.
    pub name: String,
    /// The keyed hash that the token is looked up by.
    pub token_hash: [u8; 32],
    /// The token as shown to people.
    pub masked: String,
    /// What it may do, as far as its owner may; none is all that its owner may.
    pub scopes: Option<Permissions>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to a minute.
    pub last_used_at: Option<Timestamp>,
}

/// Adds a token.
pub async fn insert(connection: &impl ConnectionTrait, token: &PersonalToken) -> Result<(), StorageError> {
    let row = ActiveModel {
        id: Set(token.id.0),
        user_id: Set(token.user_id.0),
        name: Set(token.name.clone()),
        token_hash: Set(token.token_hash.to_vec()),
        masked: Set(token.masked.clone()),
        scopes: Set(token.scopes.map(|scopes| scopes.names().into())),
        created_at: Set(token.created_at.as_millis()),
        expires_at: Set(token.expires_at.map(Timestamp::as_millis)),
        last_used_at: Set(token.last_used_at.map(Timestamp::as_millis)),
    };
    Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// The token with that hash, and whose it is.
pub async fn find_by_hash(
    connection: &impl ConnectionTrait,
    hash: &[u8; 32],
) -> Result<Option<(PersonalToken, User)>, StorageError> {
    let query = Entity::find().filter(Column::TokenHash.eq(hash.to_vec()));
    let found = query.find_also_related(user::Entity).one(connection).await?;
    let Some((row, user)) = found else { return Ok(None) };
    let user = user.ok_or_else(|| StorageError::corrupt(TABLE, "user_id", row.id))?;
    Ok(Some((token(row)?, users::user(user)?)))
}

/// A person's tokens in the order they were made, `limit` of them after `cursor`.
pub async fn list(
    connection: &impl ConnectionTrait,
    user: UserId,
    limit: u64,
    cursor: Option<TokenId>,
) -> Result<Vec<PersonalToken>, StorageError> {
    let mut query = Entity::find().filter(Column::UserId.eq(user.0)).order_by_asc(Column::Id).limit(limit);
    if let Some(cursor) = cursor {
        query = query.filter(Column::Id.gt(cursor.0));
    }
    query.all(connection).await?.into_iter().map(token).collect()
}

/// Notes when a token was last used.
pub async fn update_last_used(
    connection: &impl ConnectionTrait,
    id: TokenId,
    now: Timestamp,
) -> Result<(), StorageError> {
    let update = Entity::update_many().col_expr(Column::LastUsedAt, Expr::value(now.as_millis()));
    update.filter(Column::Id.eq(id.0)).exec(connection).await?;
    Ok(())
}

/// Removes a person's token; returns it if it was there and theirs.
pub async fn delete(
    connection: &impl ConnectionTrait,
    user: UserId,
    id: TokenId,
) -> Result<Option<PersonalToken>, StorageError> {
    let query = Entity::find_by_id(id.0).filter(Column::UserId.eq(user.0));
    let Some(found) = query.one(connection).await? else { return Ok(None) };
    let deleted = Entity::delete_by_id(id.0).exec(connection).await?.rows_affected > 0;
    if deleted { token(found).map(Some) } else { Ok(None) }
}

/// Removes all of a person's tokens; tells how many.
pub async fn delete_of_user(connection: &impl ConnectionTrait, user: UserId) -> Result<u64, StorageError> {
    Ok(Entity::delete_many().filter(Column::UserId.eq(user.0)).exec(connection).await?.rows_affected)
}

fn token(row: Model) -> Result<PersonalToken, StorageError> {
    let corrupt = |column| StorageError::corrupt(TABLE, column, row.id);
    let scopes = row.scopes.map(|names| permissions(&names).ok_or_else(|| corrupt("scopes")));
    Ok(PersonalToken {
        id: TokenId(row.id),
        user_id: UserId(row.user_id),
        name: row.name,
        token_hash: row.token_hash.as_slice().try_into().map_err(|_| corrupt("token_hash"))?,
        masked: row.masked,
        scopes: scopes.transpose()?,
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: row.expires_at.map(Timestamp::from_millis),
        last_used_at: row.last_used_at.map(Timestamp::from_millis),
    })
}
