//! Going to the ends of paths in a JSON document, without building it.

use super::Found;
use super::paths::{EACH, OF_USER, Path};
use crate::json::{Scanner, Step};

/// The strings at the ends of `paths`, in the order of the document; none where that is not JSON.
pub(super) fn walk(body: &[u8], paths: &[Path]) -> Option<Vec<Found>> {
    std::str::from_utf8(body).ok()?;
    let mut walk = Walk { body, base: 0, found: Vec::new() };
    let paths: Vec<Path> = paths.to_vec();
    let mut scanner = Scanner::new(body);
    walk.value(&mut scanner, &paths).ok()?;
    scanner.end().ok()?;
    Some(walk.found)
}

struct Walk<'a> {
    body: &'a [u8],
    /// Where the part that is scanned stands in the whole.
    base: usize,
    found: Vec<Found>,
}

impl Walk<'_> {
    fn value(&mut self, scanner: &mut Scanner<'_>, paths: &[Path]) -> Step<()> {
        if paths.is_empty() {
            return scanner.skip();
        }
        match scanner.peek() {
            Some(b'"') => self.text(scanner, paths),
            Some(b'{') => self.object(scanner, paths),
            Some(b'[') => self.array(scanner, paths),
            _ => scanner.skip(),
        }
    }

    fn text(&mut self, scanner: &mut Scanner<'_>, paths: &[Path]) -> Step<()> {
        let text = scanner.string()?;
        if paths.iter().any(|path| path.is_empty())
            && let Some(value) = text.value()
        {
            let span = text.span();
            let span = span.start + self.base..span.end + self.base;
            self.found.push(Found { span, text: value.into_owned() });
        }
        Ok(())
    }

    fn object(&mut self, scanner: &mut Scanner<'_>, paths: &[Path]) -> Step<()> {
        scanner.members(|scanner, key| {
            let name = key.name();
            let below: Vec<Path> = paths.iter().filter_map(|path| behind(path, &name)).collect();
            self.value(scanner, &below)
        })
    }

    fn array(&mut self, scanner: &mut Scanner<'_>, paths: &[Path]) -> Step<()> {
        let each: Vec<Path> = paths.iter().filter_map(|path| behind(path, EACH.as_bytes())).collect();
        let of_user: Vec<Path> = paths.iter().filter_map(|path| behind(path, OF_USER.as_bytes())).collect();
        scanner.items(|scanner| {
            if of_user.is_empty() {
                return self.value(scanner, &each);
            }
            // Whose it is may be said behind what is said: the item is gone over twice.
            scanner.peek();
            let start = scanner.position();
            let item = scanner.raw()?;
            let mut paths = each.clone();
            if is_users(item) {
                paths.extend(&of_user);
            }
            let base = self.base;
            self.base += start;
            let walked = self.value(&mut Scanner::new(item), &paths);
            self.base = base;
            debug_assert!(self.base <= self.body.len());
            walked
        })
    }
}

/// The rest of a path that begins with `name`.
fn behind(path: &Path, name: &[u8]) -> Option<Path> {
    let (first, rest) = path.split_first()?;
    (first.as_bytes() == name).then_some(rest)
}

/// Whether a message is the user's; one that does not say is.
fn is_users(item: &[u8]) -> bool {
    let mut role = None;
    let read = Scanner::new(item).members(|scanner, key| {
        if key.name().as_ref() == b"role" && scanner.peek() == Some(b'"') {
            role = scanner.string()?.value().map(std::borrow::Cow::into_owned);
            return Ok(());
        }
        scanner.skip()
    });
    read.is_err() || role.is_none_or(|role| role == "user")
}
