//! The sections of the settings: one struct each, with a doc comment, unit and default for each field. The reference
//! page and the JSON schema are made from them.

mod database;
mod export;
mod health;
mod jobs;
mod log;
mod oidc;
mod outbound;
mod redis;
mod requests;
mod security;
mod server;
mod smtp;
mod telemetry;

pub use database::DatabaseConfig;
pub use export::{ExportConfig, GptLoadConfig, UniApiConfig};
pub use health::HealthConfig;
pub use jobs::JobsConfig;
pub use log::{LogConfig, LogFormat, LogLevel};
pub use oidc::OidcConfig;
pub use outbound::OutboundConfig;
pub use redis::RedisConfig;
pub use requests::{CaptureConfig, RequestsConfig};
pub use security::SecurityConfig;
pub use server::ServerConfig;
pub use smtp::{SmtpConfig, SmtpEncryption};
pub use telemetry::TelemetryConfig;
