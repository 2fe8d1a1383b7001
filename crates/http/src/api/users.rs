//! People.

use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use roundhouse_accounts::invitations::{self, Invitation};
use roundhouse_accounts::users::{self, Filter, NewUser, Profile, UserChange};
use roundhouse_accounts::{Role, Sent, passwords, second_factor};
use roundhouse_domain::{ErrorKind, GroupId, Secret, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Body;
use super::auth::{ShownGroupName, ShownUser};
use super::page::{Page, PageQuery};
use crate::actor::Allowed;
use crate::need::{UsersRead, UsersWrite};
use crate::problem::Problem;
use crate::state::App;

/// Which people.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UsersQuery {
    /// Part of the name or e-mail address.
    q: Option<String>,
    /// `administrator` or `member`.
    role: Option<String>,
    /// Whether they are kept out.
    disabled: Option<bool>,
    /// Id of a group that they are in.
    group: Option<String>,
}

/// A person to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    /// Unique, in any case.
    email: String,
    /// Default: what stands before the `@`.
    #[serde(default)]
    name: String,
    /// `administrator` or `member`. Default member.
    role: Option<String>,
    /// Ids of groups.
    #[serde(default)]
    groups: Vec<Uuid>,
    /// At least eight characters; without one the person is invited to choose theirs.
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
    /// The language of the invitation, such as `zh-CN`.
    language: Option<String>,
}

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeUser {
    email: Option<String>,
    name: Option<String>,
    /// `administrator` or `member`.
    role: Option<String>,
    /// Whether to keep them out.
    disabled: Option<bool>,
    /// Ids of all groups that they are to be in.
    groups: Option<Vec<Uuid>>,
}

/// A person who was added.
#[derive(Serialize, ToSchema)]
pub struct FreshUser {
    #[serde(flatten)]
    user: ShownUser,
    /// The invitation, of those who were invited.
    invitation: Option<ShownSent>,
}

/// What became of a link.
#[derive(Serialize, ToSchema)]
pub struct ShownSent {
    /// Whether it was sent by e-mail.
    sent: bool,
    /// The link, where it was not: pass it on.
    link: Option<String>,
    /// Until when it works.
    #[schema(value_type = String)]
    expires_at: Timestamp,
}

/// A person with what belongs to them.
#[derive(Serialize, ToSchema)]
pub struct ShownProfile {
    #[serde(flatten)]
    user: ShownUser,
    groups: Vec<ShownGroupName>,
    /// Names of the permissions that they have.
    permissions: Vec<&'static str>,
    /// Whether a one-time code is asked for at each login.
    second_factor: bool,
    /// Who they are elsewhere.
    identities: Vec<ShownIdentity>,
}

/// Who somebody is elsewhere.
#[derive(Serialize, ToSchema)]
pub struct ShownIdentity {
    issuer: String,
    subject: String,
    email: String,
    #[schema(value_type = String)]
    last_login_at: Timestamp,
}

/// Lists people in the order they were added.
#[utoipa::path(get, path = "/users", tag = "users", operation_id = "users_list", params(PageQuery, UsersQuery),
    security(("bearer" = ["users.read"]), ("session" = ["users.read"])), responses((status = 200, body = Page<ShownUser>), (status = 400, body = Problem)))]
pub async fn list(
    allowed: Allowed<UsersRead>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
    Query(query): Query<UsersQuery>,
) -> Result<Json<Page<ShownUser>>, Problem> {
    let limit = page.limit()?;
    let group = query.group.map(|id| {
        let detail = "`group` must be the id of a group";
        id.parse::<GroupId>().map_err(|_| Problem::new(ErrorKind::Invalid, "invalid_group", detail))
    });
    let role = query.role.as_deref().map(read_role).transpose()?;
    let filter = Filter { text: query.q, role, disabled: query.disabled, group: group.transpose()? };
    let by = (&allowed.actor).into();
    let found = users::list(&app.accounts, by, &filter, (limit, page.after()?)).await?;
    Ok(Json(Page::new(found, limit, |user| user.id.to_string(), ShownUser::from)))
}

/// Adds a person, with a password or by inviting them to choose one.
#[utoipa::path(post, path = "/users", tag = "users", operation_id = "users_create", request_body = CreateUser,
    security(("bearer" = ["users.write"]), ("session" = ["users.write"])),
    responses((status = 201, body = FreshUser), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn create(
    allowed: Allowed<UsersWrite>,
    State(app): State<App>,
    Body(asked): Body<CreateUser>,
) -> Result<(StatusCode, Json<FreshUser>), Problem> {
    let CreateUser { email, name, role, groups, password, language } = asked;
    let role = role.as_deref().map_or(Ok(Role::Member), read_role)?;
    let groups = groups.into_iter().map(GroupId).collect();
    let by = (&allowed.actor).into();
    let (user, sent) = if let Some(password) = password {
        let new = NewUser { email, name, password, role, groups };
        (users::create(&app.accounts, by, &new).await?, None)
    } else {
        let invitation = Invitation { email, name, role, groups, language };
        let (user, sent) = invitations::invite(&app.accounts, by, &invitation).await?;
        (user, Some(sent))
    };
    let fresh = FreshUser { user: user.into(), invitation: sent.map(ShownSent::from) };
    Ok((StatusCode::CREATED, Json(fresh)))
}

/// Tells one person with what belongs to them.
#[utoipa::path(get, path = "/users/{id}", tag = "users", operation_id = "users_get", params(("id" = Uuid, Path)),
    security(("bearer" = ["users.read"]), ("session" = ["users.read"])), responses((status = 200, body = ShownProfile), (status = 404, body = Problem)))]
pub async fn get(
    allowed: Allowed<UsersRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownProfile>, Problem> {
    Ok(Json(users::get(&app.accounts, (&allowed.actor).into(), read_id(&id)?).await?.into()))
}

/// Changes a person. The last administrator stays one.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", operation_id = "users_update", params(("id" = Uuid, Path)), request_body = ChangeUser,
    security(("bearer" = ["users.write"]), ("session" = ["users.write"])),
    responses((status = 200, body = ShownUser), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn update(
    allowed: Allowed<UsersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    Body(asked): Body<ChangeUser>,
) -> Result<Json<ShownUser>, Problem> {
    let change = UserChange {
        email: asked.email,
        name: asked.name,
        role: asked.role.as_deref().map(read_role).transpose()?,
        disabled: asked.disabled,
        groups: asked.groups.map(|groups| groups.into_iter().map(GroupId).collect()),
    };
    let by = (&allowed.actor).into();
    let user = users::update(&app.accounts, by, read_id(&id)?, &change).await?;
    app.control.people_changed().await;
    Ok(Json(user.into()))
}

/// Removes a person with their logins and tokens. The last administrator stays.
#[utoipa::path(delete, path = "/users/{id}", tag = "users", operation_id = "users_delete", params(("id" = Uuid, Path)),
    security(("bearer" = ["users.write"]), ("session" = ["users.write"])), responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn delete(
    allowed: Allowed<UsersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    users::delete(&app.accounts, (&allowed.actor).into(), read_id(&id)?).await?;
    app.control.people_changed().await;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a person a link to choose a password: their first one, or another. Links that they had before end.
#[utoipa::path(post, path = "/users/{id}/link", tag = "users", operation_id = "users_send_link", params(("id" = Uuid, Path)),
    security(("bearer" = ["users.write"]), ("session" = ["users.write"])), responses((status = 200, body = ShownSent), (status = 404, body = Problem)))]
pub async fn send_link(
    allowed: Allowed<UsersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownSent>, Problem> {
    let by = (&allowed.actor).into();
    Ok(Json(invitations::send_link(&app.accounts, by, read_id(&id)?).await?.into()))
}

/// Ends all logins of a person.
#[utoipa::path(delete, path = "/users/{id}/sessions", tag = "users", operation_id = "users_end_sessions", params(("id" = Uuid, Path)),
    security(("bearer" = ["users.write"]), ("session" = ["users.write"])), responses((status = 204), (status = 404, body = Problem)))]
pub async fn end_sessions(
    allowed: Allowed<UsersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    passwords::end_sessions(&app.accounts, (&allowed.actor).into(), read_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes the second factor of a person who has lost it.
#[utoipa::path(delete, path = "/users/{id}/totp", tag = "users", operation_id = "users_reset_totp", params(("id" = Uuid, Path)),
    security(("bearer" = ["users.write"]), ("session" = ["users.write"])), responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn reset_totp(
    allowed: Allowed<UsersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    second_factor::reset(&app.accounts, (&allowed.actor).into(), read_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read_id(text: &str) -> Result<UserId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

fn read_role(text: &str) -> Result<Role, Problem> {
    let detail = "`role` must be `administrator` or `member`";
    Role::parse(text).ok_or_else(|| Problem::new(ErrorKind::Invalid, "invalid_role", detail))
}

impl From<Sent> for ShownSent {
    fn from(sent: Sent) -> Self {
        let link = sent.link.map(|link| link.expose().to_owned());
        Self { sent: link.is_none(), link, expires_at: sent.expires_at }
    }
}

impl From<Profile> for ShownProfile {
    fn from(profile: Profile) -> Self {
        let identities = profile.identities.into_iter().map(|identity| ShownIdentity {
            issuer: identity.issuer,
            subject: identity.subject,
            email: identity.email,
            last_login_at: identity.last_login_at,
        });
        Self {
            user: profile.user.into(),
            groups: profile.groups.into_iter().map(ShownGroupName::from).collect(),
            permissions: profile.permissions.names(),
            second_factor: profile.has_second_factor,
            identities: identities.collect(),
        }
    }
}
