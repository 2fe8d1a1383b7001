//! Builds the tree from the parser's events.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, ScalarStyle};

use super::{Content, Entry, Fault, MAX_DEPTH, MAX_NODES, MAX_REPEATED_NODES, Node};
use crate::report::{child, field_path};

/// A list or map that is being read.
struct Frame {
    anchor: usize,
    node: Node,
    /// In a map, the key whose value comes next.
    key: Option<(String, usize)>,
}

/// The tree so far.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) root: Option<Node>,
    pub(super) faults: Vec<Fault>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    repeated: usize,
}

impl Builder {
    /// Takes one event of the node that begins on `line`; an error ends the reading.
    pub(super) fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), Fault> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let content = Content::Scalar { text: text.into_owned(), plain: style == ScalarStyle::Plain };
                self.place(Node { line, content }, anchor)
            }
            Event::SequenceStart(anchor, _) => self.open(anchor, line, Content::List(Vec::new())),
            Event::MappingStart(anchor, _) => self.open(anchor, line, Content::Map(Vec::new())),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => self.repeat(anchor, line),
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(self.fault(line, "a second document begins here; put everything into one"))
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, anchor: usize, line: usize, content: Content) -> Result<(), Fault> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(self.fault(line, &format!("more than {MAX_DEPTH} levels inside each other")));
        }
        self.stack.push(Frame { anchor, node: Node { line, content }, key: None });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let Some(mut frame) = self.stack.pop() else { return Ok(()) };
        if let Content::Map(entries) = &mut frame.node.content {
            self.drop_duplicates(entries);
            merge(entries);
        }
        self.place(frame.node, frame.anchor)
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: Node, anchor: usize) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(self.fault(node.line, "too many values"));
        }
        if anchor != 0 {
            self.count_repeated(size(&node), node.line)?;
            self.anchors.insert(anchor, node.clone());
        }
        let line = node.line;
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut frame.node.content, frame.key.take()) {
            (Content::List(items), _) => items.push(node),
            (Content::Map(entries), Some((key, line))) => entries.push(Entry { key, line, value: node }),
            (Content::Map(_), None) => match node.content {
                Content::Scalar { text, .. } => frame.key = Some((text, line)),
                _ => {
                    return Err(self.fault(
                        line,
                        "a list or map cannot be a field's name; quote text that begins with { or [",
                    ));
                }
            },
            (Content::Scalar { .. }, _) => {}
        }
        Ok(())
    }

    fn repeat(&mut self, anchor: usize, line: usize) -> Result<(), Fault> {
        let Some(node) = self.anchors.get(&anchor) else {
            return Err(self.fault(line, "an alias cannot stand inside what it names"));
        };
        if self.stack.len() + depth(node) > MAX_DEPTH {
            return Err(self.fault(line, &format!("more than {MAX_DEPTH} levels inside each other")));
        }
        let node = node.clone();
        self.count_repeated(size(&node), line)?;
        self.place(node, 0)
    }

    /// Bounds the copies that anchors and aliases make.
    fn count_repeated(&mut self, nodes: usize, line: usize) -> Result<(), Fault> {
        self.repeated += nodes;
        if self.repeated > MAX_REPEATED_NODES {
            return Err(self
                .fault(line, &format!("anchors and aliases repeat more than {MAX_REPEATED_NODES} values")));
        }
        Ok(())
    }

    fn drop_duplicates(&mut self, entries: &mut Vec<Entry>) {
        let mut first_lines: HashMap<String, usize> = HashMap::with_capacity(entries.len());
        let pointer = self.pointer();
        let faults = &mut self.faults;
        entries.retain(|entry| {
            let Some(first) = first_lines.get(&entry.key) else {
                first_lines.insert(entry.key.clone(), entry.line);
                return true;
            };
            let path = field_path(&child(&pointer, &entry.key));
            let message = format!("given twice; the first is on line {first}: remove one of them");
            faults.push(Fault { line: entry.line, path, message });
            false
        });
    }

    /// Where the node that was just closed, or comes next, stands.
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for frame in &self.stack {
            pointer = match (&frame.node.content, &frame.key) {
                (Content::List(items), _) => format!("{pointer}/{}", items.len()),
                (_, Some((key, _))) => child(&pointer, key),
                _ => pointer,
            };
        }
        pointer
    }

    fn fault(&self, line: usize, message: &str) -> Fault {
        Fault { line, path: field_path(&self.pointer()), message: message.to_owned() }
    }
}

/// Adds what `<<` names, as far as the map does not say otherwise itself (YAML 1.1 merge keys, which many files use).
fn merge(entries: &mut Vec<Entry>) {
    let Some(position) = entries.iter().position(|e| e.key == "<<" && is_mergeable(&e.value)) else { return };
    let sources = match entries.remove(position).value.content {
        Content::List(items) => items,
        content => vec![Node { line: 0, content }],
    };
    let mut known: HashSet<String> = entries.iter().map(|e| e.key.clone()).collect();
    for source in sources {
        let Content::Map(inherited) = source.content else { continue };
        entries.extend(inherited.into_iter().filter(|e| known.insert(e.key.clone())));
    }
}

fn is_mergeable(node: &Node) -> bool {
    match &node.content {
        Content::Map(_) => true,
        Content::List(items) => items.iter().all(|item| matches!(item.content, Content::Map(_))),
        Content::Scalar { .. } => false,
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.content {
        Content::Scalar { .. } => 0,
        Content::List(items) => items.iter().map(size).sum(),
        Content::Map(entries) => entries.iter().map(|e| size(&e.value)).sum(),
    }
}

fn depth(node: &Node) -> usize {
    match &node.content {
        Content::Scalar { .. } => 0,
        Content::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Content::Map(entries) => 1 + entries.iter().map(|e| depth(&e.value)).max().unwrap_or(0),
    }
}
