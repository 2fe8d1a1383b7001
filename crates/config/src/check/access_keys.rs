//! Checks and completes access keys.

use std::collections::HashMap;

use roundhouse_domain::Secret;
use roundhouse_domain::spec::{AccessKeySpec, ModelRule};

use super::settings::secret_from_file;
use super::{Names, Placed};
use crate::files::Files;
use crate::nearest::suggestion;
use crate::report::{Report, field_path};

/// Reads an access key's file, and reports what is wrong with it.
pub(super) fn complete(
    key: &mut Placed<AccessKeySpec>,
    names: &Names,
    report: &mut Report,
    files: &mut Files,
) {
    let Placed { pointer, spec } = key;
    let place = format!("{pointer}/key");
    secret_from_file(&mut spec.key, spec.key_file.as_ref(), &place, report, files);
    match &spec.key {
        None if spec.key_file.is_none() && !report.is_stored(pointer) => {
            report.problem(&place, "must be given, or `key_file`");
        }
        Some(key) if key.expose().is_empty() => report.problem(&place, "must not be empty"),
        Some(key) if !key.expose().bytes().all(|byte| byte.is_ascii_graphic()) => {
            report.problem(&place, "takes printable ASCII characters only, without spaces");
        }
        _ => {}
    }
    if spec.models.is_empty() {
        report.warn_at(&format!("{pointer}/models"), "allows no model at all");
    }
    for (index, rule) in spec.models.iter().enumerate() {
        let ModelRule::Provider(provider) = rule else { continue };
        if !names.providers.contains(provider) {
            let hint = suggestion(provider, names.providers.iter().map(String::as_str));
            let message = format!("no provider is named `{provider}` here{hint}");
            report.warn_at(&format!("{pointer}/models/{index}"), &message);
        }
    }
}

/// Reports credentials that two access keys share.
pub(super) fn distinct(keys: &[Placed<AccessKeySpec>], report: &mut Report) {
    let mut first: HashMap<&str, &str> = HashMap::new();
    for Placed { pointer, spec } in keys {
        let Some(key) = spec.key.as_ref().map(Secret::expose).filter(|key| !key.is_empty()) else {
            continue;
        };
        match first.get(key) {
            Some(other) => {
                let message = format!("{} has the same credential; give each its own", field_path(other));
                report.problem(&format!("{pointer}/key"), message);
            }
            None => {
                first.insert(key, pointer);
            }
        }
    }
}
