//! People who may log in.

use roundhouse_domain::{GroupId, Timestamp, UserId};
use sea_orm::sea_query::{Expr, LikeExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use crate::entity::user::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;
use crate::groups;

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
    /// Whether they can log in with a password; changed with the password only.
    pub has_password: bool,
    /// Their language, as a BCP 47 tag; none is whatever their browser says.
    pub language: Option<String>,
    /// Their time zone, as IANA names it; none is whatever their browser says.
    pub time_zone: Option<String>,
    /// When they last logged in.
    pub last_login_at: Option<Timestamp>,
    /// When they were added.
    pub created_at: Timestamp,
    /// When they were last changed.
    pub updated_at: Timestamp,
}

/// Which people to list; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the name or of the e-mail address, in any case.
    pub text: Option<String>,
    /// What they may do.
    pub role: Option<Role>,
    /// Whether they are kept out.
    pub disabled: Option<bool>,
    /// A group that they are in.
    pub group: Option<GroupId>,
}

/// The form in which e-mail addresses are stored and looked up.
pub fn normalise_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Adds a person, who cannot log in with a password until they have one; a second one with the same e-mail address is a
/// conflict.
pub async fn insert(
    connection: &impl ConnectionTrait,
    user: &User,
    password_hash: Option<&str>,
) -> Result<(), StorageError> {
    let row = ActiveModel {
        id: Set(user.id.0),
        email: Set(normalise_email(&user.email)),
        name: Set(user.name.clone()),
        password_hash: Set(password_hash.map(str::to_owned)),
        role: Set(user.role.as_str().to_owned()),
        disabled: Set(user.disabled),
        language: Set(user.language.clone()),
        time_zone: Set(user.time_zone.clone()),
        last_login_at: Set(user.last_login_at.map(Timestamp::as_millis)),
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

/// The hash of a person's password, if they have one.
pub async fn get_password_hash(
    connection: &impl ConnectionTrait,
    id: UserId,
) -> Result<Option<String>, StorageError> {
    Ok(Entity::find_by_id(id.0).one(connection).await?.and_then(|row| row.password_hash))
}

/// The person with that e-mail address in any case, and the hash of their password, if they have one.
pub async fn find_by_email(
    connection: &impl ConnectionTrait,
    email: &str,
) -> Result<Option<(User, Option<String>)>, StorageError> {
    let found = Entity::find().filter(Column::Email.eq(normalise_email(email))).one(connection).await?;
    let Some(row) = found else { return Ok(None) };
    let password_hash = row.password_hash.clone();
    Ok(Some((user(row)?, password_hash)))
}

/// People in the order they were added, `limit` of them after `cursor`.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    limit: u64,
    cursor: Option<UserId>,
) -> Result<Vec<User>, StorageError> {
    let conditions = conditions(filter).add_option(cursor.map(|cursor| Column::Id.gt(cursor.0)));
    let query = Entity::find().filter(conditions).order_by_asc(Column::Id).limit(limit);
    query.all(connection).await?.into_iter().map(user).collect()
}

/// How many administrators may log in. Whoever asks in a transaction keeps others from changing these until it ends.
pub async fn lock_administrators(connection: &impl ConnectionTrait) -> Result<u64, StorageError> {
    let query = Entity::find()
        .filter(Column::Role.eq(Role::Administrator.as_str()))
        .filter(Column::Disabled.eq(false))
        .order_by_asc(Column::Id)
        .lock_exclusive();
    Ok(query.all(connection).await?.len() as u64)
}

/// How many people there are.
pub async fn count(connection: &impl ConnectionTrait) -> Result<u64, StorageError> {
    Ok(Entity::find().count(connection).await?)
}

/// Writes all of a person but their password and when they were added and logged in; tells whether they were there.
pub async fn update(connection: &impl ConnectionTrait, user: &User) -> Result<bool, StorageError> {
    let row = ActiveModel {
        email: Set(normalise_email(&user.email)),
        name: Set(user.name.clone()),
        role: Set(user.role.as_str().to_owned()),
        disabled: Set(user.disabled),
        language: Set(user.language.clone()),
        time_zone: Set(user.time_zone.clone()),
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

/// Notes when a person last logged in.
pub async fn update_last_login(
    connection: &impl ConnectionTrait,
    id: UserId,
    now: Timestamp,
) -> Result<(), StorageError> {
    let update = Entity::update_many().col_expr(Column::LastLoginAt, Expr::value(now.as_millis()));
    update.filter(Column::Id.eq(id.0)).exec(connection).await?;
    Ok(())
}

/// Removes a person with their logins; tells whether they were there.
pub async fn delete(connection: &impl ConnectionTrait, id: UserId) -> Result<bool, StorageError> {
    Ok(Entity::delete_by_id(id.0).exec(connection).await?.rows_affected > 0)
}

fn conditions(filter: &Filter) -> Condition {
    let text = filter.text.as_ref().map(|text| {
        let like = || LikeExpr::new(format!("%{}%", escaped(&text.to_lowercase()))).escape('\\');
        let name = Expr::expr(sea_orm::sea_query::Func::lower(Expr::col(Column::Name))).like(like());
        Condition::any().add(name).add(Expr::col(Column::Email).like(like()))
    });
    Condition::all()
        .add_option(text)
        .add_option(filter.role.map(|role| Column::Role.eq(role.as_str())))
        .add_option(filter.disabled.map(|disabled| Column::Disabled.eq(disabled)))
        .add_option(filter.group.map(|group| Column::Id.in_subquery(groups::members_of(group))))
}

/// What people type is looked for as it is.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

pub(crate) fn user(row: Model) -> Result<User, StorageError> {
    Ok(User {
        id: UserId(row.id),
        role: Role::parse(&row.role).ok_or_else(|| StorageError::corrupt(TABLE, "role", row.id))?,
        has_password: row.password_hash.is_some(),
        email: row.email,
        name: row.name,
        disabled: row.disabled,
        language: row.language,
        time_zone: row.time_zone,
        last_login_at: row.last_login_at.map(Timestamp::from_millis),
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
    })
}
