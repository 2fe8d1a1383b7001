//! Single fields of a body while it is scanned.

use crate::json::{Scanner, Step};
use crate::number::floor;

/// Goes over a value, and keeps it where it is text.
pub(super) fn text(scanner: &mut Scanner<'_>, into: &mut Option<String>) -> Step<()> {
    *into = scanner.text()?.filter(|value| !value.is_empty()).map(Into::into);
    Ok(())
}

/// Goes over a value that must be true, false or null; null is false.
pub(super) fn flag(scanner: &mut Scanner<'_>, name: &'static str, otherwise: &'static str) -> Step<bool> {
    match scanner.peek() {
        Some(first @ (b't' | b'f' | b'n')) => scanner.skip().map(|()| first == b't'),
        _ => scanner.refuse(name, otherwise),
    }
}

/// Goes over a value, and keeps it where it is a count; of several, the largest. Whether it is a right one is the upstream's to say.
pub(super) fn count(scanner: &mut Scanner<'_>, into: &mut Option<u64>) -> Step<()> {
    let raw = std::str::from_utf8(scanner.raw()?).unwrap_or_default();
    let count = raw.parse().ok().or_else(|| u64::try_from(floor(raw.parse().ok()?)?).ok());
    *into = (*into).max(count);
    Ok(())
}

/// Goes over a value; where it is an object, `member` goes over its members named `name`.
pub(super) fn within<'a>(
    scanner: &mut Scanner<'a>,
    name: &str,
    mut member: impl FnMut(&mut Scanner<'a>) -> Step<()>,
) -> Step<()> {
    scanner
        .fields(|scanner, key| if key.name() == name.as_bytes() { member(scanner) } else { scanner.skip() })
}
