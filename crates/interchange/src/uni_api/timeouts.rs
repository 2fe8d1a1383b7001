//! `model_timeout` and `timeout_policy`.

use serde_json::{Map, Value};

use super::model::Model;
use super::read::Reading;
use crate::fields::{Fields, number};

/// Sets the timeouts that `preferences` say in `out`, and those of single models in `models`.
pub(super) fn read(
    preferences: &Map<String, Value>,
    place: &str,
    models: &mut [Model],
    out: &mut Fields,
    reading: &mut Reading<'_>,
) {
    of_models(preferences.get("model_timeout"), &format!("{place}.model_timeout"), models, out, reading);
    let Some(policy) = preferences.get("timeout_policy").and_then(Value::as_object) else { return };
    let place = format!("{place}.timeout_policy");
    for (name, value) in policy.get("default").and_then(Value::as_object).into_iter().flatten() {
        match (name.as_str(), span(value)) {
            ("connect" | "first_byte" | "idle" | "total", Some(span)) => out.put_in("timeouts", name, span),
            (_, None) => {}
            _ => reading.notes.info(format!("{place}.default.{name}"), "has no counterpart: left out"),
        }
    }
    if policy.get("rules").and_then(Value::as_array).is_some_and(|rules| !rules.is_empty()) {
        let message = "timeouts are set for the gateway, a provider or a model: rules are left out";
        reading.notes.warn(format!("{place}.rules"), message);
    }
}

fn of_models(
    value: Option<&Value>,
    place: &str,
    models: &mut [Model],
    out: &mut Fields,
    reading: &mut Reading<'_>,
) {
    match value {
        Some(Value::Object(timeouts)) => {
            for (name, value) in timeouts {
                let Some(span) = span(value) else { continue };
                if name == "default" {
                    out.put_in("timeouts", "first_byte", span);
                } else if let Some(model) = models.iter_mut().find(|m| m.public() == name || m.name == *name)
                {
                    model.put_in("timeouts", "first_byte", span);
                } else {
                    let message = "is not one of the models that are listed here: left out";
                    reading.notes.warn(format!("{place}.{name}"), message);
                }
            }
        }
        Some(value) => {
            if let Some(span) = span(value) {
                out.put_in("timeouts", "first_byte", span);
            }
        }
        None => {}
    }
}

/// Seconds as a span; none for what is no time.
pub(super) fn span(value: &Value) -> Option<Value> {
    let seconds = number(value).filter(|seconds| (0.001..=1e8).contains(seconds))?;
    Some(Value::String(if seconds.fract() == 0.0 {
        format!("{seconds}s")
    } else {
        format!("{}ms", (seconds * 1e3).round())
    }))
}
