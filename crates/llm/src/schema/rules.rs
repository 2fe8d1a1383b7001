//! Which part of JSON Schema each provider takes.

/// Whose part of JSON Schema a schema is made to fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    /// Gemini's `responseSchema` and `parameters`: a part of OpenAPI 3.0
    /// (<https://ai.google.dev/api/caching#Schema>, 2026-11).
    Gemini,
    /// Gemini's `responseJsonSchema` and `parametersJsonSchema`
    /// (<https://ai.google.dev/gemini-api/docs/structured-output#json_schema_support>, 2026-11).
    GeminiJson,
    /// Anthropic's structured outputs and strict tools
    /// (<https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations>, 2026-11).
    Anthropic,
    /// Bedrock's tools: no references, and an object at the root
    /// (<https://docs.aws.amazon.com/nova/latest/userguide/tool-use-definition.html>, 2026-11).
    Bedrock,
}

/// What a provider takes.
#[derive(Debug)]
pub(super) struct Table {
    /// The keywords that stay; none: all.
    pub(super) keywords: Option<&'static [&'static str]>,
    /// The formats of text that stay; none: all.
    pub(super) formats: Option<&'static [&'static str]>,
    /// How null is allowed.
    pub(super) null: Null,
    /// What else is particular.
    pub(super) habits: &'static [Habit],
}

/// How a schema says that a value may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Null {
    /// `"type": ["string", "null"]`.
    List,
    /// `"nullable": true`.
    Flag,
    /// `"anyOf": [{…}, {"type": "null"}]`.
    AnyOf,
}

/// What is particular about a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    /// It follows no references.
    Inline,
    /// Types are in upper case, and each node has one.
    UpperTypes,
    /// Only text can be enumerated.
    TextEnums,
    /// Objects must be closed.
    Closed,
    /// Arrays may be asked to have at least one item, and no other number.
    OneItem,
}

impl Table {
    pub(super) fn has(&self, habit: Habit) -> bool {
        self.habits.contains(&habit)
    }

    pub(super) fn keeps(&self, keyword: &str) -> bool {
        self.keywords.is_none_or(|keywords| keywords.contains(&keyword))
    }
}

const GEMINI: Table = Table {
    keywords: Some(&[
        "anyOf",
        "default",
        "description",
        "enum",
        "example",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "nullable",
        "pattern",
        "properties",
        "propertyOrdering",
        "required",
        "title",
        "type",
    ]),
    formats: Some(&["date-time", "enum", "int32", "int64", "float", "double"]),
    null: Null::Flag,
    habits: &[Habit::Inline, Habit::UpperTypes, Habit::TextEnums],
};

// Beyond the documented keywords those stay that the models are known to pass over.
const GEMINI_JSON: Table = Table {
    keywords: Some(&[
        "$anchor",
        "$defs",
        "$id",
        "$ref",
        "$schema",
        "additionalProperties",
        "anyOf",
        "default",
        "definitions",
        "description",
        "enum",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "oneOf",
        "pattern",
        "prefixItems",
        "properties",
        "propertyOrdering",
        "required",
        "title",
        "type",
    ]),
    formats: None,
    null: Null::List,
    habits: &[Habit::Inline],
};

const ANTHROPIC: Table = Table {
    keywords: Some(&[
        "$defs",
        "$ref",
        "additionalProperties",
        "anyOf",
        "const",
        "default",
        "definitions",
        "description",
        "enum",
        "format",
        "items",
        "minItems",
        "pattern",
        "properties",
        "required",
        "title",
        "type",
    ]),
    formats: Some(&[
        "date-time",
        "time",
        "date",
        "duration",
        "email",
        "hostname",
        "uri",
        "ipv4",
        "ipv6",
        "uuid",
    ]),
    null: Null::AnyOf,
    habits: &[Habit::Closed, Habit::OneItem],
};

const BEDROCK: Table = Table { keywords: None, formats: None, null: Null::List, habits: &[Habit::Inline] };

impl Rules {
    pub(super) const fn table(self) -> &'static Table {
        match self {
            Self::Gemini => &GEMINI,
            Self::GeminiJson => &GEMINI_JSON,
            Self::Anthropic => &ANTHROPIC,
            Self::Bedrock => &BEDROCK,
        }
    }
}
