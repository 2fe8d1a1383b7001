//! Guardrails: what is looked for in what callers send and models answer.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use roundhouse_config::Source;
use roundhouse_control::guardrails::ListedGuardrail;
use roundhouse_domain::spec::{GuardrailSpec, Stage};
use roundhouse_gateway::guardrails::Judgement;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::page::Page;
use crate::actor::Allowed;
use crate::need::{SettingsRead, SettingsWrite};
use crate::problem::Problem;
use crate::schema::spec_schema;
use crate::state::App;

spec_schema!(GuardrailBody, GuardrailSpec);

/// A guardrail.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownGuardrail {
    /// Its name, which others have for it in paths.
    name: String,
    /// `console` where people made it here, else `file` or `environment`, which can only be changed there.
    source: &'static str,
    /// Whether a token for its service is set; the token itself is never shown.
    has_token: bool,
    /// What the configuration file would say of it.
    #[schema(value_type = GuardrailBody)]
    spec: Value,
}

/// A text to be looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestGuardrails {
    /// The text.
    text: String,
    /// The guardrail that is to look. Default all.
    #[serde(default)]
    guardrail: Option<String>,
    /// `request` or `answer`. Default request.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    stage: Option<Stage>,
}

/// What guardrails make of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuardrailVerdict {
    /// `passed`, `masked` or `blocked`.
    verdict: &'static str,
    /// The text as it would pass; null where it would not.
    text: Option<String>,
    /// Who blocked it.
    blocked_by: Option<String>,
    /// What each guardrail did that did anything.
    notes: Vec<GuardrailNote>,
}

/// What a guardrail did.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuardrailNote {
    /// Its name.
    guardrail: String,
    /// `masked`, `blocked`, or `failed` where there was no judgement.
    verdict: &'static str,
}

/// Lists the guardrails, in the order they look.
#[utoipa::path(get, path = "/guardrails", tag = "guardrails", operation_id = "guardrails_list",
    security(("bearer" = ["settings.read"]), ("session" = ["settings.read"])), responses((status = 200, body = Page<ShownGuardrail>)))]
pub async fn list(_: Allowed<SettingsRead>, State(app): State<App>) -> Json<Page<ShownGuardrail>> {
    let items = app.control.list_guardrails().into_iter().map(Into::into).collect();
    Json(Page { items, next_cursor: None })
}

/// Adds a guardrail; it is in force with this answer.
#[utoipa::path(post, path = "/guardrails", tag = "guardrails", operation_id = "guardrails_create", request_body = GuardrailBody,
    security(("bearer" = ["settings.write"]), ("session" = ["settings.write"])),
    responses((status = 201, body = ShownGuardrail), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn create(
    allowed: Allowed<SettingsWrite>,
    State(app): State<App>,
    super::Body(body): super::Body<Value>,
) -> Result<(StatusCode, Json<ShownGuardrail>), Problem> {
    let made = app.control.create_guardrail(&allowed.actor.author(), body).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Tells one guardrail.
#[utoipa::path(get, path = "/guardrails/{name}", tag = "guardrails", operation_id = "guardrails_get", params(("name" = String, Path)),
    security(("bearer" = ["settings.read"]), ("session" = ["settings.read"])), responses((status = 200, body = ShownGuardrail), (status = 404, body = Problem)))]
pub async fn get(
    _: Allowed<SettingsRead>,
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Json<ShownGuardrail>, Problem> {
    Ok(Json(app.control.get_guardrail(&name)?.into()))
}

/// Changes a guardrail by a JSON merge patch: what is not named stays, `null` takes a field out.
#[utoipa::path(patch, path = "/guardrails/{name}", tag = "guardrails", operation_id = "guardrails_update", params(("name" = String, Path)),
    request_body = GuardrailBody, security(("bearer" = ["settings.write"]), ("session" = ["settings.write"])),
    responses((status = 200, body = ShownGuardrail), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn update(
    allowed: Allowed<SettingsWrite>,
    State(app): State<App>,
    Path(name): Path<String>,
    super::Body(patch): super::Body<Value>,
) -> Result<Json<ShownGuardrail>, Problem> {
    Ok(Json(app.control.update_guardrail(&allowed.actor.author(), &name, &patch).await?.into()))
}

/// Removes a guardrail.
#[utoipa::path(delete, path = "/guardrails/{name}", tag = "guardrails", operation_id = "guardrails_delete", params(("name" = String, Path)),
    security(("bearer" = ["settings.write"]), ("session" = ["settings.write"])),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn delete(
    allowed: Allowed<SettingsWrite>,
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    app.control.delete_guardrail(&allowed.actor.author(), &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says what the guardrails in force make of a text.
#[utoipa::path(post, path = "/guardrails/test", tag = "guardrails", operation_id = "guardrails_test", request_body = TestGuardrails,
    security(("bearer" = ["settings.read"]), ("session" = ["settings.read"])),
    responses((status = 200, body = GuardrailVerdict), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn test(
    _: Allowed<SettingsRead>,
    State(app): State<App>,
    super::Body(asked): super::Body<TestGuardrails>,
) -> Result<Json<GuardrailVerdict>, Problem> {
    let TestGuardrails { text, guardrail, stage } = asked;
    let stage = stage.unwrap_or(Stage::Request);
    let judgement = app.control.test_guardrails(guardrail.as_deref(), stage, text.clone()).await?;
    Ok(Json(shown(judgement, text)))
}

fn shown(judgement: Judgement, text: String) -> GuardrailVerdict {
    let Judgement { texts, blocked, notes } = judgement;
    let masked = texts.into_iter().next().flatten();
    let verdict = match (&blocked, &masked) {
        (Some(_), _) => "blocked",
        (None, Some(_)) => "masked",
        (None, None) => "passed",
    };
    GuardrailVerdict {
        verdict,
        text: blocked.is_none().then(|| masked.unwrap_or(text)),
        blocked_by: blocked.map(|blocked| blocked.guardrail.to_string()),
        notes: notes
            .into_iter()
            .map(|note| GuardrailNote { guardrail: note.guardrail.to_string(), verdict: note.verdict })
            .collect(),
    }
}

impl From<ListedGuardrail> for ShownGuardrail {
    fn from(listed: ListedGuardrail) -> Self {
        let ListedGuardrail { spec, source } = listed;
        Self {
            name: spec.name.to_string(),
            source: match source {
                Source::Console => "console",
                Source::File { .. } => "file",
                Source::Environment { .. } => "environment",
            },
            has_token: spec.endpoint.as_ref().is_some_and(|endpoint| endpoint.token.is_some()),
            spec: serde_json::to_value(&spec).unwrap_or_default(),
        }
    }
}
