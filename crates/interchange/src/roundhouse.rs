//! Our own file: everything that people configured, and its secrets when they are asked for, sealed with a passphrase.
//!
//! It is one JSON or YAML object: `checksum` over all the rest, the `roundhouse` version of the format, the `configuration`
//! in the shape of `roundhouse.yaml`, hashes of access keys, and `secrets`.

mod read;
mod seal;
mod secrets;
mod write;

pub use read::{Secrets, read};
pub use write::{Export, Form, write};

use serde_json::Value;

/// The version of the format.
pub const VERSION: u64 = 1;

/// The checksum of a file: BLAKE3 over its fields, without the checksum, as compact JSON in their order.
fn checksum(fields: &serde_json::Map<String, Value>) -> String {
    let mut fields = fields.clone();
    fields.shift_remove("checksum");
    format!("blake3:{}", blake3::hash(Value::Object(fields).to_string().as_bytes()).to_hex())
}
