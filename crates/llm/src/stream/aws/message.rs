//! One message: `length | headers' length | checksum | headers | payload | checksum`, numbers big-endian, checksums CRC-32.

use super::{Fault, LEAST_BYTES, MAX_MESSAGE_BYTES, PRELUDE_BYTES};

/// What a message says, borrowed from its bytes.
#[derive(Debug, Default)]
pub(super) struct Message<'a> {
    /// `:message-type`: `event`, `exception` or `error`.
    pub(super) kind: &'a [u8],
    /// `:event-type`.
    pub(super) event: &'a [u8],
    /// `:exception-type`.
    pub(super) exception: &'a [u8],
    /// `:error-code`.
    pub(super) error_code: &'a [u8],
    /// `:error-message`.
    pub(super) error_text: &'a [u8],
    /// What it carries.
    pub(super) payload: &'a [u8],
}

/// The length of the whole message whose beginning `bytes` are.
pub(super) fn total(bytes: &[u8]) -> usize {
    number(bytes).unwrap_or_default()
}

/// Checks the lengths before anything is kept for their sake.
pub(super) fn check_prelude(prelude: &[u8]) -> Result<(), Fault> {
    let headers = number(prelude.get(4..).unwrap_or_default()).unwrap_or_default();
    check_sum(prelude)?;
    match total(prelude).checked_sub(LEAST_BYTES) {
        None => Err("a message is too short"),
        Some(_) if total(prelude) > MAX_MESSAGE_BYTES => Err("a message is larger than 16 MiB"),
        Some(room) if headers > room => Err("a message's headers are larger than itself"),
        Some(_) => Ok(()),
    }
}

impl<'a> Message<'a> {
    /// Reads a message that is whole.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        check_sum(bytes)?;
        let length = number(bytes.get(4..).unwrap_or_default()).unwrap_or_default();
        let inner = bytes.get(PRELUDE_BYTES..bytes.len() - 4).unwrap_or_default();
        let (headers, payload) = inner.split_at_checked(length).ok_or("a message's headers are cut off")?;
        let mut message = Self { payload, ..Self::default() };
        message.take_headers(headers).ok_or("a message's headers cannot be read")?;
        Ok(message)
    }

    fn take_headers(&mut self, mut bytes: &'a [u8]) -> Option<()> {
        while let Some((&length, rest)) = bytes.split_first() {
            let (name, rest) = rest.split_at_checked(length.into())?;
            let (&kind, rest) = rest.split_first()?;
            let (value, rest) = value(kind, rest)?;
            match name {
                b":message-type" => self.kind = value,
                b":event-type" => self.event = value,
                b":exception-type" => self.exception = value,
                b":error-code" => self.error_code = value,
                b":error-message" => self.error_text = value,
                _ => {}
            }
            bytes = rest;
        }
        Some(())
    }
}

/// A header's value, whose `kind` says how long it is, and what follows it.
fn value(kind: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let size = match kind {
        0 | 1 => 0,
        2 => 1,
        3 => 2,
        4 => 4,
        5 | 8 => 8,
        9 => 16,
        6 | 7 => {
            let (size, rest) = bytes.split_first_chunk()?;
            return rest.split_at_checked(u16::from_be_bytes(*size).into());
        }
        _ => return None,
    };
    bytes.split_at_checked(size)
}

/// Checks that the last four bytes are the checksum of all before them.
fn check_sum(bytes: &[u8]) -> Result<(), Fault> {
    let (body, sum) = bytes.split_last_chunk().ok_or("a message is too short")?;
    if crc32fast::hash(body) == u32::from_be_bytes(*sum) { Ok(()) } else { Err("a checksum is wrong") }
}

fn number(bytes: &[u8]) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(*bytes.first_chunk()?)).ok()
}
