//! Request bodies: what can be wrong with one, and one put together from shared slices.

use bytes::Bytes;

/// Why a request body cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BodyError {
    /// What is wrong and where, for the caller.
    pub message: String,
    /// The field at fault, if one is.
    pub param: Option<String>,
}

impl BodyError {
    /// An error of the body as a whole.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), param: None }
    }

    /// An error of one field.
    pub fn field(param: &str, message: impl Into<String>) -> Self {
        Self { message: message.into(), param: Some(param.to_owned()) }
    }
}

/// A body of up to three slices that follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces([Bytes; 3]);

impl Pieces {
    /// The bytes around `span` with `middle` in its place; nothing is copied.
    pub(crate) fn splice(body: &Bytes, span: std::ops::Range<usize>, middle: Bytes) -> Self {
        Self([body.slice(..span.start), middle, body.slice(span.end..)])
    }

    /// Bytes in all slices together.
    pub fn len(&self) -> usize {
        self.0.iter().map(Bytes::len).sum()
    }

    /// True when there are no bytes at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All bytes in one slice; copies only where there is more than one.
    pub fn into_bytes(self) -> Bytes {
        let mut filled = self.0.iter().filter(|piece| !piece.is_empty());
        match (filled.next(), filled.next()) {
            (None, _) => Bytes::new(),
            (Some(only), None) => only.clone(),
            _ => self.0.concat().into(),
        }
    }
}

impl From<Bytes> for Pieces {
    fn from(body: Bytes) -> Self {
        Self([body, Bytes::new(), Bytes::new()])
    }
}

impl IntoIterator for Pieces {
    type Item = Bytes;
    type IntoIter = std::iter::Filter<std::array::IntoIter<Bytes, 3>, fn(&Bytes) -> bool>;

    fn into_iter(self) -> Self::IntoIter {
        let filled: fn(&Bytes) -> bool = |piece| !piece.is_empty();
        self.0.into_iter().filter(filled)
    }
}
