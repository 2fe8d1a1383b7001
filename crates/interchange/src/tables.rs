//! Tables of other programs' databases, read as text whatever their columns' types, so that SQLite, `MySQL` and
//! `PostgreSQL` and older versions of a schema are all alike.

use std::path::Path;
use std::time::Duration;

use sea_orm::sqlx::Error as Sqlx;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, RuntimeErr,
    SqlxSqliteConnector, Statement,
};
use serde_json::{Map, Value};

use crate::dsn::Dsn;
use crate::error::ReadError;

/// Rows read at once.
const PAGE: u64 = 2_000;
/// Rows of a table at the most.
const MAX_ROWS: usize = 2_000_000;
/// Bytes of all values of a table at the most.
const MAX_BYTES: usize = 512 << 20;
/// Time for one statement: nobody waits for a table that a hostile file computes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A row: texts by column.
pub(crate) type Row = Map<String, Value>;

/// A database of another program, open for reading.
#[derive(Debug)]
pub(crate) struct Tables {
    connection: DatabaseConnection,
}

impl Tables {
    /// Opens a database; nothing is ever written to it.
    pub(crate) async fn open(dsn: &Dsn) -> Result<Self, ReadError> {
        let connection = match dsn {
            Dsn::File(path) => sqlite(path).await?,
            Dsn::Server(url) => {
                let mut options = ConnectOptions::new(url.expose());
                options.max_connections(1).connect_timeout(Duration::from_secs(10)).sqlx_logging(false);
                Database::connect(options).await.map_err(|error| failed(&error))?
            }
        };
        Ok(Self { connection })
    }

    /// The columns of a table; none when it is not there.
    pub(crate) async fn columns(&self, table: &str) -> Result<Vec<String>, ReadError> {
        let backend = self.connection.get_database_backend();
        // A view could compute for ever, so only tables count.
        let sql = match backend {
            DbBackend::Sqlite => {
                "SELECT i.name AS name FROM pragma_table_info(?) i, sqlite_master m WHERE m.name = ? AND m.type = 'table' ORDER BY i.cid"
            }
            DbBackend::MySql => {
                "SELECT CAST(c.column_name AS CHAR) AS name FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE c.table_schema = DATABASE() AND c.table_name = ? AND t.table_type = 'BASE TABLE' AND t.table_name = ? ORDER BY c.ordinal_position"
            }
            _ => {
                "SELECT c.column_name::text AS name FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE c.table_schema = current_schema() AND c.table_name = $1 AND t.table_type = 'BASE TABLE' AND t.table_name = $2 ORDER BY c.ordinal_position"
            }
        };
        let statement = Statement::from_sql_and_values(backend, sql, [table.into(), table.into()]);
        let rows = self.ask(statement).await?;
        rows.iter().map(|row| row.try_get("", "name").map_err(|error| failed(&error))).collect()
    }

    /// All rows of a table by their `id`; empty when the table is not there.
    pub(crate) async fn rows(&self, table: &str) -> Result<Vec<Row>, ReadError> {
        let columns = self.columns(table).await?;
        if columns.is_empty() {
            return Ok(Vec::new());
        }
        if !columns.iter().any(|column| column == "id") {
            return Err(ReadError::shape(table, "the table has no column `id`"));
        }
        let (mut rows, mut bytes) = (Vec::new(), 0);
        let mut after: i64 = -1;
        loop {
            let page = self.page(table, &columns, Some(after)).await?;
            let count = page.len() as u64;
            for row in page {
                bytes += row.values().filter_map(Value::as_str).map(str::len).sum::<usize>();
                let id = row.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
                after = id
                    .filter(|id| *id > after)
                    .ok_or_else(|| ReadError::shape(table, "ids must be ascending numbers"))?;
                rows.push(row);
            }
            if rows.len() > MAX_ROWS || bytes > MAX_BYTES {
                return Err(ReadError::shape(table, "the table has too many rows"));
            }
            if count < PAGE {
                return Ok(rows);
            }
        }
    }

    /// The first rows of a small table whose key is something else than a number.
    pub(crate) async fn few_rows(&self, table: &str) -> Result<Vec<Row>, ReadError> {
        match self.columns(table).await? {
            columns if columns.is_empty() => Ok(Vec::new()),
            columns => self.page(table, &columns, None).await,
        }
    }

    async fn page(&self, table: &str, columns: &[String], after: Option<i64>) -> Result<Vec<Row>, ReadError> {
        let backend = self.connection.get_database_backend();
        let quoted = |name: &str| match backend {
            DbBackend::MySql => format!("`{}`", name.replace('`', "``")),
            _ => format!("\"{}\"", name.replace('"', "\"\"")),
        };
        let text = match backend {
            DbBackend::MySql => "CHAR",
            _ => "TEXT",
        };
        let selected: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(at, name)| format!("CAST({} AS {text}) AS c{at}", quoted(name)))
            .collect();
        let mark = if backend == DbBackend::Postgres { "$1" } else { "?" };
        let id = quoted("id");
        let place = after.map(|_| format!("WHERE {id} > {mark} ORDER BY {id}")).unwrap_or_default();
        let sql = format!("SELECT {} FROM {} {place} LIMIT {PAGE}", selected.join(", "), quoted(table));
        let rows = self.ask(Statement::from_sql_and_values(backend, sql, after.map(Into::into))).await?;
        let row = |row: &sea_orm::QueryResult| {
            let mut fields = Row::new();
            for (at, name) in columns.iter().enumerate() {
                let value: Option<String> =
                    row.try_get("", &format!("c{at}")).map_err(|error| failed(&error))?;
                fields.insert(name.clone(), value.map_or(Value::Null, Value::String));
            }
            Ok(fields)
        };
        rows.iter().map(row).collect()
    }

    async fn ask(&self, statement: Statement) -> Result<Vec<sea_orm::QueryResult>, ReadError> {
        let asking = self.connection.query_all_raw(statement);
        let answer = tokio::time::timeout(PATIENCE, asking).await;
        answer
            .map_err(|_| ReadError::Database("it does not answer in time".to_owned()))?
            .map_err(|error| failed(&error))
    }

    /// Closes the database.
    pub(crate) async fn close(self) {
        // It was only read: there is nothing to lose.
        let _ = self.connection.close().await;
    }
}

/// Opens a file read-only; its schema is not trusted with functions.
async fn sqlite(path: &Path) -> Result<DatabaseConnection, ReadError> {
    if !path.is_file() {
        return Err(ReadError::Database(format!("there is no file {}", path.display())));
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("query_only", "ON")
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON");
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await;
    let pool = pool.map_err(|error| failed(&DbErr::Conn(RuntimeErr::SqlxError(error.into()))))?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// What the database said, without the addresses and passwords that drivers put into their texts.
fn failed(error: &DbErr) -> ReadError {
    let cause = match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    };
    let text = match cause.map(|cause| &**cause) {
        Some(Sqlx::Database(error)) => error.message().to_owned(),
        Some(Sqlx::Io(error)) => format!("no connection: {error}"),
        Some(Sqlx::Tls(_)) => "no encrypted connection".to_owned(),
        Some(Sqlx::Configuration(_)) => "its address is not understood".to_owned(),
        _ => "it does not answer as it should".to_owned(),
    };
    ReadError::Database(text)
}
