//! A provider's keys, from the file and inline.

use std::collections::HashSet;

use roundhouse_domain::spec::{ProviderKeySpec, ProviderKind, ProviderSpec};

use super::providers::proxy;
use crate::files::Files;
use crate::keys_file;
use crate::load::resolve;
use crate::report::{Origin, Report};

/// Adds the keys of a provider's file, and leaves out what is empty or there twice.
pub(super) fn complete(spec: &mut ProviderSpec, pointer: &str, report: &mut Report, files: &mut Files) {
    let place = format!("{pointer}/keys");
    inline(spec, &place, report);
    let had_keys_file = spec.keys_file.is_some();
    let mut duplicates = read_file(spec, pointer, report, files);
    duplicates += drop_duplicates(&mut spec.keys);
    if duplicates > 0 {
        report.warn_at(pointer, &format!("keys given more than once: {duplicates}; each is used once"));
    }
    let keyed = spec.kind.is_some_and(ProviderKind::needs_key);
    if spec.keys.is_empty() && keyed && !had_keys_file {
        report.warn_at(pointer, "has no key; requests go out without a credential");
    }
}

/// Checks the keys in the configuration itself; an empty one comes from a variable that is not set here.
fn inline(spec: &mut ProviderSpec, place: &str, report: &mut Report) {
    for (index, ProviderKeySpec { key, settings }) in spec.keys.iter().enumerate() {
        let place = format!("{place}/{index}");
        if key.expose().trim().is_empty() {
            report.warn_at(&place, "is empty and therefore ignored");
        } else if let Err(message) = keys_file::check(key, spec.kind) {
            report.problem(&place, message);
        }
        proxy(settings.as_ref().and_then(|settings| settings.proxy.as_ref()), &place, report);
    }
    spec.keys.retain(|key| !key.key.expose().trim().is_empty());
}

/// Reads the keys file, and returns how many keys were in it more than once.
fn read_file(spec: &mut ProviderSpec, pointer: &str, report: &mut Report, files: &mut Files) -> usize {
    let Some(file) = &spec.keys_file else { return 0 };
    let place = format!("{pointer}/keys_file");
    let path = resolve(file, &place, report);
    let read = files.read_keys(&path);
    spec.keys_file = Some(path);
    match read {
        Ok(text) => {
            let mut parsed = keys_file::parse(&text);
            let count = parsed.keys.len();
            parsed.keys.retain(|key| keys_file::check(key, spec.kind).is_ok());
            warn_of(count - parsed.keys.len(), parsed.keys.is_empty(), &place, report);
            spec.keys.extend(parsed.keys.into_iter().map(ProviderKeySpec::from));
            parsed.duplicates
        }
        // Variables name a default file that may come later; a file that somebody declared should be there.
        Err(error) if error.is_missing() && matches!(report.origin(pointer), Some(Origin::Named(_))) => {
            report.warn_at(&place, &format!("{error}; its keys are used as soon as it is there"));
            0
        }
        Err(error) => {
            report.problem(&place, error.to_string());
            0
        }
    }
}

fn warn_of(unsendable: usize, empty: bool, place: &str, report: &mut Report) {
    if unsendable > 0 {
        let message = format!("keys with characters that cannot be sent: {unsendable}; they are ignored");
        report.warn_at(place, &message);
    }
    if empty {
        report.warn_at(place, "holds no key");
    }
}

fn drop_duplicates(keys: &mut Vec<ProviderKeySpec>) -> usize {
    let before = keys.len();
    let mut seen = HashSet::with_capacity(before);
    let first: Vec<bool> = keys.iter().map(|key| seen.insert(key.key.expose())).collect();
    let mut first = first.into_iter();
    keys.retain(|_| first.next().unwrap_or(true));
    before - keys.len()
}
