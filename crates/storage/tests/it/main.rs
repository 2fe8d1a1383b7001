//! Every repository function, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access_key_credentials;
mod account_links;
mod alerts;
mod audit;
mod backup;
mod concurrency;
mod groups;
mod health;
mod identities;
mod jobs;
mod migration;
mod models;
mod open;
mod personal_tokens;
mod provider_key_imports;
mod provider_key_states;
mod provider_keys;
mod request_bodies;
mod requests;
mod schedules;
mod sealing;
mod sessions;
mod settings;
mod spending;
mod support;
mod totp_factors;
mod usage;
mod users;
