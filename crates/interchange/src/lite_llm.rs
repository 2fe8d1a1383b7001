//! `LiteLLM`'s `config.yaml` (<https://docs.litellm.ai/docs/proxy/config_settings>, 2026-11).

mod deployment;
mod facts;
mod group;
mod read;
mod settings;
mod vendor;

pub use read::read;
