//! What Roundhouse remembers, in SQLite or PostgreSQL: the connection, the schema with its migrations, the sealing
//! of secrets, and one module of functions for each kind of thing.
//!
//! Repository functions take any connection, so that a caller can put several of them into one transaction:
//! [`Database::reader`] to look, [`Database::write`] to change.

pub mod database;
mod entity;
mod error;
pub mod migration;
pub mod sealing;

pub mod access_key_credentials;
pub mod account_links;
pub mod alerts;
pub mod audit;
pub mod config_objects;
pub mod config_version;
pub mod dimensions;
pub mod groups;
pub mod health;
pub mod holder_limits;
pub mod identities;
pub mod jobs;
pub mod models;
pub mod owners;
pub mod personal_tokens;
pub mod provider_key_imports;
pub mod provider_key_states;
pub mod provider_keys;
pub mod request_bodies;
pub mod requests;
pub mod revisions;
pub mod schedules;
pub mod sessions;
pub mod settings;
pub mod spending;
pub mod totp_factors;
pub mod usage;
pub mod users;

#[cfg(feature = "testing")]
pub mod testing;

pub use database::{Backend, Database, OpenError, OpenOptions};
pub use error::StorageError;
pub use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction};
pub use sealing::MasterKey;
