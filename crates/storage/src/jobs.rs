//! Background work: what waits, what runs and under whose lease, and what became of it.
//!
//! A job runs under a lease that its process renews. When the lease ends, the process is taken for dead and the job
//! waits again; [`Claim`] keeps a process that was only slow from writing into a run that is no longer its own.

mod claim;
mod end;
mod insert;
mod run;

use roundhouse_domain::{JobId, Timestamp, UserId};
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

pub use self::claim::{ClaimedJob, claim, has_due, has_expired, release_expired};
pub use self::end::{Ending, cancel, end, give_back, put_off, retry};
pub use self::insert::{Inserted, NewJob, insert};
pub use self::run::{cancel_requested, renew, update_checkpoint, update_progress};
use crate::entity::job::{Column, Entity, Model};
use crate::error::StorageError;

const TABLE: &str = "jobs";

/// What is known of a job; what it works on stays inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: String,
    /// What it does it to, in words for people.
    pub subject: Option<String>,
    /// How far it is on its way.
    pub state: JobState,
    /// Those with a higher one go first.
    pub priority: i32,
    /// Not before.
    pub run_at: Timestamp,
    /// How often it was begun.
    pub attempts: u32,
    /// How often it may be begun.
    pub max_attempts: u32,
    /// Until when a running one is believed to be alive.
    pub lease_until: Option<Timestamp>,
    /// Of open jobs with the same one there is only one.
    pub dedupe_key: Option<String>,
    /// Whether a running one was asked to stop.
    pub cancel_requested: bool,
    /// How much of it is done.
    pub progress: Progress,
    /// What it brought, as JSON.
    pub result: Option<String>,
    /// Why it failed the last time.
    pub error: Option<String>,
    /// Who asked for it.
    pub created_by: Option<UserId>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was begun first.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// How much of a job is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Pieces that are done.
    pub done: u64,
    /// Pieces that there are, where that is known.
    pub total: Option<u64>,
    /// What is going on.
    pub message: Option<String>,
}

/// How far a job is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// For its time, or for somebody to do it.
    Waiting,
    /// A process works on it.
    Running,
    /// It is done.
    Done,
    /// It is not done, and will not be tried again.
    Failed,
    /// Somebody did not want it any more.
    Cancelled,
}

/// One process's hold on one run of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// The job.
    pub id: JobId,
    /// The process.
    pub owner: sea_orm::prelude::Uuid,
    /// The run.
    pub attempt: u32,
}

/// Which jobs to list; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// How far they are.
    pub state: Option<JobState>,
    /// What they do.
    pub kind: Option<String>,
}

impl JobState {
    /// All of them, in the order of a job's life.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// True when nothing more will happen by itself.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

impl Claim {
    /// The rows that this claim still holds: one or none.
    fn held(&self) -> Condition {
        Condition::all()
            .add(Column::Id.eq(self.id.0))
            .add(Column::State.eq(JobState::Running.as_str()))
            .add(Column::LeaseOwner.eq(self.owner))
            .add(Column::Attempts.eq(i32::try_from(self.attempt).unwrap_or(i32::MAX)))
    }
}

/// The job of that id.
pub async fn get(connection: &impl ConnectionTrait, id: JobId) -> Result<Option<Job>, StorageError> {
    Entity::find_by_id(id.0).one(connection).await?.map(|row| job(&row)).transpose()
}

/// Jobs, newest first, `limit` of them before `cursor`.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    limit: u64,
    cursor: Option<JobId>,
) -> Result<Vec<Job>, StorageError> {
    let conditions = Condition::all()
        .add_option(filter.state.map(|state| Column::State.eq(state.as_str())))
        .add_option(filter.kind.as_ref().map(|kind| Column::Kind.eq(kind)))
        .add_option(cursor.map(|cursor| Column::Id.lt(cursor.0)));
    let query = Entity::find().filter(conditions).order_by_desc(Column::Id).limit(limit);
    query.all(connection).await?.iter().map(job).collect()
}

/// How many jobs are in that state.
pub async fn count(connection: &impl ConnectionTrait, state: JobState) -> Result<u64, StorageError> {
    Ok(Entity::find().filter(Column::State.eq(state.as_str())).count(connection).await?)
}

/// Removes jobs that ended before `time`, `max_rows` at the most; tells how many.
pub async fn delete_ended(
    connection: &impl ConnectionTrait,
    time: Timestamp,
    max_rows: u64,
) -> Result<u64, StorageError> {
    let oldest = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::FinishedAt.lt(time.as_millis()))
        .order_by(Column::FinishedAt, sea_orm::Order::Asc)
        .limit(max_rows)
        .take();
    Ok(Entity::delete_many().filter(Column::Id.in_subquery(oldest)).exec(connection).await?.rows_affected)
}

fn job(row: &Model) -> Result<Job, StorageError> {
    let corrupt = |column| StorageError::corrupt(TABLE, column, row.id);
    let small = |value: i32, column| u32::try_from(value).map_err(|_| corrupt(column));
    let large = |value: i64, column| u64::try_from(value).map_err(|_| corrupt(column));
    Ok(Job {
        id: JobId(row.id),
        kind: row.kind.clone(),
        subject: row.subject.clone(),
        state: JobState::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        priority: row.priority,
        run_at: Timestamp::from_millis(row.run_at),
        attempts: small(row.attempts, "attempts")?,
        max_attempts: small(row.max_attempts, "max_attempts")?,
        lease_until: row.lease_until.map(Timestamp::from_millis),
        dedupe_key: row.dedupe_key.clone(),
        cancel_requested: row.cancel_requested,
        progress: Progress {
            done: large(row.progress_done, "progress_done")?,
            total: row.progress_total.map(|total| large(total, "progress_total")).transpose()?,
            message: row.progress_message.clone(),
        },
        result: row.result.clone(),
        error: row.error.clone(),
        created_by: row.created_by.map(UserId),
        created_at: Timestamp::from_millis(row.created_at),
        started_at: row.started_at.map(Timestamp::from_millis),
        finished_at: row.finished_at.map(Timestamp::from_millis),
    })
}
