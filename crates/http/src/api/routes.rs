//! Routes of public model names.

mod explained;
mod shown;

use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use roundhouse_control::routes::{KeyRef, RouteError, RouteFilter, RouteOrigin};
use roundhouse_domain::ErrorKind;
use roundhouse_domain::spec::RouteSpec;
use roundhouse_gateway::explain::Question;
use roundhouse_llm::Operation;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use self::explained::{ShownExplanation, ShownPortion};
use self::shown::ShownRoute;
use super::page::{Page, PageQuery};
use crate::actor::Allowed;
use crate::need::{RoutesRead, RoutesWrite};
use crate::problem::Problem;
use crate::state::App;

impl From<RouteError> for Problem {
    fn from(error: RouteError) -> Self {
        let RouteError::Change(error) = error else {
            return Self::new(error.kind(), error.code(), error.to_string());
        };
        error.into()
    }
}

/// Requests of a simulation at the most.
const MOST_REQUESTS: u32 = 100_000;

/// Which routes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RoutesQuery {
    /// A part of the public name; any case.
    q: Option<String>,
    /// A provider among its targets.
    provider: Option<String>,
    /// `implicit`, `configured` or `declared`.
    origin: Option<String>,
}

/// How a public model name is to be served: the fields of `routes` in the configuration, but for `model`.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used: RouteSpec is the value")]
pub struct PutRoute {
    /// `weighted` (the default), `round_robin`, `least_busy`, `lowest_latency`, `random` or `ordered`.
    strategy: Option<String>,
    /// Targets, best tier first.
    tiers: Option<Vec<Vec<shown::RouteTarget>>>,
    /// Public names to serve instead when no target is left, in order.
    fallbacks: Option<Vec<String>>,
    /// What happens to a request that can only be translated with a loss: `warn` or `refuse`; the gateway's when absent.
    lossy: Option<String>,
    /// Whether answers are kept, where that differs from the gateway's.
    #[schema(value_type = Option<shown::RouteCache>)]
    cache: Option<serde_json::Value>,
}

/// A request that is thought of.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskedRequest {
    /// The id or the name of an access key; without one nothing is forbidden.
    access_key: Option<String>,
    /// What is asked for, such as `chat.completions`, `messages` or `embeddings`; without it anything can be had anywhere.
    operation: Option<String>,
    /// Whether a stream is asked for; whoever can answer at all can stream, so this changes nothing.
    #[serde(rename = "stream")]
    _stream: Option<bool>,
    /// The session (`x-session-id`, `prompt_cache_key`, user) that the request belongs to.
    session: Option<String>,
}

/// Requests that are thought of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// How many, 1 to 100,000. Default 1,000.
    requests: Option<u32>,
    /// The id or the name of an access key.
    access_key: Option<String>,
    /// What is asked for.
    operation: Option<String>,
}

/// Lists routes by public model name.
#[utoipa::path(get, path = "/routes", tag = "routes", operation_id = "routes_list", params(PageQuery, RoutesQuery),
    security(("bearer" = ["routes.read"]), ("session" = ["routes.read"])), responses((status = 200, body = Page<ShownRoute>), (status = 400, body = Problem)))]
pub async fn list(
    _: Allowed<RoutesRead>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
    Query(query): Query<RoutesQuery>,
) -> Result<Json<Page<ShownRoute>>, Problem> {
    let limit = page.limit()?;
    let origins = [RouteOrigin::Implicit, RouteOrigin::Configured, RouteOrigin::Declared];
    let origin = query.origin.map(|text| {
        let detail = "`origin` must be implicit, configured or declared";
        let known = origins.into_iter().find(|origin| origin.as_str() == text);
        known.ok_or_else(|| Problem::new(ErrorKind::Invalid, "invalid_origin", detail))
    });
    let filter = RouteFilter { q: query.q, provider: query.provider, origin: origin.transpose()? };
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let routes = app.control.list_routes(&filter, most, page.text());
    Ok(Json(Page::new(routes, limit, |route| route.model.clone(), ShownRoute::from)))
}

/// Tells the route of a public model name. A slash in the name may stand as it is, or as `%2F`.
#[utoipa::path(get, path = "/routes/{model}", tag = "routes", operation_id = "routes_get", params(("model" = String, Path)),
    security(("bearer" = ["routes.read"]), ("session" = ["routes.read"])), responses((status = 200, body = ShownRoute), (status = 404, body = Problem)))]
pub async fn get(
    _: Allowed<RoutesRead>,
    State(app): State<App>,
    Path(model): Path<String>,
) -> Result<Json<ShownRoute>, Problem> {
    Ok(Json(app.control.get_route(&model)?.into()))
}

/// Says how a public model name is served, instead of by everyone who offers it.
#[utoipa::path(put, path = "/routes/{model}", tag = "routes", operation_id = "routes_put", params(("model" = String, Path)), request_body = PutRoute,
    security(("bearer" = ["routes.write"]), ("session" = ["routes.write"])),
    responses((status = 200, body = ShownRoute), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn put(
    allowed: Allowed<RoutesWrite>,
    State(app): State<App>,
    Path(model): Path<String>,
    super::Body(mut asked): super::Body<Map<String, Value>>,
) -> Result<Json<ShownRoute>, Problem> {
    let invalid = |detail: String| Problem::new(ErrorKind::Invalid, "invalid_body", detail);
    if asked.insert("model".to_owned(), model.as_str().into()).is_some_and(|named| named != *model) {
        return Err(invalid("`model` must be the one in the path, or left out".to_owned()));
    }
    let spec: RouteSpec = serde_json::from_value(asked.into()).map_err(|error| invalid(error.to_string()))?;
    Ok(Json(app.control.put_route(&spec, &allowed.actor.author()).await?.into()))
}

/// Takes back what was said of a public model name: everyone who offers it serves it again.
#[utoipa::path(delete, path = "/routes/{model}", tag = "routes", operation_id = "routes_delete", params(("model" = String, Path)),
    security(("bearer" = ["routes.write"]), ("session" = ["routes.write"])),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn delete(
    allowed: Allowed<RoutesWrite>,
    State(app): State<App>,
    Path(model): Path<String>,
) -> Result<StatusCode, Problem> {
    app.control.delete_route(&model, &allowed.actor.author()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Explains who would get a request for a model now, in which order, and why each other target would not.
#[utoipa::path(post, path = "/routes/{model}/explain", tag = "routes", operation_id = "routes_explain", params(("model" = String, Path)), request_body = AskedRequest,
    security(("bearer" = ["routes.read"]), ("session" = ["routes.read"])),
    responses((status = 200, body = ShownExplanation), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn explain(
    _: Allowed<RoutesRead>,
    State(app): State<App>,
    Path(model): Path<String>,
    super::Body(asked): super::Body<AskedRequest>,
) -> Result<Json<ShownExplanation>, Problem> {
    let mut question = question(&app, asked.access_key, asked.operation)?;
    question.affinity = asked.session.map(|session| app.control.affinity(&session));
    Ok(Json(app.control.explain_route(&model, &question)?.into()))
}

/// Tells how so many requests would be spread over the targets of a model's route, as things stand.
#[utoipa::path(post, path = "/routes/{model}/simulate", tag = "routes", operation_id = "routes_simulate", params(("model" = String, Path)), request_body = Simulation,
    security(("bearer" = ["routes.read"]), ("session" = ["routes.read"])),
    responses((status = 200, body = Vec<ShownPortion>), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn simulate(
    _: Allowed<RoutesRead>,
    State(app): State<App>,
    Path(model): Path<String>,
    super::Body(asked): super::Body<Simulation>,
) -> Result<Json<Vec<ShownPortion>>, Problem> {
    let requests = asked.requests.unwrap_or(1_000);
    if !(1..=MOST_REQUESTS).contains(&requests) {
        let detail = format!("`requests` must be 1 to {MOST_REQUESTS}");
        return Err(Problem::new(ErrorKind::Invalid, "invalid_requests", detail));
    }
    let question = question(&app, asked.access_key, asked.operation)?;
    let control = app.control.clone();
    let simulating = move || control.simulate_route(&model, &question, requests);
    let simulated = tokio::task::spawn_blocking(simulating).await;
    let portions =
        simulated.map_err(|error| Problem::new(ErrorKind::Internal, "internal", error.to_string()))??;
    Ok(Json(portions.iter().map(|portion| ShownPortion::new(portion, requests)).collect()))
}

fn question(app: &App, access_key: Option<String>, operation: Option<String>) -> Result<Question, Problem> {
    let operation = operation.map(|text| {
        let names: Vec<_> = Operation::ALL.iter().map(|operation| operation.name()).collect();
        let detail = format!("`operation` must be one of {}", names.join(", "));
        let known = Operation::ALL.into_iter().find(|operation| operation.name() == text);
        known.ok_or_else(|| Problem::new(ErrorKind::Invalid, "unknown_operation", detail))
    });
    let key = access_key.map(|text| text.parse().map_or(KeyRef::Name(text), KeyRef::Id));
    let caller = key.map(|key| app.control.key_in_question(&key)).transpose()?;
    Ok(Question { caller, operation: operation.transpose()?, affinity: None })
}
