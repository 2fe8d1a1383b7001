//! Opening a database, and what is said when that fails.

use std::os::unix::fs::PermissionsExt;

use roundhouse_domain::{ErrorKind, Secret};
use roundhouse_storage::testing::{Place, databases};
use roundhouse_storage::{Backend, Database, OpenError, OpenOptions, settings};

use crate::support::write;

fn options(url: impl Into<String>) -> OpenOptions {
    OpenOptions { url: Secret::new(url), ..Place::sqlite().options() }
}

async fn refusal(options: &OpenOptions) -> OpenError {
    Database::open(options).await.unwrap_err()
}

#[tokio::test]
async fn folder_and_file_are_made_for_their_owner_only() {
    let place = Place::sqlite();
    let path = place.folder().join("new/deep/roundhouse.db");
    let database = Database::open(&options(format!("sqlite://{}", path.display()))).await.unwrap();
    write!(database, |transaction| settings::set(&transaction, "theme", b"dark")).unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for suffix in ["", "-wal", "-shm"] {
        assert_eq!(mode(&path.with_extension(format!("db{suffix}"))), 0o600, "{suffix}");
    }
}

#[tokio::test]
async fn an_open_database_answers_and_knows_its_kind() {
    let mut kinds = Vec::new();
    for test in databases().await {
        test.database.ping().await.unwrap();
        let version = test.database.version().await.unwrap();
        assert!(version.starts_with(|first: char| first.is_ascii_digit()), "{version}");
        kinds.push(test.database.backend());
        let copy = test.database.clone();
        copy.close().await;
        let error = test.database.ping().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "closed for all clones");
    }
    assert_eq!(kinds, [Backend::Sqlite, Backend::Postgres]);
}

#[tokio::test]
async fn a_dropped_transaction_leaves_no_trace() {
    for test in databases().await {
        let transaction = test.database.write().await.unwrap();
        settings::set(&transaction, "theme", b"dark").await.unwrap();
        drop(transaction);
        assert_eq!(settings::get(test.database.reader(), "theme").await.unwrap(), None);
    }
}

#[tokio::test]
async fn the_reading_side_of_a_file_changes_nothing() {
    let test = Place::sqlite().open().await;
    settings::set(test.database.reader(), "theme", b"dark").await.unwrap_err();
    assert_eq!(settings::get(test.database.reader(), "theme").await.unwrap(), None);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_reported() {
    // Not even root may make folders in the kernel's.
    let error = refusal(&options("sqlite:///sys/roundhouse/roundhouse.db")).await;
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, "database_read_only"), "{error:?}");
    assert!(error.to_string().contains("make the folder and the file writable"), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_reported_and_left_alone() {
    let place = Place::sqlite();
    let path = place.folder().join("roundhouse.db");
    let text = "this is a diary, not a database. ".repeat(200);
    std::fs::write(&path, &text).unwrap();
    let error = refusal(&place.options()).await;
    assert_eq!((error.kind(), error.code()), (ErrorKind::Invalid, "database_not_a_database"), "{error:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_full_disk_is_reported() {
    let test = Place::sqlite().open().await;
    let transaction = test.database.write().await.unwrap();
    // A limit on the file's size fails in the same way as the disk.
    roundhouse_storage::ConnectionTrait::execute_unprepared(&transaction, "PRAGMA max_page_count = 1")
        .await
        .unwrap();
    let error = settings::set(&transaction, "large", &vec![0; 1 << 20]).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, "storage_unwritable"), "{error:?}");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_reported_without_its_password() {
    let error = refusal(&options("postgres://ada:hunter2secret@127.0.0.1:9/roundhouse")).await;
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, "database_unreachable"), "{error:?}");
    assert!(error.to_string().contains("127.0.0.1:9"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2secret"));
}

#[tokio::test]
async fn a_missing_database_is_reported_by_name() {
    let place = Place::postgres().await;
    let url = place.options().url.expose().to_owned();
    let (server, _) = url.rsplit_once('/').unwrap();
    let error = refusal(&options(format!("{server}/no_such_thing"))).await;
    assert_eq!((error.kind(), error.code()), (ErrorKind::Invalid, "database_missing"), "{error:?}");
    assert!(error.to_string().contains("createdb no_such_thing"), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_reported_by_user() {
    let place = Place::postgres().await;
    let url = place.options().url.expose().to_owned();
    let (_, server) = url.split_once('@').unwrap();
    let error = refusal(&options(format!("postgres://roundhouse:guess@{server}"))).await;
    assert_eq!((error.kind(), error.code()), (ErrorKind::Invalid, "database_refused"), "{error:?}");
    assert!(error.to_string().contains("user roundhouse"), "{error}");
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_reported() {
    for url in [
        "mysql://host/db",
        "",
        "sqlite::memory:",
        "sqlite://",
        "postgres://host:port/db",
        "sqlite://x?mode=odd",
    ] {
        let error = refusal(&options(url)).await;
        assert_eq!((error.kind(), error.code()), (ErrorKind::Invalid, "database_url_invalid"), "{url}");
    }
}
