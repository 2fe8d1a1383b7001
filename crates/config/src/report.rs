//! What is wrong with a configuration, and where.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::path::PathBuf;

use crate::stored::StoredRef;

/// Problems that are told; who has more made one mistake many times.
const MAX_PROBLEMS: usize = 1_000;

/// One thing that is wrong, and what to do about it; never with a secret's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file it is in; none for the environment and flags.
    pub file: Option<PathBuf>,
    /// Its line, from 1.
    pub line: Option<usize>,
    /// What people configured that it is in; the field is then within that.
    pub stored: Option<StoredRef>,
    /// The field (`providers[0].weight`), variable or flag.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{}:{line}: ", file.display())?,
            (Some(file), None) => write!(f, "{}: ", file.display())?,
            (None, _) => {}
        }
        if let Some(stored) = &self.stored {
            write!(f, "{stored}: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// Everything that is wrong, in the order of the file; one a line as text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

/// Where a setting comes from, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A line of the configuration file.
    File {
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable or a flag.
    Environment {
        /// Its name.
        name: String,
    },
    /// Set by people.
    Console,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A line of the file.
    Line(usize),
    /// An environment variable or a flag, by name.
    Named(String),
    /// Something that people configured.
    Stored(StoredRef),
}

impl From<&Origin> for Source {
    fn from(origin: &Origin) -> Self {
        match origin {
            Origin::Line(line) => Self::File { line: *line },
            Origin::Named(name) => Self::Environment { name: name.clone() },
            Origin::Stored(_) => Self::Console,
        }
    }
}

/// Collects problems and warnings while a configuration is read; fields are named by JSON pointer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Report {
    pub(crate) file: Option<PathBuf>,
    origins: HashMap<String, Origin>,
    problems: Vec<Problem>,
    reported: BTreeSet<String>,
    warnings: Vec<String>,
}

impl Report {
    pub(crate) fn set_origin(&mut self, pointer: impl Into<String>, origin: Origin) {
        self.origins.insert(pointer.into(), origin);
    }

    /// Where the field comes from; for one without an entry, its nearest ancestor's.
    pub(crate) fn origin(&self, pointer: &str) -> Option<&Origin> {
        self.origin_and_rest(pointer).map(|(origin, _)| origin)
    }

    /// The origin, and the way from what it set to the field.
    fn origin_and_rest<'p>(&self, pointer: &'p str) -> Option<(&Origin, &'p str)> {
        let mut end = pointer.len();
        loop {
            if let Some(origin) = self.origins.get(&pointer[..end]) {
                return Some((origin, &pointer[end..]));
            }
            end = pointer[..end].rfind('/')?;
        }
    }

    /// Notes a problem of a field; only the first of each field counts, since the others follow from it.
    pub(crate) fn problem(&mut self, pointer: &str, message: impl Into<String>) {
        if !self.reported.insert(pointer.to_owned()) {
            return;
        }
        let message = message.into();
        let found = self.origin_and_rest(pointer);
        let problem = match found {
            Some((Origin::Line(line), _)) => Problem {
                file: self.file.clone(),
                line: Some(*line),
                stored: None,
                path: field_path(pointer),
                message,
            },
            Some((Origin::Named(name), rest)) => {
                Problem { file: None, line: None, stored: None, path: named_path(name, rest), message }
            }
            Some((Origin::Stored(stored), rest)) => {
                let path = stored.field(pointer, rest);
                Problem { file: None, line: None, stored: Some(stored.clone()), path, message }
            }
            None => Problem {
                file: self.file.clone(),
                line: None,
                stored: None,
                path: field_path(pointer),
                message,
            },
        };
        self.problems.push(problem);
    }

    /// Notes a problem of an environment variable or a flag itself.
    pub(crate) fn named_problem(&mut self, name: &str, message: impl Into<String>) {
        self.problems.push(Problem {
            file: None,
            line: None,
            stored: None,
            path: name.to_owned(),
            message: message.into(),
        });
    }

    /// Notes a problem of a line of the file.
    pub(crate) fn line_problem(&mut self, line: Option<usize>, path: String, message: impl Into<String>) {
        let file = self.file.clone();
        self.problems.push(Problem { file, line, stored: None, path, message: message.into() });
    }

    pub(crate) fn warn(&mut self, message: impl Into<String>) {
        self.warnings.push(message.into());
    }

    /// Warns about a field, with its place.
    pub(crate) fn warn_at(&mut self, pointer: &str, message: &str) {
        let place = match (self.origin_and_rest(pointer), &self.file) {
            (Some((Origin::Line(line), _)), Some(file)) => {
                format!("{}:{line}: {}", file.display(), field_path(pointer))
            }
            (Some((Origin::Named(name), rest)), _) => named_path(name, rest),
            (Some((Origin::Stored(stored), rest)), _) => format!("{stored}: {}", stored.field(pointer, rest)),
            _ => field_path(pointer),
        };
        self.warnings.push(format!("{place}: {message}"));
    }

    /// True when people configured what `pointer` is in.
    pub(crate) fn is_stored(&self, pointer: &str) -> bool {
        matches!(self.origin(pointer), Some(Origin::Stored(_)))
    }

    /// Where each field comes from that is not at its default.
    pub(crate) fn sources(&self) -> BTreeMap<String, Source> {
        self.origins.iter().map(|(pointer, origin)| (pointer.clone(), origin.into())).collect()
    }

    /// True when a field, or one inside it, has a problem.
    pub(crate) fn has_problem_in(&self, pointer: &str) -> bool {
        // `0` is the character after `/`.
        let inside = format!("{pointer}/")..format!("{pointer}0");
        self.reported.contains(pointer) || self.reported.range(inside).next().is_some()
    }

    /// The warnings, or the problems in the order of the file.
    pub(crate) fn finish(mut self) -> Result<Vec<String>, Problems> {
        if self.problems.is_empty() {
            return Ok(self.warnings);
        }
        self.problems.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
        let more = self.problems.len().saturating_sub(MAX_PROBLEMS);
        if more > 0 {
            self.problems.truncate(MAX_PROBLEMS);
            self.line_problem(None, String::new(), format!("and {more} more"));
        }
        Err(Problems(self.problems))
    }
}

/// A variable's or flag's name, and the field in what it declares.
fn named_path(name: &str, rest: &str) -> String {
    if rest.is_empty() { name.to_owned() } else { format!("{name}: {}", field_path(rest)) }
}

/// A JSON pointer as people write it: `/providers/0/base_url` is `providers[0].base_url`.
pub(crate) fn field_path(pointer: &str) -> String {
    let mut path = String::new();
    for segment in pointer.split('/').skip(1) {
        if !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_digit()) {
            path.extend(["[", segment, "]"]);
            continue;
        }
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&segment.replace("~1", "/").replace("~0", "~"));
    }
    path
}

/// A pointer to the member `key` of the object at `pointer`.
pub(crate) fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}
