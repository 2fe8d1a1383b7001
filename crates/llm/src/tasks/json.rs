//! Writing JSON straight into bytes, and telling what cannot be read of it.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::UpstreamError;
use crate::errors::from_document;
use crate::generation::Losses;

/// A JSON object that is written field by field; borrowed texts are copied once.
pub(super) struct ObjectWriter(Vec<u8>);

impl ObjectWriter {
    pub(super) fn new() -> Self {
        Self(b"{".to_vec())
    }

    /// Writes one field.
    pub(super) fn field(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> &mut Self {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        write(&mut self.0, name);
        self.0.push(b':');
        write(&mut self.0, value);
        self
    }

    /// Writes one field where it has a value.
    pub(super) fn option(&mut self, name: &str, value: Option<&(impl Serialize + ?Sized)>) -> &mut Self {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    /// Writes fields as they came.
    pub(super) fn fields<'a>(
        &mut self,
        fields: impl IntoIterator<Item = (&'a String, &'a Value)>,
    ) -> &mut Self {
        for (name, value) in fields {
            self.field(name, value);
        }
        self
    }

    /// The object.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        self.0.push(b'}');
        std::mem::take(&mut self.0)
    }
}

/// Appends `value`; nothing of ours fails to be written.
pub(super) fn write(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    serde_json::to_writer(out, value).unwrap_or_default();
}

/// Divides fields without a common meaning into those that the provider knows and those that are lost.
pub(super) fn known<'a>(
    extra: &'a Map<String, Value>,
    names: &[&str],
    losses: &mut Losses,
) -> Vec<(&'a String, &'a Value)> {
    let (known, lost): (Vec<_>, Vec<_>) = extra.iter().partition(|(name, _)| names.contains(&name.as_str()));
    for (name, _) in lost {
        losses.note(name.as_str(), "the provider has no such field");
    }
    known
}

/// The error that an answer of status 2xx tells instead of `wanted`.
pub(super) fn failure(body: &[u8], wanted: &str) -> UpstreamError {
    let document = serde_json::from_slice(body).unwrap_or_default();
    from_document(&document).unwrap_or_else(|| broken(wanted))
}

/// The error of an answer without `wanted`.
pub(super) fn broken(wanted: &str) -> UpstreamError {
    UpstreamError {
        status: Some(502),
        message: format!("the provider's answer holds no {wanted}"),
        ..UpstreamError::default()
    }
}

/// Reads any value, and takes it where it is of the wanted type.
pub(super) fn lenient<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Any<T> {
        Wanted(T),
        Other(serde::de::IgnoredAny),
    }
    Ok(match Any::<T>::deserialize(deserializer)? {
        Any::Wanted(wanted) => wanted,
        Any::Other(_) => T::default(),
    })
}
