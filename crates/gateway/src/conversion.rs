//! A call in another form than the caller's, for one target.

mod content;
mod edges;
mod task;

pub(crate) use content::Conversion;
pub(crate) use edges::{Edges, label};
pub(crate) use task::TaskConversion;
