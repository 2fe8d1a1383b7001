//! Which jobs a process can do.

use std::collections::BTreeMap;
use std::fmt;

use futures_util::future::{BoxFuture, FutureExt};

use crate::context::Context;
use crate::job::{Job, JobError};
use crate::schedule::Schedule;
use crate::timing::Timing;

/// Runs a job of one kind, given what it works on, and returns its result: JSON both.
pub(crate) type Handler =
    Box<dyn Fn(&str, Context) -> BoxFuture<'static, Result<String, JobError>> + Send + Sync>;

/// The kinds of jobs that a process knows, and their schedules.
#[derive(Default)]
pub struct Registry {
    pub(crate) handlers: BTreeMap<&'static str, Handler>,
    pub(crate) schedules: Vec<Schedule>,
}

impl Registry {
    /// Knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Jobs of type `J` are done, with these services.
    pub fn register<J: Job>(&mut self, services: J::Services) -> &mut Self {
        let handler = move |payload: &str, context: Context| match serde_json::from_str::<J>(payload) {
            Ok(job) => run(job, services.clone(), context).boxed(),
            Err(error) => {
                let reason = format!("what it works on cannot be read: {error}");
                std::future::ready(Err(JobError::Permanent(reason))).boxed()
            }
        };
        self.handlers.insert(J::KIND, Box::new(handler));
        self
    }

    /// A job is made each time that `timing` says; none while it says nothing. `name` is never changed once it was used.
    ///
    /// As long as the job of one time is open, the next time is passed over.
    pub fn schedule<J: Job>(
        &mut self,
        name: &'static str,
        timing: impl Fn() -> Option<Timing> + Send + Sync + 'static,
        make: impl Fn() -> J + Send + Sync + 'static,
    ) -> &mut Self {
        self.schedules.push(Schedule::new(name, timing, make));
        self
    }

    /// The kinds that are known.
    pub fn kinds(&self) -> Vec<&'static str> {
        self.handlers.keys().copied().collect()
    }
}

async fn run<J: Job>(job: J, services: J::Services, context: Context) -> Result<String, JobError> {
    let output = job.run(services, context).await?;
    serde_json::to_string(&output)
        .map_err(|error| JobError::Permanent(format!("its result cannot be kept: {error}")))
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("kinds", &self.handlers.keys())
            .field("schedules", &self.schedules)
            .finish_non_exhaustive()
    }
}
