//! gpt-load 1.x: groups of keys behind addresses, and sets of groups (github.com/tbphp/gpt-load, 1.4.9).
//!
//! Its database and its live API are read into the same [`Gateway`], and that into a configuration of ours.

mod cipher;
mod database;
mod group;
mod layers;
mod live;
mod map;
mod options;
mod push;
mod raw;

pub use cipher::Cipher;
pub use database::read_database;
pub use live::read_live;
pub(crate) use map::bracketed;
pub use map::read;
pub use push::{Plan, Step, plan};
pub use raw::{Gateway, Group, Key, Link};
