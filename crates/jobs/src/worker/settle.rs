//! What becomes of a job after a run.

use std::time::Duration;

use metrics::counter;
use roundhouse_domain::Timestamp;
use roundhouse_domain::error::chain;
use roundhouse_storage::StorageError;
use roundhouse_storage::jobs::{self, Ending};

use super::run::Reason;
use super::{Inner, Run};
use crate::job::JobError;
use crate::retry;

/// The pause before it is tried again to write an ending.
const PAUSE: Duration = Duration::from_millis(500);

/// What is to be written about a run.
#[derive(Debug, PartialEq)]
enum Settlement {
    End(Ending),
    PutOff { error: String, run_at: Timestamp },
    GiveBack,
}

impl Inner {
    /// Writes what became of a run, as long as its lease lasts.
    pub(super) async fn settle(&self, run: &Run, result: Result<String, JobError>) {
        let now = self.queue.clock().now();
        let pause = retry::pause(&self.settings, run.claim.attempt, fastrand::f64());
        let Some(settlement) = decide(run, result, now.plus(pause)) else {
            tracing::warn!(job_id = %run.claim.id, kind = run.kind, "the job's lease ended while it ran; it is left to others");
            return;
        };
        log(run, &settlement);
        while let Err(error) = self.write(run, &settlement).await {
            tracing::warn!(job_id = %run.claim.id, error = chain(&error), "cannot write down how a job ended");
            if self.queue.clock().now() > run.lease_until() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn write(&self, run: &Run, settlement: &Settlement) -> Result<(), StorageError> {
        let transaction = self.queue.database().write().await?;
        if let Some(progress) = run.take_progress() {
            let written = jobs::update_progress(&transaction, &run.claim, &progress).await;
            run.return_progress(progress);
            written?;
        }
        let now = self.queue.clock().now();
        match settlement {
            Settlement::End(ending) => jobs::end(&transaction, &run.claim, ending, now).await?,
            Settlement::PutOff { error, run_at } => {
                jobs::put_off(&transaction, &run.claim, error, *run_at).await?
            }
            Settlement::GiveBack => jobs::give_back(&transaction, &run.claim).await?,
        };
        Ok(transaction.commit().await?)
    }
}

/// None when the job is not this process's any more.
fn decide(run: &Run, result: Result<String, JobError>, retry_at: Timestamp) -> Option<Settlement> {
    let reason = run.reason();
    Some(match (result, reason) {
        (_, Some(Reason::Lost)) => return None,
        (Ok(result), _) => Settlement::End(Ending::Done(result)),
        (Err(_), Some(Reason::Cancelled)) => Settlement::End(Ending::Cancelled),
        (Err(JobError::Permanent(error)), _) => Settlement::End(Ending::Failed(error)),
        (Err(_), Some(Reason::Shutdown)) => Settlement::GiveBack,
        (Err(error), None) if run.claim.attempt >= run.max_attempts => {
            Settlement::End(Ending::Failed(error.to_string()))
        }
        (Err(error), None) => Settlement::PutOff { error: error.to_string(), run_at: retry_at },
    })
}

fn log(run: &Run, settlement: &Settlement) {
    let (outcome, error) = match settlement {
        Settlement::End(Ending::Done(_)) => ("done", None),
        Settlement::End(Ending::Failed(error)) => ("failed", Some(error)),
        Settlement::End(Ending::Cancelled) => ("cancelled", None),
        Settlement::PutOff { error, .. } => ("put_off", Some(error)),
        Settlement::GiveBack => ("given_back", None),
    };
    counter!("roundhouse_jobs_ended_total", "kind" => run.kind.clone(), "outcome" => outcome).increment(1);
    let (job_id, kind, attempt) = (run.claim.id, &run.kind, run.claim.attempt);
    if let Some(error) = error {
        tracing::warn!(%job_id, kind, attempt, outcome, error, "job ended");
    } else {
        tracing::debug!(%job_id, kind, attempt, outcome, "job ended");
    }
}

#[cfg(test)]
mod tests {
    use roundhouse_domain::{Clock, Ids};
    use roundhouse_storage::jobs::Claim;

    use super::*;

    const LATER: Timestamp = Timestamp::from_millis(1_000);

    fn run(attempt: u32) -> Run {
        let ids = Ids::seeded(Clock::frozen(0), 1);
        let claim = Claim { id: ids.next(), owner: ids.next(), attempt };
        Run::new(claim, "test".to_owned(), 3, LATER)
    }

    fn after(attempt: u32, reason: Option<Reason>, result: Result<String, JobError>) -> Option<Settlement> {
        let run = run(attempt);
        if let Some(reason) = reason {
            run.stop_for(reason);
        }
        decide(&run, result, LATER)
    }

    #[test]
    fn a_failed_run_is_put_off_until_the_last() {
        let failed = || Err(JobError::temporary("no"));
        assert_eq!(
            after(2, None, failed()),
            Some(Settlement::PutOff { error: "no".to_owned(), run_at: LATER })
        );
        assert_eq!(after(3, None, failed()), Some(Settlement::End(Ending::Failed("no".to_owned()))));
        let hopeless = after(1, None, Err(JobError::permanent("never")));
        assert_eq!(hopeless, Some(Settlement::End(Ending::Failed("never".to_owned()))));
    }

    #[test]
    fn why_a_run_stopped_decides_what_follows() {
        let stopped = || Err(JobError::Stopped);
        assert_eq!(after(3, Some(Reason::Shutdown), stopped()), Some(Settlement::GiveBack));
        assert_eq!(after(1, Some(Reason::Cancelled), stopped()), Some(Settlement::End(Ending::Cancelled)));
        assert_eq!(after(1, Some(Reason::Lost), stopped()), None);
    }

    #[test]
    fn what_got_done_is_done_whoever_wanted_it_stopped() {
        for reason in [None, Some(Reason::Cancelled), Some(Reason::Shutdown)] {
            let done = after(1, reason, Ok("1".to_owned()));
            assert_eq!(done, Some(Settlement::End(Ending::Done("1".to_owned()))));
        }
    }
}
