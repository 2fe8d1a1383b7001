//! Who has limits and budgets, and what was used of them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::ids::{AccessKeyId, GroupId, UserId};
use crate::money::NanoUsd;
use crate::period::Day;

/// Names a holder of limits. Its text is what storage knows it by, such as `user:0192…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HolderId {
    /// An access key that people made.
    AccessKey(AccessKeyId),
    /// An access key that is declared in a file or the environment, by its name.
    DeclaredKey(Arc<str>),
    /// A user.
    User(UserId),
    /// A group of users.
    Group(GroupId),
}

/// Amounts of what is limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Requests let in.
    pub requests: u64,
    /// Tokens, in and out.
    pub tokens: u64,
    /// Money.
    pub cost: NanoUsd,
}

/// What one call took, on whose account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Everybody it counts for.
    pub holders: Arc<[HolderId]>,
    /// The day it counts for: the one on which the call ended.
    pub day: Day,
    /// How much it was.
    pub amounts: Amounts,
}

impl Amounts {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_add(other.requests),
            tokens: self.tokens.saturating_add(other.tokens),
            cost: self.cost.plus(other.cost),
        }
    }

    /// True when nothing was used.
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for HolderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccessKey(id) => write!(f, "access_key:{id}"),
            Self::DeclaredKey(name) => write!(f, "declared_key:{name}"),
            Self::User(id) => write!(f, "user:{id}"),
            Self::Group(id) => write!(f, "group:{id}"),
        }
    }
}

/// A text that names no holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a holder of limits")]
pub struct UnknownHolder;

impl FromStr for HolderId {
    type Err = UnknownHolder;

    fn from_str(text: &str) -> Result<Self, UnknownHolder> {
        let (kind, id) = text.split_once(':').ok_or(UnknownHolder)?;
        match kind {
            "access_key" => id.parse().map(Self::AccessKey).map_err(|_| UnknownHolder),
            "declared_key" => Ok(Self::DeclaredKey(id.into())),
            "user" => id.parse().map(Self::User).map_err(|_| UnknownHolder),
            "group" => id.parse().map(Self::Group).map_err(|_| UnknownHolder),
            _ => Err(UnknownHolder),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Ids;
    use crate::time::Clock;

    #[test]
    fn holders_are_read_back_from_their_text() {
        let ids = Ids::seeded(Clock::frozen(1_700_000_000_000), 1);
        let holders = [
            HolderId::AccessKey(ids.next()),
            HolderId::DeclaredKey("ci: main".into()),
            HolderId::User(ids.next()),
            HolderId::Group(ids.next()),
        ];
        for holder in holders {
            assert_eq!(holder.to_string().parse(), Ok(holder));
        }
        for text in ["", "user", "user:x", "team:1"] {
            assert_eq!(text.parse::<HolderId>(), Err(UnknownHolder), "{text}");
        }
    }
}
