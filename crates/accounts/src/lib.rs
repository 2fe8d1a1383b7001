//! People and their logins: who somebody is, how they prove it, and for how long that holds.
//!
//! A login is a row with a refresh token, which changes with each use; what requests carry is a short-lived signed
//! access token that names the login. A login that is ended is refused within seconds everywhere, and at once in the
//! process that ended it.

mod access_token;
mod accounts;
mod actor;
mod fault;
mod password;
mod refresh_token;
mod throttle;

pub mod sessions;
pub mod setup;
pub mod users;

pub use accounts::{AccountSettings, Accounts};
pub use actor::{Actor, Authority, Denied};
pub use fault::Fault;
pub use roundhouse_storage::users::{Role, User};
