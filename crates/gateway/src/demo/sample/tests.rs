use super::*;

fn fits(schema: &Value) {
    let value = any(schema, "Paris");
    let validator = jsonschema::validator_for(schema).expect("a valid schema");
    assert!(validator.is_valid(&value), "{value} does not fit {schema}");
}

#[test]
fn every_type_gets_a_value_that_fits() {
    for schema in [
        json!({ "type": "string" }),
        json!({ "type": "string", "minLength": 20, "maxLength": 22 }),
        json!({ "type": "string", "maxLength": 3 }),
        json!({ "type": "string", "format": "date-time" }),
        json!({ "type": "string", "pattern": "^[A-Z]{3}$", "examples": ["ABC"] }),
        json!({ "type": "integer" }),
        json!({ "type": "integer", "minimum": 10, "maximum": 12 }),
        json!({ "type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 3 }),
        json!({ "type": "integer", "minimum": 101, "multipleOf": 7 }),
        json!({ "type": "integer", "maximum": -5 }),
        json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 }),
        json!({ "type": "number", "minimum": 0.5, "maximum": 0.5 }),
        json!({ "type": "boolean" }),
        json!({ "type": "null" }),
        json!({ "type": ["null", "string"] }),
        json!({ "enum": ["celsius", "fahrenheit"] }),
        json!({ "const": 7 }),
        json!({ "type": "array", "items": { "type": "number" }, "minItems": 3, "uniqueItems": true }),
        json!({ "type": "array", "items": { "type": "string" }, "minItems": 2, "uniqueItems": true }),
        json!({ "type": "array", "maxItems": 0 }),
        json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": "integer" }], "items": false, "minItems": 2 }),
        json!({ "anyOf": [{ "type": "null" }, { "type": "integer" }] }),
        json!({ "oneOf": [{ "type": "object", "properties": { "a": { "const": "x" } }, "required": ["a"] }, { "type": "string" }] }),
        json!({ "allOf": [{ "properties": { "a": { "type": "integer" } }, "required": ["a"] }, { "properties": { "b": { "type": "string" } }, "required": ["b"] }], "type": "object" }),
    ] {
        fits(&schema);
    }
}

#[test]
fn nested_objects_and_references_fit() {
    fits(&json!({
        "type": "object",
        "properties": {
            "place": { "$ref": "#/$defs/place" },
            "days": { "type": "array", "items": { "type": "object", "properties": { "n": { "type": "integer", "minimum": 3 } }, "required": ["n"], "additionalProperties": false } }
        },
        "required": ["place", "days"],
        "additionalProperties": false,
        "$defs": { "place": { "type": "object", "properties": { "city": { "type": "string" }, "unit": { "enum": ["c", "f"] } }, "required": ["city", "unit"], "additionalProperties": false } }
    }));
}

#[test]
fn only_required_properties_are_filled_in() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "string" } }, "required": ["b"] });
    assert_eq!(object(&schema, "Paris"), json!({ "b": "Paris" }));
}

#[test]
fn all_properties_are_filled_in_where_none_is_required() {
    let schema =
        json!({ "type": "OBJECT", "properties": { "a": { "type": "STRING" }, "n": { "type": "INTEGER" } } });
    assert_eq!(object(&schema, "Paris"), json!({ "a": "Paris", "n": 1 }));
}

#[test]
fn a_list_that_refers_to_itself_ends() {
    let schema = json!({
        "$ref": "#/$defs/node",
        "$defs": { "node": { "type": "object", "properties": { "next": { "anyOf": [{ "$ref": "#/$defs/node" }, { "type": "null" }] }, "children": { "type": "array", "items": { "$ref": "#/$defs/node" } } }, "required": ["next", "children"] } }
    });
    fits(&schema);
}

#[test]
fn schemas_that_cannot_be_met_end_too() {
    for schema in [
        json!({ "$ref": "#" }),
        json!({ "type": "object", "properties": { "a": { "$ref": "#" }, "b": { "$ref": "#" } }, "required": ["a", "b"] }),
        json!({ "type": "array", "minItems": 1_000_000_000_u64, "items": { "type": "array", "minItems": 1_000_000_000_u64 } }),
        json!({ "type": "string", "minLength": u64::MAX }),
        json!({ "allOf": [{ "$ref": "#" }, { "$ref": "#" }] }),
        json!({ "type": "integer", "minimum": 5, "maximum": 4 }),
        json!({ "type": "array", "minItems": u64::MAX, "items": { "const": "long ".repeat(100_000) } }),
    ] {
        any(&schema, "Paris");
    }
}

#[test]
fn the_hint_is_what_the_prompt_is_about() {
    assert_eq!(hint("What is the weather in Paris?"), "Paris");
    assert_eq!(hint("Search for \"quiet trains\" now"), "quiet trains");
    assert_eq!(hint("[[tool]]"), "demo");
    assert_eq!(hint("北京今天天气怎么样"), "北京今天天气怎么样");
}
