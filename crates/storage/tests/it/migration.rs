//! The schema, from nothing, from older versions and from newer ones.

use std::path::PathBuf;

use roundhouse_domain::ErrorKind;
use roundhouse_storage::testing::{Place, places};
use roundhouse_storage::{Backend, Database, settings};

use crate::support::write;

fn backups(place: &Place) -> Vec<PathBuf> {
    let Ok(folder) = std::fs::read_dir(place.options().backup_dir) else { return Vec::new() };
    folder.map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn an_empty_database_gets_the_whole_schema_and_needs_no_backup() {
    for place in places().await {
        let options = place.options();
        let before = Database::check(&options).await.unwrap();
        assert_eq!((before.applied.len(), before.pending.is_empty()), (0, false));
        Database::open(&options).await.unwrap().close().await;
        let after = Database::check(&options).await.unwrap();
        assert_eq!((after.applied, after.pending), (before.pending, vec![]));
        assert_eq!(backups(&place), [] as [PathBuf; 0]);
    }
}

#[tokio::test]
async fn checking_a_database_that_is_not_there_does_not_make_it() {
    let place = Place::sqlite();
    Database::check(&place.options()).await.unwrap();
    assert_eq!(std::fs::read_dir(place.folder()).unwrap().count(), 0);
}

#[tokio::test]
async fn an_older_database_is_brought_up_to_date() {
    for place in places().await {
        let options = place.options();
        let all = Database::check(&options).await.unwrap().pending.len();
        place.make_older(1).await;
        assert_eq!(Database::check(&options).await.unwrap().pending.len(), all - 1);
        let database = Database::open(&options).await.unwrap();
        write!(database, |transaction| settings::set(&transaction, "theme", b"dark")).unwrap();
        database.close().await;
        assert_eq!(Database::check(&options).await.unwrap().pending.len(), 0);
    }
}

#[tokio::test]
async fn an_older_file_is_copied_before_its_schema_changes() {
    let place = Place::sqlite();
    place.make_older(1).await;
    Database::open(&place.options()).await.unwrap().close().await;
    let [backup] = backups(&place).try_into().unwrap();
    let name = backup.file_name().unwrap().to_str().unwrap().to_owned();
    assert_eq!(name, format!("roundhouse-before-{}-20261101T000000Z.db", env!("CARGO_PKG_VERSION")));
    let mut options = place.options();
    options.url = format!("sqlite://{}", backup.display()).into();
    assert_eq!(Database::check(&options).await.unwrap().applied.len(), 1, "the copy is as it was before");
}

#[tokio::test]
async fn a_schema_is_not_changed_without_a_backup() {
    let place = Place::sqlite();
    place.make_older(1).await;
    let mut options = place.options();
    options.backup_dir = place.folder().join("roundhouse.db");
    let error = Database::open(&options).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, "database_backup_failed"));
    assert_eq!(Database::check(&options).await.unwrap().applied.len(), 1);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    for place in places().await {
        let options = place.options();
        Database::open(&options).await.unwrap().close().await;
        place.make_newer().await;
        let error = Database::open(&options).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "database_newer"));
        assert!(error.to_string().contains("use that version, or restore a backup"), "{error}");
        assert_eq!(Database::check(&options).await.unwrap().unknown, ["m29991231_000001_future"]);
    }
}

#[tokio::test]
async fn processes_that_start_together_change_the_schema_once() {
    for place in places().await {
        place.make_older(1).await;
        let options = place.options();
        let opening: Vec<_> = (0..4)
            .map(|_| {
                tokio::spawn({
                    let options = options.clone();
                    async move { Database::open(&options).await.unwrap().close().await }
                })
            })
            .collect();
        for opened in opening {
            opened.await.unwrap();
        }
        assert_eq!(Database::check(&options).await.unwrap().pending.len(), 0);
        assert_eq!(backups(&place).len(), usize::from(place.backend() == Backend::Sqlite));
    }
}
