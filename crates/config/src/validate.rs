//! Compares the values with the schema, and says in plain words what does not fit.

mod message;

use serde_json::Value;

use crate::report::Report;
use message::explain;

/// Reports everything in `value` that does not fit `schema`, and takes it out, so that the rest can be checked on.
pub(crate) fn validate(value: &mut Value, schema: &Value, report: &mut Report) {
    let validator = match jsonschema::draft202012::new(schema) {
        Ok(validator) => validator,
        Err(error) => return report.problem("", format!("the settings' own schema is at fault: {error}")),
    };
    let mut misfits = Vec::new();
    for error in validator.iter_errors(value) {
        explain(&error, schema, &mut misfits);
    }
    for misfit in misfits {
        report.problem(&misfit.pointer, misfit.message);
        remove(value, &misfit.pointer);
    }
}

fn remove(value: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    let key = key.replace("~1", "/").replace("~0", "~");
    match value.pointer_mut(parent) {
        Some(Value::Object(map)) => {
            map.swap_remove(&key);
        }
        // Entries of lists keep their numbers.
        Some(Value::Array(items)) => {
            if let Some(item) = key.parse().ok().and_then(|index: usize| items.get_mut(index)) {
                *item = Value::Null;
            }
        }
        _ => {}
    }
}
