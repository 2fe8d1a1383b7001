//! The log's writing on SQLite.

use std::collections::HashSet;

use sea_orm::prelude::Uuid;
use sea_orm::sqlx::sqlite::SqliteArguments;
use sea_orm::sqlx::{self, AssertSqlSafe, Row as _, Sqlite, SqliteConnection, SqlitePool};

use super::super::attempts;
use super::super::row::{self, COLUMNS, placeholders};
use super::{Numbered, new_rows, tally};
use crate::error::StorageError;
use crate::usage;

/// Rows of one statement, largest first: few enough texts that SQLite keeps all of them prepared, and few enough rows that
/// binding them keeps no request waiting.
const CHUNKS: [usize; 4] = [64, 16, 4, 1];

type Query<'q> = sqlx::query::Query<'q, Sqlite, SqliteArguments>;

pub(super) async fn insert(pool: &SqlitePool, rows: Vec<Numbered<'_>>) -> Result<u64, StorageError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    if write_requests(&mut transaction, &rows).await? == rows.len() as u64 {
        write_rest(&mut transaction, &rows).await?;
        transaction.commit().await?;
        return Ok(rows.len() as u64);
    }
    // Some were there: a batch comes twice when nobody knows whether its first writing arrived.
    transaction.rollback().await?;
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let there = known(&mut transaction, &rows).await?;
    let rows = new_rows(&rows, |id| !there.contains(id));
    write_requests(&mut transaction, &rows).await?;
    write_rest(&mut transaction, &rows).await?;
    transaction.commit().await?;
    Ok(rows.len() as u64)
}

async fn write_rest(connection: &mut SqliteConnection, rows: &[Numbered<'_>]) -> Result<(), StorageError> {
    write_details(connection, rows).await?;
    write_failures(connection, rows).await?;
    usage::sqlite::add(connection, &tally(rows)).await
}

async fn known(
    connection: &mut SqliteConnection,
    rows: &[Numbered<'_>],
) -> Result<HashSet<Uuid>, StorageError> {
    let mut known = HashSet::new();
    for chunk in rows.chunks(500) {
        let ids = vec!["?"; chunk.len()].join(",");
        let mut query = sqlx::query(AssertSqlSafe(format!("SELECT id FROM requests WHERE id IN ({ids})")));
        for row in chunk {
            query = query.bind(row.record.id.0);
        }
        for found in query.fetch_all(&mut *connection).await? {
            known.insert(found.try_get(0)?);
        }
    }
    Ok(known)
}

async fn write_requests(
    connection: &mut SqliteConnection,
    rows: &[Numbered<'_>],
) -> Result<u64, StorageError> {
    // Not ON CONFLICT DO NOTHING: a statement that could still fail keeps a journal of every page that it touches.
    let start = format!("INSERT OR IGNORE INTO requests (id, {}) VALUES ", COLUMNS.join(", "));
    in_chunks(connection, &start, COLUMNS.len() + 1, rows, |query, row| {
        let query = query.bind(row.record.id.0);
        row::integers(row.record, row.numbers).into_iter().fold(query, Query::bind)
    })
    .await
}

async fn write_details(
    connection: &mut SqliteConnection,
    rows: &[Numbered<'_>],
) -> Result<u64, StorageError> {
    let start = "INSERT INTO request_details (id, access_key_id, client_ip, upstream_model, error, attempts, choices, more) VALUES ";
    in_chunks(connection, start, 8, rows, |query, Numbered { record, .. }| {
        query
            .bind(record.id.0)
            .bind(record.access_key_id.map(|id| id.0))
            .bind(record.client_ip.map(|address| address.to_string()))
            .bind(record.attempts.last().map(|attempt| attempt.model.clone()))
            .bind(record.error.clone())
            .bind(attempts::write(&record.attempts))
            .bind(record.choices.write(&record.model))
            .bind(row::more(record))
    })
    .await
}

async fn write_failures(
    connection: &mut SqliteConnection,
    rows: &[Numbered<'_>],
) -> Result<u64, StorageError> {
    let failures = rows
        .iter()
        .flat_map(|row| row::failures(row.record, row.numbers).map(|failure| (row.record.id.0, failure)));
    let failures: Vec<_> = failures.collect();
    let start = "INSERT INTO request_failures (id, position, provider_dim, provider_key_dim, status, verdict, error) VALUES ";
    in_chunks(connection, start, 7, &failures, |query, (id, failure)| {
        query
            .bind(*id)
            .bind(failure.position)
            .bind(failure.provider)
            .bind(failure.provider_key)
            .bind(failure.status)
            .bind(failure.verdict.to_owned())
            .bind(failure.error.to_owned())
    })
    .await
}

/// Writes `rows` by the statement that begins with `start`; tells how many were written.
async fn in_chunks<T>(
    connection: &mut SqliteConnection,
    start: &str,
    columns: usize,
    mut rows: &[T],
    bind: impl for<'q> Fn(Query<'q>, &T) -> Query<'q>,
) -> Result<u64, StorageError> {
    let mut written = 0;
    for size in CHUNKS {
        if rows.len() < size {
            continue;
        }
        let statement = format!("{start}{}", placeholders(size, columns));
        while let Some((chunk, rest)) = rows.split_at_checked(size) {
            let mut query = sqlx::query(AssertSqlSafe(statement.clone()));
            for row in chunk {
                query = bind(query, row);
            }
            written += query.execute(&mut *connection).await?.rows_affected();
            rows = rest;
        }
    }
    Ok(written)
}
