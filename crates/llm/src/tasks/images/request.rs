//! A request for images, in the common meaning of all forms.

use serde_json::{Map, Value};

use crate::generation::{Losses, Media};

/// A request for images.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What the reply must remember.
    pub asked: Asked,
    /// What is to be seen.
    pub prompt: String,
    /// What is to be edited, or looked at.
    pub images: Vec<Media>,
    /// Where the first image may be changed.
    pub mask: Option<Media>,
    /// How many; at least one.
    pub count: u64,
    /// How strongly images are compressed, in percent.
    pub compression: Option<u64>,
    /// How many unfinished images a stream is to show.
    pub partial_images: Option<u64>,
    /// The end user.
    pub user: Option<String>,
    /// Fields of the caller's form that have no common meaning.
    pub extra: Map<String, Value>,
}

/// What the reply must remember of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The model, as the caller named it.
    pub model: String,
    /// Whether images are edited.
    pub is_edit: bool,
    /// Whether a stream is wanted.
    pub stream: bool,
    /// `url` or `b64_json`, where the caller said.
    pub response_format: Option<String>,
    /// `1024x1536`; `auto` is none.
    pub size: Option<String>,
    /// `low`, `medium`, `high`, `standard`, `hd`; `auto` is none.
    pub quality: Option<String>,
    /// `transparent` or `opaque`; `auto` is none.
    pub background: Option<String>,
    /// `png`, `jpeg` or `webp`.
    pub output_format: Option<String>,
}

impl Request {
    /// Notes what a provider has no place for; what says `auto` says nothing.
    pub(super) fn note(&self, names: &[&str], losses: &mut Losses) {
        let Asked { quality, background, .. } = &self.asked;
        let background = background.as_deref().filter(|background| *background != "opaque");
        let fields = [
            ("quality", quality.is_some()),
            ("background", background.is_some()),
            ("output_compression", self.compression.is_some()),
            ("user", self.user.is_some()),
        ];
        let extra = self.extra.iter().filter(|(_, value)| *value != "auto").map(|(name, _)| name.as_str());
        let told = fields.into_iter().filter(|(_, is_told)| *is_told).map(|(name, _)| name);
        for name in told.chain(extra).filter(|name| !names.contains(name)) {
            losses.note(name, "the provider has no such field");
        }
    }

    /// Notes that images come as bytes although an address was asked for.
    pub(super) fn note_bytes(&self, losses: &mut Losses) {
        if self.asked.response_format.as_deref() == Some("url") {
            losses.note("response_format", "the provider gives bytes: b64_json");
        }
    }
}
