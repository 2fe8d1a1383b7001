//! Why a change is not made.

use std::fmt;

use roundhouse_config::{Place, Problem, Problems, Stored};
use roundhouse_domain::ErrorKind;
use roundhouse_storage::StorageError;

use crate::control::ApplyError;
use crate::objects::{ObjectError, ObjectKind};

/// Something that is wrong with one field of what people configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The list or section it is in.
    pub place: Place,
    /// The name of the thing.
    pub object: String,
    /// The field, such as `base_urls[0].url`; empty for the thing as a whole.
    pub field: String,
    /// What is wrong, and what to do.
    pub message: String,
}

impl FieldProblem {
    pub(crate) fn of(problem: &Problem) -> Option<Self> {
        let stored = problem.stored.as_ref()?;
        Some(Self {
            place: stored.place,
            object: stored.name.clone(),
            field: problem.path.clone(),
            message: problem.message.clone(),
        })
    }

    pub(crate) fn is_of(&self, stored: &Stored) -> bool {
        self.place == stored.place && self.object == stored.name
    }
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Entry { list, .. } => write!(f, "{list}/{}", self.object)?,
            Place::Section => f.write_str(&self.object)?,
        }
        if !self.field.is_empty() {
            write!(f, ".{}", self.field)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Why a change is not made. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// It does not fit; every problem, one each.
    #[error("{}", join(.0))]
    Invalid(Vec<FieldProblem>),
    /// A value is wrong in a way that only the caller of the change can tell.
    #[error("`{field}` {message}")]
    Field {
        /// Which.
        field: String,
        /// What is wrong with it.
        message: String,
    },
    /// There is no such thing.
    #[error("there is nothing of that name or id")]
    NotFound,
    /// One of that name exists.
    #[error("a {kind} named {name:?} exists already; choose another name, or change that one")]
    Exists {
        /// Its kind.
        kind: ObjectKind,
        /// Its name.
        name: String,
    },
    /// It stands in the configuration file or the environment.
    #[error("{0:?} is declared in {1}; change it there")]
    Declared(String, String),
    /// File or environment are wrong by themselves, so that nothing can be checked.
    #[error("the configuration file or the environment is wrong; mend it first:\n{0}")]
    File(Problems),
    /// It fits, and the data plane cannot serve by it.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// Secrets cannot be sealed or opened, or the database does not answer.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// The database does not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ChangeError {
    /// A field with a wrong value.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Field { field: field.into(), message: message.into() }
    }

    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Invalid(_) | Self::Field { .. } | Self::Apply(ApplyError::Invalid(_)) => ErrorKind::Invalid,
            Self::NotFound => ErrorKind::NotFound,
            Self::Exists { .. } | Self::Declared(..) | Self::File(_) => ErrorKind::Conflict,
            Self::Apply(ApplyError::Storage(error)) | Self::Storage(error) => error.kind(),
            Self::Apply(ApplyError::Object(error)) | Self::Object(error) => error.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) | Self::Field { .. } | Self::Apply(ApplyError::Invalid(_)) => {
                "invalid_configuration"
            }
            Self::NotFound => "not_found",
            Self::Exists { .. } => "name_taken",
            Self::Declared(..) => "declared",
            Self::File(_) => "configuration_file_invalid",
            Self::Apply(ApplyError::Storage(error)) | Self::Storage(error) => error.code(),
            Self::Apply(ApplyError::Object(error)) | Self::Object(error) => error.code(),
        }
    }

    /// The fields that are wrong, and what is wrong with each.
    pub fn fields(&self) -> Vec<(String, String)> {
        match self {
            Self::Invalid(problems) => {
                problems.iter().map(|problem| (problem.field.clone(), problem.message.clone())).collect()
            }
            Self::Field { field, message } => vec![(field.clone(), message.clone())],
            _ => Vec::new(),
        }
    }
}

fn join(problems: &[FieldProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
