//! The JSON Schema of the configuration file, and questions to it.

mod fields;

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::{Map, Value};

use crate::file::File;

pub(crate) use fields::{Field, fields};

/// The JSON Schema (draft 2020-12) of the configuration file, for editors and for `roundhouse config schema`.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(bound));
    settings.into_generator().into_root_schema_for::<File>().to_value()
}

/// Gives 32-bit numbers the upper bound that their type has, so that a larger one is found with all other problems.
fn bound(schema: &mut Schema) {
    if schema.get("format").is_some_and(|format| format == "uint32") && schema.get("maximum").is_none() {
        schema.insert("maximum".to_owned(), u32::MAX.into());
    }
}

/// A place in a schema, with the root that its references lead to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape<'a> {
    root: &'a Value,
    node: &'a Value,
}

impl<'a> Shape<'a> {
    pub(crate) const fn root(root: &'a Value) -> Self {
        Self { root, node: root }
    }

    /// The schema's own object, as written at this place.
    pub(crate) const fn node(self) -> &'a Value {
        self.node
    }

    /// The same place with references followed.
    pub(crate) fn resolved(self) -> Self {
        let mut shape = self;
        while let Some(target) = shape.node.get("$ref").and_then(Value::as_str) {
            let Some(node) = target.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer)) else {
                break;
            };
            shape.node = node;
        }
        shape
    }

    /// What a value here may be: this place itself, or its alternatives.
    pub(crate) fn alternatives(self) -> Vec<Self> {
        let shape = self.resolved();
        let choices = shape.node.get("anyOf").or_else(|| shape.node.get("oneOf")).and_then(Value::as_array);
        match choices {
            Some(choices) => {
                choices.iter().flat_map(|node| Self { root: self.root, node }.alternatives()).collect()
            }
            None => vec![shape],
        }
    }

    /// True when a value of the JSON type `name` may stand here; where nothing is said, anything may.
    pub(crate) fn accepts(self, name: &str) -> bool {
        self.alternatives().iter().any(|shape| match shape.node.get("type") {
            Some(Value::String(only)) => only == name,
            Some(Value::Array(several)) => several.iter().any(|one| one == name),
            _ => shape.node.get("const").is_none() && shape.node.get("enum").is_none(),
        })
    }

    /// The shape of the member `key`, where objects may stand.
    pub(crate) fn member(self, key: &str) -> Option<Self> {
        self.alternatives().iter().find_map(|shape| {
            let named = shape.properties().and_then(|properties| properties.get(key));
            let any = shape.node.get("additionalProperties").filter(|schema| schema.is_object());
            named.or(any).map(|node| Self { root: self.root, node })
        })
    }

    /// The shape of a list's entries.
    pub(crate) fn entry(self) -> Option<Self> {
        let alternatives = self.alternatives();
        let node = alternatives.iter().find_map(|shape| shape.node.get("items"))?;
        Some(Self { root: self.root, node })
    }

    /// The named members of an object.
    pub(crate) fn properties(self) -> Option<&'a Map<String, Value>> {
        self.node.get("properties").and_then(Value::as_object)
    }
}
