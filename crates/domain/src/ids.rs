//! Identifiers: `UUIDv7` newtypes, so that ids of different things cannot be confused and sort by creation.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::Clock;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    };
}

id! {
    /// Names a provider.
    ProviderId
}
id! {
    /// Names a provider key.
    ProviderKeyId
}
id! {
    /// Names keys that wait to be added to a provider.
    KeyImportId
}
id! {
    /// Names something that people configured: a provider, a pool, a route …
    ConfigObjectId
}
id! {
    /// Names an access key.
    AccessKeyId
}
id! {
    /// Names a model of a provider.
    ModelId
}
id! {
    /// Names a user.
    UserId
}
id! {
    /// Names a group of users.
    GroupId
}
id! {
    /// Names a login of a user.
    SessionId
}
id! {
    /// Names an entry of the audit log.
    AuditId
}
id! {
    /// Names a personal token of a user.
    TokenId
}
id! {
    /// Names a link that was sent to somebody: an invitation, or one to a new password.
    LinkId
}
id! {
    /// Names one client call; the `x-request-id` of its answer.
    RequestId
}
id! {
    /// Names a piece of background work.
    JobId
}

/// Makes ids from the injected clock, and from randomness or, in tests, from a seed.
#[derive(Clone, Debug)]
pub struct Ids {
    clock: Clock,
    seed: Option<Arc<AtomicU64>>,
}

impl Ids {
    /// Ids from a generator that the operating system seeded.
    pub const fn random(clock: Clock) -> Self {
        Self { clock, seed: None }
    }

    /// Ids that count up from `seed`, the same in each run.
    pub fn seeded(clock: Clock, seed: u64) -> Self {
        Self { clock, seed: Some(Arc::new(AtomicU64::new(seed))) }
    }

    /// A fresh id of any kind.
    pub fn next<T: From<Uuid>>(&self) -> T {
        let millis = self.clock.now().as_millis().unsigned_abs();
        let mut random = [0u8; 10];
        match &self.seed {
            Some(seed) => random[2..].copy_from_slice(&seed.fetch_add(1, Ordering::Relaxed).to_be_bytes()),
            // Ids must be unique, not secret: a generator in the thread costs no system call.
            None => fastrand::fill(&mut random),
        }
        T::from(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_ids_are_unique_and_repeatable() {
        let make = || {
            let ids = Ids::seeded(Clock::frozen(1_700_000_000_000), 7);
            [ids.next::<RequestId>(), ids.next::<RequestId>()]
        };
        assert_eq!(make(), make());
        assert_ne!(make()[0], make()[1]);
        assert_eq!(make()[0].0.get_version_num(), 7);
    }
}
