//! Who people are at providers of identity: named by issuer and subject, which never change, and not by
//! e-mail address, which may.

use roundhouse_domain::{Timestamp, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::identity::{ActiveModel, Column, Entity, Model};
use crate::entity::user;
use crate::error::StorageError;
use crate::users::{self, User};

const TABLE: &str = "identities";

/// A stored identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Who says so.
    pub issuer: String,
    /// Who it is there.
    pub subject: String,
    /// Who it is here.
    pub user_id: UserId,
    /// The e-mail address that was told last.
    pub email: String,
    /// When it was first seen.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_login_at: Timestamp,
}

/// Adds an identity; one that is there already is a conflict.
pub async fn insert(connection: &impl ConnectionTrait, identity: &Identity) -> Result<(), StorageError> {
    let row = ActiveModel {
        issuer: Set(identity.issuer.clone()),
        subject: Set(identity.subject.clone()),
        user_id: Set(identity.user_id.0),
        email: Set(identity.email.clone()),
        created_at: Set(identity.created_at.as_millis()),
        last_login_at: Set(identity.last_login_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// The person with that identity.
pub async fn find(
    connection: &impl ConnectionTrait,
    issuer: &str,
    subject: &str,
) -> Result<Option<User>, StorageError> {
    let query = Entity::find_by_id((issuer.to_owned(), subject.to_owned()));
    let Some((row, user)) = query.find_also_related(user::Entity).one(connection).await? else {
        return Ok(None);
    };
    let user = user.ok_or_else(|| StorageError::corrupt(TABLE, "user_id", &row.subject))?;
    users::user(user).map(Some)
}

/// A person's identities, oldest first.
pub async fn list_of_user(
    connection: &impl ConnectionTrait,
    user: UserId,
) -> Result<Vec<Identity>, StorageError> {
    let query = Entity::find().filter(Column::UserId.eq(user.0)).order_by_asc(Column::CreatedAt);
    Ok(query.all(connection).await?.into_iter().map(identity).collect())
}

/// Notes that an identity was used, and the e-mail address that was told.
pub async fn update_used(connection: &impl ConnectionTrait, identity: &Identity) -> Result<(), StorageError> {
    Entity::update_many()
        .col_expr(Column::Email, Expr::value(identity.email.as_str()))
        .col_expr(Column::LastLoginAt, Expr::value(identity.last_login_at.as_millis()))
        .filter(Column::Issuer.eq(identity.issuer.as_str()))
        .filter(Column::Subject.eq(identity.subject.as_str()))
        .exec(connection)
        .await?;
    Ok(())
}

fn identity(row: Model) -> Identity {
    Identity {
        issuer: row.issuer,
        subject: row.subject,
        user_id: UserId(row.user_id),
        email: row.email,
        created_at: Timestamp::from_millis(row.created_at),
        last_login_at: Timestamp::from_millis(row.last_login_at),
    }
}
