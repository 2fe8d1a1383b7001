//! One schema with its references and combinations resolved.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};

/// So many keywords and properties count as one more schema.
const KEYWORDS_A_STEP: usize = 8;

/// References and combinations inside each other that are followed.
const DEEPEST: usize = 24;

/// The keywords of a schema and of what it refers to and combines, the later ones winning; properties and required
/// names add up. Of alternatives it takes the first that is not null.
#[derive(Default)]
pub(super) struct Flat<'a> {
    keywords: HashMap<&'a str, &'a Value>,
    pub properties: BTreeMap<&'a str, &'a Value>,
    pub required: BTreeSet<&'a str>,
    null_is_an_option: bool,
}

impl<'a> Flat<'a> {
    /// The schema `schema` of the document `root`; every schema that is read takes one of `left`.
    pub(super) fn of(schema: &'a Value, root: &'a Value, left: &mut usize) -> Self {
        let mut flat = Self::default();
        flat.merge(schema, root, left, DEEPEST);
        flat
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.keywords.get(name).copied()
    }

    pub(super) fn list(&self, name: &str) -> Option<&'a [Value]> {
        self.get(name)?.as_array().map(Vec::as_slice)
    }

    /// A count; Google writes them as strings.
    pub(super) fn whole(&self, name: &str) -> Option<usize> {
        let value = self.get(name)?;
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
        usize::try_from(number).ok()
    }

    /// Whether null fits as well.
    pub(super) fn nullable(&self) -> bool {
        self.null_is_an_option
            || self.get("nullable").and_then(Value::as_bool).unwrap_or(false)
            || self.list("type").is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"))
    }

    /// The type to fill in: the first that is not null, else what the other keywords are about.
    pub(super) fn kind(&self) -> &'static str {
        // Google's schemas write types in capitals.
        let known = ["null", "object", "array", "boolean", "integer", "number", "string"];
        if let Some(name) = self.named_kind() {
            return known.into_iter().find(|kind| kind.eq_ignore_ascii_case(name)).unwrap_or("string");
        }
        let about = |names: &[&str]| names.iter().any(|name| self.keywords.contains_key(name));
        if about(&["properties", "required", "additionalProperties"]) {
            "object"
        } else if about(&["items", "prefixItems", "minItems"]) {
            "array"
        } else if about(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]) {
            "number"
        } else {
            "string"
        }
    }

    fn named_kind(&self) -> Option<&'a str> {
        match self.get("type")? {
            Value::String(name) => Some(name),
            Value::Array(names) => {
                let mut names = names.iter().filter_map(Value::as_str);
                names.clone().find(|name| *name != "null").or_else(|| names.next())
            }
            _ => None,
        }
    }

    fn merge(&mut self, schema: &'a Value, root: &'a Value, left: &mut usize, deepest: usize) {
        let Some(map) = schema.as_object().filter(|_| *left > 0 && deepest > 0) else { return };
        let width = map.len() + map.get("properties").and_then(Value::as_object).map_or(0, Map::len);
        *left = left.saturating_sub(1 + width / KEYWORDS_A_STEP);
        let target = map.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        if let Some(target) = target.and_then(|target| root.pointer(target)) {
            self.merge(target, root, left, deepest - 1);
        }
        self.keywords.extend(map.iter().map(|(name, value)| (name.as_str(), value)));
        if let Some(properties) = map.get("properties").and_then(Value::as_object) {
            self.properties.extend(properties.iter().map(|(name, value)| (name.as_str(), value)));
        }
        let required = map.get("required").and_then(Value::as_array).into_iter().flatten();
        self.required.extend(required.filter_map(Value::as_str));
        for part in map.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.merge(part, root, left, deepest - 1);
        }
        for name in ["anyOf", "oneOf"] {
            let options = map.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            self.null_is_an_option |= options.iter().any(is_null);
            if let Some(option) = options.iter().find(|option| !is_null(option)).or(options.first()) {
                self.merge(option, root, left, deepest - 1);
            }
        }
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null")
}
