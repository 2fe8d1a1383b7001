//! Who does something, and what they may do: the one place where that is decided.

use std::sync::Arc;

use roundhouse_domain::{Author, ErrorKind, Permission, Permissions, SessionId, TokenId, UserId};

use crate::Role;

/// A person who has shown who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who it is.
    pub user_id: UserId,
    /// Their e-mail address.
    pub email: Arc<str>,
    /// What they are.
    pub role: Role,
    /// What they may do this time: a personal token may allow less than its owner may.
    pub permissions: Permissions,
    /// How they have shown it.
    pub credential: Credential,
}

/// How a person has shown who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// By a login.
    Session(SessionId),
    /// By a personal token.
    Token(TokenId),
}

impl Actor {
    /// Whether they may do this.
    pub const fn may(&self, permission: Permission) -> bool {
        self.permissions.has(permission)
    }

    /// Lets those pass who may do this.
    pub fn require(&self, permission: Permission) -> Result<(), Denied> {
        if self.may(permission) { Ok(()) } else { Err(Denied::Permission(permission)) }
    }

    /// Whether they are an administrator, and not held to less by a token.
    pub fn is_administrator(&self) -> bool {
        self.role == Role::Administrator && self.permissions == Permissions::ALL
    }

    /// Lets administrators pass.
    pub fn require_administrator(&self) -> Result<(), Denied> {
        if self.is_administrator() { Ok(()) } else { Err(Denied::Administrator) }
    }

    /// The login that this is done by: credentials of one's own are changed in a login only, never with a token.
    pub fn require_session(&self) -> Result<SessionId, Denied> {
        match self.credential {
            Credential::Session(id) => Ok(id),
            Credential::Token(_) => Err(Denied::Session),
        }
    }

    /// Them, as it is written down.
    pub fn author(&self) -> Author {
        Author::user(self.user_id, self.email.as_ref())
    }
}

/// On whose word something is done.
#[derive(Clone, Copy, Debug)]
pub enum Authority<'a> {
    /// Someone at the machine's command line, who could change the database by hand as well.
    Operator,
    /// A person who has shown who they are.
    Actor(&'a Actor),
}

impl Authority<'_> {
    /// Lets operators pass, and those who may do this.
    pub fn require(&self, permission: Permission) -> Result<(), Denied> {
        match self {
            Self::Operator => Ok(()),
            Self::Actor(actor) => actor.require(permission),
        }
    }

    /// Lets operators and administrators pass.
    pub fn require_administrator(&self) -> Result<(), Denied> {
        match self {
            Self::Operator => Ok(()),
            Self::Actor(actor) => actor.require_administrator(),
        }
    }

    /// Lets those pass who may do all of this themselves: nobody gives away, or takes over, more than they have.
    pub fn require_all(&self, permissions: Permissions) -> Result<(), Denied> {
        match self {
            Self::Actor(actor) if !permissions.is_within(actor.permissions) => Err(Denied::Beyond),
            _ => Ok(()),
        }
    }

    /// Who that is, as it is written down.
    pub fn author(&self) -> Author {
        match self {
            Self::Operator => Author::operator(),
            Self::Actor(actor) => actor.author(),
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
pub enum Denied {
    /// They lack a permission.
    #[error("this needs the permission `{0}`: an administrator can give it to a group that you are in")]
    Permission(Permission),
    /// They are no administrator.
    #[error("only an administrator may do this")]
    Administrator,
    /// They use a personal token for what only a login may do.
    #[error("this cannot be done with a personal token: log in")]
    Session,
    /// They would give away or take over more than they may do themselves.
    #[error("this concerns permissions that you do not have yourself: ask an administrator")]
    Beyond,
}

impl Denied {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        ErrorKind::Denied
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Permission(_) => "permission_required",
            Self::Administrator => "administrator_required",
            Self::Session => "session_required",
            Self::Beyond => "beyond_own_permissions",
        }
    }
}
