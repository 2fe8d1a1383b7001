//! What a person may do by what they are and by the groups they are in.

use roundhouse_domain::Permissions;
use roundhouse_storage::groups::{self, Group};
use roundhouse_storage::{ConnectionTrait, StorageError};

use crate::{Role, User};

/// What a person may do.
pub(crate) async fn of(connection: &impl ConnectionTrait, user: &User) -> Result<Permissions, StorageError> {
    if user.role == Role::Administrator {
        return Ok(Permissions::ALL);
    }
    Ok(through(user.role, &groups::list_of_user(connection, user.id).await?))
}

/// What a role and these groups together allow.
pub(crate) fn through(role: Role, groups: &[Group]) -> Permissions {
    match role {
        Role::Administrator => Permissions::ALL,
        Role::Member => groups.iter().fold(Permissions::MEMBER, |all, group| all.and(group.permissions)),
    }
}
