//! New jobs.

use roundhouse_domain::{JobId, Timestamp, UserId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::JobState;
use crate::entity::job::{ActiveModel, Column, Entity};
use crate::error::StorageError;

/// How often it is tried when the job that stands in the way ends at that moment.
const TRIES: usize = 5;

/// A job that is not stored yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: String,
    /// What it does it to, in words for people.
    pub subject: Option<String>,
    /// What it works on, as JSON.
    pub payload: String,
    /// Those with a higher one go first.
    pub priority: i32,
    /// Not before.
    pub run_at: Timestamp,
    /// How often it may be begun.
    pub max_attempts: u32,
    /// Of open jobs with the same one there is only one.
    pub dedupe_key: Option<String>,
    /// Who asks for it.
    pub created_by: Option<UserId>,
    /// When it is asked for.
    pub created_at: Timestamp,
}

/// What became of a new job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// It waits.
    New(JobId),
    /// An open job has the same dedupe key: this one.
    Open(JobId),
}

impl Inserted {
    /// The job that does the work.
    pub const fn id(self) -> JobId {
        match self {
            Self::New(id) | Self::Open(id) => id,
        }
    }
}

/// Adds a job, unless an open one has the same dedupe key.
pub async fn insert(connection: &impl ConnectionTrait, job: &NewJob) -> Result<Inserted, StorageError> {
    for _ in 0..TRIES {
        let unless_open = OnConflict::new().do_nothing().to_owned();
        let added =
            Entity::insert(row(job)).on_conflict(unless_open).exec_without_returning(connection).await?;
        if added > 0 {
            return Ok(Inserted::New(job.id));
        }
        if let Some(key) = &job.dedupe_key
            && let Some(id) = find_open(connection, key).await?
        {
            return Ok(Inserted::Open(id));
        }
    }
    Err(StorageError::corrupt(super::TABLE, "dedupe_key", job.id))
}

async fn find_open(connection: &impl ConnectionTrait, key: &str) -> Result<Option<JobId>, StorageError> {
    let open = [JobState::Waiting.as_str(), JobState::Running.as_str()];
    let query = Entity::find().filter(Column::DedupeKey.eq(key)).filter(Column::State.is_in(open));
    Ok(query.one(connection).await?.map(|row| JobId(row.id)))
}

fn row(job: &NewJob) -> ActiveModel {
    ActiveModel {
        id: Set(job.id.0),
        kind: Set(job.kind.clone()),
        subject: Set(job.subject.clone()),
        payload: Set(job.payload.clone()),
        state: Set(JobState::Waiting.as_str().to_owned()),
        priority: Set(job.priority),
        run_at: Set(job.run_at.as_millis()),
        attempts: Set(0),
        max_attempts: Set(i32::try_from(job.max_attempts).unwrap_or(i32::MAX)),
        lease_owner: Set(None),
        lease_until: Set(None),
        dedupe_key: Set(job.dedupe_key.clone()),
        cancel_requested: Set(false),
        progress_done: Set(0),
        progress_total: Set(None),
        progress_message: Set(None),
        checkpoint: Set(None),
        result: Set(None),
        error: Set(None),
        created_by: Set(job.created_by.map(|user| user.0)),
        created_at: Set(job.created_at.as_millis()),
        started_at: Set(None),
        finished_at: Set(None),
    }
}
