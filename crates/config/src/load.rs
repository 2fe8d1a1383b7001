//! From file, environment and flags to the checked settings.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use roundhouse_domain::Secret;
use serde_json::{Map, Value};

use crate::check::{self, Lists};
use crate::config::{Config, Sourced};
use crate::environment::{Overlay, declare};
use crate::file::{File, Part};
use crate::files::Files;
use crate::report::{Origin, Problems, Report, Source};
use crate::schema::{Shape, schema};
use crate::stored::{Stored, lay_under};
use crate::tree::Tree;
use crate::validate::validate;
use crate::yaml;

/// The file that is read when none is named; it may be missing.
const DEFAULT_FILE: &str = "roundhouse.yaml";
/// Where everything is kept when nothing else is said.
const DEFAULT_DATA_DIR: &str = "data";

/// Where settings come from; each beats the one before.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The configuration file. None: the one that `ROUNDHOUSE_CONFIG` in `environment` names, else `roundhouse.yaml` in
    /// the working folder when it is there.
    pub file: Option<PathBuf>,
    /// Environment variables.
    pub environment: BTreeMap<String, String>,
    /// Flags of the command line.
    pub flags: Flags,
}

/// Settings on the command line.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// Address and port to listen on.
    pub listen: Option<String>,
    /// Folder of everything that is kept.
    pub data_dir: Option<PathBuf>,
}

/// Reads and checks all settings, but for what people configured.
///
/// # Errors
/// Everything that is wrong with them, each with its place.
pub fn load(sources: &Sources) -> Result<Config, Problems> {
    Layers::read(sources).with(&[])
}

/// What file, environment and flags say, read and not yet checked.
#[derive(Clone, Debug)]
pub struct Layers {
    value: Value,
    report: Report,
    data_dir: PathBuf,
    schema: Arc<Value>,
    watched: Vec<PathBuf>,
}

impl Layers {
    /// Reads them; problems wait until they are checked.
    pub fn read(sources: &Sources) -> Self {
        let schema = schema();
        let mut report = Report::default();
        let mut files = Files::default();
        let mut value = read_file(sources, &schema, &mut report, &mut files);
        let environment = &sources.environment;
        let mut overlay = Overlay { value: &mut value, schema: &schema, environment, report: &mut report };
        overlay.apply();
        flags(&mut overlay, &sources.flags);
        let data_dir = data_dir(overlay.value);
        declare(&mut overlay, &data_dir);
        Self { value, report, data_dir, schema: Arc::new(schema), watched: files.watched }
    }

    /// The entries of a list as file and environment say them, secrets included: name, body without it, and where it stands.
    pub fn entries(&self, list: &str) -> Vec<(String, Value, Source)> {
        let items = self.value.get(list).and_then(Value::as_array);
        let entry = |(index, item): (usize, &Value)| {
            let mut body = item.clone();
            let fields = body.as_object_mut()?;
            let identity = ["name", "model"].into_iter().find(|field| fields.contains_key(*field));
            let name = match identity {
                Some(identity) => fields.shift_remove(identity)?.as_str()?.to_owned(),
                None => format!("{list}[{index}]"),
            };
            let source = self.report.origin(&format!("/{list}/{index}"))?.into();
            Some((name, body, source))
        };
        items.into_iter().flatten().enumerate().filter_map(entry).collect()
    }

    /// Checks everything, with what people configured as the lowest layer.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place.
    pub fn with(&self, stored: &[Stored]) -> Result<Config, Problems> {
        let (mut value, mut report) = (self.value.clone(), self.report.clone());
        let mut files = Files { watched: self.watched.clone() };
        lay_under(&mut value, stored, &mut report);
        let names = check::names(&value);
        let entries = entry_sources(&value, &report);
        validate(&mut value, &self.schema, &mut report);
        let file: File = serde_json::from_value(value).unwrap_or_else(|error| {
            report.problem("", error.to_string());
            File::default()
        });
        let config = assemble(file, self.data_dir.clone(), &names, &mut report, &mut files);
        let sources = Sourced { fields: report.sources(), entries };
        let warnings = report.finish()?;
        Ok(Config { warnings, watched: files.watched, sources, ..config })
    }
}

/// Where each named entry of a list comes from, by list and name.
fn entry_sources(value: &Value, report: &Report) -> HashMap<(String, String), Source> {
    let mut sources = HashMap::new();
    let all = report.sources();
    for (list, items) in value.as_object().into_iter().flatten() {
        for (index, item) in items.as_array().into_iter().flatten().enumerate() {
            let name = ["name", "model"].iter().find_map(|field| item.get(field)?.as_str());
            if let (Some(name), Some(source)) = (name, all.get(&format!("/{list}/{index}"))) {
                sources.insert((list.clone(), name.to_owned()), source.clone());
            }
        }
    }
    sources
}

/// The file's values; an empty object when there is none, or none that can be read.
fn read_file(sources: &Sources, schema: &Value, report: &mut Report, files: &mut Files) -> Value {
    let named = sources.file.clone().or_else(|| {
        sources.environment.get("ROUNDHOUSE_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from)
    });
    let path = named.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
    report.file = Some(path.clone());
    let empty = Value::Object(Map::new());
    let text = match files.read_settings(&path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.is_missing() => return empty,
        Err(error) => {
            report.line_problem(None, String::new(), error.to_string());
            return empty;
        }
    };
    let (root, faults) = yaml::parse(text.trim_start_matches('\u{feff}'));
    for fault in faults {
        report.line_problem(Some(fault.line), fault.path, fault.message);
    }
    let Some(root) = root else { return empty };
    let line = root.line;
    let mut tree = Tree { environment: &sources.environment, report };
    match tree.value(root, Some(Shape::root(schema)), "") {
        Value::Null => empty,
        value @ Value::Object(_) => value,
        _ => {
            report.line_problem(Some(line), String::new(), "expected fields such as `providers:` at the top");
            empty
        }
    }
}

fn flags(overlay: &mut Overlay<'_>, flags: &Flags) {
    if let Some(listen) = &flags.listen {
        overlay.set("/server/listen", Value::String(listen.clone()), "--listen");
    }
    if let Some(data_dir) = &flags.data_dir {
        overlay.set("/data_dir", Value::String(data_dir.to_string_lossy().into_owned()), "--data");
    }
}

fn data_dir(value: &Value) -> PathBuf {
    let given = value.get("data_dir").and_then(Value::as_str).filter(|path| !path.is_empty());
    PathBuf::from(given.unwrap_or(DEFAULT_DATA_DIR))
}

/// Takes the parts that are right, completes and checks them.
fn assemble(
    file: File,
    data_dir: PathBuf,
    names: &check::Names,
    report: &mut Report,
    files: &mut Files,
) -> Config {
    file.data_dir.take("/data_dir", report);
    let mut config = Config {
        server: section(file.server, "/server", report),
        database: section(file.database, "/database", report),
        redis: section(file.redis, "/redis", report),
        log: section(file.log, "/log", report),
        security: section(file.security, "/security", report),
        oidc: section(file.oidc, "/oidc", report),
        smtp: section(file.smtp, "/smtp", report),
        telemetry: section(file.telemetry, "/telemetry", report),
        requests: section(file.requests, "/requests", report),
        health: section(file.health, "/health", report),
        outbound: section(file.outbound, "/outbound", report),
        jobs: section(file.jobs, "/jobs", report),
        export: section(file.export, "/export", report),
        gateway: section(file.gateway, "/gateway", report),
        discovery: section(file.discovery, "/discovery", report),
        normalisation: section(file.normalisation, "/normalisation", report),
        demo: section(file.demo, "/demo", report),
        declared: crate::Declared::default(),
        watched: Vec::new(),
        warnings: Vec::new(),
        sources: Sourced::default(),
        data_dir,
    };
    check::settings(&mut config, report, files);
    default_database(&mut config);
    let lists = Lists {
        providers: check::placed(file.providers, "/providers", report),
        pools: check::placed(file.pools, "/pools", report),
        routes: check::placed(file.routes, "/routes", report),
        access_keys: check::placed(file.access_keys, "/access_keys", report),
        catalogue: check::placed(file.catalogue, "/catalogue", report),
        alert_channels: check::placed(file.alert_channels, "/alert_channels", report),
        alerts: check::placed(file.alerts, "/alerts", report),
        guardrails: check::placed(file.guardrails, "/guardrails", report),
    };
    config.declared = check::declared(lists, names, report, files);
    config
}

fn section<T: Default>(part: Part<T>, pointer: &str, report: &mut Report) -> T {
    part.take(pointer, report).unwrap_or_default()
}

fn default_database(config: &mut Config) {
    if config.database.url.expose().is_empty() {
        let path = config.data_dir.join("roundhouse.db");
        config.database.url = Secret::new(format!("sqlite://{}", path.display()));
    }
}

/// The folder that a relative path at `pointer` starts from: the file's own, or for variables and flags the working one.
pub(crate) fn resolve(path: &Path, pointer: &str, report: &Report) -> PathBuf {
    let folder = match report.origin(pointer) {
        Some(Origin::Line(_)) => report.file.as_deref().and_then(Path::parent),
        _ => None,
    };
    folder.map_or_else(|| path.to_owned(), |folder| folder.join(path))
}
