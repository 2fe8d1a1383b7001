//! Sealing with a passphrase: Argon2id (RFC 9106) makes a key of it, XChaCha20-Poly1305 seals with that.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use roundhouse_domain::Secret;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::{ReadError, WriteError};

const CONTEXT: &[u8] = b"roundhouse export 1";
const NONCE_BYTES: usize = 24;
const SALT_BYTES: usize = 16;
/// RFC 9106's second choice, for where memory is not plenty.
const MEMORY_KIB: u32 = 64 << 10;
const PASSES: u32 = 3;
/// What a file may ask for at the most, so that none takes the machine.
const MAX_MEMORY_KIB: u32 = 1 << 20;
const MAX_PASSES: u32 = 16;
const MAX_LANES: u32 = 16;

/// Sealed bytes, and how to come to their key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sealed {
    cipher: String,
    kdf: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    nonce: String,
    data: String,
}

/// Seals `plain` with a passphrase.
pub(super) fn seal(plain: &[u8], passphrase: &Secret) -> Result<Sealed, WriteError> {
    let (mut salt, mut nonce) = ([0; SALT_BYTES], [0; NONCE_BYTES]);
    getrandom::fill(&mut salt)
        .and_then(|()| getrandom::fill(&mut nonce))
        .map_err(|_| WriteError::Randomness)?;
    let key = derive(passphrase, &salt, (MEMORY_KIB, PASSES, 1)).ok_or(WriteError::Randomness)?;
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    let payload = Payload { msg: plain, aad: CONTEXT };
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| WriteError::Randomness)?;
    Ok(Sealed {
        cipher: "xchacha20-poly1305".to_owned(),
        kdf: "argon2id".to_owned(),
        memory_kib: MEMORY_KIB,
        passes: PASSES,
        lanes: 1,
        salt: STANDARD.encode(salt),
        nonce: STANDARD.encode(nonce),
        data: STANDARD.encode(sealed),
    })
}

/// Opens what was sealed.
pub(super) fn open(sealed: &Sealed, passphrase: &Secret) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    if sealed.cipher != "xchacha20-poly1305" || sealed.kdf != "argon2id" {
        return Err(ReadError::shape("secrets", "is sealed in a way that this program does not know"));
    }
    if sealed.memory_kib > MAX_MEMORY_KIB || sealed.passes > MAX_PASSES || sealed.lanes > MAX_LANES {
        return Err(ReadError::shape("secrets", "asks for more memory or time than any export does"));
    }
    let bytes = |text: &str| STANDARD.decode(text).map_err(|_| ReadError::Damaged);
    let nonce: [u8; NONCE_BYTES] = bytes(&sealed.nonce)?.try_into().map_err(|_| ReadError::Damaged)?;
    let cost = (sealed.memory_kib, sealed.passes, sealed.lanes);
    let key = derive(passphrase, &bytes(&sealed.salt)?, cost).ok_or(ReadError::Damaged)?;
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    let data = bytes(&sealed.data)?;
    let payload = Payload { msg: &data, aad: CONTEXT };
    cipher.decrypt(&XNonce::from(nonce), payload).map(Zeroizing::new).map_err(|_| ReadError::PassphraseWrong)
}

fn derive(passphrase: &Secret, salt: &[u8], cost: (u32, u32, u32)) -> Option<Zeroizing<[u8; 32]>> {
    let params = Params::new(cost.0, cost.1, cost.2, Some(32)).ok()?;
    let mut key = Zeroizing::new([0; 32]);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(passphrase.expose().as_bytes(), salt, &mut *key).ok()?;
    Some(key)
}
