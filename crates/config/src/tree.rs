//! From YAML nodes to JSON values: texts are expanded, and a scalar takes the type that the schema wants where it can.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::expand::expand;
use crate::report::{Origin, Report, child};
use crate::schema::Shape;
use crate::yaml::{Content, Entry, Node, scalar};

/// Turns nodes into values and notes where each came from.
pub(crate) struct Tree<'a> {
    pub(crate) environment: &'a BTreeMap<String, String>,
    pub(crate) report: &'a mut Report,
}

impl Tree<'_> {
    /// The value of `node`, which stands at `pointer` and should have the given shape.
    pub(crate) fn value(&mut self, node: Node, shape: Option<Shape<'_>>, pointer: &str) -> Value {
        match node.content {
            Content::Scalar { text, plain } => self.scalar(&text, plain, shape, pointer),
            Content::List(items) => self.list(items, shape, pointer),
            Content::Map(entries) => self.map(entries, shape, pointer),
        }
    }

    /// A text that expands to nothing stands for nothing, so that `${VAR:-}` leaves a field out.
    fn scalar(&mut self, text: &str, plain: bool, shape: Option<Shape<'_>>, pointer: &str) -> Value {
        match expand(text, self.environment) {
            Ok(Cow::Owned(expanded)) if expanded.is_empty() && shape.is_some() => Value::Null,
            Ok(Cow::Owned(expanded)) => typed(&expanded, true, shape),
            Ok(Cow::Borrowed(text)) => typed(text, plain, shape),
            Err(message) => {
                self.report.problem(pointer, message);
                Value::String(String::new())
            }
        }
    }

    /// Entries keep their places: in a list of texts, nothing is an empty text.
    fn list(&mut self, items: Vec<Node>, shape: Option<Shape<'_>>, pointer: &str) -> Value {
        let entry = shape.and_then(Shape::entry);
        let of_texts = entry.is_some_and(|entry| entry.accepts("string") && !entry.accepts("null"));
        let place = |(index, item): (usize, Node)| {
            let pointer = format!("{pointer}/{index}");
            self.report.set_origin(pointer.clone(), Origin::Line(item.line));
            match self.value(item, entry, &pointer) {
                Value::Null if of_texts => Value::String(String::new()),
                value => value,
            }
        };
        Value::Array(items.into_iter().enumerate().map(place).collect())
    }

    /// A field without a value is as good as absent, where the schema knows the field: `providers:` with everything
    /// below commented out is no mistake.
    fn map(&mut self, entries: Vec<Entry>, shape: Option<Shape<'_>>, pointer: &str) -> Value {
        let mut map = Map::new();
        for Entry { key, line, value } in entries {
            let pointer = child(pointer, &key);
            self.report.set_origin(pointer.clone(), Origin::Line(line));
            let member = shape.and_then(|shape| shape.member(&key));
            let value = self.value(value, member, &pointer);
            if !(value.is_null() && member.is_some()) {
                map.insert(key, value);
            }
        }
        Value::Object(map)
    }
}

/// The value that `text` means at a place of the given shape. Where text may stand it is taken literally, so that
/// numeric keys and model names need no quotes; `retype` lets it be a number or a boolean where only those may stand.
pub(crate) fn typed(text: &str, retype: bool, shape: Option<Shape<'_>>) -> Value {
    let natural = if retype { scalar::resolve(text) } else { Value::String(text.to_owned()) };
    let Some(shape) = shape else { return natural };
    let fits = match &natural {
        Value::Number(number) => {
            shape.accepts("number") || (number.is_i64() || number.is_u64()) && shape.accepts("integer")
        }
        Value::Bool(_) => shape.accepts("boolean"),
        _ => true,
    };
    if !fits && shape.accepts("string") { Value::String(text.to_owned()) } else { natural }
}
