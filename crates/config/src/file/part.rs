//! A part of the file that may be wrong without spoiling the others.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::report::{Report, child};

/// A value, or what is wrong with it and where inside it.
#[derive(Debug)]
pub(crate) enum Part<T> {
    Good(T),
    Bad { pointer: String, message: String },
}

impl<T> Part<T> {
    /// The value at `pointer`; a problem, when it is wrong and nothing was said about it before.
    pub(crate) fn take(self, pointer: &str, report: &mut Report) -> Option<T> {
        match self {
            Self::Good(value) => Some(value),
            Self::Bad { pointer: inside, message } => {
                if !report.has_problem_in(pointer) {
                    report.problem(&format!("{pointer}{inside}"), message);
                }
                None
            }
        }
    }
}

impl<T: Default> Default for Part<T> {
    fn default() -> Self {
        Self::Good(T::default())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Part<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(match serde_path_to_error::deserialize(value) {
            Ok(value) => Self::Good(value),
            Err(error) => Self::Bad { pointer: pointer(error.path()), message: error.inner().to_string() },
        })
    }
}

impl<T: JsonSchema> JsonSchema for Part<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

fn pointer(path: &Path) -> String {
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => child(&pointer, key),
        Segment::Enum { .. } | Segment::Unknown => pointer,
    })
}
