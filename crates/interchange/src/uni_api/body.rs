//! `post_body_parameter_overrides`: changes to the body of each request, some for one model only.

use serde_json::{Map, Value};

use super::model::Model;
use super::read::Reading;
use crate::fields::Fields;

/// Sets the changes of the provider in `out`, and returns the models with theirs.
pub(super) fn of_provider(
    fields: &Map<String, Value>,
    place: &str,
    mut models: Vec<Model>,
    out: &mut Fields,
    reading: &mut Reading<'_>,
) -> Vec<Model> {
    let place = format!("{place}.preferences.post_body_parameter_overrides");
    let overrides =
        fields.get("preferences").and_then(|preferences| preferences.get("post_body_parameter_overrides"));
    let Some(Value::Object(overrides)) = overrides else { return models };
    for (name, value) in overrides {
        let of_model = value.as_object().and_then(|changes| {
            let model = models.iter_mut().find(|model| model.public() == name)?;
            Some((model, changes))
        });
        match of_model {
            Some((model, changes)) => {
                for (name, value) in changes {
                    let mut details = Fields(std::mem::take(&mut model.details));
                    change(name, value, &format!("{place}.{}", model.public()), &mut details, reading);
                    model.details = details.0;
                }
            }
            None => change(name, value, &place, out, reading),
        }
    }
    models
}

fn change(name: &str, value: &Value, place: &str, out: &mut Fields, reading: &mut Reading<'_>) {
    if name != "__remove__" {
        let mut set = out.0.get("body").and_then(|body| body.get("set")).and_then(Value::as_object).cloned();
        set.get_or_insert_default().insert(name.to_owned(), value.clone());
        return out.put_in("body", "set", set.unwrap_or_default());
    }
    let items = match value {
        Value::Array(items) => items.as_slice(),
        value => std::slice::from_ref(value),
    };
    let mut removed: Vec<Value> = Vec::new();
    for item in items {
        match item {
            Value::String(field) => removed.push(field.as_str().into()),
            Value::Object(rule) if rule.len() == 1 && rule.get("path").is_some_and(Value::is_string) => {
                removed.push(rule["path"].clone());
            }
            _ => {
                let message = "a field that is removed under a condition is left as it is";
                reading.notes.warn(format!("{place}.__remove__"), message);
            }
        }
    }
    if !removed.is_empty() {
        out.put_in("body", "remove", removed);
    }
}
