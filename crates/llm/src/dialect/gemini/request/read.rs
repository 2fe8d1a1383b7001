//! Reads a caller's request.

use serde_json::{Map, Value};

use super::super::fields;
use super::{read_config, read_contents, read_tools};
use crate::BodyError;
use crate::dialect::Dialect;
use crate::generation::Request;
use crate::generation::object::Object;

/// Reads a request for `model`, which stands in the path.
///
/// # Errors
/// Names the field that cannot be read.
pub(crate) fn read_request(body: Value, model: &str, stream: bool) -> Result<Request, BodyError> {
    let mut object = fields::message(body, "")?;
    let mut request = Request::new(Dialect::Gemini);
    model.clone_into(&mut request.model);
    request.stream = stream;
    read_prompt(&mut object, &mut request)?;
    read_config::read(&mut object, &mut request)?;
    request.safety = object.array("safetySettings")?;
    request.service_tier = object.text("serviceTier")?.map(|tier| tier.to_ascii_lowercase());
    if let Some(labels) = object.object("labels")? {
        request.metadata = labels.rest();
    }
    object.take("model");
    prefixed(&mut request.extra, "", object.rest());
    Ok(request)
}

/// Reads what a request and a request to count tokens have in common.
pub(in super::super) fn read_prompt(object: &mut Object, request: &mut Request) -> Result<(), BodyError> {
    request.messages = read_contents::read(object)?;
    read_tools::read(object, request)
}

/// Keeps the fields that nobody took, under the names that they have from the root.
pub(super) fn prefixed(extra: &mut Map<String, Value>, path: &str, rest: Map<String, Value>) {
    let named = rest
        .into_iter()
        .map(|(name, value)| if path.is_empty() { (name, value) } else { (format!("{path}.{name}"), value) });
    extra.extend(named);
}
