//! What is in a message.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use super::Context;
use crate::dialect::Dialect;
use crate::dialect::chat::media;
use crate::dialect::chat::wire::{CacheOut, SoundOut, Url, UrlOut};
use crate::generation::{CacheHint, Losses, Media, MediaKind, Native, Part, Source, Unsupported};
use crate::profile::{Documents, Fields};

/// What is in a message.
#[derive(Debug, Default, Serialize)]
#[serde(untagged)]
pub(super) enum ContentOut<'a> {
    #[default]
    Nothing,
    Text(Cow<'a, str>),
    Parts(Vec<PartOut<'a>>),
}

/// A part of a message.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum PartOut<'a> {
    Text {
        text: Cow<'a, str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<CacheOut<'a>>,
    },
    ImageUrl {
        image_url: UrlOut<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<CacheOut<'a>>,
    },
    VideoUrl {
        video_url: UrlOut<'a>,
    },
    InputAudio {
        input_audio: SoundOut<'a>,
    },
    File {
        file: FileOut<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<CacheOut<'a>>,
    },
    DocumentUrl {
        document_url: Url<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        document_name: Option<&'a str>,
    },
    FileUrl {
        file_url: UrlOut<'a>,
    },
    Thinking {
        thinking: [ThoughtOut<'a>; 1],
    },
    #[serde(untagged)]
    Native(&'a Value),
}

/// A document.
#[derive(Debug, Default, Serialize)]
pub(super) struct FileOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_data: Option<Url<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_id: Option<&'a str>,
}

/// A thought, in Mistral's form.
#[derive(Debug, Serialize)]
pub(super) struct ThoughtOut<'a> {
    pub(super) r#type: &'static str,
    pub(super) text: &'a str,
}

impl<'a> PartOut<'a> {
    pub(super) const fn text(text: Cow<'a, str>) -> Self {
        Self::Text { text, cache_control: None }
    }
}

impl<'a> ContentOut<'a> {
    /// The parts as one text where they are nothing else, joined with `between`: not every server takes parts everywhere.
    pub(super) fn of(mut parts: Vec<PartOut<'a>>, between: &str) -> Self {
        let is_text = |part: &PartOut<'_>| matches!(part, PartOut::Text { cache_control: None, .. });
        if parts.is_empty() {
            return Self::Nothing;
        }
        if !parts.iter().all(is_text) {
            return Self::Parts(parts);
        }
        let mut texts = parts.drain(..).filter_map(|part| match part {
            PartOut::Text { text, .. } => Some(text),
            _ => None,
        });
        let mut text = texts.next().unwrap_or_default();
        for more in texts {
            let whole = text.to_mut();
            whole.push_str(between);
            whole.push_str(&more);
        }
        Self::Text(text)
    }
}

impl<'a> Context<'a> {
    /// Writes a part that users and operators can send; none where it is lost.
    pub(super) fn part(
        &self,
        part: &'a Part,
        losses: &mut Losses,
    ) -> Result<Option<PartOut<'a>>, Unsupported> {
        match part {
            Part::Text(text) => {
                let cache_control = self.cache(text.cache.as_ref());
                Ok(Some(PartOut::Text { text: Cow::Borrowed(&text.text), cache_control }))
            }
            Part::Refusal(text) => Ok(Some(PartOut::text(Cow::Borrowed(text)))),
            Part::Media(media) => self.media(media).map(Some),
            Part::Native(Native { dialect: Dialect::Chat, value }) => Ok(Some(PartOut::Native(value))),
            Part::Native(_) => {
                losses.note(self.path("messages"), "only its own provider understands this part");
                Ok(None)
            }
            Part::Thought(_) | Part::ToolCall(_) | Part::ToolResult(_) => Ok(None),
        }
    }

    pub(super) fn cache(&self, hint: Option<&'a CacheHint>) -> Option<CacheOut<'a>> {
        hint.filter(|_| self.takes.has(Fields::CACHE_CONTROL)).map(CacheOut::from)
    }

    /// Writes media.
    pub(super) fn media(&self, media: &'a Media) -> Result<PartOut<'a>, Unsupported> {
        let known = match media.kind {
            MediaKind::Image if self.takes.has(Fields::IMAGES) => self.image(media),
            MediaKind::Audio if self.takes.has(Fields::AUDIO) => {
                SoundOut::of(&media.source).map(|input_audio| PartOut::InputAudio { input_audio })
            }
            MediaKind::Video if self.takes.has(Fields::VIDEO) => Url::of(&media.source)
                .map(|url| PartOut::VideoUrl { video_url: UrlOut { url, detail: None } }),
            MediaKind::Document => self.document(media),
            _ => None,
        };
        known.ok_or_else(|| self.no_place(media))
    }

    fn image(&self, media: &'a Media) -> Option<PartOut<'a>> {
        let is_address = matches!(media.source, Source::Url { .. });
        let url = Url::of(&media.source).filter(|_| !is_address || self.takes.has(Fields::IMAGE_URLS))?;
        let image_url = UrlOut { url, detail: media.detail.as_deref() };
        Some(PartOut::ImageUrl { image_url, cache_control: self.cache(media.cache.as_ref()) })
    }

    fn document(&self, media: &'a Media) -> Option<PartOut<'a>> {
        let cache_control = self.cache(media.cache.as_ref());
        // Text needs no file.
        if let Some(text) = media::text_of(&media.source) {
            let text = match &media.name {
                Some(name) => Cow::Owned(format!("{name}:\n\n{text}")),
                None => text,
            };
            return Some(PartOut::Text { text, cache_control });
        }
        let is_address = matches!(media.source, Source::Url { .. });
        let url = Url::of(&media.source);
        let filename = media.name.as_deref();
        match self.profile().documents {
            Documents::None => None,
            Documents::File if is_address => None,
            Documents::File | Documents::FileOrUrl => {
                let file_id = self.own_file(&media.source);
                // OpenAI's server wants a name with bytes.
                let filename = filename.or_else(|| url.map(|_| "document.pdf"));
                let file = FileOut { filename, file_data: url, file_id };
                (url.is_some() || file_id.is_some()).then_some(PartOut::File { file, cache_control })
            }
            Documents::DocumentUrl => {
                url.map(|document_url| PartOut::DocumentUrl { document_url, document_name: filename })
            }
            Documents::FileUrl => url
                .filter(|_| is_address)
                .map(|url| PartOut::FileUrl { file_url: UrlOut { url, detail: None } }),
        }
    }

    /// A file's id, which means something only to who gave it.
    fn own_file(&self, source: &'a Source) -> Option<&'a str> {
        let is_own = matches!(self.request.dialect, Dialect::Chat | Dialect::Responses);
        match source {
            Source::File { id, .. } if is_own => Some(id),
            _ => None,
        }
    }

    fn no_place(&self, media: &Media) -> Unsupported {
        let what = match media.kind {
            MediaKind::Image => "images",
            MediaKind::Audio => "sound",
            MediaKind::Video => "films",
            MediaKind::Document => "such documents",
        };
        let message = match media.source {
            Source::File { .. } => {
                format!("this model's provider does not have this file; send the bytes of {what}")
            }
            Source::Url { .. } if super::needs_bytes(media, self.target) => {
                format!("this model's provider takes {what} as bytes, not by URL; send a data URL")
            }
            _ => format!("this model's provider takes no {what}; leave them out or choose another model"),
        };
        self.unsupported("messages", &message)
    }
}
