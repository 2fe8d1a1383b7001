//! Groups: what people may do beyond what every member may.

use roundhouse_domain::{ErrorKind, GroupId, Permission, Permissions, UserId};
use roundhouse_storage::groups::{self, Group};
use roundhouse_storage::{ConnectionTrait, StorageError, users};
use serde_json::{Value, json};

use crate::User;
use crate::accounts::Accounts;
use crate::actor::{Authority, Denied};
use crate::fault::Fault;
use crate::permissions;
use crate::trail::{self, Object};

const MAX_NAME_CHARACTERS: usize = 100;
const MAX_DESCRIPTION_CHARACTERS: usize = 1_000;

/// What people decide about a group.
#[derive(Clone, Debug)]
pub struct GroupForm {
    /// Unique among groups.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What its members may do.
    pub permissions: Permissions,
}

/// Why a group was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// The person may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The name is missing or too long.
    #[error("`name` must have 1 to {MAX_NAME_CHARACTERS} characters")]
    NameInvalid,
    /// The description is too long.
    #[error("`description` must have at most {MAX_DESCRIPTION_CHARACTERS} characters")]
    DescriptionInvalid,
    /// There is a group of this name.
    #[error("there is a group of this name already")]
    NameTaken,
    /// There is no such group.
    #[error("there is no such group")]
    NotFound,
    /// There is no such person, or they are not in the group.
    #[error("there is no such person, or they are not in the group")]
    MemberNotFound,
    /// A fault of the machinery.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl GroupError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::NameInvalid | Self::DescriptionInvalid => ErrorKind::Invalid,
            Self::NameTaken => ErrorKind::Conflict,
            Self::NotFound | Self::MemberNotFound => ErrorKind::NotFound,
            Self::Fault(fault) => fault.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::NameInvalid => "name_invalid",
            Self::DescriptionInvalid => "description_invalid",
            Self::NameTaken => "group_name_taken",
            Self::NotFound => "group_not_found",
            Self::MemberNotFound => "member_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }
}

impl From<StorageError> for GroupError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

/// Makes a group.
pub async fn create(accounts: &Accounts, by: Authority<'_>, form: &GroupForm) -> Result<Group, GroupError> {
    by.require(Permission::UsersWrite)?;
    by.require_all(form.permissions)?;
    let context = accounts.context();
    let now = context.clock.now();
    let group = Group {
        id: context.ids.next(),
        name: checked_name(&form.name)?,
        description: checked_description(&form.description)?,
        permissions: form.permissions,
        created_at: now,
        updated_at: now,
    };
    let transaction = context.database.write().await?;
    groups::insert(&transaction, &group).await.map_err(taken)?;
    let detail = json!({ "permissions": group.permissions });
    trail::note(context, &transaction, by.author(), "groups.create", (object(&group), detail)).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(group)
}

/// Groups with their numbers of members, in the order they were made, `limit` of them after `cursor`.
pub async fn list(
    accounts: &Accounts,
    by: Authority<'_>,
    limit: u64,
    cursor: Option<GroupId>,
) -> Result<Vec<(Group, u64)>, GroupError> {
    by.require(Permission::UsersRead)?;
    let reader = accounts.context().database.reader();
    counted(reader, groups::list(reader, limit, cursor).await?).await
}

/// How many people are in a group.
pub async fn count_members(accounts: &Accounts, id: GroupId) -> Result<u64, GroupError> {
    let counts = groups::member_counts(accounts.context().database.reader(), &[id]).await?;
    Ok(counts.get(&id).copied().unwrap_or_default())
}

/// A group with its number of members.
pub async fn get(accounts: &Accounts, by: Authority<'_>, id: GroupId) -> Result<(Group, u64), GroupError> {
    by.require(Permission::UsersRead)?;
    let reader = accounts.context().database.reader();
    let group = groups::get(reader, id).await?.ok_or(GroupError::NotFound)?;
    counted(reader, vec![group]).await?.pop().ok_or(GroupError::NotFound)
}

/// Changes a group: what its members may do changes within seconds.
pub async fn update(
    accounts: &Accounts,
    by: Authority<'_>,
    id: GroupId,
    form: &GroupForm,
) -> Result<Group, GroupError> {
    by.require(Permission::UsersWrite)?;
    let context = accounts.context();
    let transaction = context.database.write().await?;
    let before = groups::get(&transaction, id).await?.ok_or(GroupError::NotFound)?;
    by.require_all(before.permissions.and(form.permissions))?;
    let group = Group {
        name: checked_name(&form.name)?,
        description: checked_description(&form.description)?,
        permissions: form.permissions,
        updated_at: context.clock.now(),
        ..before.clone()
    };
    groups::update(&transaction, &group).await.map_err(taken)?;
    let detail = json!({
        "before": { "name": before.name, "permissions": before.permissions },
        "after": { "name": group.name, "permissions": group.permissions },
    });
    trail::note(context, &transaction, by.author(), "groups.update", (object(&group), detail)).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    accounts.forget_checked();
    Ok(group)
}

/// Removes a group; its members stay.
pub async fn delete(accounts: &Accounts, by: Authority<'_>, id: GroupId) -> Result<(), GroupError> {
    by.require(Permission::UsersWrite)?;
    let context = accounts.context();
    let transaction = context.database.write().await?;
    let group = groups::get(&transaction, id).await?.ok_or(GroupError::NotFound)?;
    by.require_all(group.permissions)?;
    groups::delete(&transaction, id).await?;
    trail::note(context, &transaction, by.author(), "groups.delete", (object(&group), Value::Null)).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    accounts.forget_checked();
    Ok(())
}

/// Members of a group, in the order they were added as users, `limit` of them after `cursor`.
pub async fn list_members(
    accounts: &Accounts,
    by: Authority<'_>,
    id: GroupId,
    (limit, cursor): (u64, Option<UserId>),
) -> Result<Vec<User>, GroupError> {
    by.require(Permission::UsersRead)?;
    let reader = accounts.context().database.reader();
    groups::get(reader, id).await?.ok_or(GroupError::NotFound)?;
    Ok(groups::list_members(reader, id, limit, cursor).await?)
}

/// Puts a person into a group; nothing happens where they are in it.
pub async fn add_member(
    accounts: &Accounts,
    by: Authority<'_>,
    id: GroupId,
    user: UserId,
) -> Result<(), GroupError> {
    change_member(accounts, by, (id, user), true).await
}

/// Takes a person out of a group.
pub async fn remove_member(
    accounts: &Accounts,
    by: Authority<'_>,
    id: GroupId,
    user: UserId,
) -> Result<(), GroupError> {
    change_member(accounts, by, (id, user), false).await
}

async fn change_member(
    accounts: &Accounts,
    by: Authority<'_>,
    (id, user): (GroupId, UserId),
    into: bool,
) -> Result<(), GroupError> {
    by.require(Permission::UsersWrite)?;
    let context = accounts.context();
    let transaction = context.database.write().await?;
    let group = groups::get(&transaction, id).await?.ok_or(GroupError::NotFound)?;
    let user = users::get(&transaction, user).await?.ok_or(GroupError::MemberNotFound)?;
    by.require_all(group.permissions)?;
    let (changed, action) = if into {
        (groups::insert_member(&transaction, id, user.id).await?, "groups.add_member")
    } else {
        (groups::delete_member(&transaction, id, user.id).await?, "groups.remove_member")
    };
    match (changed, into) {
        (false, true) => return Ok(()),
        (false, false) => return Err(GroupError::MemberNotFound),
        (true, _) => {}
    }
    let detail = json!({ "user_id": user.id, "email": user.email });
    trail::note(context, &transaction, by.author(), action, (object(&group), detail)).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    accounts.forget_checked();
    Ok(())
}

/// What these groups together allow; one that is not there is an error.
pub(crate) async fn permissions_of(
    connection: &impl ConnectionTrait,
    ids: &[GroupId],
) -> Result<Permissions, GroupError> {
    let mut found = Vec::new();
    for id in ids {
        found.push(groups::get(connection, *id).await?.ok_or(GroupError::NotFound)?);
    }
    Ok(permissions::through(crate::Role::Member, &found))
}

async fn counted(
    connection: &impl ConnectionTrait,
    found: Vec<Group>,
) -> Result<Vec<(Group, u64)>, GroupError> {
    let ids: Vec<_> = found.iter().map(|group| group.id).collect();
    let counts = groups::member_counts(connection, &ids).await?;
    let count = |group: Group| {
        let members = counts.get(&group.id).copied().unwrap_or_default();
        (group, members)
    };
    Ok(found.into_iter().map(count).collect())
}

fn checked_name(name: &str) -> Result<String, GroupError> {
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= MAX_NAME_CHARACTERS;
    if fits { Ok(name.to_owned()) } else { Err(GroupError::NameInvalid) }
}

fn checked_description(text: &str) -> Result<String, GroupError> {
    let text = text.trim();
    if text.chars().count() <= MAX_DESCRIPTION_CHARACTERS {
        Ok(text.to_owned())
    } else {
        Err(GroupError::DescriptionInvalid)
    }
}

fn taken(error: StorageError) -> GroupError {
    if matches!(error, StorageError::Conflict(_)) { GroupError::NameTaken } else { error.into() }
}

fn object(group: &Group) -> Object<'_> {
    Object { kind: "group", id: group.id.to_string(), name: &group.name }
}
