//! What every function of this crate needs.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use moka::sync::Cache;
use openidconnect::core::CoreProviderMetadata;
use roundhouse_domain::{Clock, Ids, SessionId, Timestamp};
use roundhouse_mail::Mailer;
use roundhouse_outbound::Tls;
use roundhouse_storage::{Database, MasterKey};
use tokio::sync::Semaphore;

use crate::access_token::AccessTokens;
use crate::actor::Actor;
use crate::oidc::OidcSettings;
use crate::password::Passwords;
use crate::throttle::Throttle;

/// Credentials that are remembered as valid for a moment.
const CHECKED: u64 = 10_000;
/// Failed requests for letters of one e-mail address from one network address, and of either alone.
const MAX_LETTERS: (u32, u32) = (3, 30);
/// What providers of identity offer, and how long that is taken to be so.
const PROVIDERS: u64 = 4;
const PROVIDER_TTL: Duration = Duration::from_mins(10);
/// Letters on their way at the same time.
const SENDING: usize = 16;

/// How people log in.
#[derive(Clone, Debug)]
pub struct AccountSettings {
    /// How long an access token is valid. Default 15 minutes.
    pub access_token_ttl: Duration,
    /// How long a login lasts without a refresh. Default 30 days.
    pub session_ttl: Duration,
    /// How long a valid credential is taken for valid before the database is asked again. Default 5 seconds.
    pub session_cache_ttl: Duration,
    /// How long an invitation is valid. Default 7 days.
    pub invitation_ttl: Duration,
    /// How long a link to a new password is valid. Default 1 hour.
    pub password_reset_ttl: Duration,
    /// Whether strangers may add themselves as members. Default no.
    pub registration: bool,
    /// Where people reach this server, without a slash at the end; links begin with it.
    pub public_url: String,
    /// Who carries letters; without one, links are shown to whoever asks for them on somebody's behalf.
    pub mailer: Option<Mailer>,
    /// The provider that people may log in with instead of a password.
    pub oidc: Option<OidcSettings>,
    /// The time within which failed logins are counted. Default 15 minutes.
    pub login_window: Duration,
    /// Failed logins of one e-mail address from one network address until both together must wait. Default 10.
    pub max_failures: u32,
    /// Failed logins of one e-mail address, or from one network address, until it must wait. Default 100.
    pub max_failures_alone: u32,
    /// Passwords checked at the same time, each in 19 MiB of memory. Default 2.
    pub concurrent_checks: usize,
    /// Logins that wait for their password to be checked; beyond it they are turned away. Default 64.
    pub waiting_checks: usize,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            access_token_ttl: Duration::from_mins(15),
            session_ttl: Duration::from_hours(30 * 24),
            session_cache_ttl: Duration::from_secs(5),
            invitation_ttl: Duration::from_hours(7 * 24),
            password_reset_ttl: Duration::from_hours(1),
            registration: false,
            public_url: "http://localhost:8080".to_owned(),
            mailer: None,
            oidc: None,
            login_window: Duration::from_mins(15),
            max_failures: 10,
            max_failures_alone: 100,
            concurrent_checks: 2,
            waiting_checks: 64,
        }
    }
}

/// What [`Accounts`] are made of.
#[derive(Clone, Debug)]
pub struct AccountParts {
    /// Where people are kept.
    pub database: Database,
    /// Signs and marks what people carry; replicas share it.
    pub keys: MasterKey,
    /// Seals what is secret at rest.
    pub master: MasterKey,
    /// The time.
    pub clock: Clock,
    /// Ids.
    pub ids: Ids,
    /// How people log in.
    pub settings: AccountSettings,
    /// TLS of connections to providers of identity.
    pub tls: Tls,
}

/// People and their logins; clones share everything.
#[derive(Clone, Debug)]
pub struct Accounts(Arc<Context>);

#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) database: Database,
    pub(crate) keys: MasterKey,
    pub(crate) master: MasterKey,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) settings: ArcSwap<AccountSettings>,
    pub(crate) access_tokens: AccessTokens,
    pub(crate) passwords: Passwords,
    pub(crate) throttle: Throttle,
    pub(crate) letters: Throttle,
    pub(crate) sending: Arc<Semaphore>,
    pub(crate) checked: Cache<Shown, Checked>,
    pub(crate) tls: Tls,
    pub(crate) providers: Cache<String, Arc<CoreProviderMetadata>>,
}

/// What somebody shows: a login by its id, a personal token by its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shown {
    Session(SessionId),
    Token([u8; 32]),
}

/// Whose a credential was at a moment; nobody's once it was ended.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) at: Timestamp,
    pub(crate) ends_at: Timestamp,
    pub(crate) actor: Option<Actor>,
}

impl Accounts {
    /// Puts together what there is.
    pub fn new(parts: AccountParts) -> Self {
        let AccountParts { database, keys, master, clock, ids, settings, tls } = parts;
        let (together, alone) = MAX_LETTERS;
        Self(Arc::new(Context {
            access_tokens: AccessTokens::new(&keys),
            passwords: Passwords::new(&settings),
            throttle: Throttle::new(
                settings.login_window,
                settings.max_failures,
                settings.max_failures_alone,
            ),
            letters: Throttle::new(settings.login_window, together, alone),
            sending: Arc::new(Semaphore::new(SENDING)),
            checked: Cache::builder().max_capacity(CHECKED).time_to_live(settings.session_cache_ttl).build(),
            settings: ArcSwap::from_pointee(settings),
            tls,
            providers: Cache::builder().max_capacity(PROVIDERS).time_to_live(PROVIDER_TTL).build(),
            database,
            keys,
            master,
            clock,
            ids,
        }))
    }

    /// Goes on with other settings; those of throttling and of checks take effect at the next start.
    pub fn configure(&self, settings: AccountSettings) {
        self.0.settings.store(Arc::new(settings));
    }

    /// Whether strangers may add themselves.
    pub fn allows_registration(&self) -> bool {
        self.0.settings.load().registration
    }

    /// Whether letters are sent.
    pub fn sends_letters(&self) -> bool {
        self.0.settings.load().mailer.is_some()
    }

    /// Forgets whose credentials are valid, and what their owners may do: some of it has changed.
    pub(crate) fn forget_checked(&self) {
        self.0.checked.invalidate_all();
    }

    pub(crate) fn context(&self) -> &Context {
        &self.0
    }
}
