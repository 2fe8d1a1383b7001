use std::time::Duration;

use roundhouse_domain::Secret;

use super::*;
use crate::key::{KeyPolicy, KeyState};

const NOW: Timestamp = Timestamp::from_millis(1_000_000);
const POLICY: KeyPolicy = KeyPolicy {
    threshold: 3,
    cumulative: false,
    quota: Duration::from_secs(100),
    rate_limit: Duration::from_secs(30),
    rate_limit_max: Duration::from_mins(30),
};

fn hash(n: u32) -> KeyHash {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&n.to_le_bytes());
    KeyHash(bytes)
}

fn pool(count: u32) -> Arc<KeyPool> {
    let key = |n| Arc::new(ProviderKey::new(Secret::new(format!("key-{n}")), hash(n), KeyState::default()));
    Arc::new(KeyPool::new((0..count).map(key).collect()))
}

fn picks(pool: &Arc<KeyPool>, count: usize, now: Timestamp) -> Vec<String> {
    (0..count).map(|_| send(pool, now).map_or_else(|| "-".to_owned(), |permit| name(&permit))).collect()
}

/// A request that goes out; it is under way until the permit is dropped.
fn send(pool: &Arc<KeyPool>, now: Timestamp) -> Option<KeyPermit> {
    let mut permit = pool.pick(now, &[], None)?;
    permit.sent();
    Some(permit)
}

fn name(permit: &KeyPermit) -> String {
    permit.key().secret().expose().to_owned()
}

#[test]
fn keys_take_turns() {
    assert_eq!(picks(&pool(3), 4, NOW), ["key-0", "key-1", "key-2", "key-0"]);
}

#[test]
fn a_resting_key_is_passed_over_and_comes_back() {
    let pool = pool(2);
    pool.keys()[0].rate_limited(Some(Duration::from_secs(5)), &POLICY, NOW, None);
    assert_eq!(picks(&pool, 2, NOW), ["key-1", "key-1"]);
    let mut later = picks(&pool, 2, NOW.plus(Duration::from_secs(6)));
    later.sort();
    assert_eq!(later, ["key-0", "key-1"]);
}

#[test]
fn when_all_rest_the_first_return_is_known() {
    let pool = pool(2);
    pool.keys()[0].rate_limited(Some(Duration::from_secs(9)), &POLICY, NOW, None);
    pool.keys()[1].rate_limited(Some(Duration::from_secs(5)), &POLICY, NOW, None);
    assert!(pool.pick(NOW, &[], None).is_none());
    assert_eq!(pool.next_usable(NOW), Some(NOW.plus(Duration::from_secs(5))));
}

#[test]
fn tried_keys_are_left_out() {
    let pool = pool(3);
    let tried = [hash(0), hash(2)];
    assert_eq!(pool.pick(NOW, &tried, None).unwrap().key().hash(), hash(1));
    assert!(pool.pick(NOW, &[hash(0), hash(1), hash(2)], None).is_none());
}

#[test]
fn affinity_keeps_the_key_while_it_works() {
    let pool = pool(100);
    let first = pool.pick(NOW, &[], Some(77)).unwrap().key().hash();
    for _ in 0..10 {
        assert_eq!(pool.pick(NOW, &[], Some(77)).unwrap().key().hash(), first);
    }
    pool.find(first).unwrap().refused(NOW, None);
    assert_ne!(pool.pick(NOW, &[], Some(77)).unwrap().key().hash(), first);
}

#[test]
fn the_last_good_key_among_many_is_found_and_revived_keys_return() {
    let pool = pool(1_000);
    for key in &pool.keys()[..999] {
        key.refused(NOW, None);
    }
    assert_eq!(picks(&pool, 2, NOW), ["key-999", "key-999"]);
    pool.keys()[5].restored(NOW);
    pool.revive(hash(5), NOW);
    pool.revive(hash(5), NOW);
    let mut both = picks(&pool, 2, NOW);
    both.sort();
    assert_eq!(both, ["key-5", "key-999"]);
    assert_eq!(pool.counts(NOW), KeyCounts { active: 2, invalid: 998, ..KeyCounts::default() });
}

#[test]
fn a_key_given_twice_counts_once() {
    let key = || Arc::new(ProviderKey::new(Secret::from("same"), hash(1), KeyState::default()));
    assert_eq!(KeyPool::new(vec![key(), key()]).counts(NOW).total(), 1);
}

fn limited(count: u32, limits: KeyLimitSpec, settings: &[(u32, KeySettings)]) -> Arc<KeyPool> {
    let keys = pool(count).keys().to_vec();
    let settings = settings.iter().map(|(n, settings)| (hash(*n), settings.clone())).collect();
    Arc::new(KeyPool::with_settings(keys, settings, limits))
}

fn after(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

const PER_MINUTE: KeyLimitSpec = KeyLimitSpec {
    requests_per_minute: Some(2),
    tokens_per_minute: None,
    requests_per_day: None,
    concurrent: None,
};

#[test]
fn a_key_at_its_requests_per_minute_is_passed_over_until_there_is_room() {
    let own = KeySettings::new(10, PER_MINUTE);
    let pool = limited(2, KeyLimitSpec::default(), &[(0, own)]);
    let first: Vec<_> = picks(&pool, 8, NOW);
    assert_eq!(first.iter().filter(|name| *name == "key-0").count(), 2);
    assert_eq!(picks(&pool, 3, after(59)), ["key-1", "key-1", "key-1"]);
    assert!(picks(&pool, 4, after(64)).contains(&"key-0".to_owned()));
}

#[test]
fn when_all_keys_are_at_their_limits_the_first_with_room_again_is_known() {
    let pool = limited(2, PER_MINUTE, &[]);
    assert_eq!(picks(&pool, 2, NOW), ["key-0", "key-1"]);
    assert_eq!(picks(&pool, 2, after(30)), ["key-0", "key-1"]);
    assert!(send(&pool, after(40)).is_none());
    let wait = pool.next_usable(after(40)).unwrap().since(NOW).as_secs();
    assert!((60..=63).contains(&wait), "{wait}");
    assert_eq!(picks(&pool, 3, after(64)), ["key-0", "key-1", "-"]);
}

#[test]
fn no_sixty_seconds_hold_more_requests_than_a_key_may_have() {
    let pool = limited(1, KeyLimitSpec { requests_per_minute: Some(7), ..PER_MINUTE }, &[]);
    let mut sent = Vec::new();
    for tenth in 0..3_000 {
        let now = NOW.plus(Duration::from_millis(tenth * 100));
        if send(&pool, now).is_some() {
            sent.push(now);
        }
    }
    let crowded = sent.windows(8).filter(|some| some[7].since(some[0]) < Duration::from_mins(1)).count();
    assert_eq!(crowded, 0);
    assert!(sent.len() >= 7 * 4, "{}", sent.len());
}

#[test]
fn tokens_that_were_used_keep_a_key_out() {
    let limits = KeyLimitSpec { tokens_per_minute: Some(100), ..KeyLimitSpec::default() };
    let pool = limited(2, limits, &[]);
    let permit = send(&pool, NOW).unwrap();
    assert_eq!(name(&permit), "key-0");
    permit.key().count_tokens(250, NOW);
    drop(permit);
    assert_eq!(picks(&pool, 3, after(1)), ["key-1", "key-1", "key-1"]);
    assert!(picks(&pool, 2, after(64)).contains(&"key-0".to_owned()));
}

#[test]
fn requests_per_day_begin_anew_at_midnight() {
    let limits = KeyLimitSpec { requests_per_day: Some(1), ..KeyLimitSpec::default() };
    let pool = limited(1, limits, &[]);
    let evening = Timestamp::parse("2026-11-30T23:59:00Z").unwrap();
    assert_eq!(picks(&pool, 2, evening), ["key-0", "-"]);
    assert_eq!(pool.next_usable(evening), Timestamp::parse("2026-12-01"));
    assert_eq!(picks(&pool, 2, Timestamp::parse("2026-12-01").unwrap()), ["key-0", "-"]);
}

#[test]
fn a_key_with_all_it_may_have_under_way_returns_when_one_ends() {
    let limits = KeyLimitSpec { concurrent: Some(1), ..KeyLimitSpec::default() };
    let pool = limited(2, limits, &[]);
    let (first, second) = (send(&pool, NOW).unwrap(), send(&pool, NOW).unwrap());
    assert!(send(&pool, NOW).is_none());
    assert_eq!(pool.next_usable(NOW), Some(after(1)));
    let freed = name(&first);
    drop(first);
    let third = send(&pool, NOW).unwrap();
    assert_eq!(name(&third), freed);
    assert!(send(&pool, NOW).is_none());
    drop((second, third));
    assert_eq!(pool.next_usable(NOW), None);
    assert_eq!(pool.keys()[0].in_flight().load(std::sync::atomic::Ordering::Relaxed), 0);
}

#[test]
fn a_request_that_was_not_sent_does_not_count() {
    let pool = limited(1, PER_MINUTE, &[]);
    for _ in 0..10 {
        assert!(pool.pick(NOW, &[], None).is_some());
    }
    assert_eq!(picks(&pool, 3, NOW), ["key-0", "key-0", "-"]);
    assert_eq!(pool.keys()[0].used(NOW).unwrap().requests_today, 2);
}

#[test]
fn counts_go_on_in_the_next_pool_under_its_own_limits() {
    let first = limited(1, PER_MINUTE, &[]);
    assert_eq!(picks(&first, 3, NOW), ["key-0", "key-0", "-"]);
    let limits = KeyLimitSpec { requests_per_minute: Some(3), ..PER_MINUTE };
    let second = Arc::new(KeyPool::with_settings(first.keys().to_vec(), HashMap::new(), limits));
    assert_eq!(picks(&second, 2, NOW), ["key-0", "-"]);
}

#[test]
fn many_threads_never_have_more_under_way_than_a_key_may() {
    let limits = KeyLimitSpec { concurrent: Some(3), ..KeyLimitSpec::default() };
    let pool = limited(2, limits, &[]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..2_000 {
                    if let Some(permit) = send(&pool, NOW) {
                        let open = permit.key().in_flight().load(std::sync::atomic::Ordering::Acquire);
                        assert!(open <= 3, "{open}");
                    }
                }
            });
        }
    });
    assert_eq!(pool.next_usable(NOW), None, "no key is left waiting");
    let all: Vec<_> = (0..6).filter_map(|_| send(&pool, NOW)).collect();
    assert_eq!(all.len(), 6);
}

#[test]
fn shares_follow_the_weights_of_usable_keys() {
    let weight = |weight| KeySettings::new(weight, KeyLimitSpec::default());
    let pool = limited(4, KeyLimitSpec::default(), &[(0, weight(30)), (1, weight(20)), (3, weight(0))]);
    let share = |picked: &[String], name| picked.iter().filter(|picked| *picked == name).count();
    let picked = picks(&pool, 600, NOW);
    let shares = ["key-0", "key-1", "key-2", "key-3"].map(|name| share(&picked, name));
    assert_eq!(shares, [300, 200, 100, 0]);
    pool.keys()[0].refused(NOW, None);
    let picked = picks(&pool, 300, NOW);
    assert_eq!(["key-0", "key-1", "key-2"].map(|name| share(&picked, name)), [0, 200, 100]);
}

#[test]
fn affinity_follows_weights_and_keeps_its_key() {
    let heavy = KeySettings::new(90, KeyLimitSpec::default());
    let pool = limited(2, KeyLimitSpec::default(), &[(1, heavy)]);
    let pick = |affinity| name(&pool.pick(NOW, &[], Some(affinity)).unwrap());
    let to_heavy = (0..1_000).filter(|affinity| pick(*affinity) == "key-1").count();
    assert!((850..950).contains(&to_heavy), "{to_heavy}");
    assert_eq!(pick(7), pick(7));
}

#[test]
fn choosing_among_a_hundred_thousand_limited_keys_looks_at_each_once() {
    let limits = KeyLimitSpec { requests_per_day: Some(1), ..KeyLimitSpec::default() };
    let pool = limited(100_000, limits, &[]);
    let picked: std::collections::HashSet<_> = picks(&pool, 100_000, NOW).into_iter().collect();
    assert_eq!(picked.len(), 100_000);
    assert_eq!(picks(&pool, 2, NOW), ["-", "-"]);
}

#[test]
fn a_key_that_was_switched_off_is_not_used_until_it_is_switched_on() {
    let pool = pool(2);
    pool.keys()[0].set_enabled(false, NOW);
    assert_eq!(picks(&pool, 2, NOW), ["key-1", "key-1"]);
    assert_eq!(pool.counts(NOW).disabled, 1);
    assert!(pool.keys()[0].set_enabled(true, NOW).is_some());
    pool.revive(hash(0), NOW);
    assert!(picks(&pool, 2, NOW).contains(&"key-0".to_owned()));
}
