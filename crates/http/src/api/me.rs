//! What is everybody's own: how they are called, their password, their second factor.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use roundhouse_accounts::users::{self, Preferences, Profile};
use roundhouse_accounts::{Credential, passwords, second_factor};
use roundhouse_domain::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Body;
use super::auth::{ShownGroupName, ShownUser};
use crate::actor::User;
use crate::problem::Problem;
use crate::state::App;

/// Who is logged in, and what they may do.
#[derive(Serialize, ToSchema)]
pub struct Me {
    #[serde(flatten)]
    user: ShownUser,
    /// What this person may do with the credential of this request.
    permissions: Vec<&'static str>,
    groups: Vec<ShownGroupName>,
    /// Whether a one-time code is asked for at each login.
    second_factor: bool,
    /// Whether there is a password, or only logins elsewhere.
    has_password: bool,
    /// `session` or `token`.
    credential: &'static str,
}

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMe {
    name: Option<String>,
    /// A language tag such as `zh-CN`; empty is what the browser says.
    language: Option<String>,
    /// A name such as `Asia/Shanghai`; empty is what the browser says.
    time_zone: Option<String>,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    #[schema(value_type = String)]
    current_password: Secret,
    /// At least eight characters.
    #[schema(value_type = String)]
    password: Secret,
}

/// Who wants a second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginTotp {
    /// The password, of those who have one.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
}

/// A one-time code, or a recovery code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpCode {
    #[schema(value_type = String)]
    code: Secret,
}

/// What to enter into an app for one-time codes.
#[derive(Serialize, ToSchema)]
pub struct Enrolment {
    /// In base 32, to be typed.
    secret: String,
    /// `otpauth://totp/…`, to be shown as a QR code.
    url: String,
}

/// Codes for those who lose their second factor, each to be used once; they are told this once.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

/// Tells who is logged in, and what they may do.
#[utoipa::path(get, path = "/auth/me", tag = "auth", operation_id = "auth_me",
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub async fn get(User(actor): User, State(app): State<App>) -> Result<Json<Me>, Problem> {
    let Profile { user, groups, permissions, has_second_factor, .. } =
        users::me(&app.accounts, &actor).await?;
    Ok(Json(Me {
        permissions: permissions.names(),
        groups: groups.into_iter().map(ShownGroupName::from).collect(),
        second_factor: has_second_factor,
        has_password: user.has_password,
        credential: match actor.credential {
            Credential::Session(_) => "session",
            Credential::Token(_) => "token",
        },
        user: user.into(),
    }))
}

/// Changes one's name, language or time zone.
#[utoipa::path(patch, path = "/auth/me", tag = "auth", operation_id = "auth_update_me", request_body = ChangeMe,
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 200, body = ShownUser), (status = 400, body = Problem)))]
pub async fn update(
    User(actor): User,
    State(app): State<App>,
    Body(asked): Body<ChangeMe>,
) -> Result<Json<ShownUser>, Problem> {
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    let wanted = Preferences {
        name: asked.name,
        language: asked.language.map(filled),
        time_zone: asked.time_zone.map(filled),
    };
    Ok(Json(users::update_me(&app.accounts, &actor, &wanted).await?.into()))
}

/// Changes one's password; all other logins of one's own end.
#[utoipa::path(post, path = "/auth/me/password", tag = "auth", operation_id = "auth_change_password", request_body = ChangePassword,
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 204), (status = 400, body = Problem), (status = 429, body = Problem)))]
pub async fn change_password(
    User(actor): User,
    State(app): State<App>,
    Body(asked): Body<ChangePassword>,
) -> Result<StatusCode, Problem> {
    passwords::change(&app.accounts, &actor, &asked.current_password, &asked.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins a second factor; it counts once it is confirmed.
#[utoipa::path(post, path = "/auth/me/totp", tag = "auth", operation_id = "auth_begin_totp", request_body = BeginTotp,
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 200, body = Enrolment), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn begin_totp(
    User(actor): User,
    State(app): State<App>,
    Body(asked): Body<BeginTotp>,
) -> Result<Json<Enrolment>, Problem> {
    let password = asked.password.unwrap_or_else(|| Secret::new(""));
    let begun = second_factor::begin(&app.accounts, &actor, &password).await?;
    let (secret, url) = (begun.secret.expose().to_owned(), begun.url.expose().to_owned());
    Ok(Json(Enrolment { secret, url }))
}

/// Confirms a second factor with a code of it.
#[utoipa::path(post, path = "/auth/me/totp/confirm", tag = "auth", operation_id = "auth_confirm_totp", request_body = TotpCode,
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 200, body = RecoveryCodes), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn confirm_totp(
    User(actor): User,
    State(app): State<App>,
    Body(asked): Body<TotpCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    Ok(shown(&second_factor::confirm(&app.accounts, &actor, &asked.code).await?))
}

/// Replaces one's recovery codes; the old ones stop working.
#[utoipa::path(post, path = "/auth/me/totp/recovery-codes", tag = "auth", operation_id = "auth_renew_recovery_codes", request_body = TotpCode,
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 200, body = RecoveryCodes), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn renew_recovery_codes(
    User(actor): User,
    State(app): State<App>,
    Body(asked): Body<TotpCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    Ok(shown(&second_factor::renew_recovery_codes(&app.accounts, &actor, &asked.code).await?))
}

/// Removes one's second factor.
#[utoipa::path(post, path = "/auth/me/totp/remove", tag = "auth", operation_id = "auth_remove_totp", request_body = TotpCode,
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 204), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn remove_totp(
    User(actor): User,
    State(app): State<App>,
    Body(asked): Body<TotpCode>,
) -> Result<StatusCode, Problem> {
    second_factor::remove(&app.accounts, &actor, &asked.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(codes: &[Secret]) -> Json<RecoveryCodes> {
    Json(RecoveryCodes { recovery_codes: codes.iter().map(|code| code.expose().to_owned()).collect() })
}
