//! Writes the request log: the one table that grows with traffic, so this is said in SQL.

use roundhouse_domain::{AttemptRecord, RequestRecord};
use sea_orm::sqlx::{self, AssertSqlSafe, PgPool, Sqlite, SqlitePool};

use super::attempts;
use crate::database::{Database, WriterPool};
use crate::error::StorageError;

const COLUMNS: &str = "id, started_at, duration_ms, first_byte_ms, access_key_id, access_key, operation, model, stream, status, outcome, error, \
    input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, client_ip, provider, provider_key_hash, \
    upstream_model, attempts, choices";
const COLUMN_COUNT: usize = 23;
/// Rows of one statement, largest first: few enough texts that SQLite keeps all of them prepared, and few enough rows that
/// binding them keeps no request waiting.
const CHUNKS: [usize; 4] = [64, 16, 4, 1];

/// Appends requests to the log, all or none; those that are there already stay as they are.
///
/// Returns how many were new.
pub async fn insert_batch(database: &Database, records: &[RequestRecord]) -> Result<u64, StorageError> {
    match database.writer_pool() {
        WriterPool::Sqlite(pool) => sqlite(pool, records).await,
        WriterPool::Postgres(pool) => postgres(pool, records).await,
    }
}

async fn sqlite(pool: &SqlitePool, mut records: &[RequestRecord]) -> Result<u64, StorageError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let mut inserted = 0;
    for size in CHUNKS {
        let statement = if records.len() < size { String::new() } else { sqlite_statement(size) };
        while let Some((chunk, rest)) = records.split_at_checked(size) {
            let mut query = sqlx::query(AssertSqlSafe(statement.clone()));
            for record in chunk {
                query = bind(query, record);
            }
            inserted += query.execute(&mut *transaction).await?.rows_affected();
            records = rest;
        }
    }
    transaction.commit().await?;
    Ok(inserted)
}

fn sqlite_statement(rows: usize) -> String {
    let row = format!("({})", vec!["?"; COLUMN_COUNT].join(","));
    // Not ON CONFLICT DO NOTHING: a statement that could still fail keeps a journal of every page that it touches.
    format!("INSERT OR IGNORE INTO requests ({COLUMNS}) VALUES {}", vec![row; rows].join(","))
}

type SqliteQuery<'q> = sqlx::query::Query<'q, Sqlite, sqlx::sqlite::SqliteArguments>;

fn bind<'q>(query: SqliteQuery<'q>, record: &RequestRecord) -> SqliteQuery<'q> {
    let last = record.attempts.last();
    query
        .bind(record.id.0)
        .bind(record.started_at.as_millis())
        .bind(record.duration_ms)
        .bind(record.first_byte_ms)
        .bind(record.access_key_id.map(|id| id.0))
        .bind(record.access_key.clone())
        .bind(&*record.operation)
        .bind(record.model.clone())
        .bind(record.stream)
        .bind(record.status)
        .bind(record.outcome.as_str())
        .bind(record.error.clone())
        .bind(count(record.usage.input))
        .bind(count(record.usage.output))
        .bind(count(record.usage.cached))
        .bind(count(record.usage.cache_write))
        .bind(count(record.usage.reasoning))
        .bind(record.client_ip.map(|address| address.to_string()))
        .bind(last.map(|attempt| attempt.provider.clone()))
        .bind(key_hash(last))
        .bind(last.map(|attempt| attempt.model.clone()))
        .bind(attempts::write(&record.attempts))
        .bind(record.choices.write(&record.model))
}

/// One array for each column: the statement is the same for any number of rows.
async fn postgres(pool: &PgPool, records: &[RequestRecord]) -> Result<u64, StorageError> {
    let statement = format!(
        "INSERT INTO requests ({COLUMNS}) SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], \
         $5::uuid[], $6::text[], $7::text[], $8::text[], $9::boolean[], $10::integer[], $11::text[], $12::text[], \
         $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::text[], $19::text[], \
         $20::bytea[], $21::text[], $22::text[], $23::text[]) ON CONFLICT DO NOTHING"
    );
    macro_rules! column {
        (|$record:ident| $value:expr) => {
            records.iter().map(|$record| $value).collect::<Vec<_>>()
        };
    }
    let inserted = sqlx::query(AssertSqlSafe(statement))
        .bind(column!(|record| record.id.0))
        .bind(column!(|record| record.started_at.as_millis()))
        .bind(column!(|record| i64::from(record.duration_ms)))
        .bind(column!(|record| record.first_byte_ms.map(i64::from)))
        .bind(column!(|record| record.access_key_id.map(|id| id.0)))
        .bind(column!(|record| &*record.access_key))
        .bind(column!(|record| &*record.operation))
        .bind(column!(|record| &*record.model))
        .bind(column!(|record| record.stream))
        .bind(column!(|record| i32::from(record.status)))
        .bind(column!(|record| record.outcome.as_str()))
        .bind(column!(|record| record.error.as_deref()))
        .bind(column!(|record| count(record.usage.input)))
        .bind(column!(|record| count(record.usage.output)))
        .bind(column!(|record| count(record.usage.cached)))
        .bind(column!(|record| count(record.usage.cache_write)))
        .bind(column!(|record| count(record.usage.reasoning)))
        .bind(column!(|record| record.client_ip.map(|address| address.to_string())))
        .bind(column!(|record| record.attempts.last().map(|attempt| &*attempt.provider)))
        .bind(column!(|record| key_hash(record.attempts.last())))
        .bind(column!(|record| record.attempts.last().map(|attempt| &*attempt.model)))
        .bind(column!(|record| attempts::write(&record.attempts)))
        .bind(column!(|record| record.choices.write(&record.model)))
        .execute(pool)
        .await?;
    Ok(inserted.rows_affected())
}

fn count(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}

fn key_hash(attempt: Option<&AttemptRecord>) -> Option<Vec<u8>> {
    attempt?.key_hash.map(|hash| hash.0.to_vec())
}
