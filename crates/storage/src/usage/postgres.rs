//! The roll-ups' writing on PostgreSQL.

use sea_orm::sqlx::{self, AssertSqlSafe, PgConnection};

use super::{Tally, counter_columns, list::KEY};
use crate::error::StorageError;

/// Adds a batch to what is there.
pub(crate) async fn add(connection: &mut PgConnection, tally: &Tally) -> Result<(), StorageError> {
    let lines = tally.lines();
    let width = KEY.len() + counter_columns().count();
    let mut columns: Vec<Vec<i64>> = vec![Vec::with_capacity(lines.len()); width];
    for (key, counts) in &lines {
        for (column, number) in columns.iter_mut().zip(key.numbers().chain(counts.numbers())) {
            column.push(number);
        }
    }
    let arrays: Vec<String> = (1..=width).map(|number| format!("${number}::bigint[]")).collect();
    let statement = format!(
        "INSERT INTO usage {} SELECT * FROM unnest({}) {}",
        super::columns(),
        arrays.join(", "),
        super::on_conflict()
    );
    let query = sqlx::query(AssertSqlSafe(statement));
    columns.into_iter().fold(query, sqlx::query::Query::bind).execute(connection).await?;
    Ok(())
}
