//! The wire formats of providers: what is pure in speaking to them. No call here waits.

pub mod answer;
pub mod body;
pub mod catalogue;
pub mod convert;
pub mod dialect;
mod document;
pub mod envelope;
pub mod errors;
pub mod estimate;
pub mod generation;
mod json;
pub mod limits;
pub mod models;
pub mod multipart;
mod number;
pub mod operation;
pub mod probe;
pub mod profile;
pub mod rough;
pub mod rules;
mod schema;
pub mod stream;
pub mod target;
pub mod tasks;
pub mod texts;
mod usage;
mod wire;

pub use answer::{Answer, Verdict};
pub use body::{BodyError, Pieces};
pub use envelope::Envelope;
pub use errors::{ErrorShape, UpstreamError};
pub use multipart::{Form, FormEnvelope};
pub use operation::{Operation, Protocol};
pub use stream::{Phase, StreamMeter};
pub use wire::Wire;
