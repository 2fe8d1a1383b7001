//! People who may be added.

use roundhouse_domain::{Author, GroupId, Timestamp};
use roundhouse_storage::{ConnectionTrait, StorageError, groups as stored_groups, users};
use serde_json::json;

use super::{NewUser, UserError, object};
use crate::accounts::{Accounts, Context};
use crate::actor::Authority;
use crate::trail;
use crate::{Role, User, checks, groups};

/// A person who may be added: checked, and with a hashed password, which takes too long for a transaction.
pub(crate) struct Prepared {
    user: User,
    password_hash: Option<String>,
    groups: Vec<GroupId>,
}

impl Prepared {
    pub(crate) async fn new(accounts: &Accounts, new: &NewUser) -> Result<Self, UserError> {
        checks::password(&new.password)?;
        let mut prepared = Self::without_password(accounts.context(), (&new.email, &new.name), new.role)?;
        prepared.groups.clone_from(&new.groups);
        prepared.user.has_password = true;
        prepared.password_hash = Some(accounts.context().passwords.hash(&new.password).await?);
        Ok(prepared)
    }

    /// Somebody who cannot log in with a password yet.
    pub(crate) fn without_password(
        context: &Context,
        (email, name): (&str, &str),
        role: Role,
    ) -> Result<Self, UserError> {
        let email = users::normalise_email(email);
        checks::email(&email)?;
        let now: Timestamp = context.clock.now();
        let user = User {
            id: context.ids.next(),
            name: checks::name(name, &email)?.to_owned(),
            email,
            role,
            disabled: false,
            has_password: false,
            language: None,
            time_zone: None,
            last_login_at: None,
            created_at: now,
            updated_at: now,
        };
        Ok(Self { user, password_hash: None, groups: Vec::new() })
    }

    pub(crate) fn with(mut self, groups: &[GroupId], language: Option<&str>) -> Result<Self, UserError> {
        language.map(checks::language).transpose()?;
        groups.clone_into(&mut self.groups);
        self.user.language = language.map(str::to_owned);
        Ok(self)
    }

    /// Adds them on somebody's word, who may do all that the new person may.
    pub(crate) async fn insert(
        self,
        context: &Context,
        connection: &impl ConnectionTrait,
        by: Authority<'_>,
    ) -> Result<User, UserError> {
        if self.user.role == Role::Administrator {
            by.require_administrator()?;
        }
        by.require_all(groups::permissions_of(connection, &self.groups).await?)?;
        let user = self.store(connection).await?;
        let noted = (object(&user), json!({ "role": user.role.as_str() }));
        trail::note(context, connection, by.author(), "users.create", noted).await?;
        Ok(user)
    }

    /// Adds them on their own word.
    pub(crate) async fn register(
        self,
        context: &Context,
        connection: &impl ConnectionTrait,
    ) -> Result<User, UserError> {
        let user = self.store(connection).await?;
        let author = Author::user(user.id, user.email.as_str());
        let noted = (object(&user), serde_json::Value::Null);
        trail::note(context, connection, author, "users.register", noted).await?;
        Ok(user)
    }

    async fn store(self, connection: &impl ConnectionTrait) -> Result<User, UserError> {
        match users::insert(connection, &self.user, self.password_hash.as_deref()).await {
            Ok(()) => {}
            Err(StorageError::Conflict(_)) => return Err(UserError::EmailTaken),
            Err(error) => return Err(error.into()),
        }
        for group in self.groups {
            stored_groups::insert_member(connection, group, self.user.id).await?;
        }
        Ok(self.user)
    }
}
