//! People: who somebody is, how they prove it, for how long that holds, and what they may do.
//!
//! A login is a row with a refresh token, which changes with each use; what requests carry is a short-lived signed
//! access token that names the login, or a personal token. One that is ended is refused within seconds everywhere, and at
//! once in the process that ended it. What somebody may do is decided in `actor`, and every change leaves an entry in the
//! audit log.

mod access_token;
mod accounts;
mod actor;
mod authenticate;
mod checks;
mod fault;
mod letters;
mod links;
mod password;
mod permissions;
mod random;
mod refresh_token;
mod throttle;

pub mod groups;
pub mod invitations;
pub mod oidc;
pub mod passwords;
pub mod second_factor;
pub mod sessions;
pub mod setup;
pub mod tokens;
pub mod trail;
pub mod users;

pub use accounts::{AccountParts, AccountSettings, Accounts};
pub use actor::{Actor, Authority, Credential, Denied};
pub use fault::Fault;
pub use links::Sent;
pub use roundhouse_storage::users::{Role, User};
