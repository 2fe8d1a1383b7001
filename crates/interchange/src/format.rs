//! The formats by name.

use std::fmt;
use std::str::FromStr;

/// A format that configurations are read from; some are also written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Our own file.
    Roundhouse,
    /// gpt-load: its database, or its interface.
    GptLoad,
    /// uni-api's `api.yaml`.
    UniApi,
    /// uni-load's file of gpt-load instances.
    UniLoad,
    /// Sources of uni-load-improved.
    UniLoadImproved,
    /// Keys of one provider.
    KeysTxt,
    /// `LiteLLM`'s `config.yaml`.
    LiteLlm,
    /// The database of One API.
    OneApi,
    /// The database of New API.
    NewApi,
}

/// A name that no format has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no format is called {0:?}; known are {known}", known = Format::names())]
pub struct UnknownFormat(pub String);

const ALL: [(Format, &str); 9] = [
    (Format::Roundhouse, "roundhouse"),
    (Format::GptLoad, "gpt-load"),
    (Format::UniApi, "uni-api"),
    (Format::UniLoad, "uni-load"),
    (Format::UniLoadImproved, "uni-load-improved"),
    (Format::KeysTxt, "keys.txt"),
    (Format::LiteLlm, "litellm"),
    (Format::OneApi, "one-api"),
    (Format::NewApi, "new-api"),
];

impl Format {
    /// The format's name.
    pub fn as_str(self) -> &'static str {
        ALL.iter().find(|(format, _)| *format == self).map_or("", |(_, name)| name)
    }

    /// All names, for people.
    pub fn names() -> String {
        ALL.map(|(_, name)| name).join(", ")
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        let name = text.trim().to_ascii_lowercase();
        let found = ALL.iter().find(|(_, known)| *known == name || known.replace(['-', '.'], "") == name);
        found.map(|(format, _)| *format).ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}
