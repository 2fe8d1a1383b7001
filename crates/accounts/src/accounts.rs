//! What every function of this crate needs.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use roundhouse_domain::{Clock, Ids, SessionId, Timestamp};
use roundhouse_storage::{Database, MasterKey};

use crate::access_token::AccessTokens;
use crate::actor::Actor;
use crate::password::Passwords;
use crate::throttle::Throttle;

/// Logins that are remembered as valid for a moment.
const CHECKED_SESSIONS: u64 = 10_000;

/// How people log in.
#[derive(Clone, Debug)]
pub struct AccountSettings {
    /// How long an access token is valid. Default 15 minutes.
    pub access_token_ttl: Duration,
    /// How long a login lasts without a refresh. Default 30 days.
    pub session_ttl: Duration,
    /// How long a valid login is taken for valid before the database is asked again. Default 5 seconds.
    pub session_cache_ttl: Duration,
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
            login_window: Duration::from_mins(15),
            max_failures: 10,
            max_failures_alone: 100,
            concurrent_checks: 2,
            waiting_checks: 64,
        }
    }
}

/// People and their logins; clones share everything.
#[derive(Clone, Debug)]
pub struct Accounts(Arc<Context>);

#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) database: Database,
    pub(crate) keys: MasterKey,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) settings: AccountSettings,
    pub(crate) access_tokens: AccessTokens,
    pub(crate) passwords: Passwords,
    pub(crate) throttle: Throttle,
    pub(crate) checked: Cache<SessionId, Checked>,
}

/// Whose a login was at a moment; nobody's once it was ended.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) at: Timestamp,
    pub(crate) actor: Option<Actor>,
}

impl Accounts {
    /// Puts together what there is.
    pub fn new(
        database: Database,
        keys: MasterKey,
        clock: Clock,
        ids: Ids,
        settings: AccountSettings,
    ) -> Self {
        Self(Arc::new(Context {
            access_tokens: AccessTokens::new(&keys),
            passwords: Passwords::new(&settings),
            throttle: Throttle::new(&settings),
            checked: Cache::builder()
                .max_capacity(CHECKED_SESSIONS)
                .time_to_live(settings.session_cache_ttl)
                .build(),
            database,
            keys,
            clock,
            ids,
            settings,
        }))
    }

    pub(crate) fn context(&self) -> &Context {
        &self.0
    }
}
