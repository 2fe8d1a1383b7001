//! What a request asks for, read the slow and simple way, without any code of the crate.

use roundhouse_llm::dialect::Dialect;
use serde_json::{Map, Value};

mod blocks;
mod openai;

/// What a request asks for.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// All system and developer text.
    pub system: Vec<String>,
    /// What the user says, piece by piece, without blanks.
    pub user: Vec<String>,
    /// What the model said, without blanks.
    pub model: String,
    /// Names and arguments of calls.
    pub calls: Vec<(String, Value)>,
    /// Which call each result is of, and what it says.
    pub results: Vec<(Option<usize>, String)>,
    /// Images, sounds, films and documents of the user's.
    pub media: Vec<&'static str>,
    /// Who speaks when: user, model, call, result.
    pub order: String,
    /// Names of the caller's tools, with the names of their parameters.
    pub tools: Vec<(String, Vec<String>)>,
    /// `auto`, `none`, `required`, or a tool's name.
    pub choice: Option<String>,
    /// `object`, or the names of the schema's properties.
    pub format: Option<String>,
    pub stop: Vec<String>,
    pub max_tokens: Option<u64>,
    pub temperature: Option<f64>,
    pub top_p: Option<f64>,
    /// Ids of calls that have no result yet, by their places in `calls`.
    open: Vec<(String, String, usize)>,
}

/// What a request in `dialect` asks for.
pub fn of(dialect: Dialect, body: &Value) -> Wish {
    match dialect {
        Dialect::Chat => openai::chat(body),
        Dialect::Completions => openai::completions(body),
        Dialect::Responses => openai::responses(body),
        Dialect::Cohere => openai::cohere(body),
        Dialect::Messages => blocks::messages(body),
        Dialect::Gemini => blocks::gemini(body),
        Dialect::Converse => blocks::converse(body),
    }
}

impl Wish {
    fn says(&mut self, who: char, said: &str) {
        let said: String = said.chars().filter(|c| !c.is_whitespace()).collect();
        if said.is_empty() {
            return;
        }
        match who {
            'u' => self.user.push(said),
            _ => self.model += &said,
        }
        self.mark(who);
    }

    fn shows(&mut self, what: &'static str) {
        self.media.push(what);
        self.mark('u');
    }

    fn calls(&mut self, id: &Value, name: &Value, arguments: Value) {
        self.open.push((text(id).to_owned(), text(name).to_owned(), self.calls.len()));
        self.calls.push((text(name).to_owned(), arguments));
        self.mark('c');
    }

    /// A result names its call by id, or by name where it has none.
    fn answers(&mut self, id: &Value, name: &Value, said: &Value) {
        let by_id = self.open.iter().position(|(known, ..)| !known.is_empty() && known == text(id));
        let by_name = || {
            let mut open = self.open.iter();
            open.position(|(known, named, _)| {
                named == text(name) && (known.is_empty() || text(id).is_empty())
            })
        };
        let call = by_id.or_else(by_name).map(|at| self.open.remove(at).2);
        let shown: Vec<_> = list(said).iter().filter_map(shown).collect();
        let said = match said {
            Value::Array(parts) if !shown.is_empty() => {
                parts.iter().filter(|part| self::shown(part).is_none()).cloned().collect()
            }
            said => said.clone(),
        };
        self.results.push((call, plain(&said)));
        self.mark('r');
        self.media.extend(shown);
    }

    fn mark(&mut self, who: char) {
        if !self.order.ends_with(who) {
            self.order.push(who);
        }
    }

    fn tool(&mut self, name: &Value, schema: &Value) {
        let mut properties: Vec<_> = names(&schema["properties"]);
        properties.sort();
        self.tools.push((text(name).to_owned(), properties));
    }
}

/// What a result says, whether it is text, parts, or an object around it.
fn plain(said: &Value) -> String {
    match said {
        Value::String(said) => match serde_json::from_str(said) {
            Ok(inner @ (Value::Object(_) | Value::Array(_))) => plain(&inner),
            _ => said.chars().filter(|c| !c.is_whitespace()).collect(),
        },
        Value::Object(fields) if fields.len() == 1 => {
            let (name, inner) = fields.iter().next().unwrap();
            let is_wrap =
                matches!(name.as_str(), "result" | "output" | "error" | "text" | "content" | "json");
            if is_wrap { plain(inner) } else { said.to_string() }
        }
        Value::Object(fields) if fields.get("type").is_some() && fields.get("text").is_some() => {
            plain(&fields["text"])
        }
        Value::Array(parts) if parts.iter().all(is_text_part) => {
            let parts: Vec<_> = parts.iter().map(|part| text(&part["text"])).collect();
            plain(&Value::String(parts.join("")))
        }
        other => other.to_string(),
    }
}

/// What a part of a result shows beside text.
fn shown(part: &Value) -> Option<&'static str> {
    let kind = text(&part["type"]);
    let is_document = kind.ends_with("document") || kind.ends_with("file") || part["document"].is_object();
    let is_media = kind.starts_with("input_") && kind != "input_text"
        || ["source", "image", "document"].iter().any(|name| part[*name].is_object());
    is_media.then_some(if is_document { "document" } else { "image" })
}

fn is_text_part(part: &Value) -> bool {
    part["text"].is_string()
        && part.as_object().is_some_and(|part| {
            part.keys().all(|name| matches!(name.as_str(), "type" | "text" | "cache_control"))
        })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn names(value: &Value) -> Vec<String> {
    value.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

fn arguments(text: &str) -> Value {
    if text.trim().is_empty() {
        return Value::Object(Map::new());
    }
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

fn stops(value: &Value) -> Vec<String> {
    match value {
        Value::String(stop) => vec![stop.clone()],
        other => list(other).iter().map(|stop| text(stop).to_owned()).collect(),
    }
}

fn schema_names(schema: &Value) -> String {
    let mut names = names(&schema["properties"]);
    names.sort();
    format!("schema of {}", names.join(","))
}

/// The first of some spellings of a field.
fn either<'a>(object: &'a Value, names: &[&str]) -> &'a Value {
    names.iter().map(|name| &object[*name]).find(|value| !value.is_null()).unwrap_or(&Value::Null)
}
