//! Changing passwords: by who knows the old one, by a link, or by an administrator.

use std::net::IpAddr;
use std::time::Duration;

use roundhouse_domain::{Author, ErrorKind, Permission, Secret, UserId};
use roundhouse_storage::account_links::{self, LinkKind};
use roundhouse_storage::{ConnectionTrait, StorageError, sessions, users as stored};
use serde_json::{Value, json};

use crate::accounts::Accounts;
use crate::actor::{Actor, Authority, Denied};
use crate::fault::Fault;
use crate::users::{self, UserError};
use crate::{User, checks, links, trail};

/// Why a password was not changed.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The link was used, has expired, or was never ours.
    #[error("this link was used before, has expired, or is incomplete: ask for another one")]
    LinkInvalid,
    /// The password that was to be the old one is not.
    #[error("`current_password` is wrong")]
    CurrentWrong,
    /// Too many were asked for, or guessed, before.
    #[error("too many attempts; try again in {} seconds", retry_after.as_secs().max(1))]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// No letter can be sent.
    #[error("this server sends no e-mail: ask an administrator for a link")]
    NoMail,
    /// What was entered cannot be accepted.
    #[error(transparent)]
    User(#[from] UserError),
}

impl PasswordError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::LinkInvalid | Self::CurrentWrong => ErrorKind::Invalid,
            Self::Throttled { .. } => ErrorKind::RateLimited,
            Self::NoMail => ErrorKind::Conflict,
            Self::User(error) => error.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::LinkInvalid => "link_invalid",
            Self::CurrentWrong => "current_password_wrong",
            Self::Throttled { .. } => "too_many_attempts",
            Self::NoMail => "mail_not_configured",
            Self::User(error) => error.code(),
        }
    }
}

impl From<StorageError> for PasswordError {
    fn from(error: StorageError) -> Self {
        Self::User(error.into())
    }
}

impl From<Fault> for PasswordError {
    fn from(fault: Fault) -> Self {
        Self::User(fault.into())
    }
}

impl From<Denied> for PasswordError {
    fn from(denied: Denied) -> Self {
        Self::User(denied.into())
    }
}

/// Sends a link to a new password to whoever has this e-mail address. Nobody learns whether there is someone.
pub async fn forgot(accounts: &Accounts, email: &str, address: Option<IpAddr>) -> Result<(), PasswordError> {
    let context = accounts.context();
    if !accounts.sends_letters() {
        return Err(PasswordError::NoMail);
    }
    context
        .letters
        .begin(email, address, context.clock.now())
        .map_err(|retry_after| PasswordError::Throttled { retry_after })?;
    let transaction = context.database.write().await?;
    let found = stored::find_by_email(&transaction, email).await?.map(|(user, _)| user);
    let Some(user) = found.filter(|user| !user.disabled) else { return Ok(()) };
    let kind = if user.has_password { LinkKind::PasswordReset } else { LinkKind::Invitation };
    let link = links::make(accounts, &transaction, &user, kind).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(link.send_later(accounts, user)?)
}

/// Whose link this is, and what it is for.
pub async fn look_at_link(accounts: &Accounts, token: &Secret) -> Result<(User, LinkKind), PasswordError> {
    let found = links::find(accounts, accounts.context().database.reader(), token).await?;
    found.map(|(link, user)| (user, link.kind)).ok_or(PasswordError::LinkInvalid)
}

/// Sets a password by a link, which is used up, and ends all logins of its person.
pub async fn set_by_link(
    accounts: &Accounts,
    token: &Secret,
    password: &Secret,
) -> Result<User, PasswordError> {
    checks::password(password)?;
    let context = accounts.context();
    // A wrong link does not cost the time of a hash.
    look_at_link(accounts, token).await?;
    let hash = context.passwords.hash(password).await?;
    let transaction = context.database.write().await?;
    let found = links::find(accounts, &transaction, token).await?;
    let (link, user) = found.ok_or(PasswordError::LinkInvalid)?;
    if !account_links::delete(&transaction, link.id).await? {
        return Err(PasswordError::LinkInvalid);
    }
    let author = Author::user(user.id, user.email.as_str());
    replace(accounts, &transaction, (author, &user), &hash).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    accounts.forget_checked();
    Ok(user)
}

/// Changes one's own password, and ends all other logins of one's own.
pub async fn change(
    accounts: &Accounts,
    actor: &Actor,
    current: &Secret,
    password: &Secret,
) -> Result<(), PasswordError> {
    let this = actor.require_session()?;
    checks::password(password)?;
    require_current(accounts, actor, current).await?;
    let context = accounts.context();
    let hash = context.passwords.hash(password).await?;
    let now = context.clock.now();
    let transaction = context.database.write().await?;
    let user = stored::get(&transaction, actor.user_id).await?.ok_or(UserError::NotFound)?;
    stored::update_password_hash(&transaction, user.id, &hash, now).await?;
    sessions::revoke_all(&transaction, user.id, Some(this), now).await?;
    let noted = (users::object(&user), Value::Null);
    trail::note(context, &transaction, actor.author(), "users.change_password", noted).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    accounts.forget_checked();
    Ok(())
}

/// Gives a person another password, and ends all their logins.
pub async fn reset(
    accounts: &Accounts,
    by: Authority<'_>,
    email: &str,
    password: &Secret,
) -> Result<(), PasswordError> {
    by.require(Permission::UsersWrite)?;
    checks::password(password)?;
    let context = accounts.context();
    let hash = context.passwords.hash(password).await?;
    let transaction = context.database.write().await?;
    let found = stored::find_by_email(&transaction, email).await?;
    let (user, _) = found.ok_or(UserError::NotFound)?;
    users::require_over(&transaction, by, &user).await?;
    replace(accounts, &transaction, (by.author(), &user), &hash).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    accounts.forget_checked();
    Ok(())
}

/// Ends all logins of a person.
pub async fn end_sessions(accounts: &Accounts, by: Authority<'_>, id: UserId) -> Result<u64, UserError> {
    by.require(Permission::UsersWrite)?;
    let context = accounts.context();
    let transaction = context.database.write().await?;
    let user = stored::get(&transaction, id).await?.ok_or(UserError::NotFound)?;
    users::require_over(&transaction, by, &user).await?;
    let ended = sessions::revoke_all(&transaction, id, None, context.clock.now()).await?;
    let noted = (users::object(&user), json!({ "sessions": ended }));
    trail::note(context, &transaction, by.author(), "users.end_sessions", noted).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    accounts.forget_checked();
    Ok(ended)
}

/// Lets those pass who know their password; guesses are counted as failed logins.
pub(crate) async fn require_current(
    accounts: &Accounts,
    actor: &Actor,
    current: &Secret,
) -> Result<(), PasswordError> {
    let context = accounts.context();
    let attempt = context
        .throttle
        .begin(&actor.email, None, context.clock.now())
        .map_err(|retry_after| PasswordError::Throttled { retry_after })?;
    let stored = stored::get_password_hash(context.database.reader(), actor.user_id).await?;
    if !context.passwords.verify(current, stored.as_deref()).await? {
        return Err(PasswordError::CurrentWrong);
    }
    context.throttle.forgive(&attempt);
    Ok(())
}

async fn replace(
    accounts: &Accounts,
    connection: &impl ConnectionTrait,
    (author, user): (Author, &User),
    hash: &str,
) -> Result<(), StorageError> {
    let context = accounts.context();
    let now = context.clock.now();
    stored::update_password_hash(connection, user.id, hash, now).await?;
    sessions::revoke_all(connection, user.id, None, now).await?;
    account_links::delete_of_user(connection, user.id).await?;
    let noted = (users::object(user), Value::Null);
    trail::note(context, connection, author, "users.reset_password", noted).await
}
