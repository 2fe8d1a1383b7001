//! Personal tokens: what people give to scripts of theirs instead of their password.

use roundhouse_domain::{ErrorKind, Permissions, Secret, Timestamp, TokenId};
use roundhouse_storage::personal_tokens::{self, PersonalToken};
use roundhouse_storage::{MasterKey, StorageError};
use serde_json::json;

use crate::accounts::Accounts;
use crate::actor::{Actor, Denied};
use crate::fault::Fault;
use crate::trail::{self, Object};
use crate::{authenticate, random};

/// What every personal token begins with, so that people and scanners know one when they see it.
pub const PREFIX: &str = "rhp-";
const MAX_NAME_CHARACTERS: usize = 100;
/// Tokens of one person: beyond it they have lost track.
const MAX_TOKENS: u64 = 100;

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What it may do; none is all that its owner may, also later.
    pub scopes: Option<Permissions>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// Why a token was not made or removed.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The person may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The name is missing or too long.
    #[error("`name` must have 1 to {MAX_NAME_CHARACTERS} characters: say what the token is for")]
    NameInvalid,
    /// It would have ended already.
    #[error("`expires_at` must be in the future")]
    ExpiryInvalid,
    /// It would have a permission that its owner does not have.
    #[error("`scopes` has a permission that you do not have yourself; GET /api/v1/auth/me lists yours")]
    ScopesInvalid,
    /// There are too many.
    #[error("you have {MAX_TOKENS} tokens: remove one that you no longer use")]
    TooMany,
    /// There is no such token, or it is somebody else's.
    #[error("you have no such token")]
    NotFound,
    /// A fault of the machinery.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl TokenError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::NameInvalid | Self::ExpiryInvalid | Self::ScopesInvalid => ErrorKind::Invalid,
            Self::TooMany => ErrorKind::Conflict,
            Self::NotFound => ErrorKind::NotFound,
            Self::Fault(fault) => fault.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::NameInvalid => "name_invalid",
            Self::ExpiryInvalid => "expiry_invalid",
            Self::ScopesInvalid => "scopes_invalid",
            Self::TooMany => "too_many_tokens",
            Self::NotFound => "token_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }
}

impl From<StorageError> for TokenError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

/// Makes a token; the secret is told this once.
pub async fn create(
    accounts: &Accounts,
    actor: &Actor,
    new: &NewToken,
) -> Result<(PersonalToken, Secret), TokenError> {
    actor.require_session()?;
    let context = accounts.context();
    let now = context.clock.now();
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARACTERS {
        return Err(TokenError::NameInvalid);
    }
    if new.expires_at.is_some_and(|end| end <= now) {
        return Err(TokenError::ExpiryInvalid);
    }
    if new.scopes.is_some_and(|scopes| !scopes.is_within(actor.permissions)) {
        return Err(TokenError::ScopesInvalid);
    }
    let secret = random::secret(PREFIX)?;
    let token = PersonalToken {
        id: context.ids.next(),
        user_id: actor.user_id,
        name: name.to_owned(),
        token_hash: stored_form(&secret, &context.keys),
        masked: secret.masked(),
        scopes: new.scopes,
        created_at: now,
        expires_at: new.expires_at,
        last_used_at: None,
    };
    let transaction = context.database.write().await?;
    let held = personal_tokens::list(&transaction, actor.user_id, MAX_TOKENS, None).await?;
    if held.len() as u64 >= MAX_TOKENS {
        return Err(TokenError::TooMany);
    }
    personal_tokens::insert(&transaction, &token).await?;
    let detail = json!({ "scopes": token.scopes, "expires_at": token.expires_at });
    trail::note(context, &transaction, actor.author(), "tokens.create", (object(&token), detail)).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok((token, secret))
}

/// A person's own tokens in the order they were made, `limit` of them after `cursor`.
pub async fn list(
    accounts: &Accounts,
    actor: &Actor,
    limit: u64,
    cursor: Option<TokenId>,
) -> Result<Vec<PersonalToken>, TokenError> {
    Ok(personal_tokens::list(accounts.context().database.reader(), actor.user_id, limit, cursor).await?)
}

/// Removes a token of one's own; it stops working at once here, and within seconds everywhere.
pub async fn delete(accounts: &Accounts, actor: &Actor, id: TokenId) -> Result<(), TokenError> {
    actor.require_session()?;
    let context = accounts.context();
    let transaction = context.database.write().await?;
    let deleted = personal_tokens::delete(&transaction, actor.user_id, id).await?;
    let token = deleted.ok_or(TokenError::NotFound)?;
    let noted = (object(&token), serde_json::Value::Null);
    trail::note(context, &transaction, actor.author(), "tokens.delete", noted).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    authenticate::forget_token(accounts, &token, context.clock.now());
    Ok(())
}

/// What is stored of a token.
pub(crate) fn stored_form(token: &Secret, keys: &MasterKey) -> [u8; 32] {
    random::stored_form(token.expose(), "personal tokens", keys)
}

fn object(token: &PersonalToken) -> Object<'_> {
    Object { kind: "token", id: token.id.to_string(), name: &token.name }
}
