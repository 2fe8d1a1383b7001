//! The wire formats of providers: what is pure in speaking to them. No call here waits.

pub mod answer;
pub mod body;
mod document;
pub mod envelope;
pub mod errors;
mod json;
pub mod limits;
pub mod models;
pub mod multipart;
pub mod operation;
pub mod probe;
pub mod rules;
pub mod stream;
pub mod target;
mod usage;

pub use answer::{Answer, Verdict};
pub use body::{BodyError, Pieces};
pub use envelope::Envelope;
pub use errors::{ErrorShape, UpstreamError};
pub use multipart::FormEnvelope;
pub use operation::{Operation, Protocol};
pub use stream::{Phase, StreamMeter};
