//! Signatures of thinking in `thoughtSignature`, which Google's clients take for base64.

use std::borrow::Cow;

use super::base64;
use crate::generation::{Issuer, Signature};

/// What Gemini 3 takes in place of a signature that nobody has, because another model made the call.
///
/// Source: <https://ai.google.dev/gemini-api/docs/thought-signatures#faqs>, 2026-11.
pub(super) const PLACEHOLDER: &str = "skip_thought_signature_validator";

/// Before a sealed signature whose thought is kept secret.
const REDACTED: &str = "redacted:";

/// The first bytes of what [`Signature::sealed`] marks.
const SEALED: &str = "rh1.";

/// The text for `thoughtSignature` in an answer.
pub(super) fn write(signature: &Signature, is_redacted: bool) -> Cow<'_, str> {
    if signature.issuer == Issuer::Gemini {
        return signature.data.as_str().into();
    }
    let sealed = signature.sealed(Issuer::Gemini);
    base64::encode(&if is_redacted { format!("{REDACTED}{sealed}") } else { sealed }).into()
}

/// Reads `thoughtSignature` of a request: the signature, and whether its thought is kept secret.
pub(super) fn read(text: String) -> (Signature, bool) {
    // Nobody else's signatures are short enough to decode to text, and few to text that begins so.
    let Some(decoded) = base64::decode(&text) else { return (Signature::new(Issuer::Gemini, text), false) };
    let (sealed, is_redacted) = match decoded.strip_prefix(REDACTED) {
        Some(sealed) => (sealed, true),
        None => (decoded.as_str(), false),
    };
    if !sealed.starts_with(SEALED) {
        return (Signature::new(Issuer::Gemini, text), false);
    }
    (Signature::opened(sealed, Issuer::Gemini), is_redacted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_of_others_pass_through_clients_that_decode_and_encode_base64() {
        for is_redacted in [false, true] {
            let signature = Signature::new(Issuer::Anthropic, "EqMD>?~+/=é");
            let text = write(&signature, is_redacted).into_owned();
            assert_eq!(read(text.clone()), (signature.clone(), is_redacted));
            let in_urls = text.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned();
            assert_eq!(read(in_urls), (signature, is_redacted));
        }
    }

    #[test]
    fn its_own_signatures_stay_as_they_are() {
        for own in ["CuwBAb4+9vtZI+lrRvvljZUd", PLACEHOLDER, "", "%"] {
            let signature = Signature::new(Issuer::Gemini, own);
            assert_eq!(write(&signature, false), own);
            assert_eq!(read(own.to_owned()), (signature, false));
        }
    }
}
