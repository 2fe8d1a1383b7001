//! What is sent to be imported.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use http::header::CONTENT_TYPE;
use roundhouse_domain::{ErrorKind, Secret};
use roundhouse_interchange::{Options, Source};

use crate::problem::Problem;
use crate::state::App;

/// The most bytes that are taken.
const MAX_BYTES: usize = 128 << 20;

/// A source, and what it takes to read it.
pub struct Upload {
    pub(super) source: Source,
    pub(super) options: Options,
}

impl FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(mut request: Request, app: &App) -> Result<Self, Problem> {
        axum::extract::DefaultBodyLimit::max(MAX_BYTES).apply(&mut request);
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            let form = Multipart::from_request(request, app)
                .await
                .map_err(|error| unreadable(&error.body_text()))?;
            return read_form(form).await;
        }
        let bytes = Bytes::from_request(request, app)
            .await
            .map_err(|error| too_large(error.status(), &error.body_text()))?;
        if bytes.is_empty() {
            return Err(unreadable(
                "the request has no body: send the file, or a form with a part `file` or `url`",
            ));
        }
        Ok(Self { source: Source::Bytes(bytes.to_vec()), options: Options::default() })
    }
}

async fn read_form(mut form: Multipart) -> Result<Upload, Problem> {
    let (mut source, mut options) = (None, Options::default());
    while let Some(field) =
        form.next_field().await.map_err(|error| too_large(error.status(), &error.body_text()))?
    {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|error| too_large(error.status(), &error.body_text()))?;
        if name == "file" {
            source = Some(Source::Bytes(bytes.to_vec()));
            continue;
        }
        let text =
            String::from_utf8(bytes.to_vec()).map_err(|_| unreadable(&format!("`{name}` must be text")))?;
        let text = text.trim();
        let secret = || Some(Secret::from(text)).filter(|_| !text.is_empty());
        match name.as_str() {
            "url" if !text.is_empty() => source = Some(Source::Url(text.to_owned())),
            "url" => {}
            "auth_key" => options.auth_key = secret(),
            "passphrase" => options.passphrase = secret(),
            "encryption_key" => options.encryption_key = secret(),
            "without_secrets" => options.without_secrets = text == "true",
            _ => return Err(unreadable(&format!("`{name}` is no part of this form"))),
        }
    }
    let source = source.ok_or_else(|| unreadable("the form needs a part `file` or `url`"))?;
    Ok(Upload { source, options })
}

fn unreadable(message: &str) -> Problem {
    Problem::new(ErrorKind::Invalid, "invalid_body", message)
}

fn too_large(status: http::StatusCode, message: &str) -> Problem {
    if status == http::StatusCode::PAYLOAD_TOO_LARGE {
        let message = format!("the file is larger than {} MiB", MAX_BYTES >> 20);
        return Problem::new(ErrorKind::TooLarge, "body_too_large", message);
    }
    unreadable(message)
}
