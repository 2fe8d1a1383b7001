//! Reads the fields of a request with the words that a caller needs when one is wrong.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

/// What is wrong with a request, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bad {
    pub message: String,
    pub param: Option<String>,
}

/// A value, or what is wrong.
pub(super) type Read<T> = Result<T, Bad>;

/// An object of the request and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    map: &'a Map<String, Value>,
    at: String,
}

/// The body as JSON.
pub(super) fn parse(body: &[u8]) -> Read<Value> {
    serde_json::from_slice(body)
        .map_err(|error| Bad { message: format!("The body is not valid JSON: {error}."), param: None })
}

impl<'a> Fields<'a> {
    /// The request itself, which has to be an object.
    pub(super) fn root(value: &'a Value) -> Read<Self> {
        Self::of(value, String::new())
    }

    /// The object `value`, which stands at `at`.
    pub(super) fn of(value: &'a Value, at: String) -> Read<Self> {
        match value.as_object() {
            Some(map) => Ok(Self { map, at }),
            None => Err(wrong(&at, "an object")),
        }
    }

    /// Where the field `name` stands, such as `messages[0].content`.
    pub(super) fn path(&self, name: &str) -> String {
        if self.at.is_empty() { name.to_owned() } else { format!("{}.{name}", self.at) }
    }

    /// The value of `name`, under its name or the same in snake case; `null` is as good as absent.
    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        let snake = || {
            let upper = |char: char| char.is_ascii_uppercase();
            name.contains(upper).then(|| self.map.get(&snake_case(name))).flatten()
        };
        self.map.get(name).or_else(snake).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Read<Option<&'a str>> {
        self.typed(name, "a string", Value::as_str)
    }

    pub(super) fn flag(&self, name: &str) -> Read<Option<bool>> {
        self.typed(name, "a boolean", Value::as_bool)
    }

    pub(super) fn number(&self, name: &str, range: RangeInclusive<f64>) -> Read<Option<f64>> {
        let expected = format!("a number from {} to {}", range.start(), range.end());
        self.typed(name, &expected, |value| value.as_f64().filter(|number| range.contains(number)))
    }

    pub(super) fn whole(&self, name: &str, range: RangeInclusive<u64>) -> Read<Option<u64>> {
        let expected = match *range.end() {
            u64::MAX => format!("an integer of at least {}", range.start()),
            end => format!("an integer from {} to {end}", range.start()),
        };
        self.typed(name, &expected, |value| value.as_u64().filter(|number| range.contains(number)))
    }

    pub(super) fn list(&self, name: &str) -> Read<Option<&'a [Value]>> {
        self.typed(name, "an array", |value| value.as_array().map(Vec::as_slice))
    }

    /// The object in `name`.
    pub(super) fn fields(&self, name: &str) -> Read<Option<Fields<'a>>> {
        self.value(name).map(|value| Fields::of(value, self.path(name))).transpose()
    }

    /// The objects of the array in `name`; none when it is absent.
    pub(super) fn items(&self, name: &str) -> Read<Vec<Fields<'a>>> {
        let values = self.list(name)?.unwrap_or_default();
        let at = self.path(name);
        values.iter().enumerate().map(|(i, value)| Fields::of(value, format!("{at}[{i}]"))).collect()
    }

    /// The strings in `name`: one, or an array of them; none when it is absent.
    pub(super) fn texts(&self, name: &str) -> Read<Vec<String>> {
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(Value::String(text)) => Ok(vec![text.clone()]),
            Some(Value::Array(texts)) => texts
                .iter()
                .map(|text| text.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .ok_or_else(|| wrong(&self.path(name), "a string or an array of strings")),
            Some(_) => Err(wrong(&self.path(name), "a string or an array of strings")),
        }
    }

    /// What `found` holds, or the complaint that `name` is missing.
    pub(super) fn required<T>(&self, name: &str, found: Option<T>) -> Read<T> {
        found.ok_or_else(|| missing(&self.path(name)))
    }

    fn typed<T>(&self, name: &str, expected: &str, read: impl Fn(&'a Value) -> Option<T>) -> Read<Option<T>> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| wrong(&self.path(name), expected)),
        }
    }
}

/// The complaint that something has the wrong type.
pub(super) fn wrong(at: &str, expected: &str) -> Bad {
    let what = if at.is_empty() { "the body" } else { at };
    let param = (!at.is_empty()).then(|| at.to_owned());
    Bad { message: format!("Invalid value for '{what}': expected {expected}."), param }
}

/// The complaint that something is missing.
pub(super) fn missing(at: &str) -> Bad {
    Bad { message: format!("Missing required parameter: '{at}'."), param: Some(at.to_owned()) }
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for char in name.chars() {
        if char.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(char.to_ascii_lowercase());
    }
    snake
}
