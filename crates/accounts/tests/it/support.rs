//! A service with people in it.

use std::time::Duration;

use roundhouse_accounts::sessions::{self, Credentials, Device, LoginError, Tokens};
use roundhouse_accounts::users::{self, NewUser};
use roundhouse_accounts::{AccountParts, AccountSettings, Accounts, Actor, Authority, Role, User};
use roundhouse_domain::{Clock, Ids, Secret};
use roundhouse_outbound::Tls;
use roundhouse_storage::MasterKey;
use roundhouse_storage::audit::{self, Filter};
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
        self.login_with(email, password, None).await
    }

    pub(crate) async fn login_with(
        &self,
        email: &str,
        password: &str,
        code: Option<&str>,
    ) -> Result<Tokens, LoginError> {
        let (email, password) = (email.to_owned(), Secret::from(password));
        let credentials = Credentials { email, password, code: code.map(Secret::from), device: device() };
        sessions::login(&self.accounts, &credentials).await
    }

    pub(crate) async fn actor(&self, email: &str) -> Actor {
        let tokens = self.login(email, PASSWORD).await.unwrap();
        sessions::authenticate(&self.accounts, tokens.access_token.expose()).await.unwrap()
    }

    pub(crate) async fn actions(&self) -> Vec<String> {
        let reader = self.test.database.reader();
        let entries = audit::list(reader, &Filter::default(), 100, None).await.unwrap();
        entries.into_iter().map(|entry| entry.action).collect()
    }
}

pub(crate) fn new_user(email: &str, role: Role) -> NewUser {
    NewUser {
        email: email.to_owned(),
        name: "Ada".to_owned(),
        password: Secret::from(PASSWORD),
        role,
        groups: Vec::new(),
    }
}

fn accounts(test: &TestDatabase, clock: &Clock, seed: u64) -> Accounts {
    Accounts::new(AccountParts {
        database: test.database.clone(),
        keys: MasterKey::from_text(&Secret::from("a key of the tests")),
        master: MasterKey::from_text(&Secret::from("another key of the tests")),
        clock: clock.clone(),
        ids: Ids::seeded(clock.clone(), seed),
        settings: settings(),
        tls: Tls::default(),
    })
}

pub(crate) fn settings() -> AccountSettings {
    AccountSettings {
        max_failures: 3,
        public_url: "https://llm.example.com".to_owned(),
        ..AccountSettings::default()
    }
}

pub(crate) fn device() -> Device {
    Device { address: Some([192, 0, 2, 1].into()), user_agent: Some("tests".to_owned()) }
}
