//! Times in queries.

use roundhouse_domain::{ErrorKind, Timestamp};

use crate::problem::Problem;

/// Reads the parameter `name`.
pub fn time(name: &str, text: Option<String>) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let detail = format!("`{name}` must be a time such as 2026-12-31T23:59:59Z");
    Timestamp::parse(&text).map(Some).ok_or_else(|| Problem::new(ErrorKind::Invalid, "invalid_time", detail))
}
