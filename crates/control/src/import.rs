//! Taking over a configuration that was read from somewhere: everything that differs is one revision.

mod access_keys;
mod error;
mod keys;
mod objects;
mod outcome;

use roundhouse_domain::Author;
use roundhouse_interchange::{Imported, Notes};
use roundhouse_storage::audit::{self, Entry};
use serde_json::json;

pub use self::error::ImportError;
pub(crate) use self::objects::MODELS;
pub use self::outcome::{FreshCredential, KeysOutcome, ObjectOutcome, Outcome, What};
use crate::changes::Change;
use crate::control::Control;

/// What becomes of what is configured already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// What is not in the import stays.
    #[default]
    Merge,
    /// What is not in the import goes; credentials stay in any case.
    Replace,
}

/// Something to be taken over.
#[derive(Clone, Debug)]
pub struct Import {
    /// What was read.
    pub imported: Imported,
    /// What becomes of the rest.
    pub mode: Mode,
    /// What it is from, for people: `gpt-load`.
    pub origin: String,
}

impl Control {
    /// Says what taking over would do; nothing is kept.
    pub async fn preview_import(&self, author: &Author, import: Import) -> Result<Outcome, ImportError> {
        let mut change = self.begin_change(author).await?;
        let mut outcome = self.take_over(&mut change, author, import).await?;
        outcome.warnings = change.preview().await?.warnings;
        // What was made for the preview will never work.
        outcome.fresh_credentials.iter_mut().for_each(|fresh| fresh.secret = None);
        Ok(outcome)
    }

    /// Takes over all of an import, or nothing: configuration, keys of providers and credentials of access keys.
    pub async fn import(&self, author: &Author, import: Import) -> Result<Outcome, ImportError> {
        let summary = format!("Imported from {}", import.origin);
        let mut change = self.begin_change(author).await?;
        let mut outcome = self.take_over(&mut change, author, import).await?;
        outcome.warnings = change.commit(&summary).await?.warnings;
        Ok(outcome)
    }

    async fn take_over(
        &self,
        change: &mut Change,
        author: &Author,
        import: Import,
    ) -> Result<Outcome, ImportError> {
        let Import { imported, mode, origin } = import;
        let mut notes = Notes::default();
        let configuration = imported.configuration;
        let config = self.config();
        let objects =
            objects::put(change.draft(), &configuration.document, mode, &config.sources, &mut notes)?;
        let fresh_credentials =
            access_keys::put(self, change, &configuration, &config.sources, &mut notes).await?;
        let keys = keys::put(self, change, &configuration.keys, &mut notes).await?;
        if !keys.is_empty() || !fresh_credentials.is_empty() {
            let entry = Entry {
                id: self.inner().parts.ids.next(),
                at: self.now(),
                author: author.clone(),
                action: "credentials.import".to_owned(),
                object_kind: "configuration".to_owned(),
                object_id: String::new(),
                object_name: origin,
                detail: json!({ "keys": keys }),
            };
            audit::insert(change.transaction(), &entry).await?;
        }
        let notes = imported.notes.into_iter().chain(notes.finish()).collect();
        Ok(Outcome { objects, keys, fresh_credentials, notes, warnings: Vec::new() })
    }
}
