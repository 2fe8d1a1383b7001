//! The models that a caller may use.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response};
use roundhouse_domain::ErrorKind;
use roundhouse_gateway::access::AccessKey;
use roundhouse_gateway::snapshot::PublicModel;
use roundhouse_gateway::{AnswerBody, CallError};
use roundhouse_llm::Protocol;
use roundhouse_llm::models::{self, ListedModel};

use super::tag;
use crate::state::App;

/// Answers the list of models.
pub fn list(app: &App, protocol: Protocol, caller: &AccessKey) -> Response<AnswerBody> {
    let snapshot = app.gateway.snapshot();
    let made_at = snapshot.made_at.as_millis().div_euclid(1_000);
    let models = snapshot.models(caller);
    let listed: Vec<_> = models.iter().map(|model| listed(model, made_at)).collect();
    json(app, models::list(protocol, &listed))
}

/// Answers one model.
pub fn one(
    app: &App,
    protocol: Protocol,
    id: &str,
    caller: &AccessKey,
) -> Result<Response<AnswerBody>, CallError> {
    let snapshot = app.gateway.snapshot();
    let made_at = snapshot.made_at.as_millis().div_euclid(1_000);
    let models = snapshot.models(caller);
    let found = models.iter().find(|model| &*model.name == id).ok_or_else(|| {
        let message = format!("there is no model {id:?} that this access key may use");
        CallError::new(ErrorKind::NotFound, "model_not_found", message)
    })?;
    Ok(json(app, models::one(protocol, &listed(found, made_at))))
}

fn listed(model: &PublicModel, created: i64) -> ListedModel<'_> {
    ListedModel { id: &model.name, created, owned_by: &model.provider, facts: &model.facts }
}

fn json(app: &App, body: Bytes) -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::whole(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    tag(response.headers_mut(), app.gateway.next_id());
    response
}
