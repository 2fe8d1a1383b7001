//! What all tests of formats need.

use std::collections::BTreeMap;

use roundhouse_config::{Config, Sources, load};
use roundhouse_interchange::{Configuration, Imported, Note, Severity, Variables};
use serde_json::Value;

/// The settings that the program makes of a document, as if it stood in its file.
pub fn accepted(configuration: &Configuration) -> Config {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let file = folder.path().join("roundhouse.yaml");
    let mut document = Value::Object(configuration.document.0.clone());
    // What people configure has no credentials in it.
    for key in document.get_mut("access_keys").and_then(Value::as_array_mut).into_iter().flatten() {
        let name = key["name"].as_str().unwrap_or_default();
        let credential = configuration.credentials.iter().find(|known| known.access_key == name);
        key["key"] = credential.expect("each access key has a credential").secret.expose().into();
    }
    let text = document.to_string().replace('$', "$$");
    std::fs::write(&file, text).expect("the file is written");
    load(&Sources { file: Some(file), ..Sources::default() })
        .unwrap_or_else(|problems| panic!("{problems}\n{document:#}"))
}

/// Keys of a provider, as text.
pub fn keys<'i>(imported: &'i Imported, provider: &str) -> Vec<&'i str> {
    let of = imported.configuration.keys.iter().find(|entry| entry.provider == provider);
    of.map(|entry| entry.keys.iter().map(|key| key.secret.expose()).collect()).unwrap_or_default()
}

/// The entry of a list with that name.
pub fn entry<'i>(imported: &'i Imported, list: &str, field: &str, name: &str) -> &'i Value {
    let found = imported.configuration.document.list(list).iter().find(|entry| entry[field] == name);
    found.unwrap_or_else(|| panic!("{list} has no {name}: {:#?}", imported.configuration.document))
}

/// The note at a place.
pub fn note<'i>(imported: &'i Imported, place: &str) -> &'i Note {
    let found = imported.notes.iter().find(|note| note.place == place);
    found.unwrap_or_else(|| panic!("there is no note at {place}: {:#?}", imported.notes))
}

/// Whether anything was left out.
pub fn skipped(imported: &Imported) -> Vec<&Note> {
    imported.notes.iter().filter(|note| note.severity == Severity::Skipped).collect()
}

/// Variables of these names and values.
pub fn variables(values: &[(&str, &str)]) -> Variables {
    let owned = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Variables(owned.collect::<BTreeMap<_, _>>())
}
