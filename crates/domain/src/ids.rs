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
    /// The last id's milliseconds and its number within them: ids sort in the order they were made.
    last: Arc<AtomicU64>,
}

/// Bits that count ids within a millisecond, where RFC 9562 has them (section 6.2, method 1).
const COUNTER_BITS: u32 = 12;

impl Ids {
    /// Ids from a generator that the operating system seeded.
    pub fn random(clock: Clock) -> Self {
        Self { clock, seed: None, last: Arc::default() }
    }

    /// Ids that count up from `seed`, the same in each run.
    pub fn seeded(clock: Clock, seed: u64) -> Self {
        Self { clock, seed: Some(Arc::new(AtomicU64::new(seed))), last: Arc::default() }
    }

    /// A fresh id of any kind.
    pub fn next<T: From<Uuid>>(&self) -> T {
        let mut millis = self.clock.now().as_millis().unsigned_abs();
        let mut random = [0u8; 10];
        if let Some(seed) = &self.seed {
            random[2..].copy_from_slice(&seed.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        } else {
            // Ids must be unique, not secret: a generator in the thread costs no system call.
            fastrand::fill(&mut random);
            let place = self.place(millis << COUNTER_BITS);
            millis = place >> COUNTER_BITS;
            let [.., high, low] = (place & ((1 << COUNTER_BITS) - 1)).to_be_bytes();
            (random[0], random[1]) = (high, low);
        }
        T::from(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// The next place after the last one and not before `now`; a full millisecond borrows from the next.
    fn place(&self, now: u64) -> u64 {
        let next = |last: u64| Some(now.max(last + 1));
        let before = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        now.max(before.unwrap_or(now).saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_in_the_order_they_were_made() {
        let ids = Ids::random(Clock::frozen(1_700_000_000_000));
        let made: Vec<_> = (0..10_000).map(|_| ids.next::<RequestId>()).collect();
        assert!(made.is_sorted_by(|a, b| a.0 < b.0));
        assert!(made.iter().all(|id| id.0.get_version_num() == 7));
    }

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
