//! What operators do over the management API, with the real binary.

mod configuration;
mod interchange;
