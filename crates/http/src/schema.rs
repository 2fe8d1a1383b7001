//! Schemas of what an operator can declare, in the OpenAPI document: OpenAPI 3.1 takes JSON Schema as it is.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

/// The schema of a spec, with everything it refers to inside it.
pub(crate) fn schema_of<T: JsonSchema>() -> RefOr<Schema> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    spell_out(&mut schema);
    serde_json::from_value(schema).map_or_else(|_| ObjectBuilder::new().into(), RefOr::T)
}

/// Writes constants as utoipa reads them: `const` as an `enum` of one value, and every `enum` of strings with its type.
fn spell_out(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(constant) = fields.remove("const") {
                fields.insert("enum".to_owned(), Value::Array(vec![constant]));
            }
            let of_strings =
                |values: &Value| values.as_array().is_some_and(|all| all.iter().all(Value::is_string));
            if fields.get("enum").is_some_and(of_strings) {
                fields.entry("type").or_insert_with(|| "string".into());
            }
            fields.values_mut().for_each(spell_out);
        }
        Value::Array(items) => items.iter_mut().for_each(spell_out),
        _ => {}
    }
}

/// Names a spec's schema in the OpenAPI document.
macro_rules! spec_schema {
    ($name:ident, $spec:ty) => {
        #[doc = concat!("What [`", stringify!($spec), "`] looks like.")]
        #[derive(Debug)]
        pub struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::schema::schema_of::<$spec>()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}
pub(crate) use spec_schema;

#[cfg(test)]
mod tests {
    use roundhouse_domain::spec;

    use super::*;

    #[test]
    fn every_spec_is_described_with_its_fields() {
        let schemas = [
            schema_of::<spec::AccessKeySpec>(),
            schema_of::<spec::AlertChannelSpec>(),
            schema_of::<spec::AlertSpec>(),
            schema_of::<spec::GuardrailSpec>(),
            schema_of::<spec::LimitSpec>(),
            schema_of::<spec::ModelFactsSpec>(),
            schema_of::<spec::PoolSpec>(),
            schema_of::<spec::ProviderSpec>(),
        ];
        for schema in schemas {
            let written = serde_json::to_value(&schema).unwrap_or_default();
            assert!(written["properties"].as_object().is_some_and(|fields| !fields.is_empty()), "{written}");
        }
    }
}
