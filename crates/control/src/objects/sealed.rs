//! Secrets of a body: taken out and sealed, opened and put back.

use roundhouse_storage::MasterKey;
use roundhouse_storage::config_objects::SEALING_CONTEXT;
use roundhouse_storage::sealing::SealingError;
use serde_json::{Map, Value};

use super::ObjectKind;

/// A body without its secrets, and these sealed; nothing is sealed where there are none.
pub(crate) fn seal(
    kind: ObjectKind,
    body: &Value,
    master: &MasterKey,
) -> Result<(Value, Option<Vec<u8>>), SealingError> {
    let mut body = body.clone();
    let secrets = take(kind, &mut body);
    if secrets.is_empty() {
        return Ok((body, None));
    }
    let plain = zeroize::Zeroizing::new(Value::Object(secrets).to_string());
    let sealed = master.seal(plain.as_bytes(), SEALING_CONTEXT)?;
    Ok((body, Some(sealed)))
}

/// A body with its secrets.
pub(crate) fn unseal(
    mut body: Value,
    sealed: Option<&[u8]>,
    master: &MasterKey,
) -> Result<Value, SealingError> {
    let Some(sealed) = sealed else { return Ok(body) };
    let plain = master.open(sealed, SEALING_CONTEXT)?;
    // What we sealed is JSON; anything else was sealed by nobody of ours.
    let secrets: Map<String, Value> = serde_json::from_slice(&plain).unwrap_or_default();
    for (pointer, secret) in secrets {
        put(&mut body, &pointer, secret);
    }
    Ok(body)
}

/// Takes the secrets out of a body, by JSON pointer.
pub(super) fn take(kind: ObjectKind, body: &mut Value) -> Map<String, Value> {
    let mut taken = Map::new();
    for pointer in kind.secrets() {
        let Some((parent, key)) = pointer.rsplit_once('/') else { continue };
        if let Some(Value::Object(fields)) = body.pointer_mut(parent)
            && let Some(secret) = fields.shift_remove(key)
        {
            taken.insert((*pointer).to_owned(), secret);
        }
    }
    taken
}

/// Takes the secrets out of a body for good, and says which there were.
pub(crate) fn public(kind: ObjectKind, body: &mut Value) -> Vec<String> {
    take(kind, body).into_iter().map(|(pointer, _)| pointer).collect()
}

fn put(body: &mut Value, pointer: &str, secret: Value) {
    if let Some((parent, key)) = pointer.rsplit_once('/')
        && let Some(Value::Object(fields)) = body.pointer_mut(parent)
    {
        fields.insert(key.to_owned(), secret);
    }
}
