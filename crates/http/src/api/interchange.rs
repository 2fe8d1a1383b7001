//! Taking configurations over from elsewhere, and giving ours away.

mod upload;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use roundhouse_control::export::{Dry, ExportError, Pushed, outbound};
use roundhouse_control::import::{Import, ImportError, Mode, Outcome};
use roundhouse_domain::{ErrorKind, Permission, Secret};
use roundhouse_interchange::roundhouse::Form;
use roundhouse_interchange::{Format, Note, ReadError, Variables};
use roundhouse_outbound::Guard;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::upload::Upload;
use crate::actor::Allowed;
use crate::need::{RevisionsRead, RevisionsWrite};
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(ImportError);
problem_from!(ExportError);
problem_from!(ReadError);

/// The header that tells what is not in an export as it should be.
const WARNINGS: &str = "x-roundhouse-warnings";

/// The header that the passphrase of an export is in: addresses are logged, headers are not.
const PASSPHRASE: &str = "x-roundhouse-passphrase";

/// What is exported.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `roundhouse` (the default), `uni-api` or `keys.txt`.
    format: Option<String>,
    /// `yaml` (the default) or `json`, for the format `roundhouse`.
    form: Option<String>,
    /// The provider whose keys are wanted, for the format `keys.txt`.
    provider: Option<String>,
}

/// Where to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PushQuery {
    /// `gpt-load` or `uni-api`, as they are set in the section `export`.
    format: String,
    /// Only says what would be done.
    #[serde(default)]
    dry_run: bool,
}

/// What is imported.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// `roundhouse`, `gpt-load`, `uni-api`, `uni-load`, `uni-load-improved`, `keys.txt`, `litellm`, `one-api` or `new-api`.
    format: String,
    /// Only says what would be done.
    #[serde(default)]
    dry_run: bool,
    /// `merge` (the default): what is not in the import stays; or `replace`: it goes, but for credentials.
    mode: Option<String>,
    /// The provider that bare keys are for, for the format `keys.txt`.
    provider: Option<String>,
}

/// What an import did, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownImport {
    /// Whether nothing was kept.
    dry_run: bool,
    /// Each thing that is in the import, or goes because of it.
    objects: Vec<ShownObject>,
    /// Keys by provider.
    keys: Vec<ShownKeys>,
    /// Credentials that were made because none came along; told this once.
    credentials: Vec<ShownCredential>,
    /// What has no counterpart, and what was done instead.
    notes: Vec<ShownNote>,
    /// What looks wrong in the configuration that results.
    warnings: Vec<String>,
}

/// What becomes of one thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownObject {
    kind: &'static str,
    name: String,
    /// `created`, `changed`, `unchanged`, `removed` or `skipped`.
    what: &'static str,
}

/// What becomes of the keys of a provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownKeys {
    provider: String,
    /// Keys that are new.
    added: u64,
    /// Keys that were there.
    known: u64,
}

/// A credential that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownCredential {
    access_key: String,
    /// The credential; null in a dry run.
    key: Option<String>,
}

/// A remark.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownNote {
    /// Where it stands, in the words of the system it comes from.
    place: String,
    /// `info`, `warning` or `skipped`.
    #[schema(value_type = String)]
    severity: roundhouse_interchange::Severity,
    message: String,
}

/// What was written to another gateway, or would be.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownPush {
    dry_run: bool,
    /// Calls or files, one line each; none when it is as it should be.
    steps: Vec<String>,
    /// What has no counterpart there.
    notes: Vec<ShownNote>,
}

/// Tells everything that is configured as a file. With a passphrase in `x-roundhouse-passphrase`, secrets are in it, sealed. What could
/// not be put into it is told in `x-roundhouse-warnings`.
#[utoipa::path(get, path = "/config/export", tag = "revisions", operation_id = "config_export",
    params(ExportQuery, ("x-roundhouse-passphrase" = Option<String>, Header, description = "Seals the secrets, for the format `roundhouse`.")),
    security(("bearer" = ["revisions.read"]), ("session" = ["revisions.read"])),
    responses((status = 200, body = String, content_type = "application/yaml"), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn export(
    Allowed { actor, .. }: Allowed<RevisionsRead>,
    State(app): State<App>,
    Query(query): Query<ExportQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let author = actor.author();
    match format(query.format.as_deref().unwrap_or("roundhouse"))? {
        Format::Roundhouse => {
            let form = match query.form.as_deref().unwrap_or("yaml") {
                "yaml" => Form::Yaml,
                "json" => Form::Json,
                other => return Err(wrong("form", format!("{other:?} is neither yaml nor json"))),
            };
            if headers.contains_key(PASSPHRASE) {
                actor.require(Permission::KeysReveal)?;
            }
            let passphrase = headers.get(PASSPHRASE).map(|value| value.to_str().map(Secret::from));
            let passphrase =
                passphrase.transpose().map_err(|_| wrong(PASSPHRASE, "takes ASCII characters only"))?;
            let exported = app.control.export(&author, passphrase.as_ref(), form).await?;
            let (kind, name) = match form {
                Form::Yaml => ("application/yaml", "roundhouse-export.yaml"),
                Form::Json => ("application/json", "roundhouse-export.json"),
            };
            Ok(file(exported.text, &exported.notes, (kind, name)))
        }
        Format::UniApi => {
            actor.require(Permission::KeysReveal)?;
            let written = app.control.export_uni_api(&author, None, &Variables::default()).await?;
            Ok(file(written.text, &written.notes, ("application/yaml", "api.yaml")))
        }
        Format::KeysTxt => {
            actor.require(Permission::KeysReveal)?;
            let provider = query
                .provider
                .as_deref()
                .ok_or_else(|| wrong("provider", "name the provider whose keys are wanted"))?;
            let exported = app.control.export_keys(&author, provider).await?;
            Ok(file(exported.text, &exported.notes, ("text/plain; charset=utf-8", "keys.txt")))
        }
        other => Err(wrong(
            "format",
            format!("{other} is no file that is written; use roundhouse, uni-api or keys.txt"),
        )),
    }
}

/// Makes another gateway what is in force here.
#[utoipa::path(post, path = "/config/export", tag = "revisions", operation_id = "config_push", params(PushQuery),
    security(("bearer" = ["revisions.write"]), ("session" = ["revisions.write"])),
    responses((status = 200, body = ShownPush), (status = 400, body = Problem), (status = 502, body = Problem)))]
pub async fn push(
    Allowed { actor, .. }: Allowed<RevisionsWrite>,
    State(app): State<App>,
    Query(query): Query<PushQuery>,
) -> Result<Json<ShownPush>, Problem> {
    let author = actor.author();
    let dry = if query.dry_run { Dry::Run } else { Dry::No };
    let Pushed { steps, notes } = match format(&query.format)? {
        Format::GptLoad => app.control.push_gpt_load(&author, dry).await?,
        Format::UniApi => app.control.push_uni_api(&author, dry).await?,
        other => {
            return Err(wrong(
                "format",
                format!("{other} is no gateway that is written to; use gpt-load or uni-api"),
            ));
        }
    };
    Ok(Json(ShownPush {
        dry_run: query.dry_run,
        steps,
        notes: notes.into_iter().map(ShownNote::from).collect(),
    }))
}

/// Takes over a configuration: the file is the body, or a part `file` of a form, beside `url`, `auth_key`, `passphrase`,
/// `encryption_key` and `without_secrets`. All of it is taken over, as one revision, or nothing.
#[utoipa::path(post, path = "/config/import", tag = "revisions", operation_id = "config_import", params(ImportQuery),
    request_body(content = String, description = "The file, or a form with a part `file`.", content_type = "application/octet-stream"),
    security(("bearer" = ["revisions.write"]), ("session" = ["revisions.write"])),
    responses((status = 200, body = ShownImport), (status = 400, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem)))]
pub async fn import(
    Allowed { actor, .. }: Allowed<RevisionsWrite>,
    State(app): State<App>,
    Query(query): Query<ImportQuery>,
    upload: Upload,
) -> Result<Json<ShownImport>, Problem> {
    let format = format(&query.format)?;
    let mode = match query.mode.as_deref().unwrap_or("merge") {
        "merge" => Mode::Merge,
        "replace" => Mode::Replace,
        other => return Err(wrong("mode", format!("{other:?} is neither merge nor replace"))),
    };
    // Credentials come along with what is configured.
    actor.require(Permission::KeysWrite)?;
    actor.require(Permission::AccessKeysWrite)?;
    // Addresses that people enter lead to public ones only, and to networks that the operator allowed.
    let allowed = app.control.config().gateway.fetch.allowed_networks.clone();
    let outbound = outbound(Guard::public(&allowed))?;
    let Upload { source, mut options } = upload;
    options.provider = query.provider;
    let imported = roundhouse_interchange::read(format, source, &options, &outbound).await?;
    let author = actor.author();
    let import = Import { imported, mode, origin: format.to_string() };
    let outcome = if query.dry_run {
        app.control.preview_import(&author, import).await?
    } else {
        app.control.import(&author, import).await?
    };
    Ok(Json(ShownImport::new(outcome, query.dry_run)))
}

fn format(name: &str) -> Result<Format, Problem> {
    name.parse().map_err(|error: roundhouse_interchange::UnknownFormat| wrong("format", error.to_string()))
}

fn wrong(field: &str, message: impl std::fmt::Display) -> Problem {
    Problem::new(ErrorKind::Invalid, "invalid_parameter", format!("`{field}`: {message}"))
}

/// A file to be saved, and kept nowhere on the way.
/// A file to be kept; what is to say of it stands in a header.
fn file(text: String, notes: &[Note], (kind, name): (&'static str, &'static str)) -> Response {
    let mut response = text.into_response();
    let told: Vec<_> = notes.iter().map(|note| format!("{}: {}", note.place, note.message)).collect();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    if !told.is_empty()
        && let Ok(value) = HeaderValue::from_str(&told.join("; "))
    {
        headers.insert(WARNINGS, value);
    }
    response
}

impl ShownImport {
    fn new(outcome: Outcome, dry_run: bool) -> Self {
        let object = |object: roundhouse_control::import::ObjectOutcome| ShownObject {
            kind: object.kind,
            name: object.name,
            what: object.what.as_str(),
        };
        let keys = |keys: roundhouse_control::import::KeysOutcome| ShownKeys {
            provider: keys.provider,
            added: keys.added,
            known: keys.known,
        };
        let credential = |fresh: roundhouse_control::import::FreshCredential| ShownCredential {
            access_key: fresh.access_key,
            key: fresh.secret.map(|secret| secret.expose().to_owned()),
        };
        Self {
            dry_run,
            objects: outcome.objects.into_iter().map(object).collect(),
            keys: outcome.keys.into_iter().map(keys).collect(),
            credentials: outcome.fresh_credentials.into_iter().map(credential).collect(),
            notes: outcome.notes.into_iter().map(ShownNote::from).collect(),
            warnings: outcome.warnings,
        }
    }
}

impl From<Note> for ShownNote {
    fn from(note: Note) -> Self {
        Self { place: note.place, severity: note.severity, message: note.message }
    }
}
