//! Which route serves a call.

use std::sync::Arc;

use roundhouse_domain::ErrorKind;

use super::Ask;
use super::shape::Shape;
use crate::access::AccessKey;
use crate::error::CallError;
use crate::gateway::{Gateway, Pin};
use crate::route::Route;
use crate::snapshot::Snapshot;

/// Finds the route of what is asked for.
pub(super) struct Finder<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) snapshot: &'a Snapshot,
    pub(super) caller: &'a AccessKey,
}

impl Finder<'_> {
    /// The route, and where a stored response is that the call goes on with.
    pub(super) fn find(
        &self,
        ask: &Ask,
        model: &str,
        shape: &Shape,
    ) -> Result<(Arc<Route>, Option<Pin>), CallError> {
        match ask {
            Ask::Model { .. } => {
                let pin = shape.previous_response_id().map(|id| self.pin(id)).transpose()?.flatten();
                let route = self.snapshot.route(model).cloned().ok_or_else(|| unknown_model(model))?;
                Ok((route, pin))
            }
            Ask::Stored { id, .. } => {
                let pin = self.pin(id)?;
                let route = pin.as_ref().and_then(|pin| self.snapshot.native.get(&pin.provider));
                let route = route.or(self.snapshot.stored.as_ref()).cloned();
                Ok((route.ok_or_else(|| unknown_response(id))?, pin))
            }
            Ask::Native { route, .. } => {
                let missing = || {
                    let message = format!("there is no pool or provider named {route:?} here");
                    CallError::new(ErrorKind::NotFound, "unknown_pool", message)
                };
                Ok((self.snapshot.native.get(route.as_str()).cloned().ok_or_else(missing)?, None))
            }
        }
    }

    /// Where a response is stored, if that is known; somebody else's does not exist.
    fn pin(&self, id: &str) -> Result<Option<Pin>, CallError> {
        match self.gateway.pinned(id) {
            Some(pin) if pin.owner != self.caller.name => Err(unknown_response(id)),
            pin => Ok(pin),
        }
    }
}

fn unknown_response(id: &str) -> CallError {
    let shown: String = id.chars().take(100).collect();
    CallError::new(
        ErrorKind::NotFound,
        "response_not_found",
        format!("there is no stored response {shown:?} here"),
    )
}

/// The error of a model that nobody serves.
pub(crate) fn unknown_model(model: &str) -> CallError {
    let shown: String = model.chars().take(200).collect();
    let message = format!("the model {shown:?} is not served here; GET /v1/models lists those that are");
    let mut error = CallError::new(ErrorKind::NotFound, "model_not_found", message);
    error.param = Some("model".to_owned());
    error
}
