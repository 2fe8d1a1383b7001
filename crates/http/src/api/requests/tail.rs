//! The request log as it grows.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::{Stream, StreamExt, stream};
use roundhouse_control::requests::Viewer;
use roundhouse_domain::RequestRecord;
use roundhouse_storage::requests::Filter;
use tokio::sync::broadcast::error::RecvError;

use super::super::viewer::requests_viewer;
use super::query::RequestsQuery;
use super::shown::ShownRequest;
use crate::actor::User;
use crate::problem::Problem;
use crate::state::App;

/// How often a silent tail says that it is still there.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// Tells requests as they end, with the filters of the list: an event `request` each, and `skipped` with a number when more came
/// than could be told. These are the requests of the process that answers.
#[utoipa::path(get, path = "/requests/tail", tag = "requests", operation_id = "requests_tail", params(RequestsQuery),
    security(("bearer" = ["usage.own"]), ("session" = ["usage.own"])), responses((status = 200, content_type = "text/event-stream", body = String), (status = 400, body = Problem)))]
pub async fn tail(
    User(actor): User,
    State(app): State<App>,
    Query(query): Query<RequestsQuery>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let (viewer, filter) = (requests_viewer(&actor)?, query.filter()?);
    let shutdown = app.shutdown.clone().cancelled_owned();
    let records = stream::unfold(app.recorder.watch(), async |mut records| match records.recv().await {
        Ok(record) => Some((Ok(record), records)),
        Err(RecvError::Lagged(count)) => Some((Err(count), records)),
        Err(RecvError::Closed) => None,
    });
    let events = records.filter_map(move |told| {
        let event = match told {
            Ok(record) => matches(viewer, &filter, &record).then(|| event(&record)),
            Err(count) => Some(Event::default().event("skipped").data(count.to_string())),
        };
        std::future::ready(event.map(Ok))
    });
    Ok(Sse::new(events.take_until(shutdown)).keep_alive(KeepAlive::new().interval(KEEPALIVE)))
}

fn matches(viewer: Viewer, filter: &Filter, record: &RequestRecord) -> bool {
    viewer.may_see(record) && filter.matches(record)
}

fn event(record: &RequestRecord) -> Event {
    let shown = serde_json::to_string(&ShownRequest::from(record.clone()));
    // Texts and numbers always have a JSON form.
    Event::default().event("request").id(record.id.to_string()).data(shown.unwrap_or_default())
}
