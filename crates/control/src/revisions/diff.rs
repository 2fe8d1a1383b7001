//! What differs between two documents, field by field.

use serde_json::Value;

/// One field that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// The field, by JSON pointer.
    pub path: String,
    /// What happened to it.
    pub operation: FieldOperation,
}

/// What happened to a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldOperation {
    /// It is new.
    Added(Value),
    /// It is gone.
    Removed(Value),
    /// It has another value.
    Changed(Value, Value),
}

/// The fields in which `after` differs from `before`, in the order of the documents; lists are compared as a whole.
pub fn diff(before: Option<&Value>, after: Option<&Value>) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    compare("", before, after, &mut changes);
    changes
}

fn compare(path: &str, before: Option<&Value>, after: Option<&Value>, changes: &mut Vec<FieldChange>) {
    let mut note = |operation| changes.push(FieldChange { path: path.to_owned(), operation });
    match (before, after) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let added = after.keys().filter(|key| !before.contains_key(*key));
            for key in before.keys().chain(added) {
                let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
                compare(&path, before.get(key), after.get(key), changes);
            }
        }
        (Some(before), Some(after)) if before != after => {
            note(FieldOperation::Changed(before.clone(), after.clone()));
        }
        (None, Some(after)) => note(FieldOperation::Added(after.clone())),
        (Some(before), None) => note(FieldOperation::Removed(before.clone())),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_field_that_differs_is_told_once() {
        let before = json!({ "weight": 10, "tier": 0, "headers": { "a": "1", "b": "2" } });
        let after = json!({ "weight": 20, "headers": { "a": "1" }, "enabled": false });
        let paths: Vec<_> = diff(Some(&before), Some(&after))
            .into_iter()
            .map(|change| match change.operation {
                FieldOperation::Added(_) => format!("+{}", change.path),
                FieldOperation::Removed(_) => format!("-{}", change.path),
                FieldOperation::Changed(..) => format!("~{}", change.path),
            })
            .collect();
        assert_eq!(paths, ["~/weight", "-/tier", "-/headers/b", "+/enabled"]);
    }

    #[test]
    fn a_document_that_is_new_differs_as_a_whole() {
        let after = json!({ "weight": 20 });
        assert_eq!(
            diff(None, Some(&after)),
            [FieldChange { path: String::new(), operation: FieldOperation::Added(after.clone()) }]
        );
        assert!(diff(Some(&after), Some(&after)).is_empty());
    }
}
