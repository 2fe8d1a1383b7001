//! The reference page of every setting, made from the schema.

mod kind;
mod kinds;
mod text;

use std::collections::HashMap;
use std::fmt::Write;

use serde_json::Value;

use crate::environment::compat::{Form, NAMES};
use crate::report::{child, field_path};
use crate::schema::{Shape, fields, schema};
use kind::kind_of;
use text::{HEAD, OTHER_VARIABLES};

/// The reference page: every field with type, default, variable and meaning, in Markdown.
pub fn reference() -> String {
    let schema = schema();
    let variables = fields(&schema).into_iter().map(|field| (field.pointer, field.variable)).collect();
    let mut page = Page { out: HEAD.to_owned(), variables, described: HashMap::new() };
    page.object(Shape::root(&schema), "", "");
    page.out.push_str(&kinds::table());
    page.other_variables();
    page.out
}

struct Page {
    out: String,
    /// The variable of each field, by pointer.
    variables: HashMap<String, String>,
    /// Where each object that stands in several places is described.
    described: HashMap<String, String>,
}

impl Page {
    /// A section for one object: a table of its own fields, then a section for each object inside it.
    fn object(&mut self, shape: Shape<'_>, title: &str, pointer: &str) {
        let properties = shape.properties().into_iter().flatten();
        let members: Vec<(&String, Shape<'_>)> =
            properties.filter_map(|(key, _)| Some((key, shape.member(key)?))).collect();
        let plain = members.iter().filter(|(_, member)| inner(*member).is_none());
        let rows: Vec<String> = plain.map(|(key, member)| self.row(shape, key, *member, pointer)).collect();
        if !rows.is_empty() {
            self.out.push_str("\n| Field | Type | Default | Variable | Meaning |\n|---|---|---|---|---|\n");
            self.out.extend(rows);
        }
        for (key, member) in members {
            let Some((object, mark)) = inner(member) else { continue };
            let title =
                if title.is_empty() { format!("{key}{mark}") } else { format!("{title}.{key}{mark}") };
            let mut about = about(member);
            let known = object.node().to_string();
            let before = self.described.get(&known);
            if let Some(before) = before {
                about = format!("{about} The fields are those of `{before}`.");
            }
            let is_new = before.is_none();
            // Writing to a String cannot fail.
            let _ = writeln!(self.out, "\n## `{title}`\n\n{about}");
            if is_new {
                self.object(object, &title, &child(pointer, key));
                self.described.insert(known, title);
            }
        }
    }

    fn row(&self, object: Shape<'_>, key: &str, member: Shape<'_>, pointer: &str) -> String {
        let required = object.node().get("required").and_then(Value::as_array);
        let is_required = required.is_some_and(|names| names.iter().any(|name| name == key));
        let (meaning, stated) = split_default(&description(member));
        let default = match stated {
            _ if is_required => "required".to_owned(),
            Some(stated) => stated,
            None => member.node().get("default").map_or_else(String::new, shown),
        };
        let variable =
            self.variables.get(&child(pointer, key)).map_or_else(String::new, |name| format!("`{name}`"));
        let kind = kind_of(member, key);
        format!("| `{key}` | {kind} | {} | {variable} | {} |\n", cell(&default), cell(&meaning))
    }

    fn other_variables(&mut self) {
        self.out.push_str(OTHER_VARIABLES);
        for (name, pointer, form) in NAMES {
            let unit = if *form == Form::Minutes { ", in minutes" } else { "" };
            let _ = writeln!(self.out, "| `{name}` | `{}`{unit} |", field_path(pointer));
        }
    }
}

/// The object that a field, or the entries of its list, are made of, and how its title is marked.
fn inner(member: Shape<'_>) -> Option<(Shape<'_>, &'static str)> {
    let entry = member.entry();
    let places = [(Some(member), ""), (entry, "[]"), (entry.and_then(Shape::entry), "[][]")];
    places.into_iter().find_map(|(shape, mark)| Some((object_of(shape?)?, mark)))
}

fn object_of(shape: Shape<'_>) -> Option<Shape<'_>> {
    shape.alternatives().into_iter().find(|shape| shape.properties().is_some())
}

/// What a section is about; where a text may stand for the object, that too.
fn about(member: Shape<'_>) -> String {
    let entry = member.entry().unwrap_or(member);
    let short = if entry.accepts("string") { " An entry may also be a text alone, its `name`." } else { "" };
    format!("{}{short}", description(member))
}

fn description(shape: Shape<'_>) -> String {
    let here = shape.node().get("description").or_else(|| shape.resolved().node().get("description"));
    here.and_then(Value::as_str).unwrap_or_default().replace('\n', " ")
}

/// Takes the sentence `Default ….` out of a description.
fn split_default(description: &str) -> (String, Option<String>) {
    match description.rsplit_once("Default ") {
        Some((before, default)) => {
            (before.trim_end().to_owned(), Some(default.trim_end_matches('.').to_owned()))
        }
        None => (description.to_owned(), None),
    }
}

fn shown(default: &Value) -> String {
    match default {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(map) if map.is_empty() => String::new(),
        other => other.to_string(),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
