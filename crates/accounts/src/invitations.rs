//! Inviting people: they are there at once, and choose their password by a link.

use roundhouse_domain::{GroupId, Permission, UserId};
use roundhouse_storage::account_links::LinkKind;
use roundhouse_storage::{StorageError, users as stored};
use serde_json::json;

use crate::accounts::Accounts;
use crate::actor::Authority;
use crate::links::{self, Sent};
use crate::trail;
use crate::users::{self, Prepared, UserError};
use crate::{Role, User};

/// A person to be invited.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Unique, in any case.
    pub email: String,
    /// What to call them; when empty, what stands before the `@`.
    pub name: String,
    /// What they will be.
    pub role: Role,
    /// The groups that they will be in.
    pub groups: Vec<GroupId>,
    /// The language of the letter, and theirs until they choose another.
    pub language: Option<String>,
}

/// Adds a person without a password, and sends them the link to choose one.
pub async fn invite(
    accounts: &Accounts,
    by: Authority<'_>,
    invitation: &Invitation,
) -> Result<(User, Sent), UserError> {
    by.require(Permission::UsersWrite)?;
    let context = accounts.context();
    let named = (invitation.email.as_str(), invitation.name.as_str());
    let prepared = Prepared::without_password(context, named, invitation.role)?
        .with(&invitation.groups, invitation.language.as_deref())?;
    let transaction = context.database.write().await?;
    let user = prepared.insert(context, &transaction, by).await?;
    let link = links::make(accounts, &transaction, &user, LinkKind::Invitation).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    let sent = link.send(accounts, &user).await;
    Ok((user, sent))
}

/// Sends a person a link to choose a password: the first one, or another. Links that they had before end.
pub async fn send_link(accounts: &Accounts, by: Authority<'_>, id: UserId) -> Result<Sent, UserError> {
    by.require(Permission::UsersWrite)?;
    let context = accounts.context();
    let transaction = context.database.write().await?;
    let user = stored::get(&transaction, id).await?.ok_or(UserError::NotFound)?;
    users::require_over(&transaction, by, &user).await?;
    if user.disabled {
        return Err(UserError::Disabled);
    }
    let kind = if user.has_password { LinkKind::PasswordReset } else { LinkKind::Invitation };
    let link = links::make(accounts, &transaction, &user, kind).await?;
    let noted = (users::object(&user), json!({ "kind": kind.as_str() }));
    trail::note(context, &transaction, by.author(), "users.send_link", noted).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(link.send(accounts, &user).await)
}
