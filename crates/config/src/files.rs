//! The files that settings come from: read within bounds, and remembered, so that their changes can be noticed.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Largest configuration file in bytes.
const MAX_SETTINGS_BYTES: u64 = 16 << 20;
/// Largest file of keys in bytes.
const MAX_KEYS_BYTES: u64 = 64 << 20;

/// Every file that was read, or would have been.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) watched: Vec<PathBuf>,
}

/// Why a file could not be read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The system says no.
    Io(PathBuf, io::Error),
    /// More bytes than allowed.
    TooLarge(PathBuf, u64),
    /// No UTF-8 from this line on.
    NotText(PathBuf, usize),
}

impl ReadError {
    /// True when there is no such file.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Io(_, error) if error.kind() == io::ErrorKind::NotFound)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "cannot read {}: {}", path.display(), reason(error)),
            Self::TooLarge(path, limit) => {
                write!(f, "cannot read {}: it is larger than {} MiB", path.display(), limit >> 20)
            }
            Self::NotText(path, line) => {
                write!(f, "cannot read {}: line {line} is not UTF-8 text; save it as UTF-8", path.display())
            }
        }
    }
}

impl Files {
    /// The text of a configuration file.
    pub(crate) fn read_settings(&mut self, path: &Path) -> Result<String, ReadError> {
        self.read(path, MAX_SETTINGS_BYTES)
    }

    /// The text of a file of keys or of one secret.
    pub(crate) fn read_keys(&mut self, path: &Path) -> Result<String, ReadError> {
        self.read(path, MAX_KEYS_BYTES)
    }

    fn read(&mut self, path: &Path, limit: u64) -> Result<String, ReadError> {
        if !self.watched.iter().any(|watched| watched == path) {
            self.watched.push(path.to_owned());
        }
        let io_error = |error| ReadError::Io(path.to_owned(), error);
        let mut bytes = Vec::new();
        File::open(path).map_err(io_error)?.take(limit + 1).read_to_end(&mut bytes).map_err(io_error)?;
        if bytes.len() as u64 > limit {
            return Err(ReadError::TooLarge(path.to_owned(), limit));
        }
        String::from_utf8(bytes).map_err(|error| {
            let good = error.utf8_error().valid_up_to();
            let line = 1 + error.as_bytes()[..good].split(|byte| *byte == b'\n').skip(1).count();
            ReadError::NotText(path.to_owned(), line)
        })
    }
}

/// The common reasons without the system's error numbers.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}
