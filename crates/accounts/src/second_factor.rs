//! One-time codes as a second factor (RFC 6238), and recovery codes for those who lost it.

mod code;

use roundhouse_domain::{ErrorKind, Permission, Secret, UserId};
use roundhouse_storage::totp_factors::{self, SEALING_CONTEXT, TotpFactor};
use roundhouse_storage::{StorageError, users as stored};
use serde_json::Value;

use self::code::Code;
use crate::accounts::Accounts;
use crate::actor::{Actor, Authority, Denied};
use crate::fault::Fault;
use crate::passwords::{self, PasswordError};
use crate::users::{self, UserError};
use crate::{random, trail};

/// Recovery codes that a person gets.
const RECOVERY_CODES: usize = 10;

/// What a person enters into their app.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// The secret, in base 32.
    pub secret: Secret,
    /// The secret as apps read it from a picture: `otpauth://totp/…`.
    pub url: Secret,
}

/// Why a second factor was not changed.
#[derive(Debug, thiserror::Error)]
pub enum FactorError {
    /// There is one already.
    #[error("you have a second factor already: remove it first")]
    On,
    /// There is none, or it was not begun.
    #[error("there is no second factor: begin with POST /api/v1/auth/me/totp")]
    Off,
    /// The code is wrong, or was used before.
    #[error(
        "`code` is wrong, or was used before: check the clock of your device, and wait for the next code"
    )]
    CodeWrong,
    /// The password is wrong, or the person may not do this.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

impl FactorError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::On | Self::Off => ErrorKind::Conflict,
            Self::CodeWrong => ErrorKind::Invalid,
            Self::Password(error) => error.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::On => "totp_on",
            Self::Off => "totp_off",
            Self::CodeWrong => "totp_wrong",
            Self::Password(error) => error.code(),
        }
    }
}

impl From<StorageError> for FactorError {
    fn from(error: StorageError) -> Self {
        Self::Password(error.into())
    }
}

impl From<Fault> for FactorError {
    fn from(fault: Fault) -> Self {
        Self::Password(fault.into())
    }
}

impl From<Denied> for FactorError {
    fn from(denied: Denied) -> Self {
        Self::Password(denied.into())
    }
}

impl From<UserError> for FactorError {
    fn from(error: UserError) -> Self {
        Self::Password(error.into())
    }
}

/// Begins a second factor of one's own; it is asked for once it is confirmed.
pub async fn begin(accounts: &Accounts, actor: &Actor, password: &Secret) -> Result<Enrolment, FactorError> {
    actor.require_session()?;
    let context = accounts.context();
    let user = stored::get(context.database.reader(), actor.user_id).await?.ok_or(UserError::NotFound)?;
    // Whoever logs in elsewhere has no password here that they could show.
    if user.has_password {
        passwords::require_current(accounts, actor, password).await?;
    }
    let code = Code::generate()?;
    let sealed = context.master.seal(code.secret(), SEALING_CONTEXT).map_err(|_| Fault::Cryptography)?;
    let factor = TotpFactor {
        user_id: user.id,
        sealed,
        last_step: 0,
        created_at: context.clock.now(),
        confirmed_at: None,
    };
    let transaction = context.database.write().await?;
    let begun = totp_factors::insert(&transaction, &factor).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    if begun { Ok(code.enrolment(&user.email)?) } else { Err(FactorError::On) }
}

/// Confirms a second factor by a code of it; returns recovery codes, which are told this once.
pub async fn confirm(accounts: &Accounts, actor: &Actor, code: &Secret) -> Result<Vec<Secret>, FactorError> {
    actor.require_session()?;
    let factor = held(accounts, actor.user_id).await?.ok_or(FactorError::Off)?;
    if factor.confirmed_at.is_some() {
        return Err(FactorError::On);
    }
    guarded(accounts, actor, code).await?;
    give_recovery_codes(accounts, actor, "users.add_second_factor").await
}

/// Replaces one's recovery codes; the old ones stop working.
pub async fn renew_recovery_codes(
    accounts: &Accounts,
    actor: &Actor,
    code: &Secret,
) -> Result<Vec<Secret>, FactorError> {
    actor.require_session()?;
    require_on(accounts, actor.user_id).await?;
    guarded(accounts, actor, code).await?;
    give_recovery_codes(accounts, actor, "users.renew_recovery_codes").await
}

/// Removes one's second factor, by a code of it or a recovery code.
pub async fn remove(accounts: &Accounts, actor: &Actor, code: &Secret) -> Result<(), FactorError> {
    actor.require_session()?;
    require_on(accounts, actor.user_id).await?;
    guarded(accounts, actor, code).await?;
    take_away(accounts, actor.into(), actor.user_id).await
}

/// Removes somebody's second factor: they have lost it, and their recovery codes.
pub async fn reset(accounts: &Accounts, by: Authority<'_>, id: UserId) -> Result<(), FactorError> {
    by.require(Permission::UsersWrite)?;
    let reader = accounts.context().database.reader();
    let user = stored::get(reader, id).await?.ok_or(UserError::NotFound)?;
    users::require_over(reader, by, &user).await?;
    require_on(accounts, id).await?;
    take_away(accounts, by, id).await
}

/// How many recovery codes one has left.
pub async fn count_recovery_codes(accounts: &Accounts, actor: &Actor) -> Result<u64, FactorError> {
    Ok(totp_factors::count_recovery_codes(accounts.context().database.reader(), actor.user_id).await?)
}

/// Whether this person has to show a code when they log in.
pub(crate) async fn is_asked_of(accounts: &Accounts, user: UserId) -> Result<bool, Fault> {
    Ok(held(accounts, user).await?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// Whether this is a code of this person's factor that was not used before, or a recovery code; it is used up.
pub(crate) async fn check(accounts: &Accounts, user: UserId, code: &Secret) -> Result<bool, Fault> {
    let context = accounts.context();
    let Some(factor) = held(accounts, user).await? else { return Ok(false) };
    let secret = context.master.open(&factor.sealed, SEALING_CONTEXT).map_err(|_| Fault::Cryptography)?;
    let now = context.clock.now();
    let step = Code::of(&secret)?.step_of(code, now);
    let transaction = context.database.write().await?;
    let good = if let Some(step) = step {
        totp_factors::update_used(&transaction, user, step, now).await?
    } else {
        totp_factors::delete_recovery_code(&transaction, user, &recovery_form(accounts, code)).await?
    };
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(good)
}

/// Lets those pass who show a code; guesses are counted as failed logins.
async fn guarded(accounts: &Accounts, actor: &Actor, code: &Secret) -> Result<(), FactorError> {
    let context = accounts.context();
    let attempt = context
        .throttle
        .begin(&actor.email, None, context.clock.now())
        .map_err(|retry_after| PasswordError::Throttled { retry_after })?;
    if !check(accounts, actor.user_id, code).await? {
        return Err(FactorError::CodeWrong);
    }
    context.throttle.forgive(&attempt);
    Ok(())
}

async fn require_on(accounts: &Accounts, user: UserId) -> Result<(), FactorError> {
    if is_asked_of(accounts, user).await? { Ok(()) } else { Err(FactorError::Off) }
}

async fn held(accounts: &Accounts, user: UserId) -> Result<Option<TotpFactor>, Fault> {
    Ok(totp_factors::get(accounts.context().database.reader(), user).await?)
}

async fn give_recovery_codes(
    accounts: &Accounts,
    actor: &Actor,
    action: &str,
) -> Result<Vec<Secret>, FactorError> {
    let context = accounts.context();
    let codes: Vec<Secret> = (0..RECOVERY_CODES).map(|_| code::recovery()).collect::<Result<_, _>>()?;
    let hashes: Vec<_> = codes.iter().map(|code| recovery_form(accounts, code)).collect();
    let transaction = context.database.write().await?;
    totp_factors::replace_recovery_codes(&transaction, actor.user_id, &hashes).await?;
    note(accounts, &transaction, (actor.into(), actor.user_id), action).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(codes)
}

async fn take_away(accounts: &Accounts, by: Authority<'_>, id: UserId) -> Result<(), FactorError> {
    let transaction = accounts.context().database.write().await?;
    totp_factors::delete(&transaction, id).await?;
    note(accounts, &transaction, (by, id), "users.remove_second_factor").await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(())
}

async fn note(
    accounts: &Accounts,
    connection: &impl roundhouse_storage::ConnectionTrait,
    (by, id): (Authority<'_>, UserId),
    action: &str,
) -> Result<(), FactorError> {
    let user = stored::get(connection, id).await?.ok_or(UserError::NotFound)?;
    let noted = (users::object(&user), Value::Null);
    Ok(trail::note(accounts.context(), connection, by.author(), action, noted).await?)
}

/// Recovery codes are read from paper: case, spaces and dashes do not matter.
fn recovery_form(accounts: &Accounts, code: &Secret) -> [u8; 32] {
    let plain: String = code.expose().chars().filter(char::is_ascii_alphanumeric).collect();
    random::stored_form(&plain.to_ascii_lowercase(), "recovery codes", &accounts.context().keys)
}
