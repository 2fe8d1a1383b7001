//! Ids of tool calls: the one thing that every client sends back, so that they also carry a call's signature.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::{Issuer, Signature};

/// Stands between an id and the signature that it carries.
const MARK: &str = "__rhs_";

/// An id that carries `signature`; of letters that every dialect allows, if `id` is.
pub(crate) fn pack<'a>(id: &'a str, signature: Option<&Signature>) -> Cow<'a, str> {
    let Some(signature) = signature else { return id.into() };
    let data = BASE64_URL_SAFE_NO_PAD.encode(&signature.data);
    format!("{id}{MARK}{}{data}", signature.issuer.letter()).into()
}

/// The id alone, and the signature that it carried.
pub(crate) fn unpack(id: &str) -> (String, Option<Signature>) {
    let Some((alone, carried)) = id.split_once(MARK) else { return (id.to_owned(), None) };
    let signature = carried.split_at_checked(1).and_then(|(letter, data)| {
        let data = BASE64_URL_SAFE_NO_PAD.decode(data).ok()?;
        Some(Signature::new(Issuer::of_letter(letter)?, String::from_utf8(data).ok()?))
    });
    match signature {
        Some(signature) => (alone.to_owned(), Some(signature)),
        None => (id.to_owned(), None),
    }
}

/// The id where it is at most `most` bytes of which each is `allowed`; else a short one that is always the same for it.
pub(crate) fn fit(id: &str, most: usize, allowed: fn(u8) -> bool) -> Cow<'_, str> {
    if !id.is_empty() && id.len() <= most && id.bytes().all(allowed) {
        return id.into();
    }
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    // Base 36 is in every alphabet; nine digits of it are what the strictest provider wants.
    let mut rest = hasher.finish();
    let mut short = String::with_capacity(9);
    for _ in 0..9.min(most) {
        short.push(char::from_digit(u32::try_from(rest % 36).unwrap_or_default(), 36).unwrap_or('0'));
        rest /= 36;
    }
    short.into()
}

/// What most dialects allow in an id: letters, digits, `_` and `-`.
pub(crate) fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_travels_in_an_id_and_comes_out_again() {
        let signature = Signature::new(Issuer::Gemini, "CiQB+/==");
        let packed = pack("call_1", Some(&signature));
        assert!(packed.bytes().all(is_plain), "{packed}");
        assert_eq!(unpack(&packed), ("call_1".to_owned(), Some(signature)));
        assert_eq!(unpack("call_1"), ("call_1".to_owned(), None));
        assert_eq!(unpack("call__rhs_"), ("call__rhs_".to_owned(), None));
        assert_eq!(unpack("call__rhs_g*"), ("call__rhs_g*".to_owned(), None));
    }

    #[test]
    fn an_id_that_does_not_fit_gets_a_stable_short_one() {
        assert_eq!(fit("call_1", 40, is_plain), "call_1");
        let short = fit("call:1", 40, is_plain);
        assert_eq!(short.len(), 9);
        assert_eq!(short, fit("call:1", 40, is_plain));
        assert_ne!(short, fit("call:2", 40, is_plain));
        assert_eq!(fit("call_1", 9, |byte| byte.is_ascii_alphanumeric()).len(), 9);
    }
}
