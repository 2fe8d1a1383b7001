//! Strings (RFC 8259 section 7).

use std::borrow::Cow;
use std::ops::Range;

use super::{Scanner, Step};

/// Bytes looked at together: wide enough for vector registers, short enough for short strings.
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
            self.at += plain_run(&self.bytes[self.at..]);
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(_) => return self.stop("control characters in strings must be escaped"),
                None => return self.stop("the text ends inside a string"),
            }
        }
        self.at += 1;
        Ok(Text { quoted: &self.bytes[start..self.at], start, escaped })
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

/// How many bytes from the start need no look: neither quote nor backslash nor control character.
fn plain_run(bytes: &[u8]) -> usize {
    let mut run = 0;
    let (words, _) = bytes.as_chunks::<8>();
    for word in words.iter().take(BLOCK / 8) {
        let marks = special_bytes(u64::from_le_bytes(*word));
        if marks != 0 {
            return run + marks.trailing_zeros() as usize / 8;
        }
        run += 8;
    }
    let (blocks, _) = bytes[run..].as_chunks::<BLOCK>();
    run += blocks
        .iter()
        .take_while(|block| !block.iter().fold(false, |found, byte| found | is_special(*byte)))
        .count()
        * BLOCK;
    run + bytes[run..].iter().take_while(|byte| !is_special(**byte)).count()
}

#[allow(clippy::needless_bitwise_bool, reason = "branches would keep the block loop out of vector registers")]
const fn is_special(byte: u8) -> bool {
    (byte == b'"') | (byte == b'\\') | (byte < 0x20)
}

/// Marks the high bit of each special byte; exact up to and including the first one.
/// Method: "Determine if a word has a byte less than n", Bit Twiddling Hacks (Sean Eron Anderson).
const fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES * 0x80;
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let below = word.wrapping_sub(ONES * 0x20) & !word;
    let quotes = quote.wrapping_sub(ONES) & !quote;
    let backslashes = backslash.wrapping_sub(ONES) & !backslash;
    (below | quotes | backslashes) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_runs_end_at_the_first_special_byte_wherever_it_stands() {
        for length in 0..150 {
            for at in 0..=length {
                for special in [b'"', b'\\', 0, 0x1f] {
                    let mut bytes = vec![b'\xe4'; length];
                    bytes.iter_mut().step_by(2).for_each(|byte| *byte = b' ');
                    bytes.insert(at, special);
                    assert_eq!(plain_run(&bytes), at);
                }
            }
        }
    }
}
