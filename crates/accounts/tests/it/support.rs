//! A service with people in it.

use std::time::Duration;

use roundhouse_accounts::sessions::{self, Credentials, LoginError, Tokens};
use roundhouse_accounts::users::{self, NewUser};
use roundhouse_accounts::{AccountSettings, Accounts, Authority, Role, User};
use roundhouse_domain::{Clock, Ids, Secret};
use roundhouse_storage::MasterKey;
use roundhouse_storage::testing::{START_MILLIS, TestDatabase, databases};

pub(crate) const PASSWORD: &str = "correct horse";

/// A service on a database of its own, which is removed with it.
pub(crate) struct Service {
    pub(crate) accounts: Accounts,
    pub(crate) clock: Clock,
    pub(crate) test: TestDatabase,
}

/// A service on each kind of database.
pub(crate) async fn services() -> Vec<Service> {
    databases().await.into_iter().map(Service::new).collect()
}

impl Service {
    fn new(test: TestDatabase) -> Self {
        let clock = Clock::frozen(START_MILLIS);
        let accounts = accounts(&test, &clock, 1);
        Self { accounts, clock, test }
    }

    /// Another process on the same database, with the same clock.
    pub(crate) fn another(&self) -> Accounts {
        accounts(&self.test, &self.clock, 1 << 32)
    }

    pub(crate) fn after(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(crate) async fn add(&self, email: &str, role: Role) -> User {
        users::create(&self.accounts, Authority::Operator, &new_user(email, role)).await.unwrap()
    }

    pub(crate) async fn login(&self, email: &str, password: &str) -> Result<Tokens, LoginError> {
        let address = Some([192, 0, 2, 1].into());
        let credentials = Credentials { email: email.to_owned(), password: Secret::from(password), address };
        sessions::login(&self.accounts, &credentials).await
    }
}

pub(crate) fn new_user(email: &str, role: Role) -> NewUser {
    NewUser { email: email.to_owned(), name: "Ada".to_owned(), password: Secret::from(PASSWORD), role }
}

fn accounts(test: &TestDatabase, clock: &Clock, seed: u64) -> Accounts {
    Accounts::new(
        test.database.clone(),
        MasterKey::from_text(&Secret::from("a key of the tests")),
        clock.clone(),
        Ids::seeded(clock.clone(), seed),
        AccountSettings { max_failures: 3, ..AccountSettings::default() },
    )
}
