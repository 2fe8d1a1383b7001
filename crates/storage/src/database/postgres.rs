//! PostgreSQL: one pool for everything.

use std::str::FromStr;
use std::time::Duration;

use sea_orm::SqlxPostgresConnector;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sea_orm::sqlx::{self, ConnectOptions, Connection};

use super::{Backend, Database, OpenError};
use crate::dimensions::Known;
use crate::migration::SchemaStatus;

/// How long the server may take to answer at the start.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a caller waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// The server and database that a URL names.
pub(super) fn target_of(url: &str) -> Result<PgConnectOptions, OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| OpenError::Url {
        reason: "write postgres://user:password@host:5432/database".to_owned(),
    })?;
    Ok(options.application_name("roundhouse").disable_statement_logging())
}

pub(super) async fn open(target: PgConnectOptions, max_connections: u32) -> Result<Database, OpenError> {
    let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool(target, max_connections).await?);
    Ok(Database {
        reader: connection.clone(),
        writer: connection,
        backend: Backend::Postgres,
        dimensions: Known::default(),
    })
}

pub(super) async fn check(target: PgConnectOptions) -> Result<SchemaStatus, OpenError> {
    let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool(target, 1).await?);
    let status = SchemaStatus::read(&connection).await;
    connection.close_by_ref().await?;
    Ok(status?)
}

async fn pool(target: PgConnectOptions, max_connections: u32) -> Result<PgPool, OpenError> {
    // The pool goes on trying a server that refuses connections until its time is up, and then does not say why.
    let first = tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(&target));
    let first = first.await.unwrap_or(Err(sqlx::Error::PoolTimedOut));
    let first = first.map_err(|error| OpenError::of_postgres(&target, error))?;
    first.close().await.map_err(|error| OpenError::of_postgres(&target, error))?;
    let options =
        PgPoolOptions::new().max_connections(max_connections.max(2)).acquire_timeout(ACQUIRE_TIMEOUT);
    Ok(options.connect_lazy_with(target))
}
