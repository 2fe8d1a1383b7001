//! One provider key: its credential and its state, which outlives snapshots.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;
use roundhouse_domain::spec::{CooldownSpec, KeyLimitSpec, KeySpec};
use roundhouse_domain::{KeyHash, KeyStateRecord, KeyStatus, Secret, Timestamp};

use crate::key_pool::KeyPool;
use crate::key_usage::{Full, KeyPermit, KeyUsage, Used};

/// The moment after which no moment comes: an invalid or disabled key is usable then.
const NEVER: i64 = i64::MAX;

/// A provider key with its state.
///
/// The state is behind a small lock that only failures and people take; whether the key may be used now is one atomic.
#[derive(Debug)]
pub struct ProviderKey {
    secret: Secret,
    hash: KeyHash,
    usable_from_ms: AtomicI64,
    blemished: AtomicU32,
    in_flight: AtomicU32,
    /// Made when the key is first used under a limit: keys without limits count nothing.
    usage: OnceLock<Box<KeyUsage>>,
    state: Mutex<KeyState>,
}

/// What is known of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyState {
    /// Whether it may be used; a cooling key whose time has come still says cooling here.
    pub status: KeyStatus,
    /// When a cooling key is used again.
    pub cooling_until: Option<Timestamp>,
    /// Counted failures.
    pub failures: u32,
    /// Rate limits in a row that did not say how long to wait.
    pub rate_limits: u32,
    /// What the provider said last, without secrets.
    pub last_error: Option<Arc<str>>,
    /// When this became so.
    pub changed_at: Timestamp,
}

/// How failures of a provider's keys are counted and how long they rest; all values resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPolicy {
    /// Counted failures that make a key invalid; 0 is never.
    pub threshold: u32,
    /// Whether a success leaves the count as it is.
    pub cumulative: bool,
    /// Rest after a used-up quota.
    pub quota: Duration,
    /// First rest after a rate limit without advice.
    pub rate_limit: Duration,
    /// Longest rest after a rate limit.
    pub rate_limit_max: Duration,
}

impl KeyPolicy {
    /// A provider's values where it has any, else the gateway's, else the defaults.
    pub fn resolve(provider: (&KeySpec, &CooldownSpec), gateway: (&KeySpec, &CooldownSpec)) -> Self {
        let span = |p: Option<_>, g: Option<_>, default| {
            p.or(g).map_or(default, |span: roundhouse_domain::spec::Span| span.0)
        };
        Self {
            threshold: provider.0.threshold.or(gateway.0.threshold).unwrap_or(3),
            cumulative: provider.0.cumulative.or(gateway.0.cumulative).unwrap_or(false),
            quota: span(provider.1.quota, gateway.1.quota, Duration::from_hours(6)),
            rate_limit: span(provider.1.rate_limit, gateway.1.rate_limit, Duration::from_secs(30)),
            rate_limit_max: span(
                provider.1.rate_limit_max,
                gateway.1.rate_limit_max,
                Duration::from_mins(30),
            ),
        }
    }
}

impl ProviderKey {
    /// A key in the state that was kept for it, or a fresh one.
    pub fn new(secret: Secret, hash: KeyHash, state: KeyState) -> Self {
        let key = Self {
            secret,
            hash,
            usable_from_ms: AtomicI64::new(0),
            blemished: AtomicU32::new(0),
            in_flight: AtomicU32::new(0),
            usage: OnceLock::new(),
            state: Mutex::new(KeyState::default()),
        };
        key.put(state);
        key
    }

    /// The credential.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The key's name in logs and storage.
    pub fn hash(&self) -> KeyHash {
        self.hash
    }

    /// True when the key may be used at `now`.
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.usable_from_ms.load(Ordering::Acquire) <= now.as_millis()
    }

    /// When a cooling key is used again; none for a key that is active, invalid or disabled.
    pub fn rests_until(&self, now: Timestamp) -> Option<Timestamp> {
        let from = self.usable_from_ms.load(Ordering::Acquire);
        (from != NEVER && from > now.as_millis()).then(|| Timestamp::from_millis(from))
    }

    /// A copy of the state; a cooling key whose time has come says active.
    pub fn state(&self, now: Timestamp) -> KeyState {
        let mut state = self.state.lock().clone();
        if state.status == KeyStatus::Cooling && self.is_usable(now) {
            state.status = KeyStatus::Active;
            state.cooling_until = None;
        }
        state
    }

    /// Requests under way with this key.
    pub fn in_flight(&self) -> &AtomicU32 {
        &self.in_flight
    }

    /// Takes a place for a request, or says which limit stands against it; a busy key tells `pool` when it has room again.
    pub(crate) fn admit(
        self: &Arc<Self>,
        limits: &KeyLimitSpec,
        now: Timestamp,
        pool: &Arc<KeyPool>,
    ) -> Result<KeyPermit, Full> {
        if limits.is_empty() {
            self.in_flight.fetch_add(1, Ordering::AcqRel);
            return Ok(KeyPermit::unlimited(self.clone()));
        }
        self.usage.get_or_init(Box::default).admit(self, limits, now, pool)
    }

    pub(crate) fn usage(&self) -> Option<&KeyUsage> {
        self.usage.get().map(|usage| &**usage)
    }

    /// Counts tokens that a request turned out to take, where the key has limits.
    pub(crate) fn count_tokens(&self, tokens: u64, now: Timestamp) {
        if let Some(usage) = self.usage()
            && tokens > 0
        {
            usage.count_tokens(tokens, now);
        }
    }

    /// How much of its limits is used; none where it was never used under one.
    pub fn used(&self, now: Timestamp) -> Option<Used> {
        self.usage().map(|usage| usage.used(now))
    }

    /// Switches the key off, or on again; on again it is active with all counts at zero.
    pub fn set_enabled(&self, enabled: bool, now: Timestamp) -> Option<KeyState> {
        if enabled && self.usable_from_ms.load(Ordering::Acquire) != NEVER {
            return None;
        }
        self.change(now, |state| match (enabled, state.status) {
            (true, KeyStatus::Disabled) => {
                *state = KeyState { changed_at: state.changed_at, ..KeyState::default() };
            }
            (false, _) => {
                state.status = KeyStatus::Disabled;
                state.cooling_until = None;
            }
            (true, _) => {}
        })
    }

    /// Notes a success: failures and growing rests start anew. Returns the state when it changed.
    pub fn succeeded(&self, policy: &KeyPolicy, now: Timestamp) -> Option<KeyState> {
        if self.blemished.load(Ordering::Relaxed) == 0 {
            return None;
        }
        self.change(now, |state| {
            // Calls overlap: an older call's success says nothing about a key that was set aside meanwhile.
            if matches!(state.status, KeyStatus::Invalid | KeyStatus::Disabled) {
                return;
            }
            state.rate_limits = 0;
            if !policy.cumulative {
                state.failures = 0;
            }
        })
    }

    /// Lets the key rest after a rate limit: as long as the provider says, else twice as long each time.
    pub fn rate_limited(
        &self,
        advice: Option<Duration>,
        policy: &KeyPolicy,
        now: Timestamp,
        error: Option<Arc<str>>,
    ) -> Option<KeyState> {
        self.change(now, |state| {
            let rest = advice.unwrap_or_else(|| {
                // Calls that were under way together are limited together: only the first one lengthens the rest.
                if state.cooling_until.is_none_or(|until| until <= now) {
                    state.rate_limits = state.rate_limits.saturating_add(1);
                }
                policy.rate_limit.saturating_mul(1 << state.rate_limits.saturating_sub(1).min(16))
            });
            rest_for(state, now, rest.clamp(Duration::from_millis(100), policy.rate_limit_max), error);
        })
    }

    /// Lets the key rest after its quota is used up.
    pub fn quota_exhausted(
        &self,
        policy: &KeyPolicy,
        now: Timestamp,
        error: Option<Arc<str>>,
    ) -> Option<KeyState> {
        self.change(now, |state| rest_for(state, now, policy.quota, error))
    }

    /// Counts a refusal and takes the key out of use for `rest`, while a probe finds out about it.
    pub fn suspended(&self, rest: Duration, now: Timestamp, error: Option<Arc<str>>) -> Option<KeyState> {
        self.change(now, |state| {
            state.failures = state.failures.saturating_add(1);
            rest_for(state, now, rest, error);
        })
    }

    /// Puts a suspended key back into use after its probe passed. Its refusals still count until a call succeeds: some
    /// providers show their model list to anyone, and there a probe proves nothing.
    pub fn reinstated(&self, policy: &KeyPolicy, now: Timestamp) -> Option<KeyState> {
        self.change(now, |state| {
            if matches!(state.status, KeyStatus::Invalid | KeyStatus::Disabled) {
                return;
            }
            state.cooling_until = None;
            let is_refused = policy.threshold > 0 && state.failures >= policy.threshold;
            state.status = if is_refused { KeyStatus::Invalid } else { KeyStatus::Active };
        })
    }

    /// Counts a failure; at the threshold the key is invalid.
    pub fn failed(&self, policy: &KeyPolicy, now: Timestamp, error: Option<Arc<str>>) -> Option<KeyState> {
        self.change(now, |state| {
            state.failures = state.failures.saturating_add(1);
            state.last_error = error;
            if policy.threshold > 0
                && state.failures >= policy.threshold
                && state.status != KeyStatus::Disabled
            {
                state.status = KeyStatus::Invalid;
                state.cooling_until = None;
            }
        })
    }

    /// Sets the key aside until a probe or a person brings it back.
    pub fn refused(&self, now: Timestamp, error: Option<Arc<str>>) -> Option<KeyState> {
        self.change(now, |state| {
            if state.status != KeyStatus::Disabled {
                state.status = KeyStatus::Invalid;
                state.cooling_until = None;
                state.last_error = error;
            }
        })
    }

    /// Notes that a probe did not bring an invalid key back, and when.
    pub fn still_invalid(&self, now: Timestamp, error: Arc<str>) -> Option<KeyState> {
        self.change(now, |state| {
            state.last_error = Some(error);
            // A state that is the same but for its time counts as changed: the next probe is due an interval from now.
            state.changed_at = now;
        })
    }

    /// Makes an invalid or cooling key active again with all counts at zero; a disabled one stays disabled.
    pub fn restored(&self, now: Timestamp) -> Option<KeyState> {
        self.change(now, |state| {
            if state.status != KeyStatus::Disabled {
                *state = KeyState { changed_at: state.changed_at, ..KeyState::default() };
            }
        })
    }

    /// Takes up what another process knows of the key, where that is newer; true where it was.
    pub fn adopt(&self, state: KeyState) -> bool {
        let mut held = self.state.lock();
        if state.changed_at <= held.changed_at {
            return false;
        }
        self.publish(&state);
        *held = state;
        true
    }

    fn change(&self, now: Timestamp, change: impl FnOnce(&mut KeyState)) -> Option<KeyState> {
        let mut held = self.state.lock();
        let mut state = held.clone();
        change(&mut state);
        if state == *held {
            return None;
        }
        state.changed_at = now;
        held.clone_from(&state);
        self.publish(&state);
        Some(state)
    }

    fn put(&self, state: KeyState) {
        let mut held = self.state.lock();
        self.publish(&state);
        *held = state;
    }

    fn publish(&self, state: &KeyState) {
        let usable_from = match state.status {
            KeyStatus::Active => 0,
            KeyStatus::Cooling => state.cooling_until.map_or(0, Timestamp::as_millis),
            KeyStatus::Invalid | KeyStatus::Disabled => NEVER,
        };
        self.blemished.store(state.failures | state.rate_limits, Ordering::Relaxed);
        self.usable_from_ms.store(usable_from, Ordering::Release);
    }
}

impl KeyState {
    /// The state as it is stored.
    pub fn record(&self, provider: Arc<str>, key_hash: KeyHash) -> KeyStateRecord {
        KeyStateRecord {
            provider,
            key_hash,
            status: self.status,
            cooling_until: self.cooling_until,
            failures: self.failures,
            rate_limits: self.rate_limits,
            last_error: self.last_error.clone(),
            changed_at: self.changed_at,
        }
    }
}

impl From<&KeyStateRecord> for KeyState {
    fn from(record: &KeyStateRecord) -> Self {
        Self {
            status: record.status,
            cooling_until: record.cooling_until,
            failures: record.failures,
            rate_limits: record.rate_limits,
            last_error: record.last_error.clone(),
            changed_at: record.changed_at,
        }
    }
}

fn rest_for(state: &mut KeyState, now: Timestamp, rest: Duration, error: Option<Arc<str>>) {
    if matches!(state.status, KeyStatus::Invalid | KeyStatus::Disabled) {
        return;
    }
    state.status = KeyStatus::Cooling;
    state.cooling_until = Some(state.cooling_until.unwrap_or_default().max(now.plus(rest)));
    state.last_error = error;
}

#[cfg(test)]
mod tests;
