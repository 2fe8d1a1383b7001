//! Who does something.

use roundhouse_domain::{ErrorKind, SessionId, UserId};

use crate::Role;

/// A person who is logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who it is.
    pub user_id: UserId,
    /// What they may do.
    pub role: Role,
    /// By which login.
    pub session_id: SessionId,
}

impl Actor {
    /// Lets administrators pass.
    pub fn require_administrator(&self) -> Result<(), Denied> {
        if self.role == Role::Administrator { Ok(()) } else { Err(Denied) }
    }
}

/// On whose word something is done.
#[derive(Clone, Copy, Debug)]
pub enum Authority<'a> {
    /// Someone at the machine's command line, who could change the database by hand as well.
    Operator,
    /// A person who is logged in.
    Actor(&'a Actor),
}

impl Authority<'_> {
    /// Lets operators and administrators pass.
    pub fn require_administrator(&self) -> Result<(), Denied> {
        match self {
            Self::Operator => Ok(()),
            Self::Actor(actor) => actor.require_administrator(),
        }
    }
}

impl<'a> From<&'a Actor> for Authority<'a> {
    fn from(actor: &'a Actor) -> Self {
        Self::Actor(actor)
    }
}

/// The person may not do this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("only an administrator may do this")]
pub struct Denied;

impl Denied {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        ErrorKind::Denied
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        "administrator_required"
    }
}
