//! Running one job.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use metrics::histogram;
use roundhouse_domain::Timestamp;
use roundhouse_storage::jobs::ClaimedJob;

use super::{Inner, Run};
use crate::context::Context;
use crate::job::JobError;

impl Inner {
    pub(super) fn begin(self: &Arc<Self>, job: ClaimedJob, lease_until: Timestamp) {
        let run = Arc::new(Run::new(job.claim, job.kind, job.max_attempts, lease_until));
        self.enter(&run);
        let (worker, context) = (self.clone(), Context::new(run.clone(), self.queue.clone(), job.checkpoint));
        let payload = job.payload;
        self.tasks.spawn(async move {
            let result = worker.execute(&run, &payload, context).await;
            worker.settle(&run, result).await;
            worker.leave(&run);
        });
    }

    async fn execute(&self, run: &Run, payload: &str, context: Context) -> Result<String, JobError> {
        let Some(handler) = self.registry.handlers.get(run.kind.as_str()) else {
            return Err(JobError::Permanent("this process does not know such jobs".to_owned()));
        };
        tracing::debug!(job_id = %run.claim.id, kind = run.kind, attempt = run.claim.attempt, "job begins");
        let clock = context.clock().clone();
        let begun = clock.now();
        let work = AssertUnwindSafe(async { handler(payload, context).await }).catch_unwind();
        let result = tokio::select! {
            result = work => result.unwrap_or_else(|_| Err(JobError::temporary("it ended in a fault of ours; the log says more"))),
            () = self.out_of_patience(run) => Err(JobError::Stopped),
        };
        histogram!("roundhouse_job_duration_seconds", "kind" => run.kind.clone())
            .record(clock.now().since(begun).as_secs_f64());
        result
    }

    /// Done some time after the run was asked to stop.
    async fn out_of_patience(&self, run: &Run) {
        run.stop.cancelled().await;
        tokio::time::sleep(self.settings.grace).await;
    }
}
