//! The form of the answer's text.
//!
//! Sources: <https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html>,
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_JsonSchemaDefinition.html>; 2026-11.

use serde_json::{Value, json};

use crate::dialect::Target;
use crate::generation::{Format, Losses, Request};
use crate::schema::{self, Rules};

/// How the form is asked for.
pub(super) enum Wish {
    /// As `outputConfig`.
    Enforced(Value),
    /// As a part of the system prompt, where the model cannot be made to keep to it.
    InWords(String),
}

/// What to ask for: a schema is enforced where the model can, and there is no mode for any JSON object.
pub(super) fn wish(request: &Request, target: &Target<'_>, losses: &mut Losses) -> Option<Wish> {
    let words = match request.format.as_ref()? {
        Format::Text => return None,
        Format::JsonObject => "Answer with one JSON object and nothing else.".to_owned(),
        Format::JsonSchema { schema, .. } if target.facts.has_json_schema == Some(false) => {
            format!("Answer with JSON that keeps to this schema and with nothing else: {schema}")
        }
        Format::JsonSchema { name, description, schema, .. } => {
            let (schema, lost) = schema::adapt(schema, Rules::Anthropic);
            if !lost.is_empty() {
                let lost = lost.join(", ");
                losses.note("response_format", format!("parts of the schema were left out: {lost}"));
            }
            return Some(Wish::Enforced(enforced(name.as_deref(), description.as_deref(), &schema)));
        }
    };
    losses.note("response_format", "it is not enforced: the model is asked for it in words");
    Some(Wish::InWords(words))
}

fn enforced(name: Option<&str>, description: Option<&str>, schema: &Value) -> Value {
    let mut definition = json!({ "schema": schema.to_string(), "name": name.unwrap_or("response") });
    if let Some(description) = description {
        definition["description"] = description.into();
    }
    json!({ "textFormat": { "type": "json_schema", "structure": { "jsonSchema": definition } } })
}
