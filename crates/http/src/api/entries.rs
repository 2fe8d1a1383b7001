//! What all lists of the configuration have in common on the wire.

use roundhouse_config::Source;
use roundhouse_control::entries::Entry;
use roundhouse_domain::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where something was declared.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Origin {
    /// In the configuration file: change it there.
    File {
        /// The line, from 1.
        line: usize,
    },
    /// In the environment: change it there.
    Environment {
        /// The variable.
        name: String,
    },
    /// Here.
    Console,
}

impl From<&Source> for Origin {
    fn from(source: &Source) -> Self {
        match source {
            Source::File { line } => Self::File { line: *line },
            Source::Environment { name } => Self::Environment { name: name.clone() },
            Source::Console => Self::Console,
        }
    }
}

/// What each entry of the configuration tells beside its own fields.
#[derive(Debug, Serialize, ToSchema)]
pub struct Meta {
    pub(super) id: Uuid,
    /// Its name, which stays.
    pub(super) name: String,
    pub(super) origin: Origin,
    /// Whether it can be changed here.
    pub(super) editable: bool,
    /// Secrets that are set and not shown, by JSON pointer.
    pub(super) secrets: Vec<String>,
    #[schema(value_type = Option<String>)]
    pub(super) created_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    pub(super) updated_at: Option<Timestamp>,
}

impl Meta {
    /// The entry's, and its own fields.
    pub(super) fn split(entry: Entry) -> (Self, Value) {
        let meta = Self {
            id: entry.id,
            editable: entry.source == Source::Console,
            origin: (&entry.source).into(),
            name: entry.name,
            secrets: entry.secrets,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
        };
        (meta, entry.body)
    }
}

/// Reads `name` out of a body that is else the entry's own.
pub(super) fn named(mut body: Map<String, Value>) -> (String, Map<String, Value>) {
    let name = body.shift_remove("name").and_then(|name| name.as_str().map(str::to_owned));
    (name.unwrap_or_default(), body)
}
