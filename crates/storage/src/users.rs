//! People who may log in.

use roundhouse_domain::{Timestamp, UserId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use crate::entity::user::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "users";

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything.
    Administrator,
    /// Use what is there, and manage what is their own.
    Member,
}

impl Role {
    /// The role as text, as stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Member => "member",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Administrator, Self::Member].into_iter().find(|role| role.as_str() == text)
    }
}

/// A stored person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Unique; stored in lower case.
    pub email: String,
    /// What to call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they are kept out.
    pub disabled: bool,
    /// When they were added.
    pub created_at: Timestamp,
    /// When they were last changed.
    pub updated_at: Timestamp,
}

/// The form in which e-mail addresses are stored and looked up.
pub fn normalise_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Adds a person; a second one with the same e-mail address is a conflict.
pub async fn insert(
    connection: &impl ConnectionTrait,
    user: &User,
    password_hash: &str,
) -> Result<(), StorageError> {
    let row = ActiveModel {
        id: Set(user.id.0),
        email: Set(normalise_email(&user.email)),
        name: Set(user.name.clone()),
        password_hash: Set(password_hash.to_owned()),
        role: Set(user.role.as_str().to_owned()),
        disabled: Set(user.disabled),
        created_at: Set(user.created_at.as_millis()),
        updated_at: Set(user.updated_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// The person of that id.
pub async fn get(connection: &impl ConnectionTrait, id: UserId) -> Result<Option<User>, StorageError> {
    Entity::find_by_id(id.0).one(connection).await?.map(user).transpose()
}

/// The person with that e-mail address in any case, and the hash of their password.
pub async fn find_by_email(
    connection: &impl ConnectionTrait,
    email: &str,
) -> Result<Option<(User, String)>, StorageError> {
    let found = Entity::find().filter(Column::Email.eq(normalise_email(email))).one(connection).await?;
    let Some(mut row) = found else { return Ok(None) };
    let password_hash = std::mem::take(&mut row.password_hash);
    Ok(Some((user(row)?, password_hash)))
}

/// People in the order they were added, `limit` of them after `cursor`.
pub async fn list(
    connection: &impl ConnectionTrait,
    limit: u64,
    cursor: Option<UserId>,
) -> Result<Vec<User>, StorageError> {
    let mut query = Entity::find().order_by_asc(Column::Id).limit(limit);
    if let Some(cursor) = cursor {
        query = query.filter(Column::Id.gt(cursor.0));
    }
    query.all(connection).await?.into_iter().map(user).collect()
}

/// How many people there are.
pub async fn count(connection: &impl ConnectionTrait) -> Result<u64, StorageError> {
    Ok(Entity::find().count(connection).await?)
}

/// Writes a person's name, e-mail address, role and whether they are kept out; tells whether they were there.
pub async fn update(connection: &impl ConnectionTrait, user: &User) -> Result<bool, StorageError> {
    let row = ActiveModel {
        email: Set(normalise_email(&user.email)),
        name: Set(user.name.clone()),
        role: Set(user.role.as_str().to_owned()),
        disabled: Set(user.disabled),
        updated_at: Set(user.updated_at.as_millis()),
        ..ActiveModel::default()
    };
    let updated = Entity::update_many().set(row).filter(Column::Id.eq(user.id.0)).exec(connection).await?;
    Ok(updated.rows_affected > 0)
}

/// Replaces the hash of a person's password; tells whether they were there.
pub async fn update_password_hash(
    connection: &impl ConnectionTrait,
    id: UserId,
    password_hash: &str,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let updated = Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(password_hash))
        .col_expr(Column::UpdatedAt, Expr::value(now.as_millis()))
        .filter(Column::Id.eq(id.0))
        .exec(connection)
        .await?;
    Ok(updated.rows_affected > 0)
}

/// Removes a person with their logins; tells whether they were there.
pub async fn delete(connection: &impl ConnectionTrait, id: UserId) -> Result<bool, StorageError> {
    Ok(Entity::delete_by_id(id.0).exec(connection).await?.rows_affected > 0)
}

pub(crate) fn user(row: Model) -> Result<User, StorageError> {
    Ok(User {
        id: UserId(row.id),
        role: Role::parse(&row.role).ok_or_else(|| StorageError::corrupt(TABLE, "role", row.id))?,
        email: row.email,
        name: row.name,
        disabled: row.disabled,
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
    })
}
