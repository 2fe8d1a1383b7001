//! One validation error in words that say what to do; never with the value itself, which may be a secret.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use crate::nearest::suggestion;
use crate::report::child;

/// A place in the configuration and what does not fit there.
pub(super) struct Misfit {
    pub(super) pointer: String,
    pub(super) message: String,
}

/// Adds what `error` means to `out`: one misfit, or one for each unknown field.
pub(super) fn explain(error: &ValidationError<'_>, schema: &Value, out: &mut Vec<Misfit>) {
    let pointer = error.instance_path().as_str().to_owned();
    let message = match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            let known = known_fields(error, schema);
            out.extend(unexpected.iter().map(|field| unknown_field(&pointer, field, &known)));
            return;
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            return choice(error, context, schema, out);
        }
        Kind::Required { property } => {
            let field = property.as_str().unwrap_or_default();
            out.push(Misfit {
                pointer: child(&pointer, field),
                message: "must be given, but is missing".to_owned(),
            });
            return;
        }
        Kind::Pattern { .. } => format!("expected {}", nearest_description(error, schema)),
        kind => plain(kind, error.instance()),
    };
    out.push(Misfit { pointer, message });
}

fn plain(kind: &Kind, instance: &Value) -> String {
    match kind {
        Kind::Type { kind: TypeKind::Single(wanted) } => {
            mismatch(&[type_name(&wanted.to_string())], instance)
        }
        Kind::Type { kind: TypeKind::Multiple(wanted) } => {
            let names: Vec<String> = wanted.iter().map(|one| one.to_string()).collect();
            let names: Vec<&str> =
                names.iter().filter(|name| *name != "null").map(|name| type_name(name)).collect();
            mismatch(&names, instance)
        }
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::Maximum { limit } => format!("must be at most {limit}"),
        Kind::MinLength { limit: 1 } => "must not be empty".to_owned(),
        Kind::MinLength { limit } => format!("must have at least {limit} characters"),
        Kind::MaxLength { limit } => format!("must have at most {limit} characters"),
        Kind::MinItems { limit: 1 } => "needs at least one entry".to_owned(),
        Kind::MinItems { limit } => format!("needs at least {limit} entries"),
        Kind::MaxItems { limit } => format!("takes at most {limit} entries"),
        Kind::Enum { options } => {
            let names: Vec<&str> =
                options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            one_of(&names, instance)
        }
        Kind::Constant { expected_value } => format!("must be {expected_value}"),
        other => format!("does not fit the schema's `{}`", other.keyword()),
    }
}

/// Explains why none of several alternatives fits: by names to choose from, by the one that was meant, or by all.
fn choice(
    error: &ValidationError<'_>,
    context: &[Vec<ValidationError<'static>>],
    schema: &Value,
    out: &mut Vec<Misfit>,
) {
    let pointer = error.instance_path().as_str();
    let here = |inner: &ValidationError<'_>| inner.instance_path().as_str() == pointer;
    let names: Vec<&str> = context.iter().flatten().filter_map(constant).collect();
    if !names.is_empty() && error.instance().is_string() {
        out.push(Misfit { pointer: pointer.to_owned(), message: one_of(&names, error.instance()) });
        return;
    }
    let wrong_type = |inner: &ValidationError<'_>| here(inner) && matches!(inner.kind(), Kind::Type { .. });
    if let Some(meant) = context.iter().find(|errors| !errors.iter().any(wrong_type)) {
        for inner in meant {
            explain(inner, schema, out);
        }
        return;
    }
    let mut wanted: Vec<&str> = context.iter().flatten().filter_map(wanted_type).collect();
    wanted.dedup();
    out.push(Misfit { pointer: pointer.to_owned(), message: mismatch(&wanted, error.instance()) });
}

fn constant<'a>(error: &'a ValidationError<'_>) -> Option<&'a str> {
    match error.kind() {
        Kind::Constant { expected_value } => expected_value.as_str(),
        _ => None,
    }
}

fn wanted_type(error: &ValidationError<'_>) -> Option<&'static str> {
    match error.kind() {
        Kind::Type { kind: TypeKind::Single(wanted) } => {
            Some(type_name(&wanted.to_string())).filter(|name| *name != "nothing")
        }
        _ => None,
    }
}

fn unknown_field(pointer: &str, field: &str, known: &[&str]) -> Misfit {
    let hint = match suggestion(field, known.iter().copied()) {
        hint if hint.is_empty() => format!("; known here: {}", known.join(", ")),
        hint => hint,
    };
    Misfit { pointer: child(pointer, field), message: format!("unknown field{hint}") }
}

fn one_of(names: &[&str], instance: &Value) -> String {
    let hint = suggestion(instance.as_str().unwrap_or_default(), names.iter().copied());
    format!("expected one of {}{hint}", names.join(", "))
}

fn mismatch(wanted: &[&str], instance: &Value) -> String {
    let found = match instance {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a group of fields",
    };
    format!("expected {}, found {found}", wanted.join(" or "))
}

fn type_name(name: &str) -> &'static str {
    match name {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a group of fields",
        _ => "nothing",
    }
}

/// The fields that the object knows whose `additionalProperties` failed.
fn known_fields<'a>(error: &ValidationError<'_>, schema: &'a Value) -> Vec<&'a str> {
    let location = error.schema_path().as_str();
    let object = location.rsplit_once('/').and_then(|(parent, _)| schema.pointer(parent));
    let properties = object.and_then(|object| object.get("properties")).and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

/// The description nearest above the keyword that failed, as it goes on a sentence.
fn nearest_description(error: &ValidationError<'_>, schema: &Value) -> String {
    let mut location = error.schema_path().as_str();
    while let Some((parent, _)) = location.rsplit_once('/') {
        location = parent;
        let description =
            schema.pointer(location).and_then(|node| node.get("description")).and_then(Value::as_str);
        if let Some(description) = description {
            let text = description.trim_end_matches('.');
            let mut characters = text.chars();
            let first = characters.next().map(|c| c.to_ascii_lowercase());
            return first.into_iter().chain(characters).collect();
        }
    }
    "another form".to_owned()
}
