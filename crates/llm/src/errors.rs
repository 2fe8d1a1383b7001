//! Errors: what an upstream said, and how we say ours in each protocol.

mod read;
mod render;
mod status;

pub(crate) use read::from_document;
pub use read::read_error;
pub use render::{render, stream_error};

/// What an upstream said went wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpstreamError {
    /// The HTTP status; for an error inside a 200 inferred from what it says, if it can be.
    pub status: Option<u16>,
    /// Its words, at most 2,048 bytes.
    pub message: String,
    /// Its code, such as `insufficient_quota`; Google's reason, such as `API_KEY_INVALID`.
    pub code: Option<String>,
    /// Its type, such as `invalid_request_error`; Google's status, such as `RESOURCE_EXHAUSTED`.
    pub kind: Option<String>,
}

/// An error of ours, before it takes a protocol's form.
#[derive(Clone, Copy, Debug)]
pub struct ErrorShape<'a> {
    /// The HTTP status.
    pub status: u16,
    /// A stable code.
    pub code: &'a str,
    /// What is wrong, for the caller.
    pub message: &'a str,
    /// The field at fault, if one is.
    pub param: Option<&'a str>,
    /// The request's id.
    pub request_id: &'a str,
}
