//! While a job runs.

use roundhouse_domain::{JobId, Timestamp};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{Claim, JobState, Progress};
use crate::entity::job::{Column, Entity};
use crate::error::StorageError;

/// Extends the leases of all jobs that `owner` still holds among `claims`; returns those that it holds.
pub async fn renew(
    connection: &impl ConnectionTrait,
    owner: Uuid,
    claims: &[Claim],
    lease_until: Timestamp,
) -> Result<Vec<Claim>, StorageError> {
    let rows = Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(lease_until.as_millis()))
        .filter(Column::LeaseOwner.eq(owner))
        .filter(Column::State.eq(JobState::Running.as_str()))
        .filter(Column::Id.is_in(claims.iter().map(|claim| claim.id.0)))
        .exec_with_returning(connection)
        .await?;
    let held = |claim: &&Claim| {
        rows.iter().any(|row| row.id == claim.id.0 && u32::try_from(row.attempts) == Ok(claim.attempt))
    };
    Ok(claims.iter().filter(held).copied().collect())
}

/// Those of the jobs that `owner` runs which somebody asked to stop.
pub async fn cancel_requested(
    connection: &impl ConnectionTrait,
    owner: Uuid,
) -> Result<Vec<JobId>, StorageError> {
    let query = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(JobState::Running.as_str()))
        .filter(Column::LeaseOwner.eq(owner))
        .filter(Column::CancelRequested.eq(true));
    Ok(query.into_tuple::<Uuid>().all(connection).await?.into_iter().map(JobId).collect())
}

/// Notes how much of a job is done; tells whether the claim still holds.
pub async fn update_progress(
    connection: &impl ConnectionTrait,
    claim: &Claim,
    progress: &Progress,
) -> Result<bool, StorageError> {
    let updated = Entity::update_many()
        .col_expr(Column::ProgressDone, Expr::value(stored(progress.done)))
        .col_expr(Column::ProgressTotal, Expr::value(progress.total.map(stored)))
        .col_expr(Column::ProgressMessage, Expr::value(progress.message.clone()))
        .filter(claim.held())
        .exec(connection)
        .await?;
    Ok(updated.rows_affected > 0)
}

/// Notes where a later run is to go on, as JSON; tells whether the claim still holds.
pub async fn update_checkpoint(
    connection: &impl ConnectionTrait,
    claim: &Claim,
    checkpoint: &str,
) -> Result<bool, StorageError> {
    let updated = Entity::update_many()
        .col_expr(Column::Checkpoint, Expr::value(checkpoint))
        .filter(claim.held())
        .exec(connection)
        .await?;
    Ok(updated.rows_affected > 0)
}

fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
