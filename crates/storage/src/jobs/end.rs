//! The end of a run, and what people do to jobs.

use roundhouse_domain::{JobId, Timestamp};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, UpdateMany};

use super::{Claim, JobState};
use crate::entity::job::{Column, Entity};
use crate::error::StorageError;

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is done, with this result as JSON.
    Done(String),
    /// It failed for good, for this reason.
    Failed(String),
    /// It was stopped, since somebody asked for that.
    Cancelled,
}

/// Ends a job; tells whether the claim still held. What a finished job worked on is forgotten.
pub async fn end(
    connection: &impl ConnectionTrait,
    claim: &Claim,
    ending: &Ending,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let (state, result, error) = match ending {
        Ending::Done(result) => (JobState::Done, Some(result), None),
        Ending::Failed(error) => (JobState::Failed, None, Some(error)),
        Ending::Cancelled => (JobState::Cancelled, None, None),
    };
    let mut update = leave(state)
        .col_expr(Column::FinishedAt, Expr::value(now.as_millis()))
        .col_expr(Column::Result, Expr::value(result.cloned()))
        .col_expr(Column::Error, Expr::value(error.cloned()));
    if state == JobState::Done {
        update = update
            .col_expr(Column::Payload, Expr::value("null"))
            .col_expr(Column::Checkpoint, Expr::value(None::<String>));
    }
    Ok(update.filter(claim.held()).exec(connection).await?.rows_affected > 0)
}

/// Lets a job that failed wait for its next run; tells whether the claim still held.
pub async fn put_off(
    connection: &impl ConnectionTrait,
    claim: &Claim,
    error: &str,
    run_at: Timestamp,
) -> Result<bool, StorageError> {
    let update = leave(JobState::Waiting)
        .col_expr(Column::RunAt, Expr::value(run_at.as_millis()))
        .col_expr(Column::Error, Expr::value(error));
    Ok(update.filter(claim.held()).exec(connection).await?.rows_affected > 0)
}

/// Lets somebody else do a job that was begun, as if it had not been; tells whether the claim still held.
pub async fn give_back(connection: &impl ConnectionTrait, claim: &Claim) -> Result<bool, StorageError> {
    let update = leave(JobState::Waiting).col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1));
    Ok(update.filter(claim.held()).exec(connection).await?.rows_affected > 0)
}

/// Cancels a job that waits, and asks a running one to stop; tells whether it was open.
pub async fn cancel(
    connection: &impl ConnectionTrait,
    id: JobId,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let waiting = leave(JobState::Cancelled)
        .col_expr(Column::FinishedAt, Expr::value(now.as_millis()))
        .filter(Column::Id.eq(id.0))
        .filter(Column::State.eq(JobState::Waiting.as_str()));
    if waiting.exec(connection).await?.rows_affected > 0 {
        return Ok(true);
    }
    let running = Entity::update_many()
        .col_expr(Column::CancelRequested, Expr::value(true))
        .filter(Column::Id.eq(id.0))
        .filter(Column::State.eq(JobState::Running.as_str()));
    Ok(running.exec(connection).await?.rows_affected > 0)
}

/// Lets a job that failed or was cancelled wait again, with all its attempts; tells whether it had.
///
/// # Errors
/// A conflict when an open job has the same dedupe key.
pub async fn retry(
    connection: &impl ConnectionTrait,
    id: JobId,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let update = leave(JobState::Waiting)
        .col_expr(Column::RunAt, Expr::value(now.as_millis()))
        .col_expr(Column::Attempts, Expr::value(0))
        .col_expr(Column::CancelRequested, Expr::value(false))
        .col_expr(Column::FinishedAt, Expr::value(None::<i64>))
        .filter(Column::Id.eq(id.0))
        .filter(Column::State.is_in([JobState::Failed.as_str(), JobState::Cancelled.as_str()]));
    Ok(update.exec(connection).await?.rows_affected > 0)
}

/// Into another state, without a lease.
fn leave(state: JobState) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state.as_str()))
        .col_expr(Column::LeaseOwner, Expr::value(None::<Uuid>))
        .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
}
