//! Rows as they stand in the tables.

pub(crate) mod access_key;
pub(crate) mod account_link;
pub(crate) mod audit;
pub(crate) mod config_object;
pub(crate) mod config_version;
pub(crate) mod dimension;
pub(crate) mod job;
pub(crate) mod model;
pub(crate) mod group;
pub(crate) mod group_member;
pub(crate) mod identity;
pub(crate) mod personal_token;
pub(crate) mod provider_key;
pub(crate) mod provider_key_state;
pub(crate) mod provider_key_version;
pub(crate) mod recovery_code;
pub(crate) mod request;
pub(crate) mod request_body;
pub(crate) mod request_detail;
pub(crate) mod request_failure;
pub(crate) mod revision;
pub(crate) mod schedule;
pub(crate) mod session;
pub(crate) mod setting;
pub(crate) mod totp_factor;
pub(crate) mod user;
