//! Adding people, and looking after their passwords.

use roundhouse_domain::{ErrorKind, Secret, UserId};
use roundhouse_storage::{ConnectionTrait, StorageError, sessions, users};

use crate::accounts::Accounts;
use crate::actor::{Actor, Authority, Denied};
use crate::fault::Fault;
use crate::{Role, User};

/// Longest e-mail address (RFC 5321, section 4.5.3.1.3, without the brackets).
const MAX_EMAIL_BYTES: usize = 254;
const MAX_NAME_CHARACTERS: usize = 100;
/// Shortest password (NIST SP 800-63B, revision 3, section 5.1.1.2).
const MIN_PASSWORD_CHARACTERS: usize = 8;
const MAX_PASSWORD_BYTES: usize = 1_024;

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Unique, in any case.
    pub email: String,
    /// What to call them; when empty, what stands before the `@`.
    pub name: String,
    /// What they will log in with.
    pub password: Secret,
    /// What they may do.
    pub role: Role,
}

/// Why a person was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// Only administrators may do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// This is no e-mail address.
    #[error("write an e-mail address such as ada@example.com")]
    EmailInvalid,
    /// Somebody has this e-mail address already.
    #[error("somebody with this e-mail address is there already")]
    EmailTaken,
    /// The name is too long.
    #[error("a name has at most {MAX_NAME_CHARACTERS} characters")]
    NameInvalid,
    /// The password is too short or too long.
    #[error(
        "a password has at least {MIN_PASSWORD_CHARACTERS} characters and at most {MAX_PASSWORD_BYTES} bytes"
    )]
    PasswordInvalid,
    /// There is no such person.
    #[error("there is nobody with this e-mail address")]
    NotFound,
    /// A fault of the machinery.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl UserError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::EmailInvalid | Self::NameInvalid | Self::PasswordInvalid => ErrorKind::Invalid,
            Self::EmailTaken => ErrorKind::Conflict,
            Self::NotFound => ErrorKind::NotFound,
            Self::Fault(fault) => fault.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::EmailInvalid => "email_invalid",
            Self::EmailTaken => "email_taken",
            Self::NameInvalid => "name_invalid",
            Self::PasswordInvalid => "password_invalid",
            Self::NotFound => "user_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }
}

impl From<StorageError> for UserError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

/// Adds a person.
pub async fn create(accounts: &Accounts, by: Authority<'_>, new: &NewUser) -> Result<User, UserError> {
    by.require_administrator()?;
    let prepared = Prepared::new(accounts, new).await?;
    let transaction = accounts.context().database.write().await?;
    let user = prepared.insert(&transaction).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(user)
}

/// People in the order they were added, `limit` of them after `cursor`.
pub async fn list(
    accounts: &Accounts,
    by: Authority<'_>,
    limit: u64,
    cursor: Option<UserId>,
) -> Result<Vec<User>, UserError> {
    by.require_administrator()?;
    Ok(users::list(accounts.context().database.reader(), limit, cursor).await?)
}

/// The person who acts.
pub async fn me(accounts: &Accounts, actor: &Actor) -> Result<User, UserError> {
    users::get(accounts.context().database.reader(), actor.user_id).await?.ok_or(UserError::NotFound)
}

/// Gives a person another password, and ends all their logins.
pub async fn reset_password(
    accounts: &Accounts,
    by: Authority<'_>,
    email: &str,
    password: &Secret,
) -> Result<(), UserError> {
    by.require_administrator()?;
    check_password(password)?;
    let context = accounts.context();
    let hash = context.passwords.hash(password).await?;
    let now = context.clock.now();
    let transaction = context.database.write().await?;
    let (user, _) = users::find_by_email(&transaction, email).await?.ok_or(UserError::NotFound)?;
    users::update_password_hash(&transaction, user.id, &hash, now).await?;
    sessions::revoke_all(&transaction, user.id, now).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    context.checked.invalidate_all();
    Ok(())
}

/// Adds an administrator where there is nobody yet; tells whether it did.
///
/// Several processes may do so at the same time.
pub async fn ensure_first_administrator(
    accounts: &Accounts,
    email: &str,
    password: &Secret,
) -> Result<bool, UserError> {
    if users::count(accounts.context().database.reader()).await? > 0 {
        return Ok(false);
    }
    let new = NewUser {
        email: email.to_owned(),
        name: String::new(),
        password: password.clone(),
        role: Role::Administrator,
    };
    match create(accounts, Authority::Operator, &new).await {
        Ok(_) => Ok(true),
        Err(UserError::EmailTaken) => Ok(false),
        Err(error) => Err(error),
    }
}

/// A person who may be added: checked, and with a hashed password, which takes too long for a transaction.
pub(crate) struct Prepared {
    user: User,
    password_hash: String,
}

impl Prepared {
    pub(crate) async fn new(accounts: &Accounts, new: &NewUser) -> Result<Self, UserError> {
        let email = users::normalise_email(&new.email);
        check_email(&email)?;
        check_password(&new.password)?;
        let name = match new.name.trim() {
            "" => email.split('@').next().unwrap_or_default(),
            name if name.chars().count() > MAX_NAME_CHARACTERS => return Err(UserError::NameInvalid),
            name => name,
        };
        let context = accounts.context();
        let now = context.clock.now();
        let user = User {
            id: context.ids.next(),
            name: name.to_owned(),
            email,
            role: new.role,
            disabled: false,
            created_at: now,
            updated_at: now,
        };
        Ok(Self { user, password_hash: context.passwords.hash(&new.password).await? })
    }

    pub(crate) async fn insert(self, connection: &impl ConnectionTrait) -> Result<User, UserError> {
        match users::insert(connection, &self.user, &self.password_hash).await {
            Ok(()) => Ok(self.user),
            Err(StorageError::Conflict(_)) => Err(UserError::EmailTaken),
            Err(error) => Err(error.into()),
        }
    }
}

fn check_email(email: &str) -> Result<(), UserError> {
    // Whether an address exists only a message to it can tell; this finds what was typed into the wrong field.
    let parts = email.split_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty());
    let odd = |c: char| c.is_whitespace() || c.is_control();
    let fits = email.len() <= MAX_EMAIL_BYTES && !email.contains(odd);
    if parts.is_some() && fits { Ok(()) } else { Err(UserError::EmailInvalid) }
}

fn check_password(password: &Secret) -> Result<(), UserError> {
    let text = password.expose();
    let fits = text.chars().count() >= MIN_PASSWORD_CHARACTERS && text.len() <= MAX_PASSWORD_BYTES;
    if fits { Ok(()) } else { Err(UserError::PasswordInvalid) }
}
