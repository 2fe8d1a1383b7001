//! Looking at the request log, and forgetting what is old.

mod retention;

use roundhouse_domain::{RequestId, RequestRecord, Timestamp, UserId};
use roundhouse_storage::requests::{self, FailedKey, Filter};
use roundhouse_storage::{StorageError, request_bodies};

use crate::control::Control;

/// Whose requests somebody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Everybody's.
    All,
    /// Those of their own access keys.
    Own(UserId),
}

impl Viewer {
    /// `filter`, held to what they may see; none where that is nothing.
    pub fn narrow(self, mut filter: Filter) -> Option<Filter> {
        let Self::Own(me) = self else { return Some(filter) };
        if filter.user.is_some_and(|user| user != me) {
            return None;
        }
        filter.user = Some(me);
        Some(filter)
    }

    /// Whether they may see this request.
    pub fn may_see(self, record: &RequestRecord) -> bool {
        match self {
            Self::All => true,
            Self::Own(me) => record.user_id == Some(me),
        }
    }
}

impl Control {
    /// Requests that `viewer` may see, newest first, `limit` of them before `cursor`.
    pub async fn list_requests(
        &self,
        viewer: Viewer,
        filter: &Filter,
        limit: u64,
        cursor: Option<RequestId>,
    ) -> Result<Vec<RequestRecord>, StorageError> {
        let Some(filter) = viewer.narrow(filter.clone()) else { return Ok(Vec::new()) };
        requests::list(self.database().reader(), &filter, limit, cursor).await
    }

    /// The request of that id, where `viewer` may see it.
    pub async fn get_request(
        &self,
        viewer: Viewer,
        id: RequestId,
    ) -> Result<Option<RequestRecord>, StorageError> {
        let found = requests::get(self.database().reader(), id).await?;
        Ok(found.filter(|record| viewer.may_see(record)))
    }

    /// Whether bodies of a request were captured.
    pub async fn has_bodies(&self, id: RequestId) -> Result<bool, StorageError> {
        request_bodies::exists(self.database().reader(), id).await
    }

    /// Provider keys whose attempts were answered with `status` in a time, the most often first.
    pub async fn list_failed_keys(
        &self,
        status: u16,
        provider: Option<&str>,
        time: (Option<Timestamp>, Option<Timestamp>),
        limit: u64,
    ) -> Result<Vec<FailedKey>, StorageError> {
        requests::failed_keys(self.database().reader(), status, provider, time, limit).await
    }
}
