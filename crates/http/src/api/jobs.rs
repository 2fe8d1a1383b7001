//! Background work.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use roundhouse_domain::{ErrorKind, JobId, Timestamp};
use roundhouse_jobs::QueueError;
use roundhouse_storage::jobs::{Filter, Job, JobState, Progress};
use roundhouse_storage::schedules::Schedule;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page::{Page, PageQuery};
use crate::actor::Allowed;
use crate::need::{JobsRead, JobsWrite};
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(QueueError);

/// How often a job that is watched is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Which jobs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JobsQuery {
    /// `waiting`, `running`, `done`, `failed` or `cancelled`.
    state: Option<String>,
    /// What the job does, such as `health.check_all`.
    kind: Option<String>,
}

/// A job.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct ShownJob {
    id: Uuid,
    /// What it does.
    kind: String,
    /// What it does it to.
    subject: Option<String>,
    /// `waiting`, `running`, `done`, `failed` or `cancelled`.
    state: &'static str,
    progress: ShownProgress,
    /// Whether a running job was asked to stop.
    cancel_requested: bool,
    /// How often it was begun.
    attempts: u32,
    /// How often it may be begun.
    max_attempts: u32,
    priority: i32,
    /// What it brought.
    result: Option<Value>,
    /// Why it failed the last time.
    error: Option<String>,
    /// Who asked for it; null for schedules.
    created_by: Option<Uuid>,
    #[schema(value_type = String)]
    created_at: Timestamp,
    /// Not before.
    #[schema(value_type = String)]
    run_at: Timestamp,
    #[schema(value_type = Option<String>)]
    started_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    finished_at: Option<Timestamp>,
}

/// How much of a job is done.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct ShownProgress {
    /// Pieces that are done.
    done: u64,
    /// Pieces that there are, where that is known.
    total: Option<u64>,
    /// What is going on.
    message: Option<String>,
}

/// Work that is done again and again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownSchedule {
    name: String,
    /// `every` with milliseconds, or `cron` with its text (UTC).
    timing: String,
    #[schema(value_type = String)]
    next_run_at: Timestamp,
    #[schema(value_type = Option<String>)]
    last_run_at: Option<Timestamp>,
    /// The job that was made then.
    last_job_id: Option<Uuid>,
}

/// All schedules.
#[derive(Debug, Serialize, ToSchema)]
pub struct Schedules {
    items: Vec<ShownSchedule>,
}

/// Lists jobs, newest first.
#[utoipa::path(get, path = "/jobs", tag = "jobs", operation_id = "jobs_list", params(PageQuery, JobsQuery),
    security(("bearer" = ["jobs.read"]), ("session" = ["jobs.read"])), responses((status = 200, body = Page<ShownJob>), (status = 400, body = Problem)))]
pub async fn list(
    _: Allowed<JobsRead>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
    Query(query): Query<JobsQuery>,
) -> Result<Json<Page<ShownJob>>, Problem> {
    let limit = page.limit()?;
    let found = app.control.jobs(&query.filter()?, limit, page.after()?).await?;
    Ok(Json(Page::new(found, limit, |job| job.id.to_string(), ShownJob::from)))
}

/// Tells one job.
#[utoipa::path(get, path = "/jobs/{id}", tag = "jobs", operation_id = "jobs_get", params(("id" = Uuid, Path)),
    security(("bearer" = ["jobs.read"]), ("session" = ["jobs.read"])), responses((status = 200, body = ShownJob), (status = 404, body = Problem)))]
pub async fn get(
    _: Allowed<JobsRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownJob>, Problem> {
    Ok(Json(app.control.job(job_id(&id)?).await?.into()))
}

/// Tells one job each time that something about it changes, until it has ended: server-sent events named `job`, each with the
/// job as it is then.
#[utoipa::path(get, path = "/jobs/{id}/events", tag = "jobs", operation_id = "jobs_events", params(("id" = Uuid, Path)),
    security(("bearer" = ["jobs.read"]), ("session" = ["jobs.read"])),
    responses((status = 200, body = String, content_type = "text/event-stream"), (status = 404, body = Problem)))]
pub async fn events(
    _: Allowed<JobsRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let id = job_id(&id)?;
    let first = ShownJob::from(app.control.job(id).await?);
    Ok(Sse::new(unfold(Watch { app, id, last: None, next: Some(first) }, Watch::next))
        .keep_alive(KeepAlive::default()))
}

/// Cancels a job that waits, and asks a running one to stop.
#[utoipa::path(post, path = "/jobs/{id}/cancel", tag = "jobs", operation_id = "jobs_cancel", params(("id" = Uuid, Path)),
    security(("bearer" = ["jobs.write"]), ("session" = ["jobs.write"])),
    responses((status = 200, body = ShownJob), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn cancel(
    allowed: Allowed<JobsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownJob>, Problem> {
    Ok(Json(app.control.cancel_job(allowed.actor.author(), job_id(&id)?).await?.into()))
}

/// Lets a job that failed or was cancelled be done again, with all its attempts.
#[utoipa::path(post, path = "/jobs/{id}/retry", tag = "jobs", operation_id = "jobs_retry", params(("id" = Uuid, Path)),
    security(("bearer" = ["jobs.write"]), ("session" = ["jobs.write"])),
    responses((status = 200, body = ShownJob), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn retry(
    allowed: Allowed<JobsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownJob>, Problem> {
    Ok(Json(app.control.retry_job(allowed.actor.author(), job_id(&id)?).await?.into()))
}

/// Lists the schedules, by name.
#[utoipa::path(get, path = "/schedules", tag = "jobs", operation_id = "schedules_list",
    security(("bearer" = ["jobs.read"]), ("session" = ["jobs.read"])), responses((status = 200, body = Schedules)))]
pub async fn schedules(_: Allowed<JobsRead>, State(app): State<App>) -> Result<Json<Schedules>, Problem> {
    let found = app.control.schedules().await?;
    Ok(Json(Schedules { items: found.into_iter().map(ShownSchedule::from).collect() }))
}

/// A job under someone's eyes.
struct Watch {
    app: App,
    id: JobId,
    last: Option<ShownJob>,
    next: Option<ShownJob>,
}

impl Watch {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if self.last.as_ref().is_some_and(|job| job.finished_at.is_some()) {
            return None;
        }
        let news = match self.next.take() {
            Some(first) => first,
            None => self.change().await?,
        };
        let event = Event::default().event("job").json_data(&news).ok()?;
        self.last = Some(news);
        Some((Ok(event), self))
    }

    /// Waits until the job is not as it was; none when it is gone, or the server stops.
    async fn change(&self) -> Option<ShownJob> {
        loop {
            tokio::select! {
                () = self.app.shutdown.cancelled() => return None,
                () = tokio::time::sleep(LOOK) => {}
            }
            let job = ShownJob::from(self.app.control.job(self.id).await.ok()?);
            if self.last.as_ref() != Some(&job) {
                return Some(job);
            }
        }
    }
}

impl JobsQuery {
    fn filter(self) -> Result<Filter, Problem> {
        let state = self.state.map(|text| {
            let detail = "`state` must be waiting, running, done, failed or cancelled";
            JobState::parse(&text).ok_or_else(|| Problem::new(ErrorKind::Invalid, "invalid_state", detail))
        });
        Ok(Filter { state: state.transpose()?, kind: self.kind })
    }
}

fn job_id(text: &str) -> Result<JobId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

impl From<Job> for ShownJob {
    fn from(job: Job) -> Self {
        let Progress { done, total, message } = job.progress;
        Self {
            id: job.id.0,
            kind: job.kind,
            subject: job.subject,
            state: job.state.as_str(),
            progress: ShownProgress { done, total, message },
            cancel_requested: job.cancel_requested,
            attempts: job.attempts,
            max_attempts: job.max_attempts,
            priority: job.priority,
            // Written by us as JSON; anything else is shown as the text it is.
            result: job.result.map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text))),
            error: job.error,
            created_by: job.created_by.map(|user| user.0),
            created_at: job.created_at,
            run_at: job.run_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
        }
    }
}

impl From<Schedule> for ShownSchedule {
    fn from(schedule: Schedule) -> Self {
        Self {
            name: schedule.name,
            timing: schedule.timing,
            next_run_at: schedule.next_run_at,
            last_run_at: schedule.last_run_at,
            last_job_id: schedule.last_job_id.map(|id| id.0),
        }
    }
}
