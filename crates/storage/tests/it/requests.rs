//! The request log.

use roundhouse_domain::choice::{KeyStanding, Round, RouteChoices, Standing};
use roundhouse_domain::spec::Strategy;
use roundhouse_domain::{
    AttemptRecord, Choices, Clock, Ids, NanoUsd, Outcome, RequestId, RequestRecord, Timestamp, TokenUsage,
    UserId,
};
use roundhouse_storage::requests::{self, Filter};
use roundhouse_storage::testing::{START_MILLIS, databases};
use roundhouse_storage::{ConnectionTrait, Database};

use crate::support::{NOW, ids, key_hash, later, write};

fn attempt(provider: &str, verdict: &'static str) -> AttemptRecord {
    AttemptRecord {
        provider: provider.into(),
        model: "gpt-4o-2024".into(),
        key_hash: Some(key_hash(7)),
        status: Some(200),
        verdict: verdict.into(),
        error: None,
        started_ms: 0,
        first_byte_ms: Some(200),
        duration_ms: 800,
        cost: None,
    }
}

fn record(ids: &Ids) -> RequestRecord {
    RequestRecord {
        duration_ms: 900,
        first_byte_ms: Some(250),
        access_key_id: Some(ids.next()),
        access_key: "ci".into(),
        operation: "chat.completions".into(),
        model: "gpt-4o".into(),
        stream: true,
        status: 200,
        outcome: Outcome::Ok,
        usage: TokenUsage {
            input: 100,
            output: 20,
            cached: 64,
            cache_write: 3,
            reasoning: 5,
            ..TokenUsage::default()
        },
        client_ip: Some("2001:db8::7".parse().unwrap()),
        attempts: vec![attempt("openai", "ok")],
        ..RequestRecord::new(ids.next(), NOW)
    }
}

/// Requests that arrive a second apart.
fn series(count: i64) -> Vec<RequestRecord> {
    let at = |number: i64| {
        let millis = START_MILLIS + number * 1_000;
        let ids = Ids::seeded(roundhouse_domain::Clock::frozen(millis), 1);
        RequestRecord { started_at: Timestamp::from_millis(millis), ..record(&ids) }
    };
    (0..count).map(at).collect()
}

async fn listed(database: &Database, filter: &Filter) -> Vec<RequestId> {
    let found = requests::list(database.reader(), filter, 100, None).await.unwrap();
    found.into_iter().map(|record| record.id).collect()
}

fn choices() -> Choices {
    let keys = KeyStanding { usable: 2, cooling: 1, aside: 0 };
    let rounds = vec![Round { standings: vec![Standing::KeysCooling, Standing::Chosen], keys }];
    let route = RouteChoices {
        route: "gpt-4o".into(),
        strategy: Strategy::Weighted,
        affine: false,
        shape: 7,
        targets: Vec::new(),
        rounds,
    };
    Choices { routes: vec![route] }
}

#[tokio::test]
async fn a_request_comes_back_with_all_its_attempts() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let failed = AttemptRecord {
            key_hash: None,
            status: None,
            error: Some("connection \"reset\"\n".into()),
            started_ms: 12,
            first_byte_ms: None,
            ..attempt("azure", "timeout")
        };
        let full = RequestRecord {
            attempts: vec![failed, AttemptRecord { cost: Some(NanoUsd(7)), ..attempt("openai", "ok") }],
            user_id: Some(ids.next()),
            group: Some("blue".into()),
            session: Some("chat".into()),
            tags: vec!["nightly".into()],
            guardrails: vec!["pii:masked".into()],
            cost: Some(NanoUsd(9)),
            estimated: true,
            cache_hit: true,
            choices: choices(),
            ..record(&ids)
        };
        let bare = RequestRecord {
            id: ids.next(),
            first_byte_ms: None,
            access_key_id: None,
            access_key: "".into(),
            model: "".into(),
            stream: false,
            status: 401,
            outcome: Outcome::CallerFault,
            error: Some("no such access key".into()),
            usage: TokenUsage::default(),
            client_ip: None,
            attempts: Vec::new(),
            ..record(&ids)
        };
        let both = [full, bare];
        assert_eq!(requests::insert_batch(database, &both).await.unwrap(), 2);
        for record in both {
            assert_eq!(requests::get(database.reader(), record.id).await.unwrap(), Some(record));
        }
        assert_eq!(requests::get(database.reader(), ids.next()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_batch_written_twice_stands_in_the_log_once() {
    for test in databases().await {
        let database = &test.database;
        let mut batch = series(90);
        assert_eq!(requests::insert_batch(database, &batch[..50]).await.unwrap(), 50);
        let first = batch[0].clone();
        batch[0].status = 500;
        assert_eq!(requests::insert_batch(database, &batch).await.unwrap(), 40);
        assert_eq!(requests::get(database.reader(), first.id).await.unwrap(), Some(first));
        assert_eq!(requests::insert_batch(database, &[]).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_batch_of_any_size_is_written_whole() {
    for test in databases().await {
        let database = &test.database;
        let records = series(1_700);
        let (small, large) = records.split_at(341);
        assert_eq!(requests::insert_batch(database, small).await.unwrap(), 341);
        assert_eq!(requests::insert_batch(database, large).await.unwrap(), 1_359);
        let mut found = requests::list(database.reader(), &Filter::default(), 2_000, None).await.unwrap();
        found.reverse();
        assert_eq!(found, records);
    }
}

#[tokio::test]
async fn the_log_is_read_in_pages_newest_first() {
    for test in databases().await {
        let database = &test.database;
        let records = series(5);
        requests::insert_batch(database, &records).await.unwrap();
        let page = async |cursor| {
            let found = requests::list(database.reader(), &Filter::default(), 2, cursor).await.unwrap();
            found.into_iter().map(|record| record.id).collect::<Vec<_>>()
        };
        assert_eq!(page(None).await, [records[4].id, records[3].id]);
        assert_eq!(page(Some(records[3].id)).await, [records[2].id, records[1].id]);
        assert_eq!(page(Some(records[1].id)).await, [records[0].id]);
        assert_eq!(page(Some(records[0].id)).await, []);
    }
}

#[tokio::test]
async fn each_filter_finds_what_it_names() {
    for test in databases().await {
        let database = &test.database;
        let mut records = series(12);
        let user = UserId(Ids::seeded(Clock::frozen(START_MILLIS), 77).next::<RequestId>().0);
        records[0].access_key = "other".into();
        records[1].model = "claude".into();
        // The last attempt made the answer, so it is the one that is looked for.
        let refused = AttemptRecord {
            status: Some(403),
            error: Some("Your key is 100% Blocked_here".into()),
            ..attempt("openai", "credential_refused")
        };
        records[2].attempts = vec![refused, attempt("azure", "ok")];
        records[3].status = 429;
        records[4].outcome = Outcome::Broken;
        records[5].error = Some("the answer broke off".into());
        records[6].client_ip = Some([10, 0, 0, 7].into());
        records[7].session = Some("chat-1".into());
        records[8].tags = vec!["nightly".into(), "a \"quoted\" word".into()];
        records[9].user_id = Some(user);
        records[9].attempts[0].key_hash = Some(key_hash(8));
        records[10].stream = false;
        records[11].duration_ms = 5_000;
        requests::insert_batch(database, &records).await.unwrap();
        let text = |text: &str| Some(text.to_owned());
        let cases = [
            (Filter { access_key: text("other"), ..Filter::default() }, vec![0]),
            (Filter { model: text("claude"), ..Filter::default() }, vec![1]),
            (Filter { provider: text("azure"), ..Filter::default() }, vec![2]),
            (Filter { attempt_status: Some(403), ..Filter::default() }, vec![2]),
            (Filter { error: text("key is 100% blocked_HERE"), ..Filter::default() }, vec![2]),
            (Filter { error: text("100_ blocked"), ..Filter::default() }, vec![]),
            (Filter { error: text("broke off"), ..Filter::default() }, vec![5]),
            (Filter { status: Some((400, 499)), ..Filter::default() }, vec![3]),
            (Filter { outcome: Some(Outcome::Broken), ..Filter::default() }, vec![4]),
            (Filter { client_ip: text("10.0.0.7"), ..Filter::default() }, vec![6]),
            (Filter { session: text("chat-1"), ..Filter::default() }, vec![7]),
            (Filter { tag: text("a \"quoted\" word"), ..Filter::default() }, vec![8]),
            (Filter { tag: text("night"), ..Filter::default() }, vec![]),
            (Filter { user: Some(user), ..Filter::default() }, vec![9]),
            (Filter { provider_key: Some(key_hash(8)), ..Filter::default() }, vec![9]),
            (Filter { provider_key: Some(key_hash(9)), ..Filter::default() }, vec![]),
            (Filter { stream: Some(false), ..Filter::default() }, vec![10]),
            (Filter { min_duration_ms: Some(5_000), ..Filter::default() }, vec![11]),
            (Filter { id: Some(records[4].id), ..Filter::default() }, vec![4]),
            (Filter { from: Some(later(10_000)), ..Filter::default() }, vec![11, 10]),
            (Filter { to: Some(later(1_000)), ..Filter::default() }, vec![0]),
            (Filter { from: Some(later(1_000)), to: Some(later(3_000)), ..Filter::default() }, vec![2, 1]),
            (Filter { error: text("broke"), from: Some(later(6_000)), ..Filter::default() }, vec![]),
            (Filter { model: text("claude"), status: Some((429, 429)), ..Filter::default() }, vec![]),
            (Filter { model: text("never-heard-of"), ..Filter::default() }, vec![]),
        ];
        for (filter, expected) in cases {
            let expected: Vec<_> = expected.into_iter().map(|number: usize| records[number].id).collect();
            assert_eq!(listed(database, &filter).await, expected, "{filter:?}");
            let live = records.iter().rev().filter(|record| filter.matches(record)).map(|record| record.id);
            assert_eq!(live.collect::<Vec<_>>(), expected, "live {filter:?}");
        }
    }
}

#[tokio::test]
async fn keys_that_a_provider_refused_are_found_by_status() {
    for test in databases().await {
        let database = &test.database;
        let refused = |provider: &str, key: u32, status: u16| AttemptRecord {
            status: Some(status),
            key_hash: Some(key_hash(key)),
            ..attempt(provider, "credential_refused")
        };
        let mut records = series(3);
        records[0].attempts =
            vec![refused("openai", 1, 403), refused("openai", 2, 403), attempt("azure", "ok")];
        records[1].attempts = vec![refused("openai", 2, 403), refused("azure", 3, 401)];
        records[2].attempts = vec![refused("azure", 3, 403)];
        requests::insert_batch(database, &records).await.unwrap();
        let found = async |provider: Option<&str>, from: Option<Timestamp>| {
            let keys =
                requests::failed_keys(database.reader(), 403, provider, (from, None), 10).await.unwrap();
            let key = |key: requests::FailedKey| (key.provider.to_string(), key.key, key.attempts);
            let mut keys: Vec<_> = keys.into_iter().map(key).collect();
            assert!(keys.is_sorted_by_key(|(_, _, attempts)| std::cmp::Reverse(*attempts)));
            keys.sort_unstable();
            keys
        };
        let openai = [("openai".to_owned(), key_hash(1), 1), ("openai".to_owned(), key_hash(2), 2)];
        let azure = [("azure".to_owned(), key_hash(3), 1)];
        assert_eq!(found(None, None).await, [&azure[..], &openai[..]].concat());
        assert_eq!(found(Some("azure"), None).await, azure);
        assert_eq!(found(Some("nobody"), None).await, []);
        assert_eq!(found(None, Some(later(3_600_000))).await, []);
    }
}

#[tokio::test]
async fn old_requests_are_removed_oldest_first_in_bounded_steps() {
    for test in databases().await {
        let database = &test.database;
        let records = series(5);
        requests::insert_batch(database, &records).await.unwrap();
        let delete = async || {
            write!(database, |transaction| requests::delete_before(&transaction, later(3_000), 2)).unwrap()
        };
        assert_eq!(delete().await, 2);
        assert_eq!(listed(database, &Filter::default()).await, [records[4].id, records[3].id, records[2].id]);
        assert_eq!(delete().await, 1);
        assert_eq!(delete().await, 0);
        assert_eq!(listed(database, &Filter::default()).await, [records[4].id, records[3].id]);
    }
}

#[tokio::test]
async fn what_is_removed_while_it_is_read_is_left_out() {
    for test in databases().await {
        let database = &test.database;
        let records = series(2);
        requests::insert_batch(database, &records).await.unwrap();
        // As a reader finds it that has the row, and comes for its details after the removal.
        let removal = "DELETE FROM request_details WHERE id = (SELECT id FROM request_details ORDER BY id DESC LIMIT 1)";
        write!(database, |transaction| transaction.execute_unprepared(removal)).unwrap();
        assert_eq!(listed(database, &Filter::default()).await, [records[0].id]);
        assert_eq!(requests::get(database.reader(), records[1].id).await.unwrap(), None);
    }
}
