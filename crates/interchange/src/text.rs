//! Text of others as values, within bounds.

mod strict;
mod yaml;

use serde_json::Value;

use crate::error::ReadError;

pub(crate) use yaml::write as write_yaml;

/// The most bytes of a text.
pub(crate) const MAX_BYTES: usize = 64 << 20;

/// The text of `bytes`.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::TooLarge(MAX_BYTES));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ReadError::NotText)?;
    Ok(text.trim_start_matches('\u{feff}'))
}

/// The value of JSON or YAML text; a field that is there twice is an error.
pub(crate) fn value(bytes: &[u8]) -> Result<Value, ReadError> {
    let text = utf8(bytes)?;
    if text.trim_start().starts_with(['{', '[']) {
        return strict::json(text).map_err(|error| ReadError::Syntax(format!("not valid JSON: {error}")));
    }
    roundhouse_config::yaml_value(text).map_err(|problems| {
        let first = problems.0.first().map(ToString::to_string).unwrap_or_default();
        let line = problems.0.first().and_then(|problem| problem.line);
        ReadError::Syntax(line.map_or(first.clone(), |line| format!("line {line}: {first}")))
    })
}
