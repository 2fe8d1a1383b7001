//! Pure values that every other crate shares: ids, money, time, secrets, error kinds and the specification of what
//! an operator declares. Nothing here waits, reads or writes.

pub mod author;
pub mod choice;
pub mod error;
pub mod health;
pub mod holder;
pub mod ids;
pub mod money;
pub mod period;
pub mod permission;
pub mod record;
pub mod secret;
pub mod spec;
pub mod time;
pub mod tokens;

pub use author::Author;
pub use choice::Choices;
pub use error::ErrorKind;
pub use health::{CheckOutcome, HealthStatus};
pub use holder::{Amounts, Charge, HolderId};
pub use ids::KeyImportId;
pub use ids::{
    AccessKeyId, AuditId, ConfigObjectId, GroupId, Ids, JobId, LinkId, ModelId, ProviderId, ProviderKeyId,
    RequestId, SessionId, TokenId, UserId,
};
pub use money::NanoUsd;
pub use period::{Day, Month};
pub use permission::{Permission, Permissions};
pub use record::{AttemptRecord, KeyHash, KeyStateRecord, KeyStatus, Outcome, RequestRecord};
pub use secret::Secret;
pub use time::{Clock, Timestamp};
pub use tokens::TokenUsage;
