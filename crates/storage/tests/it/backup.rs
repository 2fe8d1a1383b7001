//! Copies of a database.

use std::os::unix::fs::PermissionsExt;

use roundhouse_domain::ErrorKind;
use roundhouse_storage::testing::Place;
use roundhouse_storage::{Database, settings};

use crate::support::write;

#[tokio::test]
async fn a_copy_holds_what_was_committed_and_only_its_owner_reads_it() {
    let test = Place::sqlite().open().await;
    write!(test.database, |transaction| settings::set(&transaction, "theme", b"dark")).unwrap();
    let path = test.folder().join("copies/one.db");
    let open = test.database.write().await.unwrap();
    settings::set(&open, "theme", b"not committed").await.unwrap();
    test.database.backup_to(&path).await.unwrap();
    drop(open);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let mut options = test.options.clone();
    options.url = format!("sqlite://{}", path.display()).into();
    let copy = Database::open(&options).await.unwrap();
    assert_eq!(settings::get(copy.reader(), "theme").await.unwrap().as_deref(), Some(&b"dark"[..]));
}

#[tokio::test]
async fn a_copy_replaces_no_file() {
    let test = Place::sqlite().open().await;
    let path = test.folder().join("precious");
    std::fs::write(&path, "precious").unwrap();
    let error = test.database.backup_to(&path).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "backup_exists"));
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
}

#[tokio::test]
async fn postgres_is_left_to_its_own_tools() {
    let test = Place::postgres().await.open().await;
    let error = test.database.backup_to(&test.folder().join("dump")).await.unwrap_err();
    assert_eq!(error.code(), "backup_needs_pg_dump");
    assert!(error.to_string().contains("pg_dump --format=custom"));
}
