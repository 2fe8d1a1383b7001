//! What a login is renewed with: the login's id, a secret, and a mark that shows it to be ours.
//!
//! The mark lets us tell an old token, whose use means that someone copied it, from an invented one, which means
//! nothing and must not end anybody's login.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use roundhouse_domain::{Secret, SessionId};
use roundhouse_storage::MasterKey;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::fault::Fault;

const ID_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;
const MARK_BYTES: usize = 16;
const BODY_BYTES: usize = ID_BYTES + SECRET_BYTES;

/// A refresh token that is marked as ours.
pub(crate) struct RefreshToken {
    pub(crate) session_id: SessionId,
    /// The form in which it is stored.
    pub(crate) hash: [u8; 32],
    pub(crate) text: Secret,
}

impl RefreshToken {
    /// Makes a fresh one for a login.
    pub(crate) fn generate(session_id: SessionId, keys: &MasterKey) -> Result<Self, Fault> {
        let mut bytes = Zeroizing::new([0; BODY_BYTES + MARK_BYTES]);
        bytes[..ID_BYTES].copy_from_slice(session_id.0.as_bytes());
        getrandom::fill(&mut bytes[ID_BYTES..BODY_BYTES]).map_err(|_| Fault::Randomness)?;
        let mark = mark(&bytes[..BODY_BYTES], keys);
        bytes[BODY_BYTES..].copy_from_slice(&mark.as_bytes()[..MARK_BYTES]);
        let text = Secret::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()));
        Ok(Self { session_id, hash: stored_form(bytes.as_slice(), keys), text })
    }

    /// Reads a text; none where it is not marked as ours.
    pub(crate) fn read(text: &Secret, keys: &MasterKey) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.expose()).ok()?);
        let (body, found) = bytes.split_at_checked(BODY_BYTES)?;
        let mut padded = *mark(body, keys).as_bytes();
        padded[..MARK_BYTES]
            .copy_from_slice(found.first_chunk::<MARK_BYTES>().filter(|mark| mark.len() == found.len())?);
        // Comparing hashes takes the same time wherever they differ.
        if blake3::Hash::from(padded) != mark(body, keys) {
            return None;
        }
        let id = Uuid::from_bytes(*body.first_chunk::<ID_BYTES>()?);
        Some(Self { session_id: SessionId(id), hash: stored_form(&bytes, keys), text: text.clone() })
    }
}

/// A stolen table of these opens nothing.
fn stored_form(token: &[u8], keys: &MasterKey) -> [u8; 32] {
    *blake3::keyed_hash(&keys.derive("stored refresh tokens"), token).as_bytes()
}

fn mark(body: &[u8], keys: &MasterKey) -> blake3::Hash {
    blake3::keyed_hash(&keys.derive("refresh tokens"), body)
}

#[cfg(test)]
mod tests {
    use roundhouse_domain::{Clock, Ids};

    use super::*;

    #[test]
    fn only_a_whole_token_of_ours_is_read() {
        let keys = MasterKey::from_text(&Secret::from("one"));
        let session = Ids::seeded(Clock::frozen(0), 1).next();
        let token = RefreshToken::generate(session, &keys).unwrap();
        let read = RefreshToken::read(&token.text, &keys).unwrap();
        assert_eq!((read.session_id, read.hash), (session, token.hash));
        assert_ne!(RefreshToken::generate(session, &keys).unwrap().hash, token.hash);
        let text = token.text.expose();
        let mut changed = text.to_owned().into_bytes();
        changed[30] ^= 1;
        for wrong in ["", "x", &text[4..], &format!("{text}AAAA"), &String::from_utf8(changed).unwrap()] {
            assert!(RefreshToken::read(&Secret::from(wrong), &keys).is_none(), "{wrong}");
        }
        assert!(RefreshToken::read(&token.text, &MasterKey::from_text(&Secret::from("two"))).is_none());
    }
}
