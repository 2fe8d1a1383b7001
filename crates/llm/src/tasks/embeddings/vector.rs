//! Vectors, in numbers and in bytes.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use serde_json::value::RawValue;

/// Some providers leave the padding out.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A vector as its provider wrote it, so that the form in which it came loses nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vector(Inner);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Inner {
    /// A JSON array of numbers.
    Numbers(Box<str>),
    /// Little-endian 32-bit floats, all finite.
    Singles(Vec<u8>),
}

impl Vector {
    /// Reads a JSON array of numbers, or base64 of little-endian 32-bit floats; none where it is neither.
    pub(super) fn read(value: &RawValue) -> Option<Self> {
        let text = value.get();
        if text.starts_with('"') {
            let text: Cow<'_, str> = serde_json::from_str(text).ok()?;
            let bytes = LENIENT.decode(text.as_bytes()).ok()?;
            let is_good = bytes.len().is_multiple_of(4) && singles(&bytes).all(f32::is_finite);
            return is_good.then_some(Self(Inner::Singles(bytes)));
        }
        // The text is JSON: with only these characters it is an array of numbers.
        let is_number = |byte: u8| byte.is_ascii_digit() || b"+-.eE, \t\r\n".contains(&byte);
        let inner = text.strip_prefix('[')?.strip_suffix(']')?;
        inner.bytes().all(is_number).then(|| Self(Inner::Numbers(text.into())))
    }

    /// A JSON array of numbers; each that came as a 32-bit float in the fewest digits that give it back exactly.
    pub fn numbers(&self) -> Cow<'_, str> {
        match &self.0 {
            Inner::Numbers(text) => Cow::Borrowed(text),
            Inner::Singles(bytes) => {
                let singles: Vec<f32> = singles(bytes).collect();
                Cow::Owned(serde_json::to_string(&singles).unwrap_or_default())
            }
        }
    }

    /// Base64 of little-endian 32-bit floats; each number is the float that is nearest to what was written.
    pub fn base64(&self) -> String {
        match &self.0 {
            Inner::Numbers(text) => STANDARD.encode(parsed(text)),
            Inner::Singles(bytes) => STANDARD.encode(bytes),
        }
    }
}

fn singles(bytes: &[u8]) -> impl Iterator<Item = f32> {
    bytes.as_chunks().0.iter().copied().map(f32::from_le_bytes)
}

/// Parses the numbers one by one: a JSON parser reads them as doubles first, and rounding twice can miss the nearest float.
fn parsed(array: &str) -> Vec<u8> {
    let numbers = array.trim_matches(['[', ']']).split(',').map(str::trim).filter(|text| !text.is_empty());
    let floats = numbers.map(|text| text.parse::<f32>().unwrap_or_default().clamp(f32::MIN, f32::MAX));
    floats.flat_map(f32::to_le_bytes).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(json: &str) -> Option<Vector> {
        Vector::read(serde_json::from_str(json).unwrap())
    }

    fn encoded(floats: &[f32]) -> String {
        STANDARD.encode(floats.iter().flat_map(|float| float.to_le_bytes()).collect::<Vec<_>>())
    }

    #[test]
    fn numbers_come_back_as_they_were_written() {
        let text = "[ 0.0141678555, -1e-7,\n 12, 0.1234567890123456789 ]";
        assert_eq!(read(text).unwrap().numbers(), text);
        assert_eq!(read("[]").unwrap().base64(), "");
    }

    #[test]
    fn a_number_becomes_its_nearest_float() {
        // Halfway between two floats but for the last digit, which a double cannot hold.
        let above = "[1.00000005960464477539062500000001]";
        assert_eq!(read(above).unwrap().base64(), encoded(&[1.000_000_1]));
        assert_eq!(read("[1e39,-1e39]").unwrap().base64(), encoded(&[f32::MAX, f32::MIN]));
    }

    #[test]
    fn what_is_no_vector_is_refused() {
        let nan = format!("\"{}\"", encoded(&[1.0, f32::NAN]));
        for json in ["null", "{}", "[null]", "[[1]]", "[\"1\"]", "\"AA=\"", "\"AAAA\"", "\"?\"", nan.as_str()]
        {
            assert_eq!(read(json), None, "{json}");
        }
    }

    proptest! {
        #[test]
        fn floats_survive_every_way(floats in proptest::collection::vec(any::<u32>().prop_map(f32::from_bits), 0..40)) {
            let floats: Vec<f32> = floats.into_iter().filter(|float| float.is_finite()).collect();
            let base64 = encoded(&floats);
            let from_bytes = read(&format!("\"{base64}\"")).unwrap();
            prop_assert_eq!(from_bytes.base64(), base64.as_str());
            let from_numbers = read(&from_bytes.numbers()).unwrap();
            prop_assert_eq!(from_numbers.base64(), base64.as_str());
            let unpadded = read(&format!("\"{}\"", base64.trim_end_matches('='))).unwrap();
            prop_assert_eq!(unpadded.base64(), base64);
        }
    }
}
