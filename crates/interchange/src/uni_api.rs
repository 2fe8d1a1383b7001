//! uni-api's `api.yaml` (github.com/yym68686/uni-api, 1.7).

mod access;
mod body;
mod engine;
mod model;
mod preferences;
mod provider;
mod read;
mod timeouts;
mod write;

pub use read::read;
pub use write::{WriteFileError, Written, says, write};
