//! The roll-ups' writing on SQLite.

use sea_orm::sqlx::SqliteConnection;
use sea_orm::sqlx::{self, AssertSqlSafe};

use super::{Tally, counter_columns, list::KEY};
use crate::error::StorageError;

/// Lines of one statement, largest first.
const CHUNKS: [usize; 3] = [32, 8, 1];

/// Adds a batch to what is there.
pub(crate) async fn add(connection: &mut SqliteConnection, tally: &Tally) -> Result<(), StorageError> {
    let lines = tally.lines();
    let mut lines = lines.as_slice();
    for size in CHUNKS {
        if lines.len() < size {
            continue;
        }
        let statement = statement(size);
        while let Some((chunk, rest)) = lines.split_at_checked(size) {
            let mut query = sqlx::query(AssertSqlSafe(statement.clone()));
            for (key, counts) in chunk {
                query = key.numbers().chain(counts.numbers()).fold(query, sqlx::query::Query::bind);
            }
            query.execute(&mut *connection).await?;
            lines = rest;
        }
    }
    Ok(())
}

fn statement(lines: usize) -> String {
    let columns = KEY.len() + counter_columns().count();
    let row = format!("({})", vec!["?"; columns].join(","));
    format!(
        "INSERT INTO usage {} VALUES {} {}",
        super::columns(),
        vec![row; lines].join(","),
        super::on_conflict()
    )
}
