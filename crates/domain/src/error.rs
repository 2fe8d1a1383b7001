//! The closed set of things that can go wrong, as far as a caller can act on them.

/// What kind of failure an error is; `http` maps each to one status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The caller sent something that cannot be accepted as it is.
    Invalid,
    /// No credential, or one that is unknown or expired.
    Unauthenticated,
    /// A known caller that may not do this.
    Denied,
    /// No such object, or not visible to this caller.
    NotFound,
    /// The object changed meanwhile, or exists already.
    Conflict,
    /// More bytes than the settings allow.
    TooLarge,
    /// A limit is reached; a later call may succeed.
    RateLimited,
    /// A provider failed, and nothing else was left to try.
    UpstreamFailed,
    /// A deadline passed.
    Timeout,
    /// Not able to serve now; a later call may succeed.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl ErrorKind {
    /// The HTTP status of this kind.
    pub const fn status(self) -> u16 {
        match self {
            Self::Invalid => 400,
            Self::Unauthenticated => 401,
            Self::Denied => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::RateLimited => 429,
            Self::Internal => 500,
            Self::UpstreamFailed => 502,
            Self::Unavailable => 503,
            Self::Timeout => 504,
        }
    }
}

/// An error with what caused it, in one line; a cause that the text before has already told is left out.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let told = cause.to_string();
        if !text.contains(&told) {
            text = format!("{text}: {told}");
        }
        source = cause.source();
    }
    text
}
