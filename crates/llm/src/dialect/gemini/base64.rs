//! Bytes in text: Google's clients write either alphabet of base64.

use ::base64::Engine;
use ::base64::alphabet::URL_SAFE;
use ::base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ::base64::prelude::BASE64_STANDARD;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Base64 of either alphabet as standard base64 with padding.
///
/// The Python client writes the alphabet for URLs, which other providers do not read
/// (<https://protobuf.dev/programming-guides/json/>, 2026-11: either may come).
pub(super) fn standard(text: String) -> String {
    let is_foreign = memchr::memchr2(b'-', b'_', text.as_bytes()).is_some();
    if !is_foreign && text.len().is_multiple_of(4) {
        return text;
    }
    let mut text = if is_foreign { text.replace('-', "+").replace('_', "/") } else { text };
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Text as base64.
pub(super) fn encode(text: &str) -> String {
    BASE64_STANDARD.encode(text)
}

/// The text that base64 of either alphabet stands for, if it does.
pub(super) fn decode(text: &str) -> Option<String> {
    let text = text.replace('+', "-").replace('/', "_");
    String::from_utf8(LENIENT.decode(text).ok()?).ok()
}
