use serde_json::{Value, json};

use super::{Rules, adapt, from_openapi};

fn adapted(schema: &Value, rules: Rules) -> Value {
    adapt(schema, rules).0
}

#[test]
fn references_are_inlined_and_recursion_ends() {
    let schema = json!({
        "$defs": { "Node": { "type": "object", "properties": {
            "name": { "type": "string" },
            "next": { "anyOf": [{ "$ref": "#/$defs/Node" }, { "type": "null" }] } } } },
        "type": "object",
        "properties": { "list": { "$ref": "#/$defs/Node", "description": "first" } },
        "required": ["list"],
    });
    let (gemini, lost) = adapt(&schema, Rules::Gemini);
    assert_eq!(
        gemini,
        json!({ "type": "OBJECT", "required": ["list"], "properties": { "list": {
            "description": "first", "type": "OBJECT", "properties": {
                "name": { "type": "STRING" }, "next": { "type": "OBJECT", "nullable": true } } } } })
    );
    assert_eq!(lost, ["properties.list.properties.next.$ref"]);
}

#[test]
fn every_way_to_allow_null_becomes_the_targets() {
    let list = json!({ "type": ["string", "null"] });
    let branch = json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] });
    let flag = json!({ "type": "STRING", "nullable": true });
    for schema in [list.clone(), branch.clone(), json!({ "type": "string", "nullable": true })] {
        assert_eq!(adapted(&schema, Rules::Gemini), flag, "{schema}");
        assert_eq!(adapted(&schema, Rules::Anthropic), branch, "{schema}");
        let json = if schema == branch { &branch } else { &list };
        assert_eq!(adapted(&schema, Rules::GeminiJson), *json, "{schema}");
    }
}

#[test]
fn what_a_provider_refuses_is_rewritten_or_named() {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "kind": { "const": "a" },
            "n": { "type": "integer", "exclusiveMinimum": 0, "enum": [1, 2] },
            "when": { "type": "string", "format": "uri" },
            "any": { "oneOf": [{ "type": "string" }, { "type": "number" }] },
            "both": { "allOf": [{ "type": "object", "properties": { "a": { "type": "string" } } },
                                { "properties": { "b": { "type": "array" } }, "required": ["b"] }] },
            "list": { "type": "array", "items": { "type": ["string", "integer"] }, "minItems": 3 },
        },
        "required": ["kind", "gone"],
    });
    let (gemini, lost) = adapt(&schema, Rules::Gemini);
    assert_eq!(
        gemini["properties"],
        json!({
            "kind": { "type": "STRING", "enum": ["a"] },
            "n": { "type": "INTEGER" },
            "when": { "type": "STRING" },
            "any": { "anyOf": [{ "type": "STRING" }, { "type": "NUMBER" }] },
            "both": { "type": "OBJECT", "required": ["b"], "properties": {
                "a": { "type": "STRING" }, "b": { "type": "ARRAY", "items": { "type": "STRING" } } } },
            "list": { "type": "ARRAY", "minItems": 3,
                      "items": { "anyOf": [{ "type": "STRING" }, { "type": "INTEGER" }] } },
        })
    );
    assert_eq!(gemini["required"], json!(["kind"]));
    assert_eq!(lost, ["properties.n.exclusiveMinimum", "properties.n.enum", "properties.when.format"]);
    let (anthropic, lost) = adapt(&schema, Rules::Anthropic);
    assert_eq!(anthropic["properties"]["list"]["minItems"], 1);
    assert!(lost.contains(&"properties.list.minItems".to_owned()), "{lost:?}");
}

#[test]
fn a_schema_that_fits_stays_as_it_is() {
    let schema = json!({ "type": "object", "properties": { "type": { "type": "string", "description": "d" } },
        "required": ["type"], "additionalProperties": false });
    for rules in [Rules::GeminiJson, Rules::Anthropic, Rules::Bedrock] {
        assert_eq!(adapt(&schema, rules), (schema.clone(), Vec::new()), "{rules:?}");
    }
}

#[test]
fn geminis_spelling_is_read_as_json_schema() {
    let schema = json!({ "type": "OBJECT", "properties": {
        "b": { "type": "STRING", "nullable": true }, "a": { "type": "ARRAY", "max_items": "3", "items": { "type": "INTEGER" } } },
        "propertyOrdering": ["a", "b"] });
    let read = from_openapi(schema);
    assert_eq!(
        read.to_string(),
        r#"{"type":"object","properties":{"a":{"type":"array","maxItems":3,"items":{"type":"integer"}},"b":{"type":["string","null"]}}}"#
    );
    assert_eq!(from_openapi(read.clone()), read);
}

#[test]
fn hostile_schemas_are_bounded() {
    let mut definitions = serde_json::Map::new();
    for level in 0..40 {
        let next = json!({ "$ref": format!("#/$defs/{}", level + 1) });
        definitions
            .insert(level.to_string(), json!({ "type": "object", "properties": { "a": next, "b": next } }));
    }
    let schema = json!({ "$ref": "#/$defs/0", "$defs": definitions });
    let (adapted, lost) = adapt(&schema, Rules::GeminiJson);
    assert!(!lost.is_empty());
    assert!(adapted.to_string().len() < 4_000_000);
    let loops = json!({ "$ref": "#" });
    assert_eq!(adapt(&loops, Rules::Gemini).1, ["$ref"]);
}
