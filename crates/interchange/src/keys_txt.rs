//! Files of provider keys.

use roundhouse_config::keys_file;

use crate::configuration::{Configuration, Imported, ProviderKey};
use crate::error::ReadError;
use crate::note::Notes;
use crate::text;

/// Reads keys for a provider that exists or will: one a line, or between commas, semicolons and spaces, or a JSON array;
/// `#` begins a comment.
pub fn read(bytes: &[u8], provider: &str) -> Result<Imported, ReadError> {
    let parsed = keys_file::parse(text::utf8(bytes)?);
    if parsed.keys.is_empty() {
        return Err(ReadError::shape("keys", "there is no key in it"));
    }
    let mut notes = Notes::default();
    if parsed.duplicates > 0 {
        notes.info("keys", format!("given more than once: {}; each is kept once", parsed.duplicates));
    }
    let mut configuration = Configuration::default();
    configuration.add_keys(provider, parsed.keys.into_iter().map(ProviderKey::active));
    Ok(Imported { configuration, notes: notes.finish() })
}

/// Writes the keys of a provider, one a line.
pub fn write<'k>(keys: impl IntoIterator<Item = &'k ProviderKey>) -> String {
    keys.into_iter().fold(String::new(), |mut text, key| {
        text.push_str(key.secret.expose());
        text.push('\n');
        text
    })
}
