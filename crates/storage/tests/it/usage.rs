//! The roll-ups.

use std::collections::HashMap;

use roundhouse_domain::{
    AttemptRecord, Clock, Ids, NanoUsd, Outcome, RequestRecord, Timestamp, TokenUsage, UserId,
};
use roundhouse_storage::testing::{START_MILLIS, databases};
use roundhouse_storage::usage::{self, Counts, Dimension, Grain, Query, Subject};
use roundhouse_storage::{ConnectionTrait, Database, requests};
use sea_orm::Statement;

use crate::support::{key_hash, later, write};

const DAY: i64 = 86_400_000;

fn user(number: u128) -> UserId {
    UserId(sea_orm::prelude::Uuid::from_u128(number))
}

fn attempt(random: &mut fastrand::Rng, verdict: &'static str) -> AttemptRecord {
    AttemptRecord {
        provider: format!("provider-{}", random.u8(0..3)).into(),
        model: "upstream".into(),
        key_hash: random.bool().then(|| key_hash(random.u32(0..4))),
        status: Some(if verdict == "ok" { 200 } else { 429 }),
        verdict: verdict.into(),
        error: (verdict != "ok").then(|| "slow down".into()),
        started_ms: 0,
        first_byte_ms: Some(5),
        duration_ms: 10,
        cost: None,
    }
}

/// Requests of three days, of every kind.
fn random_records(seed: u64, count: usize) -> Vec<RequestRecord> {
    let mut random = fastrand::Rng::with_seed(seed);
    let one = |_| {
        let millis = START_MILLIS + random.i64(0..3 * DAY);
        let ids = Ids::seeded(Clock::frozen(millis), random.u64(..));
        let outcomes =
            [Outcome::Ok, Outcome::CallerFault, Outcome::Failed, Outcome::Broken, Outcome::Cancelled];
        let mut attempts: Vec<_> =
            (0..random.usize(0..3)).map(|_| attempt(&mut random, "rate_limited")).collect();
        if random.u8(0..10) > 0 {
            attempts.push(attempt(&mut random, "ok"));
        }
        RequestRecord {
            duration_ms: random.u32(0..200_000),
            first_byte_ms: random.bool().then(|| random.u32(0..2_000)),
            access_key: format!("key-{}", random.u8(0..4)).into(),
            user_id: random.bool().then(|| user(random.u128(1..3))),
            group: random.bool().then(|| "blue".into()),
            model: format!("model-{}", random.u8(0..3)).into(),
            status: random.u16(200..600),
            outcome: outcomes[random.usize(0..5)],
            estimated: random.bool(),
            cache_hit: random.bool(),
            usage: TokenUsage {
                input: random.u64(0..10_000),
                output: random.u64(0..10_000),
                cached: random.u64(0..100),
                cache_write: random.u64(0..100),
                reasoning: random.u64(0..100),
                audio_input: random.u64(0..100),
                audio_output: random.u64(0..100),
            },
            cost: random.bool().then(|| NanoUsd(random.i64(0..1_000_000_000))),
            attempts,
            ..RequestRecord::new(ids.next(), Timestamp::from_millis(millis))
        }
    };
    (0..count).map(one).collect()
}

const SUMS: &str = "COUNT(*), SUM(CASE WHEN outcome IN (2, 3) THEN 1 ELSE 0 END), SUM(attempt_count), SUM(input_tokens), \
    SUM(output_tokens), SUM(cached_tokens), SUM(reasoning_tokens), SUM(audio_output_tokens), SUM(COALESCE(cost_nanousd, 0)), \
    SUM(duration_ms)";

/// The same sums by two ways: over the log, and over the roll-ups of `grain`.
async fn recounted(database: &Database, grain: Grain) -> [Vec<Vec<i64>>; 2] {
    let dims = "user_dim, group_dim, access_key_dim, model_dim";
    let casts = |text: &str| {
        let columns: Vec<String> = split(text).iter().map(|sum| format!("CAST({sum} AS BIGINT)")).collect();
        columns.join(", ")
    };
    let at = format!("started_at - started_at % {}", grain.millis());
    let log =
        format!("SELECT {at} AS at_time, {dims}, {} FROM requests GROUP BY at_time, {dims}", casts(SUMS));
    let columns = "requests, errors, attempts, input_tokens, output_tokens, cached_tokens, reasoning_tokens, \
        audio_output_tokens, cost_nanousd, duration_ms";
    let sums: Vec<String> = columns.split(", ").map(|name| format!("SUM({name})")).collect();
    let rolled = format!(
        "SELECT at AS at_time, {dims}, {} FROM usage WHERE cube = 0 AND grain = {} GROUP BY at_time, {dims}",
        casts(&sums.join(", ")),
        grain as i16
    );
    [rows(database, &log).await, rows(database, &rolled).await]
}

/// Splits at commas that are not within parentheses.
fn split(text: &str) -> Vec<String> {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for c in text.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if c == ',' && depth == 0 {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

async fn rows(database: &Database, text: &str) -> Vec<Vec<i64>> {
    let reader = database.reader();
    let found =
        reader.query_all_raw(Statement::from_string(reader.get_database_backend(), text)).await.unwrap();
    let numbers = |row: sea_orm::QueryResult| {
        let dims = (1..5).map(|index| i64::from(row.try_get_by_index::<i32>(index).unwrap()));
        let sums = (5..15).map(|index| row.try_get_by_index::<i64>(index).unwrap());
        [row.try_get_by_index::<i64>(0).unwrap()].into_iter().chain(dims).chain(sums).collect()
    };
    let mut rows: Vec<Vec<i64>> = found.into_iter().map(numbers).collect();
    rows.sort_unstable();
    rows
}

#[tokio::test]
async fn the_sums_are_those_of_the_log_however_it_was_written() {
    for seed in 1..=3 {
        for test in databases().await {
            let database = &test.database;
            let records = random_records(seed, 400);
            let mut random = fastrand::Rng::with_seed(seed);
            let mut rest = records.as_slice();
            while !rest.is_empty() {
                let (batch, after) = rest.split_at(random.usize(1..=rest.len()));
                requests::insert_batch(database, batch).await.unwrap();
                // Nobody knows whether it arrived: it is sent again, with more.
                let again = [batch, &records[..random.usize(0..50)]].concat();
                requests::insert_batch(database, &again).await.unwrap();
                rest = after;
            }
            for grain in Grain::ALL {
                let [log, rolled] = recounted(database, grain).await;
                assert!(!log.is_empty());
                assert_eq!(log, rolled, "{grain:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_batch_that_comes_twice_is_counted_once() {
    for test in databases().await {
        let database = &test.database;
        let records = random_records(9, 200);
        let doubled = [records.as_slice(), records.as_slice()].concat();
        assert_eq!(requests::insert_batch(database, &records[..120]).await.unwrap(), 120);
        assert_eq!(requests::insert_batch(database, &doubled).await.unwrap(), 80);
        assert_eq!(requests::insert_batch(database, &records).await.unwrap(), 0);
        assert_eq!(total(database).await.requests, 200);
    }
}

fn all_time() -> Query {
    Query { from: later(0), to: later(3 * DAY), grain: Some(Grain::Hour), ..Query::default() }
}

async fn total(database: &Database) -> Counts {
    usage::list(database.reader(), &all_time()).await.unwrap().remove(0).counts
}

#[tokio::test]
async fn sums_are_grouped_by_what_is_asked_for() {
    for test in databases().await {
        let database = &test.database;
        let records = random_records(5, 300);
        requests::insert_batch(database, &records).await.unwrap();
        let mut by_model: HashMap<(i64, &str), i64> = HashMap::new();
        for record in &records {
            let day = Grain::Day.floor(record.started_at).as_millis();
            *by_model.entry((day, &record.model)).or_default() += 1;
        }
        let query = Query { step_ms: Some(DAY), group_by: vec![Dimension::Model], ..all_time() };
        let lines = usage::list(database.reader(), &query).await.unwrap();
        let found: HashMap<_, _> = lines
            .iter()
            .map(|line| ((line.at.as_millis(), line.names[0].as_deref().unwrap()), line.counts.requests))
            .collect();
        assert_eq!(found, by_model);
        assert!(lines.is_sorted_by_key(|line| line.at));
        let query = Query { model: Some("model-1".into()), ..all_time() };
        let found = usage::list(database.reader(), &query).await.unwrap();
        let expected = records.iter().filter(|record| &*record.model == "model-1").count();
        assert_eq!(found[0].counts.requests, i64::try_from(expected).unwrap());
        let query = Query { model: Some("nobody's".into()), ..all_time() };
        assert_eq!(usage::list(database.reader(), &query).await.unwrap(), []);
    }
}

#[tokio::test]
async fn every_attempt_counts_for_its_own_key() {
    for test in databases().await {
        let database = &test.database;
        let records = random_records(6, 300);
        requests::insert_batch(database, &records).await.unwrap();
        let mut attempts: HashMap<(String, Option<String>), (i64, i64)> = HashMap::new();
        for attempt in records.iter().flat_map(|record| &record.attempts) {
            let key = (attempt.provider.to_string(), attempt.key_hash.map(|key| key.to_string()));
            let counts = attempts.entry(key).or_default();
            counts.0 += 1;
            counts.1 += i64::from(attempt.verdict != "ok");
        }
        let query = Query { group_by: vec![Dimension::Provider, Dimension::ProviderKey], ..all_time() };
        let lines = usage::list(database.reader(), &query).await.unwrap();
        let found: HashMap<_, _> = lines
            .iter()
            .map(|line| {
                let name = |index: usize| line.names[index].as_deref().map(str::to_owned);
                let key = (name(0).unwrap(), name(1));
                (key, (line.counts.attempts, line.counts.failed_attempts))
            })
            .collect();
        assert_eq!(found, attempts);
        let mixed = Query { user: Some(user(1)), ..query };
        assert!(mixed.mixes_keys_and_callers());
    }
}

#[tokio::test]
async fn budgets_learn_what_was_spent_of_a_day() {
    for test in databases().await {
        let database = &test.database;
        let records = random_records(7, 300);
        requests::insert_batch(database, &records).await.unwrap();
        let (from, to) = (later(DAY), later(2 * DAY));
        let of_day = records.iter().filter(|record| (from..to).contains(&record.started_at));
        let mut expected: HashMap<String, (i64, u64)> = HashMap::new();
        for record in of_day {
            let spent = expected.entry(record.access_key.to_string()).or_default();
            spent.0 += record.cost.unwrap_or_default().0;
            spent.1 += record.usage.total();
        }
        let found = usage::sums(database.reader(), Subject::AccessKey, from, to).await.unwrap();
        let found: HashMap<_, _> =
            found.iter().map(|(name, spent)| (name.to_string(), (spent.cost.0, spent.tokens))).collect();
        assert_eq!(found, expected);
        let users = usage::sums(database.reader(), Subject::User, from, to).await.unwrap();
        assert!(users.keys().all(|name| name.parse::<UserId>().is_ok()) && users.len() == 2);
        let groups = usage::sums(database.reader(), Subject::Group, from, to).await.unwrap();
        assert_eq!(groups.len(), 1);
    }
}

#[tokio::test]
async fn minutes_are_forgotten_in_bounded_steps_and_hours_stay() {
    for test in databases().await {
        let database = &test.database;
        requests::insert_batch(database, &random_records(8, 100)).await.unwrap();
        let minutes = Query { grain: Some(Grain::Minute), step_ms: Some(60_000), ..all_time() };
        let requests = async || {
            let lines = usage::list(database.reader(), &minutes).await.unwrap();
            lines.iter().map(|line| line.counts.requests).sum::<i64>()
        };
        let delete = async |time| {
            write!(database, |transaction| usage::delete_before(&transaction, Grain::Minute, time, 7))
                .unwrap()
        };
        assert_eq!(delete(later(0)).await, 0);
        assert_eq!(delete(later(5 * DAY)).await, 7);
        assert!((1..100).contains(&requests().await));
        while delete(later(5 * DAY)).await == 7 {}
        assert_eq!(requests().await, 0);
        assert_eq!(total(database).await.requests, 100);
    }
}

#[tokio::test]
async fn sums_may_begin_at_the_beginning_of_time() {
    for test in databases().await {
        let database = &test.database;
        requests::insert_batch(database, &random_records(9, 10)).await.unwrap();
        let query = Query { from: Timestamp::from_millis(0), grain: Some(Grain::Hour), ..all_time() };
        let lines = usage::list(database.reader(), &query).await.unwrap();
        assert_eq!((lines[0].at, lines[0].counts.requests), (Timestamp::from_millis(0), 10));
    }
}
