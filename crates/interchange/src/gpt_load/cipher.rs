//! How gpt-load encrypts keys: AES-256-GCM under a key derived from `ENCRYPTION_KEY`, as `hex(nonce || ciphertext)`
//! (its `internal/encryption`, 1.4.9).

use std::num::NonZeroU32;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{digest, hmac, pbkdf2};
use roundhouse_domain::Secret;
use zeroize::Zeroizing;

use crate::error::ReadError;

const SALT: &[u8] = b"gpt-load-encryption-v1";
const ROUNDS: u32 = 100_000;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
/// Keys that are looked at to tell whether they are encrypted, and under which key.
const SAMPLE: usize = 20;

/// Opens the keys of a gpt-load.
#[derive(Debug)]
pub struct Cipher(Option<Keys>);

#[derive(Debug)]
struct Keys {
    aead: LessSafeKey,
    hmac: hmac::Key,
}

/// A stored key, and the hash that stands beside it; empty in tables from before there was one.
#[derive(Clone, Copy, Debug)]
pub struct Stored<'a> {
    /// The column `key_value`.
    pub value: &'a str,
    /// The column `key_hash`.
    pub hash: &'a str,
}

impl Cipher {
    /// The cipher of a gpt-load that ran with `ENCRYPTION_KEY`, or without.
    ///
    /// # Errors
    /// Never for a key of a sensible length.
    pub fn new(encryption_key: Option<&Secret>) -> Result<Self, ReadError> {
        let Some(text) = encryption_key.map(Secret::expose).filter(|text| !text.is_empty()) else {
            return Ok(Self(None));
        };
        let mut derived = Zeroizing::new([0; 32]);
        let rounds = NonZeroU32::new(ROUNDS).unwrap_or(NonZeroU32::MIN);
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, SALT, text.as_bytes(), &mut *derived);
        let key = UnboundKey::new(&AES_256_GCM, &*derived).map_err(|_| ReadError::EncryptionKeyWrong)?;
        let hmac = hmac::Key::new(hmac::HMAC_SHA256, &*derived);
        Ok(Self(Some(Keys { aead: LessSafeKey::new(key), hmac })))
    }

    /// Looks at some of the stored keys, and tells whether this cipher is the one for them.
    ///
    /// # Errors
    /// When they are encrypted under another key, encrypted and there is no key, or not encrypted and there is one.
    pub fn check(&self, stored: &[Stored<'_>]) -> Result<(), ReadError> {
        let sample = &stored[..stored.len().min(SAMPLE)];
        let plain = sample.iter().filter(|key| is_plain(key)).count();
        let encrypted = sample.iter().filter(|key| !is_plain(key) && ciphertext(key.value).is_some()).count();
        match &self.0 {
            None if encrypted > 0 && plain == 0 => Err(ReadError::EncryptionKeyMissing),
            Some(_) if encrypted == 0 && plain > 0 => Err(ReadError::NotEncrypted),
            Some(_) if encrypted > 0 && !sample.iter().any(|key| self.opens(key)) => {
                Err(ReadError::EncryptionKeyWrong)
            }
            _ => Ok(()),
        }
    }

    /// The key itself. None when it is encrypted otherwise.
    pub fn open(&self, stored: &Stored<'_>) -> Option<Secret> {
        if is_plain(stored) || ciphertext(stored.value).is_none() {
            return Some(Secret::from(stored.value));
        }
        self.decrypt(stored.value)
    }

    fn opens(&self, key: &Stored<'_>) -> bool {
        !is_plain(key) && self.decrypt(key.value).is_some()
    }

    fn decrypt(&self, value: &str) -> Option<Secret> {
        let keys = self.0.as_ref()?;
        let mut bytes = ciphertext(value)?;
        let mut sealed = bytes.split_off(NONCE_BYTES);
        let nonce = Nonce::try_assume_unique_for_key(&bytes).ok()?;
        let plain = keys.aead.open_in_place(nonce, Aad::empty(), &mut sealed).ok()?;
        let secret = std::str::from_utf8(plain).ok().map(Secret::from);
        zeroize::Zeroize::zeroize(&mut sealed);
        secret
    }

    /// Encrypts a key, for tests that make databases.
    #[cfg(test)]
    pub(crate) fn seal(&self, plain: &str, nonce: [u8; NONCE_BYTES]) -> (String, String) {
        let keys = self.0.as_ref().expect("there is a key");
        let mut bytes = plain.as_bytes().to_vec();
        let sealing = Nonce::assume_unique_for_key(nonce);
        keys.aead.seal_in_place_append_tag(sealing, Aad::empty(), &mut bytes).expect("it is short");
        let hash = hmac::sign(&keys.hmac, plain.as_bytes());
        (hex([&nonce[..], &bytes].concat().as_slice()), hex(hash.as_ref()))
    }

    /// The hash that gpt-load keeps beside a key.
    pub fn hash(&self, plain: &str) -> String {
        match &self.0 {
            Some(keys) => hex(hmac::sign(&keys.hmac, plain.as_bytes()).as_ref()),
            None => hex(digest::digest(&digest::SHA256, plain.as_bytes()).as_ref()),
        }
    }
}

/// True when the hash beside the key is that of its text as it stands, which is how keys are kept without encryption.
fn is_plain(key: &Stored<'_>) -> bool {
    let hash = digest::digest(&digest::SHA256, key.value.as_bytes());
    !key.hash.is_empty() && key.hash.eq_ignore_ascii_case(&hex(hash.as_ref()))
}

/// The bytes of what looks like an encrypted key.
fn ciphertext(value: &str) -> Option<Vec<u8>> {
    let long_enough = value.len() > 2 * (NONCE_BYTES + TAG_BYTES) && value.len().is_multiple_of(2);
    if !long_enough || !value.is_ascii() {
        return None;
    }
    (0..value.len()).step_by(2).map(|at| u8::from_str_radix(value.get(at..at + 2)?, 16).ok()).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cipher(key: &str) -> Cipher {
        Cipher::new(Some(&Secret::from(key))).unwrap()
    }

    #[test]
    fn the_key_is_derived_as_gpt_load_does() {
        // Computed with OpenSSL, through the crypto module of Node.js.
        let (value, hash) = cipher("correct horse battery").seal("sk-test-1234567890", [7; 12]);
        assert_eq!(
            value,
            "07070707070707070707070761084ca49203466b7452abb07577aca3fe85d869a18f3db9c3096abb644354652411"
        );
        assert_eq!(hash, "34db29dbed6375ee6a500e0cd092241f3b382a9f1bdb26037129af8f4a12bb64");
    }

    #[test]
    fn keys_are_opened_with_the_right_key_only() {
        let right = cipher("right");
        let (value, hash) = right.seal("sk-secret", [1; 12]);
        let stored = Stored { value: &value, hash: &hash };
        assert_eq!(right.open(&stored).unwrap().expose(), "sk-secret");
        assert!(right.check(&[stored]).is_ok());
        assert!(matches!(cipher("wrong").check(&[stored]), Err(ReadError::EncryptionKeyWrong)));
        assert!(cipher("wrong").open(&stored).is_none());
        assert!(matches!(Cipher(None).check(&[stored]), Err(ReadError::EncryptionKeyMissing)));
    }

    #[test]
    fn plain_keys_are_known_by_their_hashes() {
        let plain = Cipher(None);
        // A key that happens to be hexadecimal.
        let value = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
        let hash = plain.hash(value);
        let stored = Stored { value, hash: &hash };
        assert!(plain.check(&[stored]).is_ok());
        assert_eq!(plain.open(&stored).unwrap().expose(), value);
        assert!(matches!(cipher("any").check(&[stored]), Err(ReadError::NotEncrypted)));
        let old = Stored { value: "sk-old", hash: "" };
        assert_eq!(plain.open(&old).unwrap().expose(), "sk-old");
        assert!(plain.check(&[old]).is_ok() && plain.check(&[]).is_ok());
    }
}
