//! Logging in, staying logged in, logging out.

use std::net::IpAddr;
use std::time::Duration;

use roundhouse_domain::{ErrorKind, Secret, SessionId, Timestamp};
use roundhouse_storage::sessions::{self, Session};
use roundhouse_storage::{StorageError, users};

use crate::accounts::{Accounts, Checked};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::refresh_token::RefreshToken;
use crate::{Role, User};

/// Two tabs of one browser may renew a login at the same time; the slower one is refused, but it is no thief.
const REUSE_GRACE: Duration = Duration::from_secs(10);

/// What a person types to log in.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The e-mail address, in any case.
    pub email: String,
    /// The password.
    pub password: Secret,
    /// Where they are, as far as that is known.
    pub address: Option<IpAddr>,
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
            Self::Refused => ErrorKind::Unauthenticated,
            Self::Throttled { .. } => ErrorKind::RateLimited,
            Self::Fault(fault) => fault.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused => "wrong_credentials",
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
    /// A fault of the machinery.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl SessionError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Ended => ErrorKind::Unauthenticated,
            Self::Fault(fault) => fault.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Ended => "session_ended",
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
        .begin(&credentials.email, credentials.address, context.clock.now())
        .map_err(|retry_after| LoginError::Throttled { retry_after })?;
    match known(accounts, credentials).await {
        Ok(Some(user)) => {
            context.throttle.forgive(&attempt);
            Ok(start(accounts, user).await?)
        }
        Ok(None) => Err(LoginError::Refused),
        Err(fault) => {
            context.throttle.release(&attempt);
            Err(fault.into())
        }
    }
}

/// Tells who sends this access token, if their login still holds.
pub async fn authenticate(accounts: &Accounts, bearer: &str) -> Result<Actor, SessionError> {
    let context = accounts.context();
    let now = context.clock.now();
    let claims = context.access_tokens.read(bearer, now).ok_or(SessionError::Ended)?;
    if let Some(checked) = context.checked.get(&claims.sid)
        && now.since(checked.at) < context.settings.session_cache_ttl
    {
        return checked.actor.ok_or(SessionError::Ended);
    }
    let found = sessions::get(context.database.reader(), claims.sid).await?;
    let (session, user) = found.ok_or(SessionError::Ended)?;
    if !holds(&session, &user, now) || user.id != claims.sub {
        return Err(SessionError::Ended);
    }
    let actor = Actor { user_id: user.id, role: user.role, session_id: session.id };
    remember(accounts, actor, now).ok_or(SessionError::Ended)
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
    let expires_at = now.plus(context.settings.session_ttl);
    let renewed = Session { refresh_hash: next.hash, expires_at, last_used_at: now, ..session };
    let transaction = context.database.write().await?;
    let renewed = sessions::update_refresh_hash(&transaction, &renewed, &token.hash).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    if renewed { Ok(tokens(accounts, user, next, now)?) } else { Err(SessionError::Ended) }
}

/// Ends the login by which this person acts; its tokens are refused from now on.
pub async fn logout(accounts: &Accounts, actor: &Actor) -> Result<(), SessionError> {
    end(accounts, actor.session_id).await
}

/// The person with these credentials, unless they are kept out; it takes as long where there is none.
async fn known(accounts: &Accounts, credentials: &Credentials) -> Result<Option<User>, Fault> {
    let context = accounts.context();
    let found = users::find_by_email(context.database.reader(), &credentials.email).await?;
    let stored = found.as_ref().map(|(_, hash)| hash.as_str());
    let known = context.passwords.verify(&credentials.password, stored).await?;
    Ok(found.map(|(user, _)| user).filter(|user| known && !user.disabled))
}

/// Begins a login of somebody who has shown who they are.
pub(crate) async fn start(accounts: &Accounts, user: User) -> Result<Tokens, Fault> {
    let context = accounts.context();
    let now = context.clock.now();
    let token = RefreshToken::generate(context.ids.next(), &context.keys)?;
    let session = Session {
        id: token.session_id,
        user_id: user.id,
        refresh_hash: token.hash,
        created_at: now,
        expires_at: now.plus(context.settings.session_ttl),
        revoked_at: None,
        last_used_at: now,
    };
    let transaction = context.database.write().await?;
    sessions::insert(&transaction, &session).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    tokens(accounts, user, token, now)
}

async fn end(accounts: &Accounts, id: SessionId) -> Result<(), SessionError> {
    let context = accounts.context();
    let now = context.clock.now();
    let transaction = context.database.write().await?;
    sessions::revoke(&transaction, id, now).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    context.checked.insert(id, Checked { at: now, actor: None });
    Ok(())
}

fn tokens(accounts: &Accounts, user: User, refresh: RefreshToken, now: Timestamp) -> Result<Tokens, Fault> {
    let context = accounts.context();
    let expires_in = context.settings.access_token_ttl;
    let bearer: (_, Role) = (user.id, user.role);
    let access_token = context.access_tokens.sign(bearer, refresh.session_id, now, expires_in)?;
    Ok(Tokens {
        access_token: access_token.into(),
        refresh_token: refresh.text,
        expires_in,
        refresh_expires_in: context.settings.session_ttl,
        user,
    })
}

fn holds(session: &Session, user: &User, now: Timestamp) -> bool {
    session.revoked_at.is_none() && session.expires_at > now && !user.disabled
}

/// Notes that the login holds, unless it was ended while the database was asked.
fn remember(accounts: &Accounts, actor: Actor, now: Timestamp) -> Option<Actor> {
    let fresh = Checked { at: now, actor: Some(actor) };
    let entry = accounts.context().checked.entry(actor.session_id).and_upsert_with(|held| {
        match held.map(moka::Entry::into_value) {
            Some(ended @ Checked { actor: None, .. }) => ended,
            _ => fresh,
        }
    });
    entry.into_value().actor
}
