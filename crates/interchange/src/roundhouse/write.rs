//! Writes the file.

use roundhouse_domain::{Secret, Timestamp};
use serde_json::{Map, Value, json};

use super::secrets::Payload;
use super::{VERSION, checksum, seal};
use crate::configuration::{Configuration, Hashes};
use crate::error::WriteError;
use crate::text;

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
}

/// What is written.
#[derive(Clone, Debug)]
pub struct Export {
    /// Everything.
    pub configuration: Configuration,
    /// Hashes of credentials, for an installation with the same master key.
    pub hashes: Option<Hashes>,
    /// JSON pointers to secret fields of the document.
    pub secret_fields: Vec<String>,
    /// The time.
    pub made_at: Timestamp,
    /// The version of the program.
    pub program: &'static str,
}

/// Writes an export; secrets are in it when there is a passphrase to seal them with, and left out otherwise.
pub fn write(export: Export, passphrase: Option<&Secret>, form: Form) -> Result<String, WriteError> {
    if passphrase.is_some_and(|passphrase| passphrase.expose().chars().count() < 8) {
        return Err(WriteError::PassphraseShort);
    }
    let mut configuration = export.configuration;
    let payload = Payload::take(&mut configuration, &export.secret_fields);
    let mut fields = Map::new();
    fields.insert("checksum".to_owned(), Value::Null);
    fields.insert("roundhouse".to_owned(), json!(VERSION));
    fields.insert("program".to_owned(), json!(export.program));
    fields.insert("made_at".to_owned(), json!(export.made_at.to_string()));
    fields.insert("configuration".to_owned(), Value::Object(configuration.document.0));
    if let Some(hashes) = export.hashes {
        fields.insert("access_key_hashes".to_owned(), hashes.to_value());
    }
    if let Some(passphrase) = passphrase.filter(|_| !payload.is_empty()) {
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(&payload).unwrap_or_default());
        let sealed = seal::seal(&plain, passphrase)?;
        fields.insert("secrets".to_owned(), serde_json::to_value(sealed).unwrap_or_default());
    }
    fields["checksum"] = checksum(&fields).into();
    let value = Value::Object(fields);
    Ok(match form {
        Form::Yaml => text::write_yaml(&value),
        Form::Json => format!("{value:#}\n"),
    })
}
