//! Links that stand for a person until they have a password: single-use, expiring, stored as hashes.

use roundhouse_domain::{Secret, Timestamp};
use roundhouse_storage::account_links::{self, AccountLink, LinkKind};
use roundhouse_storage::{ConnectionTrait, MasterKey};

use crate::User;
use crate::accounts::Accounts;
use crate::fault::Fault;
use crate::letters::{self, Message};
use crate::random;

/// What became of a link.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The link, for whoever asked for it to pass on; none where it went out in a letter.
    pub link: Option<Secret>,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// A link that is stored, and its text, which is not.
pub(crate) struct Fresh {
    kind: LinkKind,
    url: Secret,
    expires_at: Timestamp,
}

/// Makes a link for a person; those that they had before end.
pub(crate) async fn make(
    accounts: &Accounts,
    connection: &impl ConnectionTrait,
    user: &User,
    kind: LinkKind,
) -> Result<Fresh, Fault> {
    let context = accounts.context();
    let token = random::secret("")?;
    let now = context.clock.now();
    let link = AccountLink {
        id: context.ids.next(),
        user_id: user.id,
        kind,
        token_hash: stored_form(&token, &context.keys),
        created_at: now,
        expires_at: now.plus(letters::valid(accounts, kind)),
    };
    account_links::insert(connection, &link).await?;
    let page = match kind {
        LinkKind::Invitation => "invitation",
        LinkKind::PasswordReset => "reset-password",
    };
    let base = &context.settings.load().public_url;
    // Behind the `#`, what a browser never sends to a server or tells another page.
    let url = Secret::new(format!("{base}/{page}#token={}", token.expose()));
    Ok(Fresh { kind, url, expires_at: link.expires_at })
}

impl Fresh {
    /// Sends it to its person, or hands it to whoever asked for it.
    pub(crate) async fn send(self, accounts: &Accounts, user: &User) -> Sent {
        let Self { kind, url, expires_at } = self;
        let valid = letters::valid(accounts, kind);
        let sent = letters::send(accounts, &Message { kind, user, url: url.expose(), valid }).await;
        Sent { link: Some(url).filter(|_| !sent), expires_at }
    }

    /// Sends it to its person while the caller goes on.
    pub(crate) fn send_later(self, accounts: &Accounts, user: User) -> Result<(), Fault> {
        letters::send_later(accounts, self.kind, user, self.url.expose().to_owned())
    }
}

/// The link with this token and its person, while both are good for something.
pub(crate) async fn find(
    accounts: &Accounts,
    connection: &impl ConnectionTrait,
    token: &Secret,
) -> Result<Option<(AccountLink, User)>, Fault> {
    let context = accounts.context();
    let hash = stored_form(token, &context.keys);
    let found = account_links::find_by_hash(connection, &hash).await?;
    Ok(found.filter(|(link, user)| link.expires_at > context.clock.now() && !user.disabled))
}

fn stored_form(token: &Secret, keys: &MasterKey) -> [u8; 32] {
    random::stored_form(token.expose(), "account links", keys)
}
