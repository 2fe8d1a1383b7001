//! The request log.

use roundhouse_domain::choice::{KeyStanding, Round, RouteChoices, Standing};
use roundhouse_domain::spec::Strategy;
use roundhouse_domain::{
    AttemptRecord, Choices, Ids, Outcome, RequestId, RequestRecord, Timestamp, TokenUsage,
};
use roundhouse_storage::Database;
use roundhouse_storage::requests::{self, Filter};
use roundhouse_storage::testing::{START_MILLIS, databases};

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
            attempts: vec![failed, attempt("openai", "ok")],
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
        let mut records = series(7);
        records[0].access_key = "other".into();
        records[1].model = "claude".into();
        // The last attempt made the answer, so it is the one that is looked for.
        records[2].attempts = vec![attempt("openai", "timeout"), attempt("azure", "ok")];
        records[3].status = 429;
        records[4].outcome = Outcome::Broken;
        requests::insert_batch(database, &records).await.unwrap();
        let text = |text: &str| Some(text.to_owned());
        let cases = [
            (Filter { access_key: text("other"), ..Filter::default() }, vec![0]),
            (Filter { model: text("claude"), ..Filter::default() }, vec![1]),
            (Filter { provider: text("azure"), ..Filter::default() }, vec![2]),
            (Filter { status: Some(429), ..Filter::default() }, vec![3]),
            (Filter { outcome: Some(Outcome::Broken), ..Filter::default() }, vec![4]),
            (Filter { from: Some(later(5_000)), ..Filter::default() }, vec![6, 5]),
            (Filter { to: Some(later(1_000)), ..Filter::default() }, vec![0]),
            (Filter { from: Some(later(1_000)), to: Some(later(3_000)), ..Filter::default() }, vec![2, 1]),
            (Filter { model: text("claude"), status: Some(429), ..Filter::default() }, vec![]),
        ];
        for (filter, expected) in cases {
            let expected: Vec<_> = expected.into_iter().map(|number: usize| records[number].id).collect();
            assert_eq!(listed(database, &filter).await, expected, "{filter:?}");
        }
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
