//! Every repository function, on SQLite and on PostgreSQL.

mod access_keys;
mod backup;
mod concurrency;
mod migration;
mod open;
mod provider_key_states;
mod provider_keys;
mod requests;
mod sealing;
mod sessions;
mod settings;
mod support;
mod users;
