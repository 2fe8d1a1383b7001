//! Makes a schema fit.

use serde_json::{Map, Value, json};

use super::rules::{Habit, Rules, Table};
use super::{nullable, refs, strict};

/// The most that a schema may weigh ([`refs::weight`]) with its references inlined: again and again they grow without end.
const MAX_NODES: usize = 20_000;

/// How deep schemas may nest.
const MAX_DEPTH: usize = 64;

/// Keywords that demand nothing: where a provider refuses them they go without a word.
const ANNOTATIONS: [&str; 14] = [
    "$schema",
    "$id",
    "$anchor",
    "$comment",
    "$defs",
    "definitions",
    "title",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "propertyOrdering",
];

/// `schema` in the part of JSON Schema that `rules` allow, and the places of what they do not.
pub(crate) fn adapt(schema: &Value, rules: Rules) -> (Value, Vec<String>) {
    let mut adapter =
        Adapter { root: schema, table: rules.table(), lost: Vec::new(), following: Vec::new(), nodes: 0 };
    let fitted = adapter.schema(schema.clone(), &Place::ROOT);
    adapter.lost.dedup();
    (fitted, adapter.lost)
}

/// Where in a schema something stands.
struct Place<'a> {
    above: Option<&'a Place<'a>>,
    name: &'a str,
    depth: usize,
}

impl<'a> Place<'a> {
    const ROOT: Place<'static> = Place { above: None, name: "", depth: 0 };

    fn below(&'a self, name: &'a str) -> Place<'a> {
        Place { above: Some(self), name, depth: self.depth + 1 }
    }

    fn path(&self) -> String {
        let above = self.above.map(Place::path).unwrap_or_default();
        if above.is_empty() { self.name.to_owned() } else { format!("{above}.{}", self.name) }
    }
}

struct Adapter<'a> {
    root: &'a Value,
    table: &'static Table,
    lost: Vec<String>,
    /// The references that are being followed.
    following: Vec<String>,
    nodes: usize,
}

impl Adapter<'_> {
    fn lose(&mut self, place: &Place<'_>, keyword: &str) {
        self.lost.push(place.below(keyword).path());
    }

    fn schema(&mut self, schema: Value, place: &Place<'_>) -> Value {
        self.nodes += 1;
        let Value::Object(mut node) = schema else {
            // `true` allows anything, `false` nothing.
            if schema == Value::Bool(false) {
                self.lose(place, "false");
            }
            return self.finish(Map::new(), false, place);
        };
        if place.depth > MAX_DEPTH {
            self.lose(place, "properties");
            node.retain(|keyword, _| keyword == "type");
        }
        let followed = self.following.len();
        let is_null = self.resolve(&mut node, place);
        let adapted = self.finish(node, is_null, place);
        self.following.truncate(followed);
        adapted
    }

    /// Follows the node's references, where they cannot stay, and joins what must hold all together.
    /// True where it allowed null, which is taken out.
    fn resolve(&mut self, node: &mut Map<String, Value>, place: &Place<'_>) -> bool {
        let mut is_null = nullable::take(node, self.table.null);
        while self.table.has(Habit::Inline)
            && let Some(reference) = node.swap_remove("$ref")
        {
            self.follow(node, reference.as_str().unwrap_or_default(), place);
            is_null |= nullable::take(node, self.table.null);
        }
        self.join(node, place);
        nullable::take(node, self.table.null) || is_null
    }

    fn follow(&mut self, node: &mut Map<String, Value>, reference: &str, place: &Place<'_>) {
        let target = refs::target(self.root, reference).and_then(Value::as_object);
        let is_open = self.following.iter().any(|open| open == reference);
        let Some(target) = target.filter(|_| !is_open && self.nodes < MAX_NODES) else {
            self.lose(place, "$ref");
            let kind = target.and_then(|target| target.get("type"));
            node.extend(kind.map(|kind| ("type".to_owned(), kind.clone())));
            return;
        };
        self.nodes += target.values().map(refs::weight).sum::<usize>();
        refs::merge(node, target);
        self.following.push(reference.to_owned());
    }

    /// Schemas that must all hold, as one; a constant as the only one of its kind.
    fn join(&mut self, node: &mut Map<String, Value>, place: &Place<'_>) {
        if self.table.keywords.is_some()
            && let Some(Value::Array(all)) = node.swap_remove("allOf")
        {
            for schema in all {
                let Value::Object(mut schema) = schema else { continue };
                self.resolve(&mut schema, place);
                refs::merge(node, &schema);
            }
        }
        if !self.table.keeps("const")
            && let Some(only) = node.swap_remove("const")
        {
            node.insert("enum".to_owned(), json!([only]));
        }
        if !self.table.keeps("oneOf")
            && let Some(branches) = node.swap_remove("oneOf")
        {
            node.entry("anyOf").or_insert(branches);
        }
    }

    fn finish(&mut self, mut node: Map<String, Value>, is_null: bool, place: &Place<'_>) -> Value {
        if self.table.has(Habit::UpperTypes) {
            nullable::spread_types(&mut node);
        }
        let mut adapted = Map::with_capacity(node.len());
        for (keyword, value) in node {
            if let Some(value) = self.keyword(&keyword, value, place) {
                adapted.insert(keyword, value);
            }
        }
        for keyword in strict::fit(&mut adapted, self.table) {
            self.lose(place, keyword);
        }
        if is_null {
            adapted = nullable::allow(adapted, self.table.null);
        }
        Value::Object(adapted)
    }

    /// The value of a keyword, made to fit; none where the keyword cannot stay.
    fn keyword(&mut self, keyword: &str, value: Value, place: &Place<'_>) -> Option<Value> {
        let is_inlined = self.table.has(Habit::Inline) && matches!(keyword, "$defs" | "definitions");
        if is_inlined || !self.table.keeps(keyword) {
            let is_open = keyword == "additionalProperties" && !value.is_object();
            if !is_open && !ANNOTATIONS.contains(&keyword) && !keyword.starts_with("x-") {
                self.lose(place, keyword);
            }
            return None;
        }
        let is_format = keyword == "format";
        if is_format
            && self
                .table
                .formats
                .is_some_and(|known| value.as_str().is_none_or(|name| !known.contains(&name)))
        {
            self.lose(place, keyword);
            return None;
        }
        Some(self.nested(keyword, value, &place.below(keyword)))
    }

    fn nested(&mut self, keyword: &str, value: Value, place: &Place<'_>) -> Value {
        match (keyword, value) {
            (
                "properties" | "$defs" | "definitions" | "patternProperties" | "dependentSchemas",
                Value::Object(named),
            ) => {
                let named = named.into_iter().map(|(name, schema)| {
                    let adapted = self.schema(schema, &place.below(&name));
                    (name, adapted)
                });
                Value::Object(named.collect())
            }
            ("anyOf" | "oneOf" | "allOf" | "prefixItems" | "items", Value::Array(schemas)) => {
                let schemas = schemas.into_iter().enumerate();
                schemas.map(|(index, schema)| self.schema(schema, &place.below(&index.to_string()))).collect()
            }
            (
                "items"
                | "additionalProperties"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contains"
                | "propertyNames",
                schema @ Value::Object(_),
            ) => self.schema(schema, place),
            (_, value) => value,
        }
    }
}
