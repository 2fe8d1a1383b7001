//! An object's fields in order, their values as they stand in the text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

/// Fields in order; a name may come twice, as it may in JSON.
pub(super) struct Fields<'a>(Vec<(String, Cow<'a, RawValue>)>);

impl Fields<'_> {
    /// The value that counts: the last of that name.
    pub(super) fn get(&self, name: &str) -> Option<&RawValue> {
        self.0.iter().rev().find(|(field, _)| field == name).map(|(_, value)| &**value)
    }

    /// Puts `value` where the first of that name stands, alone of that name, or at the end.
    pub(super) fn set(&mut self, name: &str, value: Box<RawValue>) {
        let Some(at) = self.0.iter().position(|(field, _)| field == name) else {
            return self.0.push((name.to_owned(), Cow::Owned(value)));
        };
        self.0[at].1 = Cow::Owned(value);
        let mut index = 0;
        self.0.retain(|(field, _)| {
            index += 1;
            index - 1 <= at || field != name
        });
    }

    /// Takes out all of that name; true when there was one.
    pub(super) fn remove(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|(field, _)| field != name);
        self.0.len() < before
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, &**value)))
    }
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::with_capacity(16);
                while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                    fields.push((name, Cow::Borrowed(value)));
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}
