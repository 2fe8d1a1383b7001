//! When work is to be done again. Whoever moves a schedule on has the right, and the duty, to start its work: that is the
//! lease which keeps two processes from doing so.

use roundhouse_domain::{JobId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::schedule::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

/// A stored schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Its name.
    pub name: String,
    /// When it is due, in its text.
    pub timing: String,
    /// When it is due next.
    pub next_run_at: Timestamp,
    /// When its work was started last.
    pub last_run_at: Option<Timestamp>,
    /// The job that was made then.
    pub last_job_id: Option<JobId>,
}

/// Adds a schedule unless there is one of that name.
pub async fn insert(
    connection: &impl ConnectionTrait,
    name: &str,
    timing: &str,
    next_run_at: Timestamp,
) -> Result<(), StorageError> {
    let row = ActiveModel {
        name: Set(name.to_owned()),
        timing: Set(timing.to_owned()),
        next_run_at: Set(next_run_at.as_millis()),
        last_run_at: Set(None),
        last_job_id: Set(None),
    };
    Entity::insert(row).on_conflict_do_nothing().exec_without_returning(connection).await?;
    Ok(())
}

/// All schedules, by name.
pub async fn list_all(connection: &impl ConnectionTrait) -> Result<Vec<Schedule>, StorageError> {
    let rows = Entity::find().order_by_asc(Column::Name).all(connection).await?;
    Ok(rows.into_iter().map(schedule).collect())
}

/// Gives a schedule another timing, if it still has the one of `seen`; tells whether it had.
pub async fn update_timing(
    connection: &impl ConnectionTrait,
    seen: &Schedule,
    timing: &str,
    next_run_at: Timestamp,
) -> Result<bool, StorageError> {
    let updated = Entity::update_many()
        .col_expr(Column::Timing, Expr::value(timing))
        .col_expr(Column::NextRunAt, Expr::value(next_run_at.as_millis()))
        .filter(Column::Name.eq(&seen.name))
        .filter(Column::Timing.eq(&seen.timing))
        .exec(connection)
        .await?;
    Ok(updated.rows_affected > 0)
}

/// Moves a schedule on to its next time, if it still stands where it was `seen`; tells whether it did, and so whether the
/// caller is the one to start its work.
pub async fn advance(
    connection: &impl ConnectionTrait,
    seen: &Schedule,
    now: Timestamp,
    next_run_at: Timestamp,
) -> Result<bool, StorageError> {
    let updated = Entity::update_many()
        .col_expr(Column::LastRunAt, Expr::value(now.as_millis()))
        .col_expr(Column::NextRunAt, Expr::value(next_run_at.as_millis()))
        .filter(Column::Name.eq(&seen.name))
        .filter(Column::NextRunAt.eq(seen.next_run_at.as_millis()))
        .exec(connection)
        .await?;
    Ok(updated.rows_affected > 0)
}

/// Notes which job a schedule has made.
pub async fn update_last_job(
    connection: &impl ConnectionTrait,
    name: &str,
    job: JobId,
) -> Result<(), StorageError> {
    let update = Entity::update_many().col_expr(Column::LastJobId, Expr::value(job.0));
    update.filter(Column::Name.eq(name)).exec(connection).await?;
    Ok(())
}

fn schedule(row: Model) -> Schedule {
    Schedule {
        name: row.name,
        timing: row.timing,
        next_run_at: Timestamp::from_millis(row.next_run_at),
        last_run_at: row.last_run_at.map(Timestamp::from_millis),
        last_job_id: row.last_job_id.map(JobId),
    }
}
