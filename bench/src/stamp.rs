//! The time in an event's content: when the mock was to send it, so that a reader knows how late it came.

use memchr::memmem;

/// The content of an event that is not marked yet: microseconds in a fixed number of digits.
pub(crate) const EMPTY: &str = "0000000000000000";

const BEFORE: &[u8] = br#""content":""#;

/// Where the digits of the first stamp in `bytes` begin.
pub(crate) fn find(bytes: &[u8]) -> Option<usize> {
    let at = memmem::find(bytes, BEFORE)? + BEFORE.len();
    bytes.get(at..at + EMPTY.len()).filter(|digits| digits.iter().all(u8::is_ascii_digit)).map(|_| at)
}

/// Writes a time over the digits at the beginning of `bytes`.
pub(crate) fn write(bytes: &mut [u8], time_ns: u64) {
    let mut micros = time_ns / 1_000;
    for digit in bytes[..EMPTY.len()].iter_mut().rev() {
        *digit = b'0' + u8::try_from(micros % 10).unwrap_or_default();
        micros /= 10;
    }
}

/// Reads the first stamp in `bytes`.
pub(crate) fn read(bytes: &[u8]) -> Option<u64> {
    let at = find(bytes)?;
    let digits = &bytes[at..at + EMPTY.len()];
    Some(digits.iter().fold(0, |micros, digit| micros * 10 + u64::from(digit - b'0')) * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let mut event = format!(r#"{{"content":"{EMPTY}"}}"#).into_bytes();
        let at = find(&event).unwrap();
        write(&mut event[at..], 987_654_321_000);
        assert_eq!(read(&event), Some(987_654_321_000));
    }

    #[test]
    fn stamp_that_is_cut_off_is_none() {
        assert_eq!(read(br#"{"content":"00000000"#), None);
        assert_eq!(read(br#"{"content":"hello, this is text"}"#), None);
    }
}
