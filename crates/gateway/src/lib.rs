//! The data plane: routing, key pools, limits, attempts, streaming and metering.
//!
//! It knows no database: it serves by an immutable [`snapshot::Snapshot`] behind one atomic pointer and reports what happened to a
//! [`sink::Sink`]. A call goes one way: [`gateway::Gateway::identify`], [`gateway::Gateway::enter`], [`gateway::Gateway::call`].

pub mod access;
pub mod answer;
mod attempt;
mod auth;
pub mod breaker;
mod cache;
pub mod call;
mod capture;
pub mod check;
pub mod compile;
mod conversion;
pub mod demo;
pub mod endpoint;
pub mod error;
pub mod explain;
pub mod failure;
pub mod fetch;
pub mod gateway;
pub mod guardrails;
pub mod hash;
pub mod headers;
pub mod idempotency;
pub mod key;
pub mod key_pool;
pub mod key_settings;
pub mod key_usage;
pub mod limits;
pub mod metrics;
pub mod probe;
pub mod provider;
mod relay;
pub mod route;
mod selection;
mod settlement;
pub mod shared;
pub mod sink;
pub mod snapshot;
mod stream;
pub mod target;
pub mod timeouts;
pub mod turns;
pub mod upstream;
mod waiting;

pub use answer::AnswerBody;
pub use call::{Ask, Call};
pub use error::CallError;
pub use gateway::Gateway;
pub use settlement::Settlement;
