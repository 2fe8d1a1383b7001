//! What a model may call.

use serde_json::{Map, Value};

use super::{CacheHint, Native};

/// What a model may call.
#[derive(Clone, Debug, PartialEq)]
pub enum Tool {
    /// A function of the caller's.
    Function(Function),
    /// A free-form tool of the caller's: its input is any text (OpenAI's `custom`).
    ///
    /// Dialects without it write a function with one text parameter `input`; the answer is turned back, since
    /// [`crate::convert::Asked`] knows the names.
    Custom {
        /// Its name.
        name: String,
        /// What it does.
        description: Option<String>,
        /// The grammar of its input, as it came.
        format: Option<Value>,
    },
    /// A tool that the provider runs, where several have it.
    Server(ServerTool),
    /// A tool that only its own dialect knows.
    Native(Native),
}

/// A function of the caller's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// The JSON schema of its arguments, as it came; none: it takes none.
    pub parameters: Option<Value>,
    /// Whether the arguments must keep to the schema.
    pub strict: Option<bool>,
    /// Whether the prompt may be cached up to here.
    pub cache: Option<CacheHint>,
    /// What only the caller's dialect knows of it, as it came.
    pub extra: Map<String, Value>,
}

/// A tool that the provider runs.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerTool {
    /// Which.
    pub kind: ServerToolKind,
    /// Only pages of these domains.
    pub allowed_domains: Vec<String>,
    /// No pages of these domains.
    pub blocked_domains: Vec<String>,
    /// The most uses.
    pub max_uses: Option<u64>,
    /// OpenAI's form: `{"type":"approximate","city",…}`.
    pub user_location: Option<Value>,
    /// The tool as it came, for its own dialect.
    pub native: Native,
}

/// Which tool the provider runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServerToolKind {
    /// Searches the web.
    WebSearch,
    /// Reads pages that the prompt names.
    WebFetch,
    /// Runs code.
    CodeExecution,
}

/// Whether a tool must be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToolChoice {
    /// The model decides.
    Auto,
    /// None may be.
    None,
    /// At least one must be.
    Required,
    /// This one must be.
    Named(String),
    /// One of these may be, or must be where `required`.
    Allowed {
        /// Their names.
        names: Vec<String>,
        /// Whether one must be.
        required: bool,
    },
}
