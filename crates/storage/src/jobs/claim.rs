//! Taking jobs to work on.

use roundhouse_domain::{JobId, Timestamp};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, ExprTrait, Func, LockBehavior, LockType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Claim, JobState, TABLE};
use crate::entity::job::{Column, Entity, Model};
use crate::error::StorageError;

/// What stands in a job whose process ended again and again.
const DEAD: &str = "the process that worked on it ended before it was done";

/// A job that is this process's to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedJob {
    /// The hold on it.
    pub claim: Claim,
    /// What it does.
    pub kind: String,
    /// What it does it to, in words for people.
    pub subject: Option<String>,
    /// What it works on, as JSON.
    pub payload: String,
    /// Where an earlier run got to, as JSON.
    pub checkpoint: Option<String>,
    /// How often it may be begun.
    pub max_attempts: u32,
}

/// Whether there is a job of these kinds to begin.
pub async fn has_due(
    connection: &impl ConnectionTrait,
    kinds: &[&str],
    now: Timestamp,
) -> Result<bool, StorageError> {
    exists(connection, due(kinds, now)).await
}

/// Whether there is a job whose process is dead.
pub async fn has_expired(connection: &impl ConnectionTrait, now: Timestamp) -> Result<bool, StorageError> {
    exists(connection, expired(now)).await
}

/// Takes up to `limit` jobs of these kinds, the most urgent first, under a lease until `lease_until`.
///
/// Two processes never get the same one: SQLite has one writer at a time, and on PostgreSQL rows that another one is
/// about to take are passed over. The `connection` has to be a transaction.
pub async fn claim(
    connection: &impl ConnectionTrait,
    owner: Uuid,
    kinds: &[&str],
    (now, lease_until): (Timestamp, Timestamp),
    limit: u64,
) -> Result<Vec<ClaimedJob>, StorageError> {
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(due(kinds, now))
        .order_by_desc(Column::Priority)
        .order_by_asc(Column::RunAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_tuple()
        .all(connection)
        .await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::update_many()
        .col_expr(Column::State, Expr::value(JobState::Running.as_str()))
        .col_expr(Column::LeaseOwner, Expr::value(owner))
        .col_expr(Column::LeaseUntil, Expr::value(lease_until.as_millis()))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(
            Column::StartedAt,
            Func::coalesce([Expr::col(Column::StartedAt), Expr::value(now.as_millis())]).into(),
        )
        .filter(Column::Id.is_in(ids))
        .exec_with_returning(connection)
        .await?;
    let mut claimed = rows.into_iter().map(|row| claimed(row, owner)).collect::<Result<Vec<_>, _>>()?;
    claimed.sort_by_key(|job| job.claim.id);
    Ok(claimed)
}

/// Lets jobs wait again whose lease has ended, or fail where they were begun too often; tells how many there were.
pub async fn release_expired(connection: &impl ConnectionTrait, now: Timestamp) -> Result<u64, StorageError> {
    let last_run = Expr::col(Column::Attempts).gte(Expr::col(Column::MaxAttempts));
    let ended = |state: JobState| {
        Entity::update_many()
            .col_expr(Column::State, Expr::value(state.as_str()))
            .col_expr(Column::LeaseOwner, Expr::value(None::<Uuid>))
            .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
            .filter(expired(now))
    };
    let cancelled = ended(JobState::Cancelled)
        .col_expr(Column::FinishedAt, Expr::value(now.as_millis()))
        .filter(Column::CancelRequested.eq(true));
    let failed = ended(JobState::Failed)
        .col_expr(Column::FinishedAt, Expr::value(now.as_millis()))
        .col_expr(Column::Error, Expr::value(DEAD))
        .filter(last_run);
    let waiting = ended(JobState::Waiting).col_expr(Column::RunAt, Expr::value(now.as_millis()));
    let mut released = 0;
    for update in [cancelled, failed, waiting] {
        released += update.exec(connection).await?.rows_affected;
    }
    Ok(released)
}

async fn exists(connection: &impl ConnectionTrait, condition: Condition) -> Result<bool, StorageError> {
    let query = Entity::find().select_only().column(Column::Id).filter(condition);
    Ok(query.into_tuple::<Uuid>().one(connection).await?.is_some())
}

fn due(kinds: &[&str], now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::State.eq(JobState::Waiting.as_str()))
        .add(Column::RunAt.lte(now.as_millis()))
        .add(Column::Kind.is_in(kinds.iter().copied()))
}

fn expired(now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::State.eq(JobState::Running.as_str()))
        .add(Column::LeaseUntil.lt(now.as_millis()))
}

fn claimed(row: Model, owner: Uuid) -> Result<ClaimedJob, StorageError> {
    let number =
        |value: i32, column| u32::try_from(value).map_err(|_| StorageError::corrupt(TABLE, column, row.id));
    Ok(ClaimedJob {
        claim: Claim { id: JobId(row.id), owner, attempt: number(row.attempts, "attempts")? },
        max_attempts: number(row.max_attempts, "max_attempts")?,
        kind: row.kind,
        subject: row.subject,
        payload: row.payload,
        checkpoint: row.checkpoint,
    })
}
