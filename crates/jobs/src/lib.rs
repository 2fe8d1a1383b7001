//! Background work: a queue and schedules in the database, so that several processes share it and none is lost.
//!
//! A [`Job`] is a serialisable struct of ids. It is put into the [`Queue`] in the transaction that needs it, and a
//! [`Worker`] of any process that knows its kind ([`Registry`]) runs it under a lease. A job may be begun again, after an
//! error or when its process died, so it either does no harm when done twice or keeps a checkpoint ([`Context`]).

pub mod context;
pub mod job;
pub mod queue;
pub mod registry;
pub mod schedule;
pub mod settings;
pub mod timing;
pub mod worker;

mod retry;

pub use context::Context;
pub use job::{Job, JobError, Options};
pub use queue::{Queue, QueueError};
pub use registry::Registry;
pub use settings::Settings;
pub use timing::Timing;
pub use worker::Worker;
