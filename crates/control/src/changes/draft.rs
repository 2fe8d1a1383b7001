//! What is configured, while it is edited.

use roundhouse_domain::{Clock, Ids};
use serde_json::Value;

use super::ChangeError;
use crate::objects::{Object, ObjectKind, Objects};

/// All that people configured: as it was, and as it is to be.
pub struct Draft {
    pub(super) before: Objects,
    pub(super) objects: Objects,
    clock: Clock,
    ids: Ids,
}

impl Draft {
    pub(super) fn new(objects: Objects, (clock, ids): (Clock, Ids)) -> Self {
        Self { before: objects.clone(), objects, clock, ids }
    }

    /// The thing of that kind and name.
    pub fn get(&self, kind: ObjectKind, name: &str) -> Option<&Object> {
        self.objects.get(&(kind, name.to_owned()))
    }

    /// The thing of that kind with that id.
    pub fn find(&self, kind: ObjectKind, id: uuid::Uuid) -> Option<&Object> {
        self.list(kind).find(|object| object.id.0 == id)
    }

    /// All things of a kind, by name.
    pub fn list(&self, kind: ObjectKind) -> impl Iterator<Item = &Object> {
        self.objects.values().filter(move |object| object.kind == kind)
    }

    /// Adds a thing; one of its kind and name must not exist.
    pub fn insert(&mut self, kind: ObjectKind, name: &str, body: Value) -> Result<&Object, ChangeError> {
        if self.get(kind, name).is_some() {
            return Err(ChangeError::Exists { kind, name: name.to_owned() });
        }
        Ok(self.put(kind, name, body))
    }

    /// Writes a thing, whether it is there or not; the same body leaves it as it is.
    pub fn put(&mut self, kind: ObjectKind, name: &str, body: Value) -> &Object {
        let now = self.clock.now();
        let key = (kind, name.to_owned());
        let ids = &self.ids;
        let object = self.objects.entry(key).or_insert_with(|| Object {
            id: ids.next(),
            kind,
            name: name.to_owned(),
            body: Value::Null,
            created_at: now,
            updated_at: now,
        });
        if object.body != body {
            object.body = body;
            object.updated_at = now;
        }
        object
    }

    /// Changes a thing by a JSON merge patch (RFC 7396): `null` takes a field out.
    pub fn patch(&mut self, kind: ObjectKind, name: &str, patch: &Value) -> Result<&Object, ChangeError> {
        let object = self.get(kind, name).ok_or(ChangeError::NotFound)?;
        // Others refer to things by their names, which therefore stay. Sections of settings have none.
        let renamed = patch.get("name").is_some_and(|asked| asked.as_str() != Some(name));
        if renamed && kind != ObjectKind::Settings {
            let message = format!("cannot be changed from {name:?}; make a new one instead");
            return Err(ChangeError::Field { field: "name".to_owned(), message });
        }
        let mut body = object.body.clone();
        merge_patch(&mut body, patch);
        Ok(self.put(kind, name, body))
    }

    /// Removes a thing; tells whether it was there.
    pub fn delete(&mut self, kind: ObjectKind, name: &str) -> bool {
        self.objects.remove(&(kind, name.to_owned())).is_some()
    }

    /// Puts back a thing as it was at an earlier time, id included; none removes it.
    pub(crate) fn restore(&mut self, kind: ObjectKind, name: &str, version: Option<Object>) {
        let key = (kind, name.to_owned());
        match version {
            None => {
                self.objects.remove(&key);
            }
            Some(mut object) => {
                let now = self.clock.now();
                match self.objects.get(&key) {
                    Some(there) if there.body == object.body && there.id == object.id => return,
                    _ => object.updated_at = now,
                }
                self.objects.insert(key, object);
            }
        }
    }
}

/// RFC 7396, section 2.
pub(crate) fn merge_patch(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(fields) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            fields.shift_remove(key);
        } else {
            merge_patch(fields.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}
