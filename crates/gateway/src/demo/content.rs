//! The content of a message: a text, or parts of many kinds.

use serde_json::Value;

use super::fields::{Fields, Read, wrong};

/// How deep the content of a tool's result may nest.
const DEEPEST: usize = 4;

/// What a message holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    /// All text, a line for each part.
    pub text: String,
    /// Text that was read but is not said by anyone, such as the arguments of a tool call.
    pub other: String,
    pub attachments: usize,
    /// Results of tools.
    pub results: Vec<String>,
}

impl Content {
    /// The content of OpenAI's and Anthropic's messages.
    pub(super) fn read(value: &Value, at: &str) -> Read<Self> {
        let mut content = Self::default();
        content.take(value, at, DEEPEST)?;
        Ok(content)
    }

    /// A plain text.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub(super) fn push(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
    }

    fn take(&mut self, value: &Value, at: &str, deepest: usize) -> Read<()> {
        match value {
            Value::String(text) => self.push(text),
            Value::Array(parts) => {
                for (i, part) in parts.iter().enumerate() {
                    self.part(&Fields::of(part, format!("{at}[{i}]"))?, deepest)?;
                }
            }
            _ => return Err(wrong(at, "a string or an array of parts")),
        }
        Ok(())
    }

    fn part(&mut self, part: &Fields<'_>, deepest: usize) -> Read<()> {
        let kind = part.required("type", part.text("type")?)?;
        match kind {
            "text" | "input_text" | "output_text" => self.push(part.required("text", part.text("text")?)?),
            "refusal" => self.push(part.text("refusal")?.unwrap_or_default()),
            "tool_result" => self.result(part, deepest)?,
            "tool_use" => {
                self.other.push_str(&part.value("input").map(ToString::to_string).unwrap_or_default());
            }
            "thinking" => self.other.push_str(part.text("thinking")?.unwrap_or_default()),
            "redacted_thinking" | "reasoning" => {}
            _ => self.attachments += 1,
        }
        Ok(())
    }

    fn result(&mut self, part: &Fields<'_>, deepest: usize) -> Read<()> {
        part.required("tool_use_id", part.text("tool_use_id")?)?;
        let mut inner = Self::default();
        if let Some(value) = part.value("content").filter(|_| deepest > 0) {
            inner.take(value, &part.path("content"), deepest - 1)?;
        }
        self.attachments += inner.attachments;
        self.results.push(inner.text);
        Ok(())
    }
}
