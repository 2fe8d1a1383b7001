//! Whose a credential is, as every request to the management API asks.

use std::time::Duration;

use roundhouse_domain::{Permissions, Secret, SessionId, Timestamp};
use roundhouse_storage::personal_tokens::{self, PersonalToken};
use roundhouse_storage::{StorageError, sessions};

use crate::User;
use crate::accounts::{Accounts, Checked, Shown};
use crate::actor::{Actor, Credential};
use crate::sessions::{SessionError, holds};
use crate::tokens::{PREFIX, stored_form};
use crate::{fault::Fault, permissions};

/// How exactly the last use of a token is known.
const LAST_USE: Duration = Duration::from_mins(1);

/// Tells who sends this access token or personal token, if it still holds.
pub async fn authenticate(accounts: &Accounts, bearer: &str) -> Result<Actor, SessionError> {
    if bearer.starts_with(PREFIX) {
        return by_token(accounts, &Secret::from(bearer)).await;
    }
    let context = accounts.context();
    let now = context.clock.now();
    let claims = context.access_tokens.read(bearer, now).ok_or(SessionError::Ended)?;
    let shown = Shown::Session(claims.sid);
    if let Some(checked) = known(accounts, &shown, now) {
        return checked.actor.ok_or(SessionError::Ended);
    }
    let found = sessions::get(context.database.reader(), claims.sid).await?;
    let (session, user) = found.ok_or(SessionError::Ended)?;
    if !holds(&session, &user, now) || user.id != claims.sub {
        return Err(SessionError::Ended);
    }
    let permissions = permissions::of(context.database.reader(), &user).await?;
    let actor = actor(&user, permissions, Credential::Session(session.id));
    remember(accounts, shown, Checked { at: now, ends_at: session.expires_at, actor: Some(actor) })
}

/// Forgets what was known of a login: it has ended.
pub(crate) fn forget_session(accounts: &Accounts, id: SessionId, now: Timestamp) {
    forget(accounts, Shown::Session(id), now);
}

/// Forgets what was known of a token: it has ended.
pub(crate) fn forget_token(accounts: &Accounts, token: &PersonalToken, now: Timestamp) {
    forget(accounts, Shown::Token(token.token_hash), now);
}

async fn by_token(accounts: &Accounts, token: &Secret) -> Result<Actor, SessionError> {
    let context = accounts.context();
    let now = context.clock.now();
    let hash = stored_form(token, &context.keys);
    if let Some(checked) = known(accounts, &Shown::Token(hash), now) {
        return checked.actor.filter(|_| checked.ends_at > now).ok_or(SessionError::Ended);
    }
    let found = personal_tokens::find_by_hash(context.database.reader(), &hash).await?;
    let (token, user) = found.ok_or(SessionError::Ended)?;
    let ends_at = token.expires_at.unwrap_or(Timestamp::from_millis(i64::MAX));
    if ends_at <= now || user.disabled {
        return Err(SessionError::Ended);
    }
    let owners = permissions::of(context.database.reader(), &user).await?;
    let permissions = token.scopes.map_or(owners, |scopes| scopes.shared_with(owners));
    if token.last_used_at.is_none_or(|last| now.since(last) >= LAST_USE)
        && let Err(error) = note_use(accounts, &token, now).await
    {
        // Whoever is let in does not depend on a disk that is full.
        tracing::warn!(error = %error, token_id = %token.id, "the use of a personal token was not noted");
    }
    let actor = actor(&user, permissions, Credential::Token(token.id));
    remember(accounts, Shown::Token(hash), Checked { at: now, ends_at, actor: Some(actor) })
}

async fn note_use(accounts: &Accounts, token: &PersonalToken, now: Timestamp) -> Result<(), Fault> {
    let transaction = accounts.context().database.write().await?;
    personal_tokens::update_last_used(&transaction, token.id, now).await?;
    Ok(transaction.commit().await.map_err(StorageError::from)?)
}

fn actor(user: &User, permissions: Permissions, credential: Credential) -> Actor {
    Actor { user_id: user.id, email: user.email.as_str().into(), role: user.role, permissions, credential }
}

/// What the database said a moment ago.
fn known(accounts: &Accounts, shown: &Shown, now: Timestamp) -> Option<Checked> {
    let context = accounts.context();
    let ttl = context.settings.load().session_cache_ttl;
    context.checked.get(shown).filter(|checked| now.since(checked.at) < ttl)
}

fn forget(accounts: &Accounts, shown: Shown, now: Timestamp) {
    accounts.context().checked.insert(shown, Checked { at: now, ends_at: now, actor: None });
}

/// Notes that a credential holds, unless it was ended while the database was asked.
fn remember(accounts: &Accounts, shown: Shown, fresh: Checked) -> Result<Actor, SessionError> {
    let entry = accounts.context().checked.entry(shown).and_upsert_with(|held| {
        match held.map(moka::Entry::into_value) {
            Some(ended @ Checked { actor: None, .. }) => ended,
            _ => fresh,
        }
    });
    entry.into_value().actor.ok_or(SessionError::Ended)
}
