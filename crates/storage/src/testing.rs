//! Fresh databases of both kinds, for tests that say everything once. Test code: it panics where a test should fail.
#![allow(clippy::expect_used, clippy::panic, reason = "only tests use this module")]

use std::sync::atomic::{AtomicU64, Ordering};

use roundhouse_domain::{Clock, Secret};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection, PgConnection};
use sea_orm_migration::MigratorTrait;
use tempfile::TempDir;

use crate::database::{Backend, Database, OpenOptions};
use crate::migration::Migrator;

const SERVER: &str = "ROUNDHOUSE_TEST_POSTGRES_URL";
/// When frozen clocks begin: 2026-11-01T00:00:00Z.
pub const START_MILLIS: i64 = 1_793_491_200_000;

/// A database that is there for one test, and removed with it.
#[derive(Debug)]
pub struct TestDatabase {
    /// The open database.
    pub database: Database,
    /// How to open it again.
    pub options: OpenOptions,
    place: Place,
}

/// A place for one database, which is empty at first.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
    backend: Backend,
    name: String,
}

/// A fresh database of each kind, with the schema of this program.
pub async fn databases() -> Vec<TestDatabase> {
    let mut databases = Vec::new();
    for place in places().await {
        databases.push(place.open().await);
    }
    databases
}

/// A fresh place for a database of each kind, without anything in it.
pub async fn places() -> Vec<Place> {
    vec![Place::sqlite(), Place::postgres().await]
}

impl Place {
    /// A place for a SQLite file.
    pub fn sqlite() -> Self {
        Self { folder: folder(), backend: Backend::Sqlite, name: "roundhouse.db".to_owned() }
    }

    /// A place on the PostgreSQL server of the tests.
    pub async fn postgres() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        execute_on_server(&format!("CREATE DATABASE {name}")).await;
        Self { folder: folder(), backend: Backend::Postgres, name }
    }

    /// How to open what is here; a clock that stands dates it.
    pub fn options(&self) -> OpenOptions {
        let url = match self.backend {
            Backend::Sqlite => format!("sqlite://{}", self.folder.path().join(&self.name).display()),
            Backend::Postgres => {
                let server = server_url();
                let (server, _) = server.rsplit_once('/').expect("the URL names a database");
                format!("{server}/{}", self.name)
            }
        };
        OpenOptions {
            url: Secret::new(url),
            max_connections: 4,
            backup_dir: self.folder.path().join("backups"),
            clock: Clock::frozen(START_MILLIS),
        }
    }

    /// A folder of its own, for what stands beside the database.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Which kind of database belongs here.
    pub const fn backend(&self) -> Backend {
        self.backend
    }

    /// Opens the database.
    pub async fn open(self) -> TestDatabase {
        let options = self.options();
        let database = Database::open(&options).await.expect("a fresh database opens");
        TestDatabase { database, options, place: self }
    }

    /// Makes a database as an older version left it: with the first `migrations` only.
    pub async fn make_older(&self, migrations: u32) {
        let connection = sea_orm::Database::connect(self.bare_url()).await.expect("the place can be used");
        Migrator::up(&connection, Some(migrations)).await.expect("migrations apply");
        connection.close().await.expect("pools close");
    }

    /// Pretends that a newer version has used the database.
    pub async fn make_newer(&self) {
        let connection = sea_orm::Database::connect(self.bare_url()).await.expect("the place can be used");
        let statement =
            "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_future', 0)";
        sea_orm::ConnectionTrait::execute_unprepared(&connection, statement)
            .await
            .expect("migrations are listed");
        connection.close().await.expect("pools close");
    }

    fn bare_url(&self) -> String {
        let url = self.options().url;
        if self.backend == Backend::Sqlite {
            format!("{}?mode=rwc", url.expose())
        } else {
            url.expose().to_owned()
        }
    }
}

impl TestDatabase {
    /// A folder of its own, for what stands beside the database.
    pub fn folder(&self) -> &std::path::Path {
        self.place.folder()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.backend == Backend::Postgres {
            let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
            // A runtime cannot wait inside another one's thread, and dropping cannot be asynchronous.
            let dropped = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.map(|runtime| runtime.block_on(execute_on_server(&statement)))
            });
            let _ = dropped.join();
        }
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("the temporary folder is writable")
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration; the script that starts them sets this"
)]
fn server_url() -> String {
    std::env::var(SERVER).unwrap_or_else(|_| {
        panic!("{SERVER} is not set: run through tests/with-services.sh, or make test");
    })
}

async fn execute_on_server(statement: &str) {
    let mut connection = PgConnection::connect(&server_url()).await.expect("the test server answers");
    sqlx::query(AssertSqlSafe(statement.to_owned()))
        .execute(&mut connection)
        .await
        .expect("the statement works");
    connection.close().await.expect("connections close");
}
