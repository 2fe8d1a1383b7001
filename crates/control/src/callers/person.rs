//! People who ask models themselves, without an access key.

use std::sync::Arc;

use roundhouse_domain::{HolderId, UserId};
use roundhouse_gateway::access::AccessKey;
use roundhouse_gateway::limits::{Holder, Limits};
use roundhouse_storage::{ConnectionTrait, StorageError, groups, holder_limits};

use crate::control::Control;

impl Control {
    /// Someone who has shown who they are, as a caller of every model: their limits and those of their groups, as they are now,
    /// count for them.
    pub async fn person(&self, id: UserId, email: &str) -> Result<Arc<AccessKey>, StorageError> {
        let reader = self.database().reader();
        let groups = groups::list_of_user(reader, id).await?;
        let mut holders = vec![self.holder(reader, HolderId::User(id), email).await?];
        for group in &groups {
            holders.push(self.holder(reader, HolderId::Group(group.id), &group.name).await?);
        }
        let group = groups.first().map(|group| group.name.as_str().into());
        Ok(Arc::new(AccessKey::person(id, email, group, holders)))
    }

    async fn holder(
        &self,
        connection: &impl ConnectionTrait,
        id: HolderId,
        name: &str,
    ) -> Result<Holder, StorageError> {
        let limits = Limits::from(&holder_limits::get(connection, &id).await?);
        let usage = self.gateway().usages().of(&id);
        Ok(Holder { id, name: name.into(), limits, usage })
    }
}
