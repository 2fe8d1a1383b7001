//! Credentials of access keys in an import.

use std::collections::HashMap;

use roundhouse_config::Sourced;
use roundhouse_domain::{AccessKeyId, Secret};
use roundhouse_interchange::{Configuration, Notes};
use roundhouse_storage::access_key_credentials::{self as credentials, Credential};

use super::ImportError;
use super::objects::is_declared;
use super::outcome::FreshCredential;
use crate::access_keys::fresh_credential;
use crate::changes::Change;
use crate::control::Control;
use crate::export::hashed_by;
use crate::objects::ObjectKind;

/// A credential as it is stored.
struct Hashed {
    hash: [u8; 32],
    masked: String,
}

/// Adds the credentials that came along. An access key without any, there and here, gets a fresh one.
pub(super) async fn put(
    control: &Control,
    change: &mut Change,
    configuration: &Configuration,
    sources: &Sourced,
    notes: &mut Notes,
) -> Result<Vec<FreshCredential>, ImportError> {
    let stored = credentials::list_all(change.transaction()).await?;
    let mut owners: HashMap<[u8; 32], AccessKeyId> =
        stored.into_iter().map(|credential| (credential.key_hash, credential.access_key_id)).collect();
    let mut fresh = Vec::new();
    for entry in configuration.document.list("access_keys") {
        let Some(name) = entry.get("name").and_then(serde_json::Value::as_str) else { continue };
        if is_declared(sources, ObjectKind::AccessKey, name) {
            continue;
        }
        let Some(id) = change.draft().get(ObjectKind::AccessKey, name).map(|object| AccessKeyId(object.id.0))
        else {
            continue;
        };
        let mut came = came_along(control, configuration, name);
        if came.is_empty() && !owners.values().any(|owner| *owner == id) {
            let secret = fresh_credential().map_err(|_| ImportError::Randomness)?;
            came.push(hashed(control, &secret));
            fresh.push(FreshCredential { access_key: name.to_owned(), secret: Some(secret) });
            notes.warn(format!("access_keys[{name}]"), "its credential did not come along: it has a new one");
        }
        for Hashed { hash, masked } in came {
            match owners.insert(hash, id) {
                None => {
                    let credential = Credential {
                        key_hash: hash,
                        access_key_id: id,
                        masked,
                        created_at: control.now(),
                        expires_at: None,
                    };
                    credentials::insert(change.transaction(), &credential).await?;
                }
                Some(owner) if owner == id => {}
                Some(owner) => {
                    owners.insert(hash, owner);
                    let message = "its credential is another access key's, which keeps it";
                    notes.skip(format!("access_keys[{name}]"), message);
                }
            }
        }
    }
    Ok(fresh)
}

/// The credentials that came along, or their hashes where the master key is the same.
fn came_along(control: &Control, configuration: &Configuration, name: &str) -> Vec<Hashed> {
    let plain = configuration.credentials.iter().filter(|known| known.access_key == name);
    let mut found: Vec<Hashed> = plain.map(|known| hashed(control, &known.secret)).collect();
    let usable = configuration
        .hashes
        .as_ref()
        .filter(|usable| usable.hashed_by == hashed_by(&control.inner().parts.hasher));
    let of_name =
        usable.into_iter().flat_map(|usable| &usable.access_keys).filter(|known| known.name == name);
    found.extend(
        of_name.filter_map(|known| Some(Hashed { hash: bytes(&known.hash)?, masked: known.masked.clone() })),
    );
    found
}

fn hashed(control: &Control, secret: &Secret) -> Hashed {
    let hash = control.inner().parts.hasher.credential(secret.expose().as_bytes());
    Hashed { hash, masked: secret.masked() }
}

/// The bytes of hexadecimal digits.
fn bytes(hex: &str) -> Option<[u8; 32]> {
    let digits = hex.as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
