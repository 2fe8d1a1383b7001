//! Logging in, staying logged in, logging out.

use std::net::IpAddr;
use std::time::Duration;

use roundhouse_domain::{ErrorKind, Secret, SessionId, Timestamp};
use roundhouse_storage::sessions::{self, Session};
use roundhouse_storage::{StorageError, users};

use crate::accounts::Accounts;
use crate::actor::{Actor, Denied};
pub use crate::authenticate::authenticate;
use crate::authenticate::forget_session;
use crate::fault::Fault;
use crate::refresh_token::RefreshToken;
use crate::{Role, User, second_factor};

/// Two tabs of one browser may renew a login at the same time; the slower one is refused, but it is no thief.
const REUSE_GRACE: Duration = Duration::from_secs(10);

/// Logins that are shown to a person at the most.
const MAX_SHOWN: u64 = 200;
/// Characters of a browser's own words about itself that are kept.
const MAX_USER_AGENT: usize = 300;

/// What a person types to log in.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The e-mail address, in any case.
    pub email: String,
    /// The password.
    pub password: Secret,
    /// The one-time code of those who have a second factor, or one of their recovery codes.
    pub code: Option<Secret>,
    /// From where.
    pub device: Device,
}

/// From where somebody logs in.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// The network address, as far as that is known.
    pub address: Option<IpAddr>,
    /// What the browser or program says of itself.
    pub user_agent: Option<String>,
}

/// What a person gets who has logged in.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// To be sent with each request.
    pub access_token: Secret,
    /// To be exchanged once for new tokens.
    pub refresh_token: Secret,
    /// How long the access token is valid.
    pub expires_in: Duration,
    /// How long the refresh token is valid.
    pub refresh_expires_in: Duration,
    /// Who they are.
    pub user: User,
}

/// Why a login failed.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// No such person, another password, or a person who is kept out: nobody learns which.
    #[error("the e-mail address or the password is wrong")]
    Refused,
    /// The password is right, and a one-time code has to be shown, too.
    #[error("this account has a second factor: send its code in `code`, or a recovery code")]
    CodeRequired,
    /// The password is right, and the code is not, or was used before.
    #[error("the code is wrong, or was used before: wait for the next one")]
    CodeWrong,
    /// Too many have failed before.
    #[error("too many failed logins; try again in {} seconds", retry_after.as_secs().max(1))]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// A fault of the machinery.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl LoginError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Refused | Self::CodeRequired | Self::CodeWrong => ErrorKind::Unauthenticated,
            Self::Throttled { .. } => ErrorKind::RateLimited,
            Self::Fault(fault) => fault.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused => "wrong_credentials",
            Self::CodeRequired => "totp_required",
            Self::CodeWrong => "totp_wrong",
            Self::Throttled { .. } => "too_many_logins",
            Self::Fault(fault) => fault.code(),
        }
    }
}

/// Why a token is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// It is not ours, has expired, has been used before, or its login has ended.
    #[error("you are not logged in, or no longer: log in again")]
    Ended,
    /// There is no such login, or it is somebody else's, or has ended.
    #[error("you have no such session")]
    NotFound,
    /// A personal token cannot do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of the machinery.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl SessionError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Ended => ErrorKind::Unauthenticated,
            Self::NotFound => ErrorKind::NotFound,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Ended => "session_ended",
            Self::NotFound => "session_not_found",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }
}

impl From<StorageError> for SessionError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

/// Lets a person in who knows their password.
pub async fn login(accounts: &Accounts, credentials: &Credentials) -> Result<Tokens, LoginError> {
    let context = accounts.context();
    let attempt = context
        .throttle
        .begin(&credentials.email, credentials.device.address, context.clock.now())
        .map_err(|retry_after| LoginError::Throttled { retry_after })?;
    match shown(accounts, credentials).await {
        Ok(user) => {
            context.throttle.forgive(&attempt);
            Ok(start(accounts, user, &credentials.device).await?)
        }
        // Guesses count, and nothing else does.
        Err(error @ (LoginError::Refused | LoginError::CodeWrong)) => Err(error),
        Err(error) => {
            context.throttle.release(&attempt);
            Err(error)
        }
    }
}

/// Exchanges a refresh token for new tokens. One that was exchanged before was copied, so its login ends.
pub async fn refresh(accounts: &Accounts, token: &Secret) -> Result<Tokens, SessionError> {
    let context = accounts.context();
    let now = context.clock.now();
    let token = RefreshToken::read(token, &context.keys).ok_or(SessionError::Ended)?;
    let found = sessions::get(context.database.reader(), token.session_id).await?;
    let (session, user) = found.ok_or(SessionError::Ended)?;
    if !holds(&session, &user, now) {
        return Err(SessionError::Ended);
    }
    if session.refresh_hash != token.hash {
        if now.since(session.last_used_at) > REUSE_GRACE {
            tracing::warn!(user_id = %user.id, session_id = %session.id, "refresh token used twice, ending the session");
            end(accounts, session.id).await?;
        }
        return Err(SessionError::Ended);
    }
    let next = RefreshToken::generate(session.id, &context.keys)?;
    let expires_at = now.plus(context.settings.load().session_ttl);
    let renewed = Session { refresh_hash: next.hash, expires_at, last_used_at: now, ..session };
    let transaction = context.database.write().await?;
    let renewed = sessions::update_refresh_hash(&transaction, &renewed, &token.hash).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    if renewed { Ok(tokens(accounts, user, next, now)?) } else { Err(SessionError::Ended) }
}

/// Ends the login by which this person acts; its tokens are refused from now on.
pub async fn logout(accounts: &Accounts, actor: &Actor) -> Result<(), SessionError> {
    end(accounts, actor.require_session()?).await
}

/// A person's own logins that hold, newest first.
pub async fn list(accounts: &Accounts, actor: &Actor) -> Result<Vec<Session>, SessionError> {
    let context = accounts.context();
    let reader = context.database.reader();
    Ok(sessions::list_of_user(reader, actor.user_id, context.clock.now(), MAX_SHOWN).await?)
}

/// Ends a login of one's own.
pub async fn revoke(accounts: &Accounts, actor: &Actor, id: SessionId) -> Result<(), SessionError> {
    actor.require_session()?;
    let found = sessions::get(accounts.context().database.reader(), id).await?;
    let own =
        found.is_some_and(|(session, _)| session.user_id == actor.user_id && session.revoked_at.is_none());
    if own { end(accounts, id).await } else { Err(SessionError::NotFound) }
}

/// Ends all logins of one's own, this one as well unless it is to be kept; tells how many.
pub async fn revoke_all(
    accounts: &Accounts,
    actor: &Actor,
    including_this: bool,
) -> Result<u64, SessionError> {
    let this = actor.require_session()?;
    let context = accounts.context();
    let keep = Some(this).filter(|_| !including_this);
    let transaction = context.database.write().await?;
    let ended = sessions::revoke_all(&transaction, actor.user_id, keep, context.clock.now()).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    accounts.forget_checked();
    Ok(ended)
}

/// The person who has shown these credentials, unless they are kept out; it takes as long where there is none.
async fn shown(accounts: &Accounts, credentials: &Credentials) -> Result<User, LoginError> {
    let context = accounts.context();
    let found = users::find_by_email(context.database.reader(), &credentials.email).await;
    let found = found.map_err(Fault::from)?;
    let stored = found.as_ref().and_then(|(_, hash)| hash.as_deref());
    let known = context.passwords.verify(&credentials.password, stored).await?;
    let user = found.map(|(user, _)| user).filter(|user| known && !user.disabled);
    let user = user.ok_or(LoginError::Refused)?;
    if second_factor::is_asked_of(accounts, user.id).await? {
        let code = credentials.code.as_ref().ok_or(LoginError::CodeRequired)?;
        if !second_factor::check(accounts, user.id, code).await? {
            return Err(LoginError::CodeWrong);
        }
    }
    Ok(user)
}

/// Begins a login of somebody who has shown who they are.
pub(crate) async fn start(accounts: &Accounts, user: User, device: &Device) -> Result<Tokens, Fault> {
    let context = accounts.context();
    let session_ttl = context.settings.load().session_ttl;
    let now = context.clock.now();
    let token = RefreshToken::generate(context.ids.next(), &context.keys)?;
    let session = Session {
        id: token.session_id,
        user_id: user.id,
        refresh_hash: token.hash,
        created_at: now,
        expires_at: now.plus(session_ttl),
        revoked_at: None,
        last_used_at: now,
        address: device.address.map(|address| address.to_string()),
        user_agent: device.user_agent.as_ref().map(|words| words.chars().take(MAX_USER_AGENT).collect()),
    };
    let transaction = context.database.write().await?;
    sessions::insert(&transaction, &session).await?;
    users::update_last_login(&transaction, user.id, now).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    tokens(accounts, user, token, now)
}

async fn end(accounts: &Accounts, id: SessionId) -> Result<(), SessionError> {
    let context = accounts.context();
    let now = context.clock.now();
    let transaction = context.database.write().await?;
    sessions::revoke(&transaction, id, now).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    forget_session(accounts, id, now);
    Ok(())
}

fn tokens(accounts: &Accounts, user: User, refresh: RefreshToken, now: Timestamp) -> Result<Tokens, Fault> {
    let context = accounts.context();
    let settings = context.settings.load();
    let expires_in = settings.access_token_ttl;
    let bearer: (_, Role) = (user.id, user.role);
    let access_token = context.access_tokens.sign(bearer, refresh.session_id, now, expires_in)?;
    Ok(Tokens {
        access_token: access_token.into(),
        refresh_token: refresh.text,
        expires_in,
        refresh_expires_in: settings.session_ttl,
        user,
    })
}

pub(crate) fn holds(session: &Session, user: &User, now: Timestamp) -> bool {
    session.revoked_at.is_none() && session.expires_at > now && !user.disabled
}
