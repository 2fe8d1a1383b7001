//! Keys from files that people upload.

use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use roundhouse_domain::{ErrorKind, Secret};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::{AddedKeys, QueuedJob, add};
use crate::actor::Allowed;
use crate::need::KeysWrite;
use crate::problem::Problem;
use crate::state::App;

/// Files of keys.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used: the form is read piece by piece")]
pub struct KeyFiles {
    /// A file in any form that `text` may have when keys are added; it may be there several times.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Adds the keys of uploaded files to a provider; more than 1,000 become a job.
#[utoipa::path(post, path = "/providers/{id}/keys/import", tag = "provider-keys", operation_id = "provider_keys_import",
    params(("id" = String, Path)), request_body(content = KeyFiles, content_type = "multipart/form-data"),
    security(("bearer" = ["keys.write"]), ("session" = ["keys.write"])),
    responses((status = 200, body = AddedKeys), (status = 202, body = QueuedJob), (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 413, body = Problem)))]
pub async fn import(
    caller: Allowed<KeysWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    mut form: Multipart,
) -> Result<Response, Problem> {
    let mut text = Zeroizing::new(String::new());
    while let Some(field) = form.next_field().await.map_err(|error| unreadable(&error))? {
        let bytes = field.bytes().await.map_err(|error| unreadable(&error))?;
        let piece = std::str::from_utf8(&bytes).map_err(|_| {
            Problem::new(ErrorKind::Invalid, "invalid_file", "`file` must be a text file in UTF-8")
        })?;
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(piece);
    }
    add(&app, &caller.actor.author(), &id, Secret::new(text.as_str())).await
}

fn unreadable(error: &MultipartError) -> Problem {
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(ErrorKind::TooLarge, "body_too_large", error.body_text());
    }
    let detail = "send the files as `multipart/form-data` with a field `file`";
    Problem::new(ErrorKind::Invalid, "invalid_body", detail)
}
