//! Strings (RFC 8259 section 7).

use std::borrow::Cow;
use std::ops::Range;

use wide::u8x16;

use super::{Scanner, Step};

/// Bytes looked at together: two vector registers.
const BLOCK: usize = 32;

/// A string as it stands in the text.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    /// The quoted text with its quotes.
    quoted: &'a [u8],
    start: usize,
    escaped: bool,
}

impl<'a> Text<'a> {
    /// Where it stands, quotes included.
    pub(crate) fn span(&self) -> Range<usize> {
        self.start..self.start + self.quoted.len()
    }

    /// What it says; none where escapes do not make up text.
    pub(crate) fn value(&self) -> Option<Cow<'a, str>> {
        if self.escaped {
            return serde_json::from_slice::<String>(self.quoted).ok().map(Cow::Owned);
        }
        std::str::from_utf8(self.inner()).ok().map(Cow::Borrowed)
    }

    /// What stands between the quotes, or what it says where it has escapes.
    pub(crate) fn name(&self) -> Cow<'a, [u8]> {
        if !self.escaped {
            return Cow::Borrowed(self.inner());
        }
        self.value().map_or(Cow::Borrowed(self.inner()), |name| Cow::Owned(name.into_owned().into_bytes()))
    }

    /// What stands between the quotes, escapes as they are.
    pub(crate) fn inner(&self) -> &'a [u8] {
        &self.quoted[1..self.quoted.len() - 1]
    }
}

impl<'a> Scanner<'a> {
    /// Goes over a string; the scan stands before its opening quote.
    pub(crate) fn string(&mut self) -> Step<Text<'a>> {
        let start = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            let block = self.at;
            let mut marks = marks(&self.bytes[block..]);
            while marks != 0 {
                self.at = block + marks.trailing_zeros() as usize;
                match self.bytes.get(self.at) {
                    Some(b'"') => {
                        self.at += 1;
                        return Ok(Text { quoted: &self.bytes[start..self.at], start, escaped });
                    }
                    Some(b'\\') => {
                        escaped = true;
                        self.escape()?;
                        marks = marks_from(marks, self.at - block);
                    }
                    Some(_) => return self.stop("control characters in strings must be escaped"),
                    None => return self.stop("the text ends inside a string"),
                }
            }
            self.at = self.at.max(block + BLOCK);
        }
    }

    fn escape(&mut self) -> Step<()> {
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') if self.has_four_hex_digits() => self.at += 6,
            _ => return self.stop("unknown escape in a string"),
        }
        Ok(())
    }

    fn has_four_hex_digits(&self) -> bool {
        self.bytes
            .get(self.at + 2..self.at + 6)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    }
}

/// A bit for each of the next bytes that needs a look: quote, backslash, control character, or the end of the text.
fn marks(bytes: &[u8]) -> u32 {
    if let Some(block) = bytes.first_chunk::<BLOCK>() {
        return special_bytes(block);
    }
    // Blanks need no look; the bit behind the last byte is the end's.
    let mut block = [b' '; BLOCK];
    block[..bytes.len()].copy_from_slice(bytes);
    special_bytes(&block) | 1 << bytes.len()
}

/// The bits from `place` on.
const fn marks_from(marks: u32, place: usize) -> u32 {
    if place < BLOCK { marks & (u32::MAX << place) } else { 0 }
}

fn special_bytes(block: &[u8; BLOCK]) -> u32 {
    let (halves, _) = block.as_chunks::<16>();
    let [low, high] = [special_half(halves[0]), special_half(halves[1])];
    low | high << 16
}

fn special_half(bytes: [u8; 16]) -> u32 {
    let bytes = u8x16::new(bytes);
    let quote = bytes.simd_eq(u8x16::splat(b'"'));
    let backslash = bytes.simd_eq(u8x16::splat(b'\\'));
    // Control characters are below 0x20: none of the three upper bits is set.
    let control = (bytes & u8x16::splat(0xe0)).simd_eq(u8x16::ZERO);
    (quote | backslash | control).to_bitmask()
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_the_bytes_that_need_a_look_wherever_they_stand() {
        for length in 0..BLOCK + 3 {
            for at in 0..length {
                for special in [b'"', b'\\', 0, 0x1f] {
                    let mut bytes = vec![b'\xe4'; length];
                    bytes.iter_mut().step_by(2).for_each(|byte| *byte = b' ');
                    bytes[at] = special;
                    let end = if length < BLOCK { 1 << length } else { 0 };
                    assert_eq!(marks(&bytes), if at < BLOCK { end | 1 << at } else { end }, "{length} {at}");
                }
            }
        }
    }

    #[test]
    fn a_string_ends_at_its_quote_wherever_escapes_stand() {
        for before in 0..2 * BLOCK {
            for escape in [r"\n", r#"\""#, r"\\", r"\u00e4"] {
                for between in [0, 1, BLOCK - 1, BLOCK] {
                    let inner = format!("{}{escape}{}{escape}", "a".repeat(before), "b".repeat(between));
                    let bytes = format!("\"{inner}\"x");
                    let mut scanner = Scanner::new(bytes.as_bytes());
                    let Ok(text) = scanner.string() else { panic!("{bytes}") };
                    assert_eq!(text.inner(), inner.as_bytes());
                    let cut = &bytes.as_bytes()[..=inner.len()];
                    assert!(Scanner::new(cut).string().is_err(), "{bytes} without its end");
                }
            }
        }
    }
}
