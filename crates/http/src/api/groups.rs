//! Groups of people.

use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use roundhouse_accounts::groups::{self, GroupError, GroupForm};
use roundhouse_domain::{GroupId, Permission, Permissions, Timestamp};
use roundhouse_storage::groups::Group;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Body;
use super::auth::ShownUser;
use super::page::{Page, PageQuery};
use crate::actor::{Allowed, User};
use crate::need::{UsersRead, UsersWrite};
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(GroupError);

/// What a group is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutGroup {
    /// Unique among groups; 1 to 100 characters.
    name: String,
    /// What it is for; at most 1,000 characters.
    #[serde(default)]
    description: String,
    /// Names of permissions that its members have.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    permissions: Permissions,
}

/// A group.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownGroup {
    id: Uuid,
    name: String,
    description: String,
    /// Names of permissions that its members have.
    permissions: Vec<&'static str>,
    /// How many people are in it.
    members: u64,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = String)]
    updated_at: Timestamp,
}

/// What there is to be allowed.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnownPermissions {
    /// The names of all permissions; administrators have them all.
    all: Vec<&'static str>,
    /// Those that every member has.
    member: Vec<&'static str>,
}

/// Lists groups, oldest first.
#[utoipa::path(get, path = "/groups", tag = "groups", operation_id = "groups_list", params(PageQuery),
    security(("bearer" = ["users.read"]), ("session" = ["users.read"])), responses((status = 200, body = Page<ShownGroup>)))]
pub async fn list(
    allowed: Allowed<UsersRead>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ShownGroup>>, Problem> {
    let limit = page.limit()?;
    let found = groups::list(&app.accounts, (&allowed.actor).into(), limit, page.after()?).await?;
    Ok(Json(Page::new(found, limit, |(group, _)| group.id.to_string(), ShownGroup::from)))
}

/// Lists all permissions there are.
#[utoipa::path(get, path = "/groups/permissions", tag = "groups", operation_id = "groups_permissions",
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 200, body = KnownPermissions)))]
pub async fn permissions(_: User) -> Json<KnownPermissions> {
    Json(KnownPermissions {
        all: Permission::ALL.iter().map(|permission| permission.as_str()).collect(),
        member: Permissions::MEMBER.names(),
    })
}

/// Makes a group. Nobody gives away permissions that they do not have.
#[utoipa::path(post, path = "/groups", tag = "groups", operation_id = "groups_create", request_body = PutGroup,
    security(("bearer" = ["users.write"]), ("session" = ["users.write"])),
    responses((status = 201, body = ShownGroup), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn create(
    allowed: Allowed<UsersWrite>,
    State(app): State<App>,
    Body(asked): Body<PutGroup>,
) -> Result<(StatusCode, Json<ShownGroup>), Problem> {
    let group = groups::create(&app.accounts, (&allowed.actor).into(), &asked.into()).await?;
    Ok((StatusCode::CREATED, Json((group, 0).into())))
}

/// Tells one group.
#[utoipa::path(get, path = "/groups/{id}", tag = "groups", operation_id = "groups_get", params(("id" = Uuid, Path)),
    security(("bearer" = ["users.read"]), ("session" = ["users.read"])), responses((status = 200, body = ShownGroup), (status = 404, body = Problem)))]
pub async fn get(
    allowed: Allowed<UsersRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownGroup>, Problem> {
    Ok(Json(groups::get(&app.accounts, (&allowed.actor).into(), read_id(&id)?).await?.into()))
}

/// Changes a group; what its members may do changes within seconds.
#[utoipa::path(put, path = "/groups/{id}", tag = "groups", operation_id = "groups_update", params(("id" = Uuid, Path)), request_body = PutGroup,
    security(("bearer" = ["users.write"]), ("session" = ["users.write"])),
    responses((status = 200, body = ShownGroup), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn update(
    allowed: Allowed<UsersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    Body(asked): Body<PutGroup>,
) -> Result<Json<ShownGroup>, Problem> {
    let (id, by) = (read_id(&id)?, (&allowed.actor).into());
    let group = groups::update(&app.accounts, by, id, &asked.into()).await?;
    app.control.people_changed().await;
    Ok(Json(ShownGroup { members: groups::count_members(&app.accounts, id).await?, ..(group, 0).into() }))
}

/// Removes a group; its members stay.
#[utoipa::path(delete, path = "/groups/{id}", tag = "groups", operation_id = "groups_delete", params(("id" = Uuid, Path)),
    security(("bearer" = ["users.write"]), ("session" = ["users.write"])), responses((status = 204), (status = 404, body = Problem)))]
pub async fn delete(
    allowed: Allowed<UsersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    groups::delete(&app.accounts, (&allowed.actor).into(), read_id(&id)?).await?;
    app.control.people_changed().await;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the members of a group.
#[utoipa::path(get, path = "/groups/{id}/members", tag = "groups", operation_id = "groups_list_members", params(("id" = Uuid, Path), PageQuery),
    security(("bearer" = ["users.read"]), ("session" = ["users.read"])), responses((status = 200, body = Page<ShownUser>), (status = 404, body = Problem)))]
pub async fn list_members(
    allowed: Allowed<UsersRead>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ShownUser>>, Problem> {
    let limit = page.limit()?;
    let by = (&allowed.actor).into();
    let found = groups::list_members(&app.accounts, by, read_id(&id)?, (limit, page.after()?)).await?;
    Ok(Json(Page::new(found, limit, |user| user.id.to_string(), ShownUser::from)))
}

/// Puts a person into a group.
#[utoipa::path(put, path = "/groups/{id}/members/{user_id}", tag = "groups", operation_id = "groups_add_member", params(("id" = Uuid, Path), ("user_id" = Uuid, Path)),
    security(("bearer" = ["users.write"]), ("session" = ["users.write"])), responses((status = 204), (status = 404, body = Problem)))]
pub async fn add_member(
    allowed: Allowed<UsersWrite>,
    State(app): State<App>,
    Path((id, user)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let user = user.parse().map_err(|_| Problem::not_found())?;
    groups::add_member(&app.accounts, (&allowed.actor).into(), read_id(&id)?, user).await?;
    app.control.people_changed().await;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a person out of a group.
#[utoipa::path(delete, path = "/groups/{id}/members/{user_id}", tag = "groups", operation_id = "groups_remove_member", params(("id" = Uuid, Path), ("user_id" = Uuid, Path)),
    security(("bearer" = ["users.write"]), ("session" = ["users.write"])), responses((status = 204), (status = 404, body = Problem)))]
pub async fn remove_member(
    allowed: Allowed<UsersWrite>,
    State(app): State<App>,
    Path((id, user)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let user = user.parse().map_err(|_| Problem::not_found())?;
    groups::remove_member(&app.accounts, (&allowed.actor).into(), read_id(&id)?, user).await?;
    app.control.people_changed().await;
    Ok(StatusCode::NO_CONTENT)
}

fn read_id(text: &str) -> Result<GroupId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

impl From<PutGroup> for GroupForm {
    fn from(asked: PutGroup) -> Self {
        Self { name: asked.name, description: asked.description, permissions: asked.permissions }
    }
}

impl From<(Group, u64)> for ShownGroup {
    fn from((group, members): (Group, u64)) -> Self {
        Self {
            id: group.id.0,
            name: group.name,
            description: group.description,
            permissions: group.permissions.names(),
            members,
            created_at: group.created_at,
            updated_at: group.updated_at,
        }
    }
}
