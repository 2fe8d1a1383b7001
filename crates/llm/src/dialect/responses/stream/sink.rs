//! The events of a stream as server-sent events.

use serde::Serialize;
use serde_json::Value;

use crate::dialect::responses::wire::{Content, Item, Summary};

/// The fields of an event beside its type and number; each event has some of them.
#[derive(Debug, Default, Serialize)]
pub(super) struct Fields<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) item_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) summary_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) delta: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refusal: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) arguments: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) input: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) logprobs: Option<&'a [Value]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<Piece<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) annotation: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) annotation_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) item: Option<&'a Item<'a>>,
}

/// A piece of an item that has begun or is whole.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Piece<'a> {
    /// A message's.
    Content(&'a Content<'a>),
    /// A thought's.
    Summary(Summary<'a>),
}

/// Numbers the events of a stream.
#[derive(Debug, Default)]
pub(super) struct Sink {
    sequence: u64,
}

/// Where the events of one item go.
pub(super) struct Place<'a> {
    /// The number of the item in the output.
    pub(super) index: usize,
    /// Numbers the events.
    pub(super) sink: &'a mut Sink,
    /// The bytes of the stream.
    pub(super) out: &'a mut Vec<u8>,
}

impl Place<'_> {
    /// Writes an event of the item.
    pub(super) fn emit(&mut self, kind: &str, fields: &Fields<'_>) {
        self.sink.emit(kind, &Numbered { output_index: self.index, fields }, self.out);
    }

    /// Tells that an item has begun.
    pub(super) fn added(&mut self, item: &Item<'_>) {
        self.emit("response.output_item.added", &Fields { item: Some(item), ..Fields::default() });
    }

    /// Tells that an item is whole, and appends it to the output.
    pub(super) fn done(&mut self, item: &Item<'_>, items: &mut Vec<u8>) {
        self.emit("response.output_item.done", &Fields { item: Some(item), ..Fields::default() });
        if !items.is_empty() {
            items.push(b',');
        }
        let end = items.len();
        // An item always has a JSON form, and a vector takes all of it.
        if serde_json::to_writer(&mut *items, item).is_err() {
            items.truncate(end);
        }
    }
}

#[derive(Serialize)]
struct Numbered<'a> {
    output_index: usize,
    #[serde(flatten)]
    fields: &'a Fields<'a>,
}

impl Sink {
    /// The number of the next event.
    pub(super) const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Writes an event with `fields`.
    pub(super) fn emit<T: Serialize>(&mut self, kind: &str, fields: &T, out: &mut Vec<u8>) {
        self.begin(kind, out);
        let start = out.len();
        // A struct with text keys always has a JSON form, and a vector takes all of it.
        if serde_json::to_writer(&mut *out, fields).is_ok() {
            // The fields go on in the object that has begun.
            out[start] = b',';
            out.pop();
        } else {
            out.truncate(start);
        }
        Self::end(out);
    }

    /// Writes an event with one field, of which `value` appends the JSON.
    pub(super) fn emit_raw(
        &mut self,
        kind: &str,
        field: &str,
        value: impl FnOnce(&mut Vec<u8>),
        out: &mut Vec<u8>,
    ) {
        self.begin(kind, out);
        for text in [",\"", field, "\":"] {
            out.extend_from_slice(text.as_bytes());
        }
        value(out);
        Self::end(out);
    }

    fn begin(&mut self, kind: &str, out: &mut Vec<u8>) {
        let sequence = self.sequence.to_string();
        self.sequence += 1;
        for text in ["event: ", kind, "\ndata: {\"type\":\"", kind, "\",\"sequence_number\":", &sequence] {
            out.extend_from_slice(text.as_bytes());
        }
    }

    fn end(out: &mut Vec<u8>) {
        out.extend_from_slice(b"}\n\n");
    }
}
