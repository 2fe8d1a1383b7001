//! The log's writing on PostgreSQL: one array for each column, so that a statement is the same for any number of rows.

use std::collections::HashSet;

use sea_orm::prelude::Uuid;
use sea_orm::sqlx::{self, AssertSqlSafe, PgConnection, PgPool, Row as _};

use super::super::attempts;
use super::super::row::{self, COLUMNS};
use super::{Numbered, new_rows, tally};
use crate::error::StorageError;
use crate::usage;

pub(super) async fn insert(pool: &PgPool, rows: Vec<Numbered<'_>>) -> Result<u64, StorageError> {
    let mut transaction = pool.begin().await?;
    let written = write_requests(&mut transaction, &rows).await?;
    let rows = new_rows(&rows, |id| written.contains(id));
    if !rows.is_empty() {
        write_details(&mut transaction, &rows).await?;
        write_failures(&mut transaction, &rows).await?;
        usage::postgres::add(&mut transaction, &tally(&rows)).await?;
    }
    transaction.commit().await?;
    Ok(rows.len() as u64)
}

async fn write_requests(
    connection: &mut PgConnection,
    rows: &[Numbered<'_>],
) -> Result<HashSet<Uuid>, StorageError> {
    let arrays: Vec<String> = (2..=COLUMNS.len() + 1).map(|number| format!("${number}::bigint[]")).collect();
    let statement = format!(
        "INSERT INTO requests (id, {}) SELECT * FROM unnest($1::uuid[], {}) ON CONFLICT DO NOTHING RETURNING id",
        COLUMNS.join(", "),
        arrays.join(", "),
    );
    let mut columns: Vec<Vec<Option<i64>>> = vec![Vec::with_capacity(rows.len()); COLUMNS.len()];
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row::integers(row.record, row.numbers)) {
            column.push(value);
        }
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.record.id.0).collect();
    let query = sqlx::query(AssertSqlSafe(statement)).bind(ids);
    let query = columns.into_iter().fold(query, sqlx::query::Query::bind);
    let written = query.fetch_all(connection).await?;
    Ok(written.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}

macro_rules! column {
    ($rows:expr, |$row:pat_param| $value:expr) => {
        $rows.iter().map(|$row| $value).collect::<Vec<_>>()
    };
}

async fn write_details(connection: &mut PgConnection, rows: &[Numbered<'_>]) -> Result<(), StorageError> {
    let statement = "INSERT INTO request_details (id, access_key_id, client_ip, upstream_model, error, attempts, choices, more) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])";
    sqlx::query(statement)
        .bind(column!(rows, |row| row.record.id.0))
        .bind(column!(rows, |row| row.record.access_key_id.map(|id| id.0)))
        .bind(column!(rows, |row| row.record.client_ip.map(|address| address.to_string())))
        .bind(column!(rows, |row| row.record.attempts.last().map(|attempt| attempt.model.to_string())))
        .bind(column!(rows, |row| row.record.error.as_deref().map(ToOwned::to_owned)))
        .bind(column!(rows, |row| attempts::write(&row.record.attempts)))
        .bind(column!(rows, |row| row.record.choices.write(&row.record.model)))
        .bind(column!(rows, |row| row::more(row.record)))
        .execute(connection)
        .await?;
    Ok(())
}

async fn write_failures(connection: &mut PgConnection, rows: &[Numbered<'_>]) -> Result<(), StorageError> {
    let failures = rows
        .iter()
        .flat_map(|row| row::failures(row.record, row.numbers).map(|failure| (row.record.id.0, failure)));
    let failures: Vec<_> = failures.collect();
    if failures.is_empty() {
        return Ok(());
    }
    let statement = "INSERT INTO request_failures (id, position, provider_dim, provider_key_dim, status, verdict, error) \
         SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::integer[], $4::integer[], $5::integer[], $6::text[], $7::text[])";
    sqlx::query(statement)
        .bind(column!(failures, |(id, _)| *id))
        .bind(column!(failures, |(_, failure)| failure.position))
        .bind(column!(failures, |(_, failure)| failure.provider))
        .bind(column!(failures, |(_, failure)| failure.provider_key))
        .bind(column!(failures, |(_, failure)| failure.status))
        .bind(column!(failures, |(_, failure)| failure.verdict.to_owned()))
        .bind(column!(failures, |(_, failure)| failure.error.to_owned()))
        .execute(connection)
        .await?;
    Ok(())
}
