//! Ids for calls that came without.

use std::hash::{DefaultHasher, Hash, Hasher};

/// What ids of ours begin with: what is made up need not be sent back.
const MADE: &str = "call_g";

/// An id of a number.
pub(super) fn made(number: u64) -> String {
    format!("{MADE}{number:016x}")
}

/// An id that is always the same for the same call in the same answer, and another for every other.
pub(super) fn of_call(answer: &str, choice: u32, position: u32, name: &str, arguments: &str) -> String {
    let mut hasher = DefaultHasher::new();
    (answer, choice, position, name, arguments).hash(&mut hasher);
    made(hasher.finish())
}

/// Whether [`made`] made it.
pub(super) fn is_made(id: &str) -> bool {
    id.strip_prefix(MADE)
        .is_some_and(|rest| rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
