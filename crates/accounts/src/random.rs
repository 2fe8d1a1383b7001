//! Secrets that we make, and the form in which we keep those that we only have to recognise.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use roundhouse_domain::Secret;
use roundhouse_storage::MasterKey;
use zeroize::Zeroizing;

use crate::fault::Fault;

const BYTES: usize = 32;

/// A fresh secret that begins with `prefix`.
pub(crate) fn secret(prefix: &str) -> Result<Secret, Fault> {
    let mut bytes = Zeroizing::new([0; BYTES]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| Fault::Randomness)?;
    let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()));
    Ok(Secret::new(format!("{prefix}{}", text.as_str())))
}

/// What is stored of a secret: a stolen table of these opens nothing. `purpose` keeps one kind apart from another.
pub(crate) fn stored_form(secret: &str, purpose: &str, keys: &MasterKey) -> [u8; 32] {
    *blake3::keyed_hash(&keys.derive_lasting(purpose), secret.as_bytes()).as_bytes()
}
