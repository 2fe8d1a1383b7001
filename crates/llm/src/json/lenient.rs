//! Reading without insisting on types: a value of another type than expected is gone over, not refused.

use std::borrow::Cow;

use super::{Scanner, Step, Text};

/// Members that say what something is, and nothing a client could use.
const LABELS: [&[u8]; 12] = [
    b"type",
    b"id",
    b"role",
    b"index",
    b"object",
    b"status",
    b"format",
    b"phase",
    b"signature",
    b"thought",
    b"thoughtSignature",
    b"thought_signature",
];

impl<'a> Scanner<'a> {
    /// Goes over any value; `member` goes over each member's value where it is an object.
    pub(crate) fn fields(&mut self, member: impl FnMut(&mut Self, Text<'a>) -> Step<()>) -> Step<()> {
        if self.peek() == Some(b'{') { self.members(member) } else { self.skip() }
    }

    /// Goes over any value; `item` goes over each item where it is an array.
    pub(crate) fn elements(&mut self, item: impl FnMut(&mut Self) -> Step<()>) -> Step<()> {
        if self.peek() == Some(b'[') { self.items(item) } else { self.skip() }
    }

    /// Goes over any value, and returns it where it is text.
    pub(crate) fn text(&mut self) -> Step<Option<Cow<'a, str>>> {
        if self.peek() != Some(b'"') {
            return self.skip().map(|()| None);
        }
        self.string().map(|text| text.value())
    }

    /// Goes over any value, and returns it where it is a count, also one in quotes or with a fraction.
    pub(crate) fn count(&mut self) -> Step<Option<u64>> {
        let raw = self.raw()?.trim_ascii();
        let digits = raw.strip_prefix(b"\"").unwrap_or(raw);
        let digits = digits.split(|byte| !byte.is_ascii_digit()).next().unwrap_or_default();
        Ok(std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()))
    }

    /// Goes over any value; true unless it is null, false or empty.
    pub(crate) fn is_present(&mut self) -> Step<bool> {
        let raw = self.raw()?;
        Ok(!matches!(raw, b"null" | b"false" | b"\"\"" | b"{}" | b"[]"))
    }

    /// Goes over any value; true when text is in it, however deep, that is not a mere label.
    pub(crate) fn has_content(&mut self) -> Step<bool> {
        let mut found = false;
        match self.peek() {
            Some(b'"') => found = !self.string()?.inner().is_empty(),
            Some(b'{') => self.members(|scanner, key| {
                if found || LABELS.contains(&key.inner()) {
                    return scanner.skip();
                }
                found = scanner.has_content()?;
                Ok(())
            })?,
            Some(b'[') => self.items(|scanner| {
                found |= scanner.has_content()?;
                Ok(())
            })?,
            _ => self.skip()?,
        }
        Ok(found)
    }
}
