use std::sync::Barrier;
use std::time::Duration;

use roundhouse_domain::spec::CacheChoice;
use roundhouse_domain::{Amounts, Clock, Day, Ids, Timestamp};

use super::*;
use crate::access::AccessKey;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn after(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn holder(id: HolderId, limits: &LimitSpec) -> Holder {
    Holder { id, name: "research".into(), limits: limits.into(), usage: Arc::default() }
}

fn key(holders: Vec<Holder>) -> Arc<AccessKey> {
    Arc::new(AccessKey {
        id: None,
        name: "ci".into(),
        rules: Vec::new(),
        user_id: None,
        group: None,
        networks: Vec::new(),
        cache: CacheChoice::default(),
        expires_at: None,
        holder_ids: holders.iter().map(|holder| holder.id.clone()).collect(),
        holders: holders.into(),
        is_internal: false,
        ..AccessKey::default()
    })
}

fn own(limits: &LimitSpec) -> Holder {
    holder(HolderId::DeclaredKey("ci".into()), limits)
}

fn group(limits: &LimitSpec) -> Holder {
    let ids = Ids::seeded(Clock::frozen(NOW.as_millis()), 1);
    holder(HolderId::Group(ids.next()), limits)
}

/// An access key with limits of its own.
fn limited(limits: &LimitSpec) -> Arc<AccessKey> {
    key(vec![own(limits)])
}

fn enter(caller: &Arc<AccessKey>, now: Timestamp) -> Result<Permit, Refusal> {
    Permit::enter(caller.clone(), now)
}

fn usd(cents: i64) -> NanoUsd {
    NanoUsd(cents * 10_000_000)
}

fn amounts(tokens: u64, cents: i64) -> Amounts {
    Amounts { requests: 0, tokens, cost: usd(cents) }
}

/// A whole call that takes `used`, if it is let in.
fn spend(caller: &Arc<AccessKey>, used: Amounts, now: Timestamp) -> Result<(), Refusal> {
    let mut permit = enter(caller, now)?;
    permit.reserve(used, now)?;
    permit.settle(used, now);
    Ok(())
}

#[test]
fn no_sixty_seconds_hold_more_requests_than_allowed() {
    let caller = limited(&LimitSpec { requests_per_minute: Some(2), ..LimitSpec::default() });
    assert!(enter(&caller, NOW).is_ok());
    assert!(enter(&caller, after(10)).is_ok());
    let refusal = enter(&caller, after(20)).unwrap_err();
    assert_eq!(refusal.reached.limit, Limit::RequestsPerMinute);
    assert_eq!(refusal.retry_after().as_secs(), 40);
    assert!(enter(&caller, after(59)).is_err());
    assert!(enter(&caller, after(60)).is_ok());
    assert!(enter(&caller, after(61)).is_err());
}

#[test]
fn refused_requests_do_not_count() {
    let caller = limited(&LimitSpec { requests_per_minute: Some(1), ..LimitSpec::default() });
    assert!(enter(&caller, NOW).is_ok());
    for second in 1..60 {
        assert!(enter(&caller, after(second)).is_err());
    }
    assert!(enter(&caller, after(60)).is_ok());
    assert_eq!(caller.holders[0].usage.used(after(60)).open, 0);
}

#[test]
fn open_requests_are_bounded_and_places_given_back() {
    let caller = limited(&LimitSpec { concurrent: Some(1), ..LimitSpec::default() });
    let first = enter(&caller, NOW).unwrap();
    let refusal = enter(&caller, NOW).unwrap_err();
    assert_eq!((refusal.reached.limit, refusal.code()), (Limit::Concurrent, "rate_limit_exceeded"));
    drop(first);
    assert!(enter(&caller, NOW).is_ok());
}

#[test]
fn tokens_used_up_keep_requests_out_until_they_are_old() {
    let caller = limited(&LimitSpec { tokens_per_minute: Some(100), ..LimitSpec::default() });
    spend(&caller, amounts(250, 0), after(5)).unwrap();
    let refusal = enter(&caller, after(6)).unwrap_err();
    assert_eq!((refusal.reached.limit, refusal.retry_after().as_secs()), (Limit::TokensPerMinute, 59));
    assert!(enter(&caller, after(65)).is_ok());
}

#[test]
fn a_burst_is_let_in_only_as_far_as_it_is_expected_to_fit() {
    let caller = limited(&LimitSpec { tokens_per_minute: Some(1_000), ..LimitSpec::default() });
    let mut permits = Vec::new();
    let refusal = loop {
        let mut permit = enter(&caller, NOW).unwrap();
        match permit.reserve(amounts(300, 0), NOW) {
            Ok(()) => permits.push(permit),
            Err(refusal) => break refusal,
        }
    };
    assert_eq!(permits.len(), 4, "the fourth begins below the limit, and may go beyond");
    assert_eq!((refusal.reached.until, refusal.code()), (Until::Soon, "rate_limit_exceeded"));
    permits.truncate(2);
    assert!(spend(&caller, amounts(300, 0), NOW).is_ok(), "what was reserved is given back");
}

#[test]
fn all_holders_let_a_call_in_or_none_counts_it() {
    let per_minute = LimitSpec { requests_per_minute: Some(10), ..LimitSpec::default() };
    let caller = key(vec![
        own(&LimitSpec { concurrent: Some(10), tokens_per_day: Some(1_000), ..per_minute.clone() }),
        group(&LimitSpec { requests_per_minute: Some(1), ..LimitSpec::default() }),
    ]);
    drop(enter(&caller, NOW).unwrap());
    let before = caller.holders[0].usage.used(NOW);
    for _ in 0..20 {
        let refusal = enter(&caller, NOW).unwrap_err();
        assert_eq!(refusal.holder, caller.holders[1].id);
        assert!(refusal.message().contains("the group \"research\""), "{}", refusal.message());
    }
    assert_eq!(caller.holders[0].usage.used(NOW), before);
}

#[test]
fn a_reservation_that_one_holder_refuses_stays_with_none() {
    let caller = key(vec![
        own(&LimitSpec { tokens_per_day: Some(1_000), requests_per_minute: Some(5), ..LimitSpec::default() }),
        group(&LimitSpec { usd_per_day: Some(0.01), ..LimitSpec::default() }),
    ]);
    let mut first = enter(&caller, NOW).unwrap();
    first.reserve(amounts(10, 1), NOW).unwrap();
    for _ in 0..20 {
        let mut permit = enter(&caller, NOW).unwrap();
        assert_eq!(permit.reserve(amounts(10, 1), NOW).unwrap_err().reached.limit, Limit::CostPerDay);
        assert_eq!(permit.settle(amounts(10, 1), NOW), None, "who was refused is not charged");
    }
    for holder in &caller.holders {
        let used = holder.usage.used(NOW);
        assert_eq!((used.reserved, used.open, used.today.requests), (amounts(10, 1), 1, 1), "{}", holder.id);
    }
    drop(first);
    assert_eq!(caller.holders[1].usage.used(NOW).reserved, Amounts::default());
}

#[test]
fn a_call_that_just_ends_gives_back_what_was_reserved() {
    let caller =
        limited(&LimitSpec { usd_per_day: Some(1.0), tokens_per_minute: Some(50), ..LimitSpec::default() });
    let mut permit = enter(&caller, NOW).unwrap();
    permit.reserve(amounts(100, 100), NOW).unwrap();
    drop(permit);
    let used = caller.holders[0].usage.used(NOW);
    assert_eq!((used.reserved, used.today.cost, used.minute_tokens), (Amounts::default(), usd(0), 0));
}

#[test]
fn what_a_call_took_replaces_what_was_reserved_exactly_once() {
    let caller = limited(&LimitSpec { usd_per_day: Some(1.0), ..LimitSpec::default() });
    let mut permit = enter(&caller, NOW).unwrap();
    permit.reserve(amounts(1_000, 50), NOW).unwrap();
    assert_eq!(permit.settle(amounts(70, 3), NOW), Some(Amounts { requests: 1, ..amounts(70, 3) }));
    assert_eq!(permit.settle(amounts(70, 3), NOW), None);
    drop(permit);
    let used = caller.holders[0].usage.used(NOW);
    assert_eq!((used.today, used.reserved), (Amounts { requests: 1, ..amounts(70, 3) }, Amounts::default()));
}

#[test]
fn two_hundred_calls_at_once_overdraw_by_no_more_than_one() {
    const CALLS: usize = 200;
    let (expected, took) = (amounts(500, 7), amounts(400, 5));
    let caller = key(vec![
        own(&LimitSpec { usd_per_month: Some(4.0), tokens_per_day: Some(30_000), ..LimitSpec::default() }),
        group(&LimitSpec { usd_per_day: Some(2.0), tokens_per_minute: Some(25_000), ..LimitSpec::default() }),
    ]);
    let barrier = Barrier::new(CALLS);
    let within = |usage: &Usage| {
        let used = usage.used(NOW);
        let (tokens, cost) =
            (used.today.tokens + used.reserved.tokens, used.today.cost.plus(used.reserved.cost));
        assert!(cost < usd(200).plus(expected.cost), "{cost} are spent or reserved of 2");
        assert!(tokens < 30_000 + expected.tokens, "{tokens}");
    };
    std::thread::scope(|scope| {
        for number in 0..CALLS {
            let (caller, barrier, within) = (caller.clone(), &barrier, &within);
            scope.spawn(move || {
                barrier.wait();
                for round in 0..20 {
                    let Ok(mut permit) = enter(&caller, NOW) else { continue };
                    if permit.reserve(expected, NOW).is_err() {
                        continue;
                    }
                    within(&caller.holders[1].usage);
                    // Some calls fail, some are dropped, some are counted.
                    match (number + round) % 4 {
                        0 => drop(permit),
                        1 => drop(permit.settle(Amounts::default(), NOW)),
                        _ => drop(permit.settle(took, NOW)),
                    }
                    within(&caller.holders[1].usage);
                }
            });
        }
    });
    for holder in &caller.holders {
        let used = holder.usage.used(NOW);
        assert_eq!((used.open, used.reserved), (0, Amounts::default()), "{}", holder.id);
        assert!(used.today.cost >= usd(195) && used.today.cost < usd(207), "{}", used.today.cost);
    }
}

#[test]
fn a_budget_that_is_spent_says_when_it_is_renewed() {
    let caller = limited(&LimitSpec { usd_per_day: Some(5.0), ..LimitSpec::default() });
    let now = time("2026-11-30T22:00:00Z");
    spend(&caller, amounts(1, 501), now).unwrap();
    let refusal = enter(&caller, now).unwrap_err();
    assert_eq!((refusal.code(), refusal.retry_after().as_secs()), ("insufficient_quota", 7_200));
    assert_eq!(
        refusal.message(),
        "the limit of 5 USD per day of this access key is used up; it is renewed at 2026-12-01T00:00:00Z"
    );
}

#[test]
fn days_and_months_begin_anew_at_midnight_of_utc() {
    let limits = LimitSpec { tokens_per_day: Some(100), tokens_per_month: Some(250), ..LimitSpec::default() };
    let caller = limited(&LimitSpec { requests_per_day: Some(3), ..limits });
    for (now, allowed) in [
        ("2026-11-29T10:00:00Z", true),
        ("2026-11-29T23:59:59.999Z", false),
        ("2026-11-30T00:00:00Z", true),
        ("2026-11-30T23:59:59.999Z", false),
        ("2026-12-01T00:00:00Z", true),
        ("2026-12-02T00:00:00Z", true),
        ("2026-12-03T00:00:00Z", true),
        ("2026-12-04T00:00:00Z", false),
        ("2026-12-31T23:59:59.999Z", false),
        ("2027-01-01T00:00:00Z", true),
    ] {
        assert_eq!(spend(&caller, amounts(100, 0), time(now)).is_ok(), allowed, "{now}");
    }
    let refusal = enter(&caller, time("2027-01-01T12:00:00Z")).unwrap_err();
    assert_eq!((refusal.reached.limit, refusal.retry_after().as_secs()), (Limit::TokensPerDay, 43_200));
}

#[test]
fn requests_of_a_day_are_bounded() {
    let caller = limited(&LimitSpec { requests_per_day: Some(2), ..LimitSpec::default() });
    let noon = time("2026-11-29T12:00:00Z");
    assert!(enter(&caller, noon).is_ok() && enter(&caller, noon).is_ok());
    let refusal = enter(&caller, noon).unwrap_err();
    assert_eq!((refusal.reached.limit, refusal.retry_after().as_secs()), (Limit::RequestsPerDay, 43_200));
    assert!(enter(&caller, time("2026-11-30T00:00:00Z")).is_ok());
}

#[test]
fn a_call_across_midnight_counts_for_the_day_on_which_it_ends() {
    let caller = limited(&LimitSpec { usd_per_day: Some(1.0), ..LimitSpec::default() });
    let (before, after) = (time("2026-11-30T23:59:59Z"), time("2026-12-01T00:00:05Z"));
    let mut permit = enter(&caller, before).unwrap();
    permit.reserve(amounts(10, 40), before).unwrap();
    assert_eq!(caller.holders[0].usage.used(after).reserved.cost, usd(40));
    permit.settle(amounts(10, 30), after);
    let used = caller.holders[0].usage.used(after);
    assert_eq!((used.today.cost, used.this_month.cost, used.reserved.cost), (usd(30), usd(30), usd(0)));
}

#[test]
fn a_clock_that_is_set_back_forgets_nothing() {
    let caller = limited(&LimitSpec { usd_per_day: Some(1.0), ..LimitSpec::default() });
    spend(&caller, amounts(1, 100), time("2026-12-01T00:00:01Z")).unwrap();
    assert!(enter(&caller, time("2026-11-30T23:59:59Z")).is_err());
    assert!(enter(&caller, time("2026-12-01T00:00:02Z")).is_err());
}

#[test]
fn what_was_used_before_a_restart_counts() {
    let usages = Usages::default();
    let id = HolderId::DeclaredKey("ci".into());
    let now = time("2026-11-30T12:00:00Z");
    usages.restore(&id, Day::of(now), amounts(10, 80), amounts(500, 300));
    let limits = LimitSpec { usd_per_day: Some(1.0), usd_per_month: Some(3.5), ..LimitSpec::default() };
    let caller = key(vec![Holder { usage: usages.of(&id), ..own(&limits) }]);
    spend(&caller, amounts(1, 20), now).unwrap();
    assert_eq!(enter(&caller, now).unwrap_err().reached.limit, Limit::CostPerDay);
    let tomorrow = time("2026-12-01T00:00:00Z");
    assert!(enter(&caller, tomorrow).is_ok(), "another day, and another month");
}

#[test]
fn counters_are_kept_while_someone_may_ask_for_them() {
    let usages = Usages::default();
    let (spent, idle, held) = (
        [HolderId::DeclaredKey("spent".into())],
        [HolderId::DeclaredKey("idle".into())],
        [HolderId::DeclaredKey("held".into())],
    );
    let kept = usages.of(&held[0]);
    usages.of(&idle[0]);
    usages.of(&spent[0]).settle(&Limits::default(), Amounts::default(), amounts(1, 1), NOW);
    usages.prune(NOW);
    let there = |id: &[HolderId; 1]| usages.get(&id[0]).is_some();
    assert_eq!((there(&spent), there(&idle), there(&held)), (true, false, true));
    usages.prune(after(40 * 86_400));
    assert_eq!((there(&spent), there(&held)), (false, true));
    drop(kept);
}

#[test]
fn what_other_processes_used_counts_in_every_decision() {
    let now = time("2026-11-30T12:00:00Z");
    let limits = LimitSpec {
        requests_per_minute: Some(10),
        tokens_per_minute: Some(100),
        concurrent: Some(3),
        usd_per_day: Some(1.0),
        tokens_per_month: Some(1_000),
        ..LimitSpec::default()
    };
    let caller = limited(&limits);
    let usage = &caller.holders[0].usage;
    let day = Day::of(now);
    for (others, limit) in [
        (Shared { minute_requests: 10, ..Shared::default() }, Limit::RequestsPerMinute),
        (Shared { minute_tokens: 100, ..Shared::default() }, Limit::TokensPerMinute),
        (Shared { open: 3, ..Shared::default() }, Limit::Concurrent),
        (Shared { day, today: amounts(0, 100), ..Shared::default() }, Limit::CostPerDay),
        (Shared { day, this_month: amounts(1_000, 0), ..Shared::default() }, Limit::TokensPerMonth),
        (Shared { reserved: amounts(0, 100), ..Shared::default() }, Limit::CostPerDay),
    ] {
        usage.others(others, now);
        let refused = spend(&caller, amounts(1, 0), now).unwrap_err();
        assert_eq!(refused.reached.limit, limit);
    }
    usage.others(Shared { day: day.before(1), today: amounts(0, 100), ..Shared::default() }, now);
    assert!(spend(&caller, amounts(1, 1), now).is_ok(), "yesterday's amounts are over");
    usage.others(Shared::default(), now);
    let shared = usage.shared(now);
    assert_eq!((shared.day, shared.today), (day, Amounts { requests: 1, ..amounts(1, 1) }));
    assert_eq!((shared.minute_requests, shared.minute_tokens), (1, 1));
}

#[test]
fn callers_are_told_of_the_tightest_holder() {
    let caller = key(vec![
        own(&LimitSpec { requests_per_minute: Some(100), usd_per_day: Some(5.0), ..LimitSpec::default() }),
        group(&LimitSpec {
            requests_per_minute: Some(3),
            tokens_per_minute: Some(1_000),
            usd_per_month: Some(2.0),
            ..LimitSpec::default()
        }),
    ]);
    spend(&caller, amounts(400, 25), NOW).unwrap();
    let mut open = enter(&caller, NOW).unwrap();
    open.reserve(amounts(100, 50), NOW).unwrap();
    let standing = caller.standing(after(10));
    let reset = Duration::from_secs(50);
    assert_eq!(standing.requests, Some(Quota { limit: 3, remaining: 1, reset }));
    assert_eq!(standing.tokens, Some(Quota { limit: 1_000, remaining: 500, reset }));
    assert_eq!(standing.budget, Some(usd(125)));
    let mut headers = http::HeaderMap::new();
    standing.tell(&mut headers, roundhouse_llm::Protocol::Openai, after(10));
    assert_eq!(headers["x-ratelimit-remaining-requests"], "1");
    assert_eq!(headers["x-ratelimit-reset-tokens"], "50s");
    assert_eq!(headers["x-roundhouse-budget-remaining-usd"], "1.25");
    let mut headers = http::HeaderMap::new();
    standing.tell(&mut headers, roundhouse_llm::Protocol::Anthropic, after(10));
    assert_eq!(headers["anthropic-ratelimit-tokens-remaining"], "500");
    assert_eq!(headers["anthropic-ratelimit-requests-reset"], "2023-11-14T22:14:21Z");
}

#[test]
fn nobody_is_told_of_limits_that_there_are_not() {
    let caller = limited(&LimitSpec::default());
    assert_eq!(caller.standing(NOW), Standing::default());
    assert!(!caller.is_limited());
}
