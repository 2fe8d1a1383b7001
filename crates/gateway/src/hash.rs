//! Keyed hashes by which credentials are looked up and named.

use roundhouse_domain::{KeyHash, Secret};

use crate::access::CredentialHash;

/// A number that stands for some texts: the same everywhere, and for no others.
pub fn digest(texts: &[&str]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        hasher.update(text.as_bytes()).update(b"\0");
    }
    let mut digest = [0; 16];
    hasher.finalize_xof().fill(&mut digest);
    digest
}

/// Hashes credentials under a key of this installation, so that a stolen table of hashes cannot be searched for guesses.
#[derive(Clone)]
pub struct LookupHasher([u8; 32]);

impl LookupHasher {
    /// A hasher under `key`.
    pub const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The name of a provider's key; the same credential has another name at another provider.
    pub fn provider_key(&self, provider: &str, key: &Secret) -> KeyHash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(provider.as_bytes()).update(b"\0").update(key.expose().as_bytes());
        let mut name = [0; 16];
        hasher.finalize_xof().fill(&mut name);
        KeyHash(name)
    }

    /// What an access key is looked up by.
    pub fn credential(&self, credential: &[u8]) -> CredentialHash {
        *blake3::keyed_hash(&self.0, credential).as_bytes()
    }

    /// A number that stands for an affinity text.
    pub fn affinity(&self, text: &str) -> u64 {
        let hash = blake3::keyed_hash(&self.0, text.as_bytes());
        hash.as_bytes().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }

    /// A digest of several texts; each counts for itself.
    pub fn parts(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        *hasher.finalize().as_bytes()
    }

    /// A digest of a request body, to tell a repeated request from another one.
    pub fn body(&self, body: &[u8]) -> [u8; 32] {
        *blake3::keyed_hash(&self.0, body).as_bytes()
    }
}
