//! Changing what people are, and removing them.

use std::collections::HashSet;

use roundhouse_domain::{GroupId, Permission, UserId};
use roundhouse_storage::{ConnectionTrait, StorageError, groups as stored_groups, sessions, users};
use serde_json::{Map, Value, json};

use super::UserError;
use crate::accounts::Accounts;
use crate::actor::{Actor, Authority};
use crate::trail::{self, Object};
use crate::{Role, User, checks, groups, permissions};

/// What to change of a person; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// Their e-mail address.
    pub email: Option<String>,
    /// What to call them.
    pub name: Option<String>,
    /// What they are.
    pub role: Option<Role>,
    /// Whether they are kept out.
    pub disabled: Option<bool>,
    /// The groups that they are in.
    pub groups: Option<Vec<GroupId>>,
}

/// What a person changes of themselves; what is absent stays, and an inner none takes away.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// What to call them.
    pub name: Option<String>,
    /// Their language.
    pub language: Option<Option<String>>,
    /// Their time zone.
    pub time_zone: Option<Option<String>>,
}

/// Changes a person. Who is kept out is logged out, here at once and within seconds everywhere.
pub async fn update(
    accounts: &Accounts,
    by: Authority<'_>,
    id: UserId,
    change: &UserChange,
) -> Result<User, UserError> {
    by.require(Permission::UsersWrite)?;
    let context = accounts.context();
    let now = context.clock.now();
    let transaction = context.database.write().await?;
    let administrators = users::lock_administrators(&transaction).await?;
    let before = users::get(&transaction, id).await?.ok_or(UserError::NotFound)?;
    require_over(&transaction, by, &before).await?;
    let user = User { updated_at: now, ..changed(&before, change)? };
    if user.role == Role::Administrator && before.role != Role::Administrator {
        by.require_administrator()?;
    }
    if reigns(&before) && !reigns(&user) && administrators <= 1 {
        return Err(UserError::LastAdministrator);
    }
    match users::update(&transaction, &user).await {
        Err(StorageError::Conflict(_)) => return Err(UserError::EmailTaken),
        result => result?,
    };
    if let Some(wanted) = &change.groups {
        set_groups(&transaction, by, id, wanted).await?;
    }
    if user.disabled {
        sessions::revoke_all(&transaction, id, None, now).await?;
    }
    let noted = (object(&user), difference(&before, &user, change));
    trail::note(context, &transaction, by.author(), "users.update", noted).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    accounts.forget_checked();
    Ok(user)
}

/// Changes what is everybody's own to change.
pub async fn update_me(accounts: &Accounts, actor: &Actor, wanted: &Preferences) -> Result<User, UserError> {
    let context = accounts.context();
    let transaction = context.database.write().await?;
    let before = users::get(&transaction, actor.user_id).await?.ok_or(UserError::NotFound)?;
    let mut user = User { updated_at: context.clock.now(), ..before };
    if let Some(name) = &wanted.name {
        checks::name(name, &user.email)?.clone_into(&mut user.name);
    }
    if let Some(language) = &wanted.language {
        language.as_deref().map(checks::language).transpose()?;
        user.language.clone_from(language);
    }
    if let Some(time_zone) = &wanted.time_zone {
        time_zone.as_deref().map(checks::time_zone).transpose()?;
        user.time_zone.clone_from(time_zone);
    }
    users::update(&transaction, &user).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(user)
}

/// Removes a person with all that is theirs alone: logins, tokens, second factor.
pub async fn delete(accounts: &Accounts, by: Authority<'_>, id: UserId) -> Result<(), UserError> {
    by.require(Permission::UsersWrite)?;
    let context = accounts.context();
    let transaction = context.database.write().await?;
    let administrators = users::lock_administrators(&transaction).await?;
    let user = users::get(&transaction, id).await?.ok_or(UserError::NotFound)?;
    require_over(&transaction, by, &user).await?;
    if reigns(&user) && administrators <= 1 {
        return Err(UserError::LastAdministrator);
    }
    users::delete(&transaction, id).await?;
    trail::note(context, &transaction, by.author(), "users.delete", (object(&user), Value::Null)).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    accounts.forget_checked();
    Ok(())
}

/// Lets those pass who may do everything that this person may: whoever changes somebody could become them.
pub(crate) async fn require_over(
    connection: &impl ConnectionTrait,
    by: Authority<'_>,
    user: &User,
) -> Result<(), UserError> {
    if user.role == Role::Administrator {
        by.require_administrator()?;
    }
    Ok(by.require_all(permissions::of(connection, user).await?)?)
}

pub(crate) fn object(user: &User) -> Object<'_> {
    Object { kind: "user", id: user.id.to_string(), name: &user.email }
}

fn changed(before: &User, change: &UserChange) -> Result<User, UserError> {
    let mut user = before.clone();
    if let Some(email) = &change.email {
        user.email = users::normalise_email(email);
        checks::email(&user.email)?;
    }
    if let Some(name) = &change.name {
        checks::name(name, &user.email)?.clone_into(&mut user.name);
    }
    user.role = change.role.unwrap_or(user.role);
    user.disabled = change.disabled.unwrap_or(user.disabled);
    Ok(user)
}

async fn set_groups(
    connection: &impl ConnectionTrait,
    by: Authority<'_>,
    id: UserId,
    wanted: &[GroupId],
) -> Result<(), UserError> {
    by.require_all(groups::permissions_of(connection, wanted).await?)?;
    let held = stored_groups::list_of_user(connection, id).await?;
    let held: HashSet<GroupId> = held.into_iter().map(|group| group.id).collect();
    let wanted: HashSet<GroupId> = wanted.iter().copied().collect();
    for group in held.difference(&wanted) {
        stored_groups::delete_member(connection, *group, id).await?;
    }
    for group in wanted.difference(&held) {
        stored_groups::insert_member(connection, *group, id).await?;
    }
    Ok(())
}

/// Whether this person may do everything, now.
fn reigns(user: &User) -> bool {
    user.role == Role::Administrator && !user.disabled
}

fn difference(before: &User, after: &User, change: &UserChange) -> Value {
    let mut fields = Map::new();
    let mut field = |name: &str, before: Value, after: Value| {
        if before != after {
            fields.insert(name.to_owned(), json!({ "before": before, "after": after }));
        }
    };
    field("email", before.email.as_str().into(), after.email.as_str().into());
    field("name", before.name.as_str().into(), after.name.as_str().into());
    field("role", before.role.as_str().into(), after.role.as_str().into());
    field("disabled", before.disabled.into(), after.disabled.into());
    if let Some(groups) = &change.groups {
        fields.insert("groups".to_owned(), json!({ "after": groups }));
    }
    fields.into()
}
