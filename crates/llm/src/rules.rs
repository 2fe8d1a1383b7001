//! An operator's changes to request bodies.

mod fields;

use roundhouse_domain::spec::BodyRules;
use serde_json::Map;
use serde_json::value::{RawValue, Value};

use crate::BodyError;
use fields::Fields;

/// The body after `rules`, one after the other: objects in `set` are merged into those that are there, then the paths in
/// `remove` are taken out. What no rule names keeps its order and its bytes, numbers of any size included.
///
/// # Errors
/// When the body is no JSON object.
pub fn apply(rules: &[&BodyRules], body: &[u8]) -> Result<Vec<u8>, BodyError> {
    let not_an_object =
        |error: serde_json::Error| BodyError::new(format!("the body is not a JSON object: {error}"));
    let mut fields: Fields<'_> = serde_json::from_slice(body).map_err(not_an_object)?;
    for rule in rules {
        merge(&mut fields, &rule.set).map_err(not_an_object)?;
        for path in &rule.remove {
            remove(&mut fields, path).map_err(not_an_object)?;
        }
    }
    serde_json::to_vec(&fields).map_err(not_an_object)
}

fn merge(fields: &mut Fields<'_>, set: &Map<String, Value>) -> serde_json::Result<()> {
    for (name, value) in set {
        let present = fields.get(name).and_then(object);
        let merged = match (value, present) {
            (Value::Object(inner), Some(mut present)) => {
                merge(&mut present, inner)?;
                serde_json::value::to_raw_value(&present)?
            }
            _ => serde_json::value::to_raw_value(value)?,
        };
        fields.set(name, merged);
    }
    Ok(())
}

fn remove(fields: &mut Fields<'_>, path: &str) -> serde_json::Result<()> {
    // A field may have a dot in its own name: the whole path is tried as a name first.
    if fields.remove(path) {
        return Ok(());
    }
    let Some((name, rest)) = path.split_once('.') else { return Ok(()) };
    let Some(mut inner) = fields.get(name).and_then(object) else { return Ok(()) };
    remove(&mut inner, rest)?;
    let inner = serde_json::value::to_raw_value(&inner)?;
    fields.set(name, inner);
    Ok(())
}

fn object(raw: &RawValue) -> Option<Fields<'_>> {
    raw.get().starts_with('{').then(|| serde_json::from_str(raw.get()).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn rules(set: Value, remove: &[&str]) -> BodyRules {
        let Value::Object(set) = set else { panic!("rules set an object") };
        BodyRules { set, remove: remove.iter().map(|&path| path.to_owned()).collect() }
    }

    fn applied(set: Value, remove: &[&str], body: &str) -> String {
        String::from_utf8(apply(&[&rules(set, remove)], body.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn fields_are_set_in_place_or_added_at_the_end() {
        assert_eq!(
            applied(json!({"b":2,"d":null}), &[], r#"{"a":1,"b":1,"c":1}"#),
            r#"{"a":1,"b":2,"c":1,"d":null}"#
        );
    }

    #[test]
    fn objects_are_merged_and_all_else_is_replaced() {
        assert_eq!(
            applied(json!({"o":{"x":{"y":1}},"l":[1]}), &[], r#"{"o":{"k":[1,2],"x":{"z":2}},"l":{"a":1}}"#),
            r#"{"o":{"k":[1,2],"x":{"z":2,"y":1}},"l":[1]}"#
        );
        assert_eq!(applied(json!({"o":{"x":1}}), &[], r#"{"o":"text"}"#), r#"{"o":{"x":1}}"#);
    }

    #[test]
    fn untouched_values_keep_their_bytes() {
        let body = r#"{"big":123456789012345678901234567890,"f":1.10,"e":1E2,"o":{"n":0.1000000000000000055, "s":"\u00e9"}}"#;
        assert_eq!(
            applied(json!({"o":{"t":1}}), &[], body),
            r#"{"big":123456789012345678901234567890,"f":1.10,"e":1E2,"o":{"n":0.1000000000000000055,"s":"\u00e9","t":1}}"#
        );
    }

    #[test]
    fn removals_follow_dotted_paths_after_sets() {
        let body = r#"{"stream_options":{"include_usage":true,"x":1},"a.b":1,"a":{"b":2},"n":1}"#;
        assert_eq!(
            applied(json!({"y":1}), &["stream_options.include_usage", "a.b", "y", "n.z", "no.such"], body),
            r#"{"stream_options":{"x":1},"a":{"b":2},"n":1}"#
        );
    }

    #[test]
    fn later_rules_see_what_earlier_ones_did() {
        let (first, second) = (rules(json!({"a":{"b":1}}), &[]), rules(json!({"a":{"c":2}}), &["a.b"]));
        assert_eq!(apply(&[&first, &second], b"{}").unwrap(), br#"{"a":{"c":2}}"#);
    }

    #[test]
    fn a_field_given_twice_is_set_and_removed_as_one() {
        assert_eq!(applied(json!({"a":3}), &[], r#"{"a":1,"b":1,"a":2}"#), r#"{"a":3,"b":1}"#);
        assert_eq!(applied(json!({}), &["a"], r#"{"a":1,"b":1,"a":2}"#), r#"{"b":1}"#);
    }

    #[test]
    fn other_bodies_are_refused() {
        for body in ["[]", "", "{", "{}x"] {
            assert!(apply(&[], body.as_bytes()).is_err());
        }
    }

    proptest! {
        #[test]
        fn without_rules_nothing_is_lost(keys in proptest::collection::hash_set("\\PC{0,6}", 0..6)) {
            let object: Map<String, Value> = keys.into_iter().map(|key| (key.clone(), json!({ key: [1.5, null] }))).collect();
            let body = Value::Object(object).to_string();
            prop_assert_eq!(String::from_utf8(apply(&[], body.as_bytes()).unwrap()).unwrap(), body);
        }
    }
}
