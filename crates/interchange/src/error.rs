//! Why something cannot be read.

use roundhouse_domain::ErrorKind;

/// Why a source cannot be read; nothing was changed. The texts never hold a secret.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It has too many bytes.
    #[error("it is larger than {} MiB", .0 >> 20)]
    TooLarge(usize),
    /// It is no UTF-8 text.
    #[error("it is not UTF-8 text")]
    NotText,
    /// It is neither JSON nor YAML.
    #[error("{0}")]
    Syntax(String),
    /// It is something else than it should be.
    #[error("{place}: {message}")]
    Shape {
        /// Where.
        place: String,
        /// What is wrong.
        message: String,
    },
    /// It was written by a version that this program does not know.
    #[error(
        "it is of version {found}, and this program reads version {known}: use the program that wrote it"
    )]
    Version {
        /// Its version.
        found: String,
        /// What can be read.
        known: u64,
    },
    /// It was changed or cut off since it was written.
    #[error("it was changed or cut off since it was written; export it again")]
    Damaged,
    /// Its secrets are sealed.
    #[error("its secrets are sealed: give the passphrase it was exported with, or import it without secrets")]
    PassphraseMissing,
    /// The passphrase does not open it.
    #[error("the passphrase does not open it")]
    PassphraseWrong,
    /// Its keys are encrypted.
    #[error("its keys are encrypted: give the ENCRYPTION_KEY that it was run with")]
    EncryptionKeyMissing,
    /// The encryption key is another one.
    #[error("the encryption key does not open its keys: give the ENCRYPTION_KEY that it was run with")]
    EncryptionKeyWrong,
    /// Its keys are not encrypted.
    #[error("an encryption key was given, but its keys are not encrypted: leave the key out")]
    NotEncrypted,
    /// The database cannot be read.
    #[error("its database cannot be read: {0}")]
    Database(String),
    /// The other gateway did not answer as it should.
    #[error("{0}")]
    Remote(String),
}

impl ReadError {
    /// Something is not of the form it should have.
    pub(crate) fn shape(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Shape { place: place.into(), message: message.into() }
    }

    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::TooLarge(_) => ErrorKind::TooLarge,
            Self::Remote(_) => ErrorKind::UpstreamFailed,
            _ => ErrorKind::Invalid,
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "import_too_large",
            Self::NotText | Self::Syntax(_) => "import_unreadable",
            Self::Shape { .. } => "import_malformed",
            Self::Version { .. } => "import_version",
            Self::Damaged => "import_damaged",
            Self::PassphraseMissing => "passphrase_missing",
            Self::PassphraseWrong => "passphrase_wrong",
            Self::EncryptionKeyMissing => "encryption_key_missing",
            Self::EncryptionKeyWrong => "encryption_key_wrong",
            Self::NotEncrypted => "not_encrypted",
            Self::Database(_) => "import_database",
            Self::Remote(_) => "import_remote",
        }
    }
}

/// Why something cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The passphrase is too short.
    #[error("the passphrase must have at least 8 characters")]
    PassphraseShort,
    /// The system has no randomness to give.
    #[error("the operating system gives no randomness")]
    Randomness,
    /// The configuration cannot be said in the other format.
    #[error("{0}")]
    Unsayable(String),
}

impl WriteError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::PassphraseShort => ErrorKind::Invalid,
            Self::Randomness => ErrorKind::Unavailable,
            Self::Unsayable(_) => ErrorKind::Internal,
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PassphraseShort => "passphrase_short",
            Self::Randomness => "randomness_missing",
            Self::Unsayable(_) => "export_failed",
        }
    }
}
