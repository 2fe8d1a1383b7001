use super::*;

const POLICY: KeyPolicy = KeyPolicy {
    threshold: 3,
    cumulative: false,
    quota: Duration::from_hours(6),
    rate_limit: Duration::from_secs(30),
    rate_limit_max: Duration::from_mins(30),
};
const START: Timestamp = Timestamp::from_millis(1_000_000);

fn key() -> ProviderKey {
    ProviderKey::new(Secret::from("sk-test"), KeyHash([1; 16]), KeyState::default())
}

fn rest(key: &ProviderKey, now: Timestamp) -> u64 {
    key.rests_until(now).map_or(0, |until| until.since(now).as_secs())
}

#[test]
fn rests_double_up_to_the_maximum_and_start_anew_after_a_success() {
    let key = key();
    let mut now = START;
    let mut rests = Vec::new();
    for _ in 0..8 {
        key.rate_limited(None, &POLICY, now, None);
        rests.push(rest(&key, now));
        now = now.plus(Duration::from_secs(1_801));
    }
    assert_eq!(rests, [30, 60, 120, 240, 480, 960, 1_800, 1_800]);
    key.succeeded(&POLICY, now);
    key.rate_limited(None, &POLICY, now, None);
    assert_eq!(rest(&key, now), 30);
}

#[test]
fn requests_limited_together_lengthen_the_rest_once() {
    let key = key();
    for _ in 0..5 {
        key.rate_limited(None, &POLICY, START, None);
    }
    assert_eq!(rest(&key, START), 30);
}

#[test]
fn advice_is_followed_and_capped() {
    let key = key();
    key.rate_limited(Some(Duration::from_secs(7)), &POLICY, START, None);
    assert_eq!(rest(&key, START), 7);
    key.rate_limited(Some(Duration::from_hours(24)), &POLICY, START, None);
    assert_eq!(rest(&key, START), 1_800);
}

#[test]
fn consecutive_failures_make_a_key_invalid_and_a_success_between_does_not() {
    let key = key();
    key.failed(&POLICY, START, None);
    key.failed(&POLICY, START, None);
    key.succeeded(&POLICY, START);
    key.failed(&POLICY, START, None);
    key.failed(&POLICY, START, None);
    assert!(key.is_usable(START));
    key.failed(&POLICY, START, None);
    assert!(!key.is_usable(Timestamp::from_millis(i64::MAX - 1)));
    assert_eq!(key.state(START).status, KeyStatus::Invalid);
}

#[test]
fn cumulative_failures_survive_a_success() {
    let policy = KeyPolicy { cumulative: true, ..POLICY };
    let key = key();
    for _ in 0..3 {
        key.failed(&policy, START, None);
        key.succeeded(&policy, START);
    }
    assert_eq!(key.state(START).status, KeyStatus::Invalid);
}

#[test]
fn threshold_zero_is_never() {
    let policy = KeyPolicy { threshold: 0, ..POLICY };
    let key = key();
    for _ in 0..100 {
        key.failed(&policy, START, None);
    }
    assert!(key.is_usable(START));
}

#[test]
fn the_newest_word_of_any_process_counts() {
    let key = key();
    key.failed(&POLICY, START, None);
    let state = |status, millis| KeyState {
        status,
        changed_at: Timestamp::from_millis(millis),
        ..KeyState::default()
    };
    assert!(!key.adopt(state(KeyStatus::Invalid, START.as_millis())));
    assert!(key.is_usable(START));
    assert!(key.adopt(state(KeyStatus::Invalid, START.as_millis() + 1)));
    assert!(!key.is_usable(START));
    assert!(!key.adopt(state(KeyStatus::Active, START.as_millis())));
    assert!(!key.is_usable(START));
}

#[test]
fn a_late_success_does_not_revive_a_refused_key() {
    let key = key();
    key.failed(&POLICY, START, None);
    key.refused(START, None);
    key.succeeded(&POLICY, START);
    assert_eq!(key.state(START).status, KeyStatus::Invalid);
    assert!(key.restored(START).is_some());
    assert!(key.is_usable(START));
}

#[test]
fn a_key_that_every_call_refuses_is_invalid_though_its_probes_pass() {
    let key = key();
    for _ in 0..2 {
        key.suspended(Duration::from_mins(1), START, None);
        key.reinstated(&POLICY, START);
        assert!(key.is_usable(START));
    }
    key.suspended(Duration::from_mins(1), START, None);
    key.reinstated(&POLICY, START);
    assert_eq!(key.state(START).status, KeyStatus::Invalid);
}

#[test]
fn a_refusal_that_its_probe_denies_is_forgotten_after_a_success() {
    let key = key();
    for _ in 0..10 {
        key.suspended(Duration::from_mins(1), START, None);
        key.reinstated(&POLICY, START);
        key.succeeded(&POLICY, START);
    }
    assert!(key.is_usable(START));
}

#[test]
fn a_cooling_key_is_active_again_when_its_time_has_come() {
    let key = key();
    key.rate_limited(None, &POLICY, START, None);
    assert_eq!(key.state(START).status, KeyStatus::Cooling);
    assert_eq!(key.state(START.plus(Duration::from_secs(31))).status, KeyStatus::Active);
}
