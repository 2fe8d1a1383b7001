//! How the queue works.

use std::time::Duration;

/// How a worker treats jobs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Jobs that run at the same time in this process.
    pub concurrent: usize,
    /// How long a process that does not answer keeps its jobs.
    pub lease: Duration,
    /// How often it is looked for jobs that other processes have added.
    pub poll: Duration,
    /// How long a job that was asked to stop may take.
    pub grace: Duration,
    /// The pause before the second attempt; each further one is twice as long.
    pub first_retry: Duration,
    /// The longest such pause.
    pub longest_retry: Duration,
    /// How long ended jobs are kept; zero is for ever.
    pub retention: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            concurrent: 16,
            lease: Duration::from_secs(30),
            poll: Duration::from_secs(1),
            grace: Duration::from_secs(10),
            first_retry: Duration::from_secs(5),
            longest_retry: Duration::from_mins(10),
            retention: Duration::from_hours(7 * 24),
        }
    }
}
