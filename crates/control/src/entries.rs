//! Entries of the configuration's lists, whoever declared them: providers, pools, routes, what is known of models.

use roundhouse_config::Source;
use roundhouse_domain::{Author, Timestamp};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::changes::ChangeError;
use crate::control::Control;
use crate::objects::{Object, ObjectKind, public};

/// Longest name that people give to something, in characters.
const LONGEST_NAME: usize = 200;

/// One entry of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its id; for what a file or the environment declares, made of its name.
    pub id: Uuid,
    /// What it is.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
    /// What the file says or would say there, without secrets.
    pub body: Value,
    /// Which secrets it has, by JSON pointer.
    pub secrets: Vec<String>,
    /// Who declared it: only what people configured can be changed.
    pub source: Source,
    /// When people made it.
    pub created_at: Option<Timestamp>,
    /// When people last changed it.
    pub updated_at: Option<Timestamp>,
}

impl Control {
    /// All entries of a kind, by name.
    pub fn entries(&self, kind: ObjectKind) -> Vec<Entry> {
        let (objects, layers, config) = (self.objects(), self.layers(), self.config());
        let Some(list) = kind.list() else { return Vec::new() };
        let mut entries: Vec<_> = layers
            .entries(list)
            .into_iter()
            .map(|(name, body, source)| declared(kind, name, body, source))
            .collect();
        let is_hidden = |object: &&Object| {
            config.sources.entry(list, &object.name).is_some_and(|source| *source != Source::Console)
        };
        let stored = objects.values().filter(|object| object.kind == kind);
        entries.extend(stored.filter(|object| !is_hidden(object)).map(stored_entry));
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        entries
    }

    /// The entry of that id or name.
    pub fn entry(&self, kind: ObjectKind, id_or_name: &str) -> Result<Entry, ChangeError> {
        let id = Uuid::parse_str(id_or_name).ok();
        let is_meant = |entry: &Entry| entry.name == id_or_name || Some(entry.id) == id;
        self.entries(kind).into_iter().find(is_meant).ok_or(ChangeError::NotFound)
    }

    /// Adds an entry.
    pub async fn create_entry(
        &self,
        author: &Author,
        kind: ObjectKind,
        name: &str,
        body: Map<String, Value>,
    ) -> Result<Entry, ChangeError> {
        if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(ChangeError::field("name", format!("must be 1 to {LONGEST_NAME} characters")));
        }
        self.refuse_declared(kind, name)?;
        let summary = format!("Add {kind} {name}");
        self.change(author, &summary, |draft| draft.insert(kind, name, Value::Object(body)).map(|_| ()))
            .await?;
        self.entry(kind, name)
    }

    /// Changes an entry by a JSON merge patch (RFC 7396): `null` takes a field out.
    pub async fn update_entry(
        &self,
        author: &Author,
        kind: ObjectKind,
        id_or_name: &str,
        patch: &Value,
    ) -> Result<Entry, ChangeError> {
        let name = self.entry(kind, id_or_name)?.name;
        self.refuse_declared(kind, &name)?;
        let summary = format!("Change {kind} {name}");
        self.change(author, &summary, |draft| draft.patch(kind, &name, patch).map(|_| ())).await?;
        self.entry(kind, &name)
    }

    /// Removes an entry. What refers to it must go first.
    pub async fn delete_entry(
        &self,
        author: &Author,
        kind: ObjectKind,
        id_or_name: &str,
    ) -> Result<(), ChangeError> {
        let name = self.entry(kind, id_or_name)?.name;
        self.refuse_declared(kind, &name)?;
        let summary = format!("Remove {kind} {name}");
        self.change(author, &summary, |draft| {
            draft.delete(kind, &name).then_some(()).ok_or(ChangeError::NotFound)
        })
        .await
    }

    /// Refuses to change what stands in the file or the environment.
    pub(crate) fn refuse_declared(&self, kind: ObjectKind, name: &str) -> Result<(), ChangeError> {
        let place = match kind.list().and_then(|list| self.config().sources.entry(list, name).cloned()) {
            Some(Source::File { line }) => format!("the configuration file, line {line}"),
            Some(Source::Environment { name }) => format!("the environment ({name})"),
            Some(Source::Console) | None => return Ok(()),
        };
        Err(ChangeError::Declared(name.to_owned(), place))
    }
}

fn declared(kind: ObjectKind, name: String, mut body: Value, source: Source) -> Entry {
    let secrets = public(kind, &mut body);
    if let Value::Object(fields) = &mut body {
        // Credentials have lists of their own.
        for field in ["keys", "keys_file", "key", "key_file"] {
            fields.shift_remove(field);
        }
    }
    let hash = blake3::hash(format!("{kind}\0{name}").as_bytes());
    let bytes = hash.as_bytes().first_chunk().copied().unwrap_or_default();
    let id = uuid::Builder::from_custom_bytes(bytes).into_uuid();
    Entry { id, kind, name, body, secrets, source, created_at: None, updated_at: None }
}

fn stored_entry(object: &Object) -> Entry {
    let mut body = object.body.clone();
    let secrets = public(object.kind, &mut body);
    Entry {
        id: object.id.0,
        kind: object.kind,
        name: object.name.clone(),
        body,
        secrets,
        source: Source::Console,
        created_at: Some(object.created_at),
        updated_at: Some(object.updated_at),
    }
}
