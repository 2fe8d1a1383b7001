//! Models: what providers list, what people decided about it, and what comes of both.

mod batch;
mod discovery;
mod edit;
mod effective;
mod error;
mod listing;
mod preview;
#[cfg(test)]
mod tests;

pub use self::batch::{Action, Batch, Change, Outcome, Pick, Problem};
pub(crate) use self::discovery::Discovery;
pub use self::discovery::SyncReport;
pub use self::edit::ModelPatch;
pub use self::effective::{Effective, KnownModel, ModelStatus, Origin};
pub(crate) use self::effective::{Ground, KeepOriginal};
pub use self::error::ModelError;
pub use self::listing::{Counts, ModelFilter};
pub use self::preview::{Merge, Preview, Renaming};
