//! Links that were sent to people, each to be used once; what is in them is stored only as a keyed hash.

use roundhouse_domain::{LinkId, Timestamp, UserId};
use sea_orm::sea_query::Query;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::account_link::{ActiveModel, Column, Entity, Model};
use crate::entity::user;
use crate::error::StorageError;
use crate::users::{self, User};

const TABLE: &str = "account_links";

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// To begin: the person sets their first password.
    Invitation,
    /// To go on: the person sets another password.
    PasswordReset,
}

impl LinkKind {
    /// The kind as text, as stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Invitation, Self::PasswordReset].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A stored link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLink {
    /// Its id.
    pub id: LinkId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is for.
    pub kind: LinkKind,
    /// The keyed hash that it is looked up by.
    pub token_hash: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Adds a link; those that the person had before end.
pub async fn insert(connection: &impl ConnectionTrait, link: &AccountLink) -> Result<(), StorageError> {
    delete_of_user(connection, link.user_id).await?;
    let row = ActiveModel {
        id: Set(link.id.0),
        user_id: Set(link.user_id.0),
        kind: Set(link.kind.as_str().to_owned()),
        token_hash: Set(link.token_hash.to_vec()),
        created_at: Set(link.created_at.as_millis()),
        expires_at: Set(link.expires_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// The link with that hash, and whose it is.
pub async fn find_by_hash(
    connection: &impl ConnectionTrait,
    hash: &[u8; 32],
) -> Result<Option<(AccountLink, User)>, StorageError> {
    let query = Entity::find().filter(Column::TokenHash.eq(hash.to_vec()));
    let found = query.find_also_related(user::Entity).one(connection).await?;
    let Some((row, user)) = found else { return Ok(None) };
    let user = user.ok_or_else(|| StorageError::corrupt(TABLE, "user_id", row.id))?;
    Ok(Some((link(&row)?, users::user(user)?)))
}

/// Removes a link; tells whether it was there: of two who use it at the same time, one finds it gone.
pub async fn delete(connection: &impl ConnectionTrait, id: LinkId) -> Result<bool, StorageError> {
    Ok(Entity::delete_by_id(id.0).exec(connection).await?.rows_affected > 0)
}

/// Removes all links of a person; tells how many.
pub async fn delete_of_user(connection: &impl ConnectionTrait, user: UserId) -> Result<u64, StorageError> {
    Ok(Entity::delete_many().filter(Column::UserId.eq(user.0)).exec(connection).await?.rows_affected)
}

/// Removes links that expired before `time`, `max_rows` at the most; tells how many.
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

fn link(row: &Model) -> Result<AccountLink, StorageError> {
    let corrupt = |column| StorageError::corrupt(TABLE, column, row.id);
    Ok(AccountLink {
        id: LinkId(row.id),
        user_id: UserId(row.user_id),
        kind: LinkKind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?,
        token_hash: row.token_hash.as_slice().try_into().map_err(|_| corrupt("token_hash"))?,
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    })
}
