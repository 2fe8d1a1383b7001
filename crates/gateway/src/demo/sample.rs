//! A value that fits a JSON schema: what the demo model passes to tools and answers in structured output.
//!
//! Objects get their required properties, or all where none is said to be required. Patterns are met only by an
//! example or a default of the schema itself.

use serde_json::{Map, Number, Value, json};

use self::flat::Flat;

use super::behaviour::without_directives;
use super::words::shorten;

mod flat;
mod number;
mod string;

/// Deeper, what may be left out or null is.
const DEEP: usize = 6;

/// Nothing is filled in deeper than this.
const DEEPEST: usize = 24;

/// Values made and schemas read for one sample at most: one that refers to itself can ask for any number.
const MOST_STEPS: usize = 10_000;

/// So much text counts as one more value.
const BYTES_A_STEP: usize = 64;

/// The schema that anything fits.
static ANY: Value = Value::Bool(true);

/// Characters of a prompt that stand in for a string.
const HINT_CHARS: usize = 60;

/// A value that fits `schema`; texts in it are `hint`.
pub(super) fn any(schema: &Value, hint: &str) -> Value {
    Sampler { root: schema, hint, left: MOST_STEPS }.value(schema, 0, 0)
}

/// The same for a schema whose values are objects.
pub(super) fn object(schema: &Value, hint: &str) -> Value {
    match any(schema, hint) {
        object @ Value::Object(_) => object,
        _ => json!({}),
    }
}

/// What a prompt is about: what it quotes, its last name, or its own words.
pub(super) fn hint(prompt: &str) -> String {
    let prompt = without_directives(prompt);
    let quoted = prompt.split('"').nth(1).or_else(|| prompt.split_once('“')?.1.split('”').next());
    if let Some(quoted) = quoted.filter(|quoted| !quoted.trim().is_empty()) {
        return shorten(quoted, HINT_CHARS);
    }
    let names =
        prompt.split_whitespace().skip(1).map(|word| word.trim_matches(|char: char| !char.is_alphanumeric()));
    let name = names.filter(|word| word.len() > 1 && word.starts_with(char::is_uppercase)).last();
    match name.unwrap_or(&prompt) {
        "" => "demo".to_owned(),
        text => shorten(text, HINT_CHARS),
    }
}

struct Sampler<'a> {
    root: &'a Value,
    hint: &'a str,
    left: usize,
}

impl<'a> Sampler<'a> {
    /// A value for `schema`, different for every `nth` where the schema leaves a choice.
    fn value(&mut self, schema: &'a Value, nth: usize, depth: usize) -> Value {
        if depth >= DEEPEST || !self.spend(1) {
            return Value::Null;
        }
        let schema = Flat::of(schema, self.root, &mut self.left);
        if let Some(value) = schema.get("const") {
            return self.copy(value);
        }
        if let Some(values) = schema.list("enum").filter(|values| !values.is_empty()) {
            return values.get(nth % values.len()).map_or(Value::Null, |value| self.copy(value));
        }
        match schema.kind() {
            "null" => Value::Null,
            "object" | "array" if schema.nullable() && depth >= DEEP => Value::Null,
            "object" => self.object(&schema, nth, depth),
            "array" => self.array(&schema, depth),
            "boolean" => Value::Bool(nth == 0),
            "integer" => number::integer(&schema, nth).map_or(json!(nth), |number| json!(number)),
            "number" => Number::from_f64(number::number(&schema, nth)).map_or(json!(nth), Value::Number),
            _ => {
                let text = string::string(&schema, self.hint, nth);
                if self.spend(text.len() / BYTES_A_STEP) { Value::String(text) } else { Value::Null }
            }
        }
    }

    /// Takes the cost off what is left; what cannot be paid ends the sample.
    fn spend(&mut self, cost: usize) -> bool {
        let left = self.left.checked_sub(cost);
        self.left = left.unwrap_or(0);
        left.is_some()
    }

    fn copy(&mut self, value: &Value) -> Value {
        if self.spend(weight(value)) { value.clone() } else { Value::Null }
    }

    fn object(&mut self, schema: &Flat<'a>, nth: usize, depth: usize) -> Value {
        let optional = schema.required.is_empty() && depth < DEEP;
        let every = schema.properties.keys().copied().filter(|_| optional);
        let names: Vec<&str> = schema.required.iter().copied().chain(every).collect();
        let mut object = Map::new();
        for name in names {
            let value = self.value(schema.properties.get(name).copied().unwrap_or(&ANY), nth, depth + 1);
            if self.spend(name.len() / BYTES_A_STEP) {
                object.insert(name.to_owned(), value);
            }
        }
        Value::Object(object)
    }

    fn array(&mut self, schema: &Flat<'a>, depth: usize) -> Value {
        let first = schema.list("prefixItems").unwrap_or_default();
        let items = schema.get("items").unwrap_or(&ANY);
        let usual = usize::from(depth < DEEP);
        let most = schema.whole("maxItems").unwrap_or(usize::MAX).min(self.left);
        let len = schema.whole("minItems").unwrap_or(0).max(usual).min(most);
        Value::Array((0..len).map(|i| self.value(first.get(i).unwrap_or(items), i, depth + 1)).collect())
    }
}

/// What a copy of `value` costs.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() / BYTES_A_STEP,
        Value::Array(values) => values.iter().map(|value| 1 + weight(value)).sum(),
        Value::Object(map) => {
            map.iter().map(|(name, value)| 1 + name.len() / BYTES_A_STEP + weight(value)).sum()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
