//! Many who write at the same time.

use std::sync::Arc;

use roundhouse_storage::settings;
use roundhouse_storage::testing::databases;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_writers_and_readers_all_succeed() {
    const WRITERS: u64 = 50;
    const ROUNDS: u64 = 10;
    for test in databases().await {
        let database = Arc::new(test.database.clone());
        let mut tasks = Vec::new();
        for writer in 0..WRITERS {
            let database = Arc::clone(&database);
            tasks.push(tokio::spawn(async move {
                for round in 0..ROUNDS {
                    let transaction = database.write().await.unwrap();
                    let own = format!("writer {writer}");
                    settings::get(&transaction, &own).await.unwrap();
                    settings::set(&transaction, &own, &round.to_be_bytes()).await.unwrap();
                    settings::set(&transaction, "last", own.as_bytes()).await.unwrap();
                    transaction.commit().await.unwrap();
                    settings::get(database.reader(), "last").await.unwrap().unwrap();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        for writer in 0..WRITERS {
            let found = settings::get(database.reader(), &format!("writer {writer}")).await.unwrap();
            assert_eq!(found.as_deref(), Some(&(ROUNDS - 1).to_be_bytes()[..]));
        }
    }
}
