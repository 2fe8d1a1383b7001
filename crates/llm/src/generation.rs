//! What a request for generated content and its answer mean, whatever the dialect.
//!
//! Each dialect reads into these types and writes from them; none knows another. What only one dialect can say stays beside
//! the common meaning ([`Native`], `extra`), so that it is still there when the same dialect is written.

mod answer;
mod blocks;
pub(crate) mod call_id;
mod collect;
mod event;
mod loss;
mod message;
pub(crate) mod object;
mod reasoning;
mod request;
mod signature;
mod tool;

pub use answer::{Answer, Choice, Finish, Usage};
pub(crate) use blocks::{Blocks, Fragment};
pub(crate) use collect::Collector;
pub use event::{Block, Delta, Event};
pub use loss::{Losses, Unsupported};
pub use message::{
    CacheHint, Citation, Media, MediaKind, Message, Native, Part, Role, Source, Text, Thought, ToolCall,
    ToolResult,
};
pub use reasoning::{Effort, Reasoning};
pub use request::{Format, Request, Sampling, Speech};
pub use signature::{Issuer, Signature};
pub use tool::{Function, ServerTool, ServerToolKind, Tool, ToolChoice};
