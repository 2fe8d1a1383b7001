//! Which events are worth reading once something semantic has gone by: those that may tell usage, an error or the end.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::{Operation, Wire};

macro_rules! finders {
    ($($name:ident = $needle:literal;)*) => {
        $(static $name: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new($needle));)*
    };
}

finders! {
    USAGE = b"\"usage\"";
    FINISH = b"\"finish_reason\"";
    INDEX = b"\"index\"";
    BASE_RESP = b"\"base_resp\"";
    ERROR = b"\"error\"";
    RESPONSE = b"\"response\"";
    MESSAGE = b"\"message_";
}

/// Whether an event of `wire` may say something that the ledger must know. It may say yes for nothing, never no for something:
/// text cannot hold a needle, since quotes in it are escaped.
pub(super) fn selects(wire: Wire, name: &[u8], data: &[u8]) -> bool {
    match wire {
        Wire::Operation(op) => of_operation(op, name, data),
        Wire::Converse => name != b"contentBlockDelta",
        Wire::Cohere => !name.ends_with(b"-delta"),
    }
}

fn of_operation(op: Operation, name: &[u8], data: &[u8]) -> bool {
    match op {
        Operation::ChatCompletions | Operation::Completions => {
            values(&FINISH, data).any(is_told)
                || values(&USAGE, data).any(is_told)
                || has(&ERROR, data)
                || values(&INDEX, data).any(|value| !value.starts_with(b"0"))
                || has(&BASE_RESP, data)
        }
        Operation::Responses => name == b"error" || has(&RESPONSE, data) || has(&ERROR, data),
        Operation::Messages => {
            name.starts_with(b"message_") || name == b"error" || has(&MESSAGE, data) || has(&ERROR, data)
        }
        _ => true,
    }
}

fn has(needle: &Finder<'_>, data: &[u8]) -> bool {
    needle.find(data).is_some()
}

fn is_told(value: &[u8]) -> bool {
    !value.starts_with(b"null")
}

/// What follows each member of that name.
fn values<'a>(name: &'a Finder<'_>, data: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    name.find_iter(data).map(|at| {
        let rest = data[at + name.needle().len()..].trim_ascii_start();
        rest.strip_prefix(b":").unwrap_or(rest).trim_ascii_start()
    })
}
