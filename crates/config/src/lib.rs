//! Settings from file, environment and flags. [`load`] reads them all, checks them against each other, and reports
//! every problem at once, each with its line.

mod base_url;
mod check;
mod config;
mod environment;
mod expand;
mod file;
mod files;
pub mod keys_file;
mod load;
mod nearest;
mod plain;
mod reference;
mod report;
mod schema;
pub mod section;
mod stored;
mod tree;
mod validate;
mod yaml;

pub use config::{Config, Declared, Sourced};
pub use load::{Flags, Layers, Sources, load};
pub use plain::yaml_value;
pub use reference::reference;
pub use report::{Problem, Problems, Source};
pub use schema::schema;
pub use section::{
    CaptureConfig, DatabaseConfig, ExportConfig, GptLoadConfig, LogConfig, LogFormat, LogLevel, RedisConfig,
    RequestsConfig, SecurityConfig, ServerConfig, TelemetryConfig, UniApiConfig,
};
pub use stored::{Place, Stored, StoredRef};
