//! YAML text as a tree that knows its lines. Anchors, aliases and merge keys work; depth and size are bounded, so that
//! no text makes the process large or slow.

mod builder;
pub(crate) mod scalar;

use saphyr_parser::{Event, Parser, ScanError};

use builder::Builder;

/// Levels of lists and maps inside each other.
const MAX_DEPTH: usize = 64;
/// Nodes of a document, with those that aliases repeat.
const MAX_NODES: usize = 2_000_000;
/// Nodes that aliases repeat; more is an attack ("billion laughs"), not a configuration.
const MAX_REPEATED_NODES: usize = 100_000;

/// A value and the line it begins on.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) content: Content,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// Text; `plain` without quotes, so that it may mean a number.
    Scalar { text: String, plain: bool },
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order written.
    Map(Vec<Entry>),
}

/// A member of a mapping.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) line: usize,
    pub(crate) value: Node,
}

/// What is wrong with the text itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: usize,
    pub(crate) path: String,
    pub(crate) message: String,
}

/// The tree of `text`, when there is one, and everything wrong with it.
pub(crate) fn parse(text: &str) -> (Option<Node>, Vec<Fault>) {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let step = match event {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => builder.take(event, span.start.line()),
            Err(error) => Err(syntax(&error, text)),
        };
        if let Err(fault) = step {
            builder.faults.push(fault);
            return (None, builder.faults);
        }
    }
    (builder.root, builder.faults)
}

fn syntax(error: &ScanError, text: &str) -> Fault {
    let line = error.marker().line();
    // Inside `{ }` and `[ ]`, the braces of a variable end the text unless it has quotes.
    let around = text.lines().skip(line.saturating_sub(2)).take(2);
    let braces = around.into_iter().any(|line| line.contains("${") || line.contains("{{"));
    let hint = if braces { "; put texts with `${` or `{{` in quotes" } else { "" };
    Fault { line, path: String::new(), message: format!("not valid YAML: {}{hint}", error.info()) }
}
