//! Seals secrets under the master key, and derives the keys of other purposes from it.

mod canary;
mod key_file;
mod rotate;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use roundhouse_domain::{ErrorKind, Secret};
use zeroize::Zeroizing;

pub use self::canary::CanaryError;
pub use self::rotate::Resealed;

/// First byte of what [`MasterKey::seal`] makes: XChaCha20-Poly1305, then 24 bytes of nonce, then the sealed bytes.
const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
/// Contexts of key derivation must be unique to a program and purpose (BLAKE3 paper, section 2.3).
const CONTEXT: &str = "roundhouse 2026-11-01 ";

/// Why the master key cannot be used, or something sealed under it cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    /// The key's file cannot be read or made.
    #[error("the encryption key file {} cannot be used: make its folder writable, or set ROUNDHOUSE_ENCRYPTION_KEY", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Others may read the key's file.
    #[error("the encryption key file {0} can be read by other users: run chmod 600 {0}", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// The key's file holds something else.
    #[error("the encryption key file {} does not hold 64 hexadecimal digits: restore it from a backup", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The configured key is empty.
    #[error(
        "the configured encryption key is empty: set at least 16 characters that nobody can guess, or leave it out"
    )]
    Empty,
    /// The bytes were sealed under another key or for another purpose, or were changed.
    #[error("a stored secret cannot be opened: it was sealed under another encryption key, or was changed")]
    Unopenable,
    /// The system has no randomness to give.
    #[error("the operating system gives no randomness")]
    Randomness,
}

impl SealingError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Exposed { .. } | Self::Malformed { .. } | Self::Empty => ErrorKind::Invalid,
            Self::File { .. } | Self::Randomness => ErrorKind::Unavailable,
            Self::Unopenable => ErrorKind::Internal,
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "encryption_key_file",
            Self::Exposed { .. } => "encryption_key_exposed",
            Self::Malformed { .. } => "encryption_key_malformed",
            Self::Empty => "encryption_key_empty",
            Self::Unopenable => "encryption_key_wrong",
            Self::Randomness => "randomness_missing",
        }
    }
}

/// The one key from which all others are derived; clones share it, and it is wiped with the last of them.
#[derive(Clone)]
pub struct MasterKey(Arc<Keys>);

struct Keys {
    master: Zeroizing<[u8; 32]>,
    sealing: Zeroizing<[u8; 32]>,
    /// The first master key of the database, where others have come after it.
    first: Option<Zeroizing<[u8; 32]>>,
}

impl MasterKey {
    /// Takes the key from a configured text of any length, else from the file `encryption.key` in `data_dir`, which
    /// is made at the first start.
    pub fn load_or_create(configured: Option<&Secret>, data_dir: &Path) -> Result<Self, SealingError> {
        match configured {
            Some(text) if text.expose().trim().is_empty() => Err(SealingError::Empty),
            Some(text) => Ok(Self::from_text(text)),
            None => key_file::load_or_create(data_dir).map(|bytes| Self::from_bytes(&*bytes)),
        }
    }

    /// Derives the key from a text.
    pub fn from_text(text: &Secret) -> Self {
        Self::from_bytes(text.expose().trim().as_bytes())
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        let master = derive("master key", bytes);
        let sealing = derive("sealing", &*master);
        Self(Arc::new(Keys { master, sealing, first: None }))
    }

    /// The same key, for a database whose first master key was `first`.
    fn after(&self, first: Zeroizing<[u8; 32]>) -> Self {
        let Keys { master, sealing, .. } = &*self.0;
        Self(Arc::new(Keys { master: master.clone(), sealing: sealing.clone(), first: Some(first) }))
    }

    fn first(&self) -> &[u8; 32] {
        self.0.first.as_ref().unwrap_or(&self.0.master)
    }

    /// Makes a new key and keeps it beside the one in `data_dir`, until [`Self::promote_draft`].
    pub fn draft(data_dir: &Path) -> Result<Self, SealingError> {
        key_file::draft(data_dir).map(|bytes| Self::from_bytes(&*bytes))
    }

    /// Puts the key that [`Self::draft`] made in the place of the one in `data_dir`; returns where that is now.
    pub fn promote_draft(data_dir: &Path) -> Result<PathBuf, SealingError> {
        key_file::promote_draft(data_dir)
    }

    /// Seals `plain` so that it opens only under this key and for the same `context`, such as `provider_key`.
    pub fn seal(&self, plain: &[u8], context: &str) -> Result<Vec<u8>, SealingError> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| SealingError::Randomness)?;
        let payload = Payload { msg: plain, aad: context.as_bytes() };
        let body =
            self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| SealingError::Unopenable)?;
        let mut sealed = Vec::with_capacity(1 + NONCE_BYTES + body.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    /// Opens what [`Self::seal`] made for the same `context`.
    pub fn open(&self, sealed: &[u8], context: &str) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        let (nonce, body) = match sealed.split_first() {
            Some((&VERSION, rest)) => {
                rest.split_first_chunk::<NONCE_BYTES>().ok_or(SealingError::Unopenable)?
            }
            _ => return Err(SealingError::Unopenable),
        };
        let payload = Payload { msg: body, aad: context.as_bytes() };
        let plain =
            self.cipher().decrypt(&XNonce::from(*nonce), payload).map_err(|_| SealingError::Unopenable)?;
        Ok(Zeroizing::new(plain))
    }

    /// Opens a text that was sealed for `context`.
    pub fn open_text(&self, sealed: &[u8], context: &str) -> Result<Secret, SealingError> {
        let plain = self.open(sealed, context)?;
        std::str::from_utf8(&plain).map(Secret::new).map_err(|_| SealingError::Unopenable)
    }

    /// A key of its own for `purpose`, the same as long as the master key is: for signatures.
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        derive(&format!("for {purpose}"), &*self.0.master)
    }

    /// A key of its own for `purpose` that outlives the master key: for hashes of what nobody can hash anew.
    pub fn derive_lasting(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        derive(&format!("for {purpose}"), self.first())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.0.sealing))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(****)")
    }
}

fn derive(purpose: &str, from: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(blake3::derive_key(&format!("{CONTEXT}{purpose}"), from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> MasterKey {
        MasterKey::from_text(&Secret::from(text))
    }

    #[test]
    fn opens_what_it_sealed_for_the_same_purpose_only() {
        let sealed = key("one").seal(b"sk-secret", "provider_key").unwrap();
        assert_eq!(&**key("one").open(&sealed, "provider_key").unwrap(), b"sk-secret");
        assert!(key("one").open(&sealed, "smtp").is_err());
        assert!(key("two").open(&sealed, "provider_key").is_err());
    }

    #[test]
    fn any_change_of_sealed_bytes_is_noticed() {
        let sealed = key("one").seal(b"sk-secret", "provider_key").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key("one").open(&changed, "provider_key").is_err(), "byte {at}");
            assert!(key("one").open(&sealed[..at], "provider_key").is_err(), "cut at {at}");
        }
    }

    #[test]
    fn the_same_secret_is_sealed_differently_each_time() {
        let key = key("one");
        assert_ne!(key.seal(b"a", "x").unwrap(), key.seal(b"a", "x").unwrap());
    }

    #[test]
    fn each_purpose_has_a_key_of_its_own_the_same_each_time() {
        assert_eq!(*key("one").derive("tokens"), *key("one").derive("tokens"));
        assert_ne!(*key("one").derive("tokens"), *key("one").derive("cookies"));
        assert_ne!(*key("one").derive("tokens"), *key("two").derive("tokens"));
    }

    #[test]
    fn an_empty_configured_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let error = MasterKey::load_or_create(Some(&Secret::from("  ")), folder.path()).unwrap_err();
        assert_eq!(error.code(), "encryption_key_empty");
    }
}
