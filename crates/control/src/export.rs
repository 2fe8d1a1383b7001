//! Giving away what is configured: as our own file, and to other gateways.

mod effective;
mod error;
mod push;

use std::collections::HashMap;
use std::fmt::Write as _;

use roundhouse_domain::{Author, Secret};
use roundhouse_gateway::hash::LookupHasher;
use roundhouse_interchange::roundhouse::{self, Export, Form};
use roundhouse_interchange::{
    Configuration, CredentialHash, Document, Hashes, Note, Notes, Variables, keys_txt, uni_api,
};
use roundhouse_storage::access_key_credentials::{self as credentials, Credential};
use roundhouse_storage::audit::{self, Entry};
use serde_json::{Map, Value, json};

pub use self::error::ExportError;
pub(crate) use self::push::KeepInStep;
pub use self::push::{Dry, Pushed, outbound};
use crate::control::Control;
use crate::import::MODELS;
use crate::objects::{self, Object, ObjectKind, Objects};

/// Tells master keys apart by the hash that this text has under them.
const MARK: &[u8] = b"roundhouse export";

/// What [`hashed_by`] shows of a hash: enough to tell keys apart.
const MARK_BYTES: usize = 8;

/// An export.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The file.
    pub text: String,
    /// What is not in it as it should be.
    pub notes: Vec<Note>,
}

impl Control {
    /// Everything that people configured as one file. Keys of providers and other secrets are in it when there is a passphrase
    /// to seal them with, and left out otherwise.
    pub async fn export(
        &self,
        author: &Author,
        passphrase: Option<&Secret>,
        form: Form,
    ) -> Result<Exported, ExportError> {
        let mut notes = Notes::default();
        let objects = objects::load(self.database().reader(), &self.inner().parts.master).await?;
        let (document, secret_fields) = document(&objects);
        let hashes = self.hashes(&objects).await?;
        let keys = match passphrase {
            Some(_) => {
                self.stored_keys_of(
                    objects.values().filter(|o| o.kind == ObjectKind::Provider).map(|o| o.name.as_str()),
                    &mut notes,
                )
                .await?
            }
            None => Vec::new(),
        };
        let configuration = Configuration { document, keys, ..Configuration::default() };
        let export = Export {
            configuration,
            hashes: Some(hashes).filter(|hashes| !hashes.access_keys.is_empty()),
            secret_fields,
            made_at: self.now(),
            program: env!("CARGO_PKG_VERSION"),
        };
        let passphrase_given = passphrase.is_some();
        let passphrase = passphrase.cloned();
        // Making a key of a passphrase is slow on purpose.
        let writing =
            tokio::task::spawn_blocking(move || roundhouse::write(export, passphrase.as_ref(), form));
        let text = writing.await.map_err(|_| ExportError::Stopped)??;
        self.note_export(author, "roundhouse", passphrase_given).await?;
        Ok(Exported { text, notes: notes.finish() })
    }

    /// Everything in force as uni-api's `api.yaml`, keys included. What stands in `existing` and is not ours stays.
    pub async fn export_uni_api(
        &self,
        author: &Author,
        existing: Option<&[u8]>,
        variables: &Variables,
    ) -> Result<uni_api::Written, ExportError> {
        let written = uni_api::write(&self.effective().await?, existing, variables)?;
        self.note_export(author, "uni-api", true).await?;
        Ok(written)
    }

    /// The keys of a provider, one a line.
    pub async fn export_keys(&self, author: &Author, provider: &str) -> Result<Exported, ExportError> {
        let config = self.config();
        let spec = config.declared.providers.iter().find(|spec| spec.name.as_str() == provider);
        let spec = spec.ok_or_else(|| ExportError::NoProvider(provider.to_owned()))?;
        let mut notes = Notes::default();
        let keys = self.keys_of(spec, &mut notes).await?;
        self.note_export(author, "keys.txt", true).await?;
        Ok(Exported { text: keys_txt::write(&keys.keys), notes: notes.finish() })
    }

    /// Writes down that somebody took what is configured away.
    pub(crate) async fn note_export(
        &self,
        author: &Author,
        format: &str,
        with_secrets: bool,
    ) -> Result<(), ExportError> {
        let entry = Entry {
            id: self.inner().parts.ids.next(),
            at: self.now(),
            author: author.clone(),
            action: "configuration.export".to_owned(),
            object_kind: "configuration".to_owned(),
            object_id: String::new(),
            object_name: format.to_owned(),
            detail: json!({ "secrets": with_secrets }),
        };
        let transaction = self.database().write().await?;
        audit::insert(&transaction, &entry).await?;
        transaction.commit().await.map_err(roundhouse_storage::StorageError::from)?;
        Ok(())
    }

    /// The hashes of the credentials that work.
    async fn hashes(&self, objects: &Objects) -> Result<Hashes, ExportError> {
        let of_key = |object: &&Object| object.kind == ObjectKind::AccessKey;
        let names: HashMap<_, _> =
            objects.values().filter(of_key).map(|object| (object.id.0, object.name.as_str())).collect();
        let works = |credential: &Credential| credential.expires_at.is_none_or(|end| end > self.now());
        let hash = |credential: Credential| {
            let name = (*names.get(&credential.access_key_id.0)?).to_owned();
            Some(CredentialHash { name, hash: hex(&credential.key_hash), masked: credential.masked })
        };
        let stored = credentials::list_all(self.database().reader()).await?.into_iter();
        let access_keys = stored.filter(works).filter_map(hash).collect();
        Ok(Hashes { hashed_by: hashed_by(&self.inner().parts.hasher), access_keys })
    }
}

/// What people configured in the shape of the configuration file, and pointers to its secrets.
fn document(objects: &Objects) -> (Document, Vec<String>) {
    let (mut document, mut secrets) = (Map::new(), Vec::new());
    for object in objects.values() {
        if object.kind == ObjectKind::Settings {
            secrets.extend(object.kind.secrets().iter().map(|secret| format!("/{}{secret}", object.name)));
            document.insert(object.name.clone(), object.body.clone());
            continue;
        }
        let list = object.kind.list().unwrap_or(MODELS);
        let entries = document.entry(list).or_insert_with(|| json!([]));
        let Value::Array(entries) = entries else { continue };
        secrets
            .extend(object.kind.secrets().iter().map(|secret| format!("/{list}/{}{secret}", entries.len())));
        let mut entry = Map::new();
        if let Some(identity) = object.kind.identity() {
            entry.insert(identity.to_owned(), object.name.as_str().into());
        }
        entry.extend(object.body.as_object().cloned().unwrap_or_default());
        entries.push(Value::Object(entry));
    }
    (Document(document), secrets)
}

/// Names the master key under which credentials are hashed, without telling anything of it.
pub(crate) fn hashed_by(hasher: &LookupHasher) -> String {
    hex(&hasher.credential(MARK)[..MARK_BYTES])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
