//! The settings by section: what holds, where it comes from, and what people change of it.

use roundhouse_config::Source;
use roundhouse_domain::Author;
use serde_json::{Map, Value};

use crate::changes::ChangeError;
use crate::control::Control;
use crate::objects::ObjectKind;

/// Sections that people may change; the others hold what is read at start only, or who gets in.
pub const SECTIONS: &[&str] = &["discovery", "gateway", "normalisation", "requests"];

impl Control {
    /// What people set in a section, without secrets.
    pub fn stored_settings(&self, section: &str) -> Option<Value> {
        self.objects()
            .get(&(ObjectKind::Settings, section.to_owned()))
            .map(crate::objects::Object::public_body)
    }

    /// Changes sections by JSON merge patches (RFC 7396), all in one revision: `null` brings a default back. What file or
    /// environment fix is refused by name.
    pub async fn update_settings(
        &self,
        author: &Author,
        patches: &Map<String, Value>,
    ) -> Result<(), ChangeError> {
        for (section, patch) in patches {
            if !SECTIONS.contains(&section.as_str()) {
                let message =
                    format!("cannot be changed here; sections that can are {}", SECTIONS.join(", "));
                return Err(ChangeError::field(section, message));
            }
            self.refuse_fixed(&format!("/{section}"), patch)?;
        }
        let names: Vec<_> = patches.keys().map(String::as_str).collect();
        let summary = format!("Change settings: {}", names.join(", "));
        self.change(author, &summary, |draft| {
            for (section, patch) in patches {
                if draft.get(ObjectKind::Settings, section).is_none() {
                    draft.put(ObjectKind::Settings, section, Value::Object(Map::new()));
                }
                draft.patch(ObjectKind::Settings, section, patch)?;
            }
            Ok(())
        })
        .await
    }

    fn refuse_fixed(&self, pointer: &str, patch: &Value) -> Result<(), ChangeError> {
        if let Value::Object(fields) = patch {
            return fields.iter().try_for_each(|(key, value)| {
                self.refuse_fixed(&format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), value)
            });
        }
        let config = self.config();
        let fixed = match config.sources.fields.get(pointer) {
            Some(Source::File { line }) => {
                format!("is fixed by line {line} of the configuration file; change it there")
            }
            Some(Source::Environment { name }) => {
                format!("is fixed by {name} in the environment; change it there")
            }
            Some(Source::Console) | None => return Ok(()),
        };
        Err(ChangeError::field(pointer.trim_start_matches('/').replace('/', "."), fixed))
    }
}
