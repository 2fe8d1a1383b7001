//! What only providers of this dialect can do.

use serde_json::Value;

use crate::generation::{Request, Unsupported};

/// Fields that ask for what other dialects have not, and for which an answer without it would be another one.
const NOWHERE_ELSE: [(&str, &str); 3] = [
    ("background", "this model's provider answers at once only; leave it out"),
    ("conversation", "this model's provider keeps no conversations; send the messages"),
    ("prompt", "this model's provider keeps no prompts; send its text"),
];

/// Checks that a request of this dialect can go to a provider of another one, as far as no field of
/// [`Request`] itself tells.
///
/// # Errors
/// Names the first field that no other dialect has.
pub(crate) fn check_elsewhere(request: &Request) -> Result<(), Unsupported> {
    let is_asked = |name: &str| request.extra.get(name).is_some_and(|value| *value != Value::Bool(false));
    match NOWHERE_ELSE.iter().find(|(name, _)| is_asked(name)) {
        Some((name, why)) => Err(Unsupported::new(*name, *why)),
        None => Ok(()),
    }
}
