//! One API and New API: channels, tokens and users in a database (github.com/songquanpeng/one-api,
//! github.com/QuantumNous/new-api; their packages `model` and `constant`, 2026-11).

mod channel;
mod keys;
mod kinds;
mod options;
mod read;
mod token;

pub use read::{Tables, read, read_database};
