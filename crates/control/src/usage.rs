//! What was used, and what it cost.

use roundhouse_domain::ErrorKind;
use roundhouse_storage::StorageError;
use roundhouse_storage::usage::{self, Line, Query};

use crate::control::Control;
use crate::requests::Viewer;

/// Sums in one answer at the most.
const MOST: u32 = 50_000;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    /// Provider keys and callers in one question.
    #[error("usage of provider keys is not known by user, group or access key: ask for one or the other")]
    Mixed,
    /// More sums than anybody can read.
    #[error("these are more than {MOST} sums: ask for a shorter time, longer intervals or fewer groups")]
    TooMany,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl UsageError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Mixed | Self::TooMany => ErrorKind::Invalid,
            Self::Storage(error) => error.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Mixed => "usage_mixed_groups",
            Self::TooMany => "usage_too_many_sums",
            Self::Storage(error) => error.code(),
        }
    }
}

impl Control {
    /// Sums that `viewer` may see.
    pub async fn list_usage(&self, viewer: Viewer, mut query: Query) -> Result<Vec<Line>, UsageError> {
        if let Viewer::Own(me) = viewer {
            if query.user.is_some_and(|user| user != me) {
                return Ok(Vec::new());
            }
            query.user = Some(me);
        }
        if query.mixes_keys_and_callers() {
            return Err(UsageError::Mixed);
        }
        let most = query.top.unwrap_or(MOST);
        query.top = Some(most.saturating_add(1));
        let mut lines = usage::list(self.database().reader(), &query).await?;
        if lines.len() > MOST as usize {
            return Err(UsageError::TooMany);
        }
        lines.truncate(most as usize);
        Ok(lines)
    }
}
