//! The request log as a file, page by page: it may be larger than memory.

mod csv;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use roundhouse_control::requests::Viewer;
use roundhouse_domain::{ErrorKind, RequestId, RequestRecord};
use roundhouse_storage::StorageError;
use roundhouse_storage::requests::Filter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::viewer::requests_viewer;
use super::query::RequestsQuery;
use super::shown::ShownRequest;
use crate::actor::User;
use crate::problem::{Problem, log_internal};
use crate::state::App;

/// Requests read at once.
const PAGE: u64 = 500;

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `csv`, or `jsonl` for a JSON object on each line. Default `csv`.
    format: Option<String>,
}

#[derive(Clone, Copy)]
enum Format {
    Csv,
    JsonLines,
}

/// Exports logged requests, newest first, with the filters of the list.
#[utoipa::path(get, path = "/requests/export", tag = "requests", operation_id = "requests_export", params(ExportQuery, RequestsQuery),
    security(("bearer" = ["usage.own"]), ("session" = ["usage.own"])), responses((status = 200, content_type = "text/csv", body = String), (status = 400, body = Problem)))]
pub async fn export(
    User(actor): User,
    State(app): State<App>,
    Query(form): Query<ExportQuery>,
    Query(query): Query<RequestsQuery>,
) -> Result<Response, Problem> {
    let format = match form.format.as_deref() {
        None | Some("csv") => Format::Csv,
        Some("jsonl") => Format::JsonLines,
        Some(_) => {
            return Err(Problem::new(ErrorKind::Invalid, "invalid_format", "`format` must be csv or jsonl"));
        }
    };
    let pages =
        Pages { app, viewer: requests_viewer(&actor)?, filter: query.filter()?, format, next: Next::First };
    let body = Body::from_stream(stream::try_unfold(pages, Pages::step));
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"requests.csv\""),
        Format::JsonLines => ("application/jsonl; charset=utf-8", "attachment; filename=\"requests.jsonl\""),
    };
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], body).into_response())
}

struct Pages {
    app: App,
    viewer: Viewer,
    filter: Filter,
    format: Format,
    next: Next,
}

#[derive(Clone, Copy)]
enum Next {
    First,
    After(RequestId),
    Nothing,
}

impl Pages {
    /// The next piece of the file, and what follows it.
    async fn step(mut self) -> Result<Option<(Bytes, Self)>, StorageError> {
        let (cursor, mut text) = match (self.next, self.format) {
            (Next::Nothing, _) => return Ok(None),
            (Next::First, Format::Csv) => (None, csv::head()),
            (Next::First, Format::JsonLines) => (None, Vec::new()),
            (Next::After(id), _) => (Some(id), Vec::new()),
        };
        let found = self.app.control.list_requests(self.viewer, &self.filter, PAGE, cursor).await;
        // The head was sent: only a cut can tell the caller, and the log tells why.
        let found = found.inspect_err(|error| log_internal(error.kind(), error))?;
        self.next = match found.last().filter(|_| found.len() as u64 == PAGE) {
            Some(last) => Next::After(last.id),
            None => Next::Nothing,
        };
        for record in found {
            self.format.write(record, &mut text);
        }
        Ok(Some((text.into(), self)))
    }
}

impl Format {
    fn write(self, record: RequestRecord, text: &mut Vec<u8>) {
        match self {
            Self::Csv => csv::line(&record, text),
            Self::JsonLines => {
                // Texts and numbers always have a JSON form.
                text.extend(serde_json::to_vec(&ShownRequest::from(record)).unwrap_or_default());
                text.push(b'\n');
            }
        }
    }
}
