//! Many callers at the same time.

use futures_util::future::join_all;
use roundhouse_tests::{Dialect, Fake, Gate, House, KEY, Setup, eventually, provider};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;

const STREAMS: usize = 1_000;

/// Far above what it takes even without optimisation; growth without bound is far above this.
const MOST_BYTES: u64 = 300 << 20;

/// Each stream takes two connections in this process, and two in the server, which inherits the limit.
fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).expect("limits can be raised");
    assert!(
        limit.maximum.is_none_or(|most| most > 4 * STREAMS as u64),
        "raise the limit of open files: ulimit -n"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_slow_streams_end_well_in_bounded_memory() {
    allow_many_files();
    let (middle, end) = (Gate::default(), Gate::default());
    let gates = (middle.clone(), end.clone());
    let text = "a word ".repeat(20);
    let said = text.clone();
    let fake =
        Fake::new(move |seen| Dialect::answer(seen, &said).gated(20, &gates.0).gated(10, &gates.1)).await;
    let house =
        House::start(json!({ "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m"])] }))
            .await;
    let client = house.client().clone();
    let streams: Vec<_> = (0..STREAMS)
        .map(|_| {
            let ask = Dialect::Chat.ask(&client, KEY, "m", true);
            tokio::spawn(ask.send())
        })
        .collect();
    eventually("all streams are open", async || (fake.count() == STREAMS).then_some(())).await;
    eventually("all are under way", async || {
        (house.count("roundhouse_requests_in_flight").await == STREAMS).then_some(())
    })
    .await;
    let open = house.resident_bytes();
    end.open();
    middle.open();
    for answer in join_all(streams).await {
        let answer = answer.unwrap();
        assert_eq!((answer.status, Dialect::Chat.text(&answer).as_str()), (200, text.as_str()));
        assert!(Dialect::Chat.ended_well(answer.text()));
    }
    assert!(open < MOST_BYTES, "{} MiB with {STREAMS} streams open", open >> 20);
    assert!(house.resident_bytes() < MOST_BYTES);
    assert_eq!(house.count("roundhouse_requests_total{outcome=\"ok\"}").await, STREAMS);
    assert_eq!(house.metric("roundhouse_requests_in_flight").await, Some(0.0));
}

#[tokio::test]
async fn a_low_soft_limit_of_open_files_is_raised() {
    let gate = Gate::default();
    let held = gate.clone();
    let fake = Fake::new(move |seen| Dialect::answer(seen, "hello").gated(0, &held)).await;
    let config = json!({ "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m"])] });
    let house = Setup::new(&config).under("ulimit -S -n 64").start().await;
    let client = house.client().clone();
    let open: Vec<_> =
        (0..100).map(|_| tokio::spawn(Dialect::Chat.ask(&client, KEY, "m", true).send())).collect();
    eventually("all are open", async || (fake.count() == 100).then_some(())).await;
    gate.open();
    for answer in open {
        assert_eq!(answer.await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn a_server_that_runs_out_of_files_serves_again_when_some_are_free() {
    let gate = Gate::default();
    let held = gate.clone();
    let fake = Fake::new(move |seen| Dialect::answer(seen, "hello").gated(0, &held)).await;
    let up = provider("up", "openai", &fake.url(), &["pk-1"], &["m"]);
    // Connections that cannot be opened for want of files would count against the provider.
    let config = json!({ "providers": [up], "gateway": { "breaker": { "failures": 0 } } });
    let house = Setup::new(&config).under("ulimit -H -S -n 64").start().await;
    let client = house.client().clone();
    let open: Vec<_> =
        (0..100).map(|_| tokio::spawn(Dialect::Chat.ask(&client, KEY, "m", true).try_open())).collect();
    eventually("no file is left", async || house.log().contains("cannot accept a connection").then_some(()))
        .await;
    open.iter().for_each(tokio::task::JoinHandle::abort);
    gate.open();
    drop(client);
    eventually("it serves again", async || {
        let answer = roundhouse_tests::Client::new(house.url()).get("/health").try_open().await.ok()?;
        (answer.status == 200).then_some(())
    })
    .await;
    assert_eq!(house.chat("m").await.status, 200);
}

#[tokio::test]
async fn beyond_the_bound_of_open_requests_callers_are_told_to_come_back_and_health_stays_up() {
    let gate = Gate::default();
    let held = gate.clone();
    let fake = Fake::new(move |seen| Dialect::answer(seen, "hello").gated(0, &held)).await;
    let config = json!({ "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m"])], "gateway": { "max_concurrent_requests": 3 } });
    let house = Setup::new(&config).start().await;
    let client = house.client().clone();
    let open: Vec<_> =
        (0..3).map(|_| tokio::spawn(Dialect::Chat.ask(&client, KEY, "m", false).send())).collect();
    eventually("three are open", async || (fake.count() == 3).then_some(())).await;
    let refused = house.chat("m").await;
    Dialect::Chat.assert_error(&refused, 503, "server_error");
    assert_eq!(
        (refused.header("retry-after"), &refused.json()["error"]["code"]),
        ("1", &json!("overloaded"))
    );
    assert_eq!(house.client().get("/health").send().await.status, 200);
    assert_eq!(house.get("/v1/models").send().await.status, 200);
    gate.open();
    for answer in open {
        assert_eq!(answer.await.unwrap().status, 200);
    }
    assert_eq!(house.chat("m").await.status, 200);
}
