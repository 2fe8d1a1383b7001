//! Reads the file.

use std::collections::HashSet;

use roundhouse_domain::Secret;
use serde_json::{Map, Value};

use super::secrets::Payload;
use super::{VERSION, checksum, seal};
use crate::configuration::{Configuration, Document, Hashes, Imported};
use crate::error::ReadError;
use crate::note::Notes;
use crate::text;

/// What is to happen with sealed secrets.
#[derive(Clone, Copy, Debug)]
pub enum Secrets<'p> {
    /// They are opened with the passphrase.
    Open(Option<&'p Secret>),
    /// They are left out.
    LeaveOut,
}

/// Reads an export.
pub fn read(bytes: &[u8], secrets: Secrets<'_>) -> Result<Imported, ReadError> {
    let Value::Object(mut fields) = text::value(bytes)? else {
        return Err(ReadError::shape("roundhouse", "is no export of Roundhouse"));
    };
    version(&fields)?;
    if fields.get("checksum").and_then(Value::as_str) != Some(&checksum(&fields)) {
        return Err(ReadError::Damaged);
    }
    let Some(Value::Object(document)) = fields.shift_remove("configuration") else {
        return Err(ReadError::shape("configuration", "must be an object"));
    };
    let mut notes = Notes::default();
    let mut configuration = Configuration { document: Document(document), ..Configuration::default() };
    distinct(&configuration.document)?;
    configuration.hashes = fields.get("access_key_hashes").map(Hashes::from_value).transpose()?;
    match (fields.shift_remove("secrets"), secrets) {
        (None, _) => notes.info("secrets", "the file holds no secrets: provider keys must be added by hand"),
        (Some(_), Secrets::LeaveOut) => notes.info("secrets", "are left out as asked"),
        (Some(_), Secrets::Open(None)) => return Err(ReadError::PassphraseMissing),
        (Some(sealed), Secrets::Open(Some(passphrase))) => {
            open(sealed, passphrase)?.put_back(&mut configuration)?;
        }
    }
    Ok(Imported { configuration, notes: notes.finish() })
}

fn version(fields: &Map<String, Value>) -> Result<(), ReadError> {
    match fields.get("roundhouse") {
        Some(Value::Number(number)) if number.as_u64() == Some(VERSION) => Ok(()),
        Some(Value::Number(number)) => Err(ReadError::Version { found: number.to_string(), known: VERSION }),
        _ => Err(ReadError::shape(
            "roundhouse",
            "the version is missing: this is no export of Roundhouse, or it was cut off",
        )),
    }
}

fn open(sealed: Value, passphrase: &Secret) -> Result<Payload, ReadError> {
    let sealed =
        serde_json::from_value(sealed).map_err(|error| ReadError::shape("secrets", error.to_string()))?;
    let plain = seal::open(&sealed, passphrase)?;
    // What serde says would quote secrets.
    serde_json::from_slice(&plain)
        .map_err(|_| ReadError::shape("secrets", "is of another form than any export"))
}

/// Each name may be there once: which of two counts would be a guess.
fn distinct(document: &Document) -> Result<(), ReadError> {
    for (list, identity) in
        [("providers", "name"), ("pools", "name"), ("routes", "model"), ("access_keys", "name")]
    {
        let mut seen = HashSet::new();
        for (index, entry) in document.list(list).iter().enumerate() {
            let place = format!("configuration.{list}[{index}].{identity}");
            let name = entry.get(identity).and_then(Value::as_str);
            let name = name.ok_or_else(|| ReadError::shape(place.clone(), "must be a text"))?;
            if !seen.insert(name) {
                return Err(ReadError::shape(place, format!("{name:?} is there twice")));
            }
        }
    }
    Ok(())
}
