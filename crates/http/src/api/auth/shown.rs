//! People as they are shown.

use roundhouse_accounts::User;
use roundhouse_domain::Timestamp;
use roundhouse_storage::groups::Group;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownUser {
    id: Uuid,
    email: String,
    name: String,
    /// `administrator` or `member`.
    role: &'static str,
    /// `active`, `invited` (no password yet, and never logged in) or `disabled`.
    status: &'static str,
    /// A language tag; null is what the browser says.
    language: Option<String>,
    /// A name of the IANA time zone database; null is what the browser says.
    time_zone: Option<String>,
    #[schema(value_type = Option<String>)]
    last_login_at: Option<Timestamp>,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = String)]
    updated_at: Timestamp,
}

/// A group that somebody is in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownGroupName {
    id: Uuid,
    name: String,
}

impl From<User> for ShownUser {
    fn from(user: User) -> Self {
        let status = match &user {
            user if user.disabled => "disabled",
            user if !user.has_password && user.last_login_at.is_none() => "invited",
            _ => "active",
        };
        Self {
            id: user.id.0,
            email: user.email,
            name: user.name,
            role: user.role.as_str(),
            status,
            language: user.language,
            time_zone: user.time_zone,
            last_login_at: user.last_login_at,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

impl From<Group> for ShownGroupName {
    fn from(group: Group) -> Self {
        Self { id: group.id.0, name: group.name }
    }
}
