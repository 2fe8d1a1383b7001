//! Writes the request log and what it comes to, in one transaction: the one place that grows with traffic, so this is said in
//! SQL.

mod postgres;
mod sqlite;

use std::collections::HashSet;

use roundhouse_domain::RequestRecord;
use sea_orm::prelude::Uuid;

use super::numbers::{self, Numbers};
use crate::database::{Database, WriterPool};
use crate::error::StorageError;
use crate::usage::Tally;

/// A record with its names as numbers.
#[derive(Clone, Copy)]
pub(super) struct Numbered<'a> {
    record: &'a RequestRecord,
    numbers: &'a Numbers,
}

/// Appends requests to the log and adds them to the roll-ups, all or none; those that are there already stay as they are and
/// are not counted again.
///
/// Returns how many were new.
pub async fn insert_batch(database: &Database, records: &[RequestRecord]) -> Result<u64, StorageError> {
    let numbers = numbers::of(database, records).await?;
    let rows = records.iter().zip(&numbers).map(|(record, numbers)| Numbered { record, numbers });
    let rows: Vec<_> = rows.collect();
    match database.writer_pool() {
        WriterPool::Sqlite(pool) => sqlite::insert(pool, rows).await,
        WriterPool::Postgres(pool) => postgres::insert(pool, rows).await,
    }
}

/// The first row of each id that `is_new`.
fn new_rows<'a>(rows: &[Numbered<'a>], is_new: impl Fn(&Uuid) -> bool) -> Vec<Numbered<'a>> {
    let mut seen = HashSet::with_capacity(rows.len());
    rows.iter().filter(|row| is_new(&row.record.id.0) && seen.insert(row.record.id)).copied().collect()
}

/// What rows come to.
fn tally(rows: &[Numbered<'_>]) -> Tally {
    let mut tally = Tally::default();
    for row in rows {
        tally.add(row.record, row.numbers);
    }
    tally
}
