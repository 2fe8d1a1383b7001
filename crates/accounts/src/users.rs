//! People: adding them, finding them, changing what they are.

mod change;
mod prepared;

use roundhouse_domain::{ErrorKind, GroupId, Permission, Permissions, Secret, UserId};
use roundhouse_storage::groups::{self as stored_groups, Group};
use roundhouse_storage::identities::{self, Identity};
use roundhouse_storage::{StorageError, totp_factors, users};

pub use self::change::{Preferences, UserChange, delete, update, update_me};
pub(crate) use self::change::{object, require_over};
pub(crate) use self::prepared::Prepared;
use crate::accounts::Accounts;
use crate::actor::{Actor, Authority, Denied};
use crate::checks::{MAX_NAME_CHARACTERS, MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARACTERS};
use crate::fault::Fault;
use crate::groups::GroupError;
use crate::sessions::{self, Device, Tokens};
use crate::{Role, User, permissions};
pub use roundhouse_storage::users::Filter;

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Unique, in any case.
    pub email: String,
    /// What to call them; when empty, what stands before the `@`.
    pub name: String,
    /// What they will log in with.
    pub password: Secret,
    /// What they are.
    pub role: Role,
    /// The groups that they will be in.
    pub groups: Vec<GroupId>,
}

/// A person with what belongs to them.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The person.
    pub user: User,
    /// The groups that they are in.
    pub groups: Vec<Group>,
    /// What they may do.
    pub permissions: Permissions,
    /// Whether they have a second factor.
    pub has_second_factor: bool,
    /// Who they are elsewhere.
    pub identities: Vec<Identity>,
}

/// Why a person was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The person who asks may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// This is no e-mail address.
    #[error("`email` must be an e-mail address such as ada@example.com")]
    EmailInvalid,
    /// Somebody has this e-mail address already.
    #[error("somebody with this e-mail address is there already")]
    EmailTaken,
    /// The name is too long.
    #[error("`name` must have at most {MAX_NAME_CHARACTERS} characters, and no line breaks")]
    NameInvalid,
    /// The password is too short or too long.
    #[error(
        "`password` must have at least {MIN_PASSWORD_CHARACTERS} characters and at most {MAX_PASSWORD_BYTES} bytes"
    )]
    PasswordInvalid,
    /// This is no language.
    #[error("`language` must be a language tag such as `en` or `zh-CN`")]
    LanguageInvalid,
    /// This is no time zone.
    #[error("`time_zone` must be a name such as `Europe/Zurich` or `UTC`")]
    TimeZoneInvalid,
    /// There is no such person.
    #[error("there is no such person")]
    NotFound,
    /// The person is kept out.
    #[error("this person is disabled: enable them first")]
    Disabled,
    /// Nobody would be left who may do everything.
    #[error("this is the last administrator: make somebody else an administrator first")]
    LastAdministrator,
    /// A group is not there.
    #[error("`groups` names a group that does not exist")]
    GroupNotFound,
    /// Strangers may not add themselves.
    #[error("this server does not let people register: ask an administrator for an account")]
    RegistrationClosed,
    /// A fault of the machinery.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl UserError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::EmailInvalid
            | Self::NameInvalid
            | Self::PasswordInvalid
            | Self::LanguageInvalid
            | Self::TimeZoneInvalid
            | Self::GroupNotFound => ErrorKind::Invalid,
            Self::EmailTaken | Self::LastAdministrator | Self::Disabled => ErrorKind::Conflict,
            Self::NotFound => ErrorKind::NotFound,
            Self::RegistrationClosed => ErrorKind::Denied,
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
            Self::LanguageInvalid => "language_invalid",
            Self::TimeZoneInvalid => "time_zone_invalid",
            Self::NotFound => "user_not_found",
            Self::Disabled => "user_disabled",
            Self::LastAdministrator => "last_administrator",
            Self::GroupNotFound => "group_not_found",
            Self::RegistrationClosed => "registration_closed",
            Self::Fault(fault) => fault.code(),
        }
    }
}

impl From<StorageError> for UserError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

impl From<GroupError> for UserError {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::Denied(denied) => denied.into(),
            GroupError::Fault(fault) => fault.into(),
            _ => Self::GroupNotFound,
        }
    }
}

/// Adds a person with a password.
pub async fn create(accounts: &Accounts, by: Authority<'_>, new: &NewUser) -> Result<User, UserError> {
    by.require(Permission::UsersWrite)?;
    let prepared = Prepared::new(accounts, new).await?;
    let transaction = accounts.context().database.write().await?;
    let user = prepared.insert(accounts.context(), &transaction, by).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(user)
}

/// Adds a stranger as a member, where the settings allow that, and logs them in.
pub async fn register(accounts: &Accounts, new: &NewUser, device: &Device) -> Result<Tokens, UserError> {
    if !accounts.allows_registration() {
        return Err(UserError::RegistrationClosed);
    }
    let new = NewUser { role: Role::Member, groups: Vec::new(), ..new.clone() };
    let prepared = Prepared::new(accounts, &new).await?;
    let transaction = accounts.context().database.write().await?;
    let user = prepared.register(accounts.context(), &transaction).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(sessions::start(accounts, user, device).await?)
}

/// People in the order they were added, `limit` of them after `cursor`.
pub async fn list(
    accounts: &Accounts,
    by: Authority<'_>,
    filter: &Filter,
    (limit, cursor): (u64, Option<UserId>),
) -> Result<Vec<User>, UserError> {
    by.require(Permission::UsersRead)?;
    Ok(users::list(accounts.context().database.reader(), filter, limit, cursor).await?)
}

/// A person with what belongs to them.
pub async fn get(accounts: &Accounts, by: Authority<'_>, id: UserId) -> Result<Profile, UserError> {
    by.require(Permission::UsersRead)?;
    profile(accounts, id).await
}

/// The person who acts, with what belongs to them; what they may do is what they may do this time.
pub async fn me(accounts: &Accounts, actor: &Actor) -> Result<Profile, UserError> {
    Ok(Profile { permissions: actor.permissions, ..profile(accounts, actor.user_id).await? })
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
        groups: Vec::new(),
    };
    match create(accounts, Authority::Operator, &new).await {
        Ok(_) => Ok(true),
        Err(UserError::EmailTaken) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn profile(accounts: &Accounts, id: UserId) -> Result<Profile, UserError> {
    let reader = accounts.context().database.reader();
    let user = users::get(reader, id).await?.ok_or(UserError::NotFound)?;
    let groups = stored_groups::list_of_user(reader, id).await?;
    let factor = totp_factors::get(reader, id).await?;
    Ok(Profile {
        permissions: permissions::through(user.role, &groups),
        has_second_factor: factor.is_some_and(|factor| factor.confirmed_at.is_some()),
        identities: identities::list_of_user(reader, id).await?,
        user,
        groups,
    })
}
