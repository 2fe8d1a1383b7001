//! Which bodies are kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which bodies of requests are kept, so that people who may can read them later. They hold what callers say: nothing is kept
/// unless it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CaptureSpec {
    /// What callers send. Default false.
    pub request: bool,
    /// What callers get. Default false.
    pub response: bool,
    /// Bytes of each body; what is beyond is cut off. Default 65536.
    #[schemars(range(min = 1, max = 16_777_216))]
    pub max_bytes: u32,
}

impl CaptureSpec {
    /// Whether anything is kept.
    pub const fn is_on(&self) -> bool {
        self.request || self.response
    }

    /// What either of both keeps.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self.is_on(), other.is_on()) {
            (_, false) => self,
            (false, true) => other,
            (true, true) => Self {
                request: self.request || other.request,
                response: self.response || other.response,
                max_bytes: self.max_bytes.max(other.max_bytes),
            },
        }
    }
}

impl Default for CaptureSpec {
    fn default() -> Self {
        Self { request: false, response: false, max_bytes: 64 << 10 }
    }
}
