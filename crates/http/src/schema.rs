//! Schemas of what an operator can declare, in the OpenAPI document: OpenAPI 3.1 takes JSON Schema as it is.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

/// The schema of a spec, with everything it refers to inside it.
pub(crate) fn schema_of<T: JsonSchema>() -> RefOr<Schema> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    let schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    serde_json::from_value(schema).map_or_else(|_| ObjectBuilder::new().into(), RefOr::T)
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
