//! The ledger: what was used is exact, whatever happens to the process and to the database.

use std::sync::Arc;

use roundhouse_storage::testing::Place;
use roundhouse_tests::{Dialect, Fake, House, Reply, Setup, eventually, provider};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

async fn fake() -> Fake {
    Fake::new(|seen| match seen.credential() {
        "refused" => Reply::json(403, &json!({ "error": { "message": "this key is not allowed" } })),
        _ => Dialect::answer(seen, "hello"),
    })
    .await
}

fn config(fake: &Fake) -> Value {
    let prices = json!({ "match": "m", "prices": { "input": 2, "output": 8 } });
    json!({ "providers": [provider("up", "openai", &fake.url(), &["good"], &["m"])], "catalogue": [prices] })
}

/// All sums over the last day, as one.
async fn totals(house: &mut House) -> Value {
    let answer = house.manage("GET", "/api/v1/usage").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["items"][0].clone()
}

async fn exported(house: &mut House) -> Vec<Value> {
    let answer = house.manage("GET", "/api/v1/requests/export?format=jsonl").await;
    assert_eq!((answer.status, answer.complete), (200, true), "{}", answer.text());
    answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Sums and log must tell the same.
async fn agree(house: &mut House) -> Vec<Value> {
    let (log, sums) = (exported(house).await, totals(house).await);
    let sum = |pointer: &str| log.iter().filter_map(|one| one.pointer(pointer)?.as_i64()).sum::<i64>();
    assert_eq!(sums["requests"].as_i64(), i64::try_from(log.len()).ok());
    for (name, pointer) in [
        ("input_tokens", "/usage/input"),
        ("output_tokens", "/usage/output"),
        ("cost_nanousd", "/cost_nanousd"),
    ] {
        assert_eq!(sums[name].as_i64(), Some(sum(pointer)), "{name}");
    }
    log
}

#[tokio::test]
async fn sums_and_log_agree_after_a_kill_under_load_and_nothing_older_is_lost() {
    let fake = fake().await;
    let mut house = House::start(config(&fake)).await;
    let first = house.chat("m").await;
    let cost = house.logged(first.id()).await["cost_nanousd"].as_i64();
    assert!(cost.is_some_and(|cost| cost > 0), "{cost:?}");
    for _ in 0..3 {
        let clients = (0..40).map(|_| house.chat("m"));
        for answer in futures_util::future::join_all(clients).await {
            assert_eq!(answer.status, 200);
        }
        let last = house.chat("m").await.id().to_owned();
        house.logged(&last).await;
        let client = house.client().clone();
        let load = tokio::spawn(async move {
            loop {
                Dialect::Chat.ask(&client, roundhouse_tests::house::KEY, "m", false).try_open().await.ok();
            }
        });
        house.chat("m").await;
        house.kill().await;
        load.abort();
        house.run().await;
        let log = agree(&mut house).await;
        assert!(log.iter().any(|one| one["id"] == last));
    }
}

/// Leads to the database until the way is cut.
async fn way_to(url: &str) -> (String, watch::Sender<bool>) {
    let (start, name) = url.rsplit_once('/').unwrap();
    let (head, host) = start.rsplit_once('@').map_or_else(
        || start.rsplit_once("//").map(|(head, host)| (format!("{head}//"), host)).unwrap(),
        |(head, host)| (format!("{head}@"), host),
    );
    let host: Arc<str> = if host.contains(':') { host.into() } else { format!("{host}:5432").into() };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (open, is_open) = watch::channel(true);
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let (host, mut is_open) = (host.clone(), is_open.clone());
            if !*is_open.borrow() {
                continue;
            }
            tokio::spawn(async move {
                let Ok(mut far) = TcpStream::connect(&*host).await else { return };
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                    _ = is_open.wait_for(|is_open| !is_open) => {}
                }
            });
        }
    });
    (format!("{head}127.0.0.1:{port}/{name}"), open)
}

#[tokio::test]
async fn records_wait_on_disk_for_the_database_also_over_a_kill_and_count_once() {
    let (place, fake) = (Place::postgres().await, fake().await);
    let (url, open) = way_to(place.options().url.expose()).await;
    let mut house: House = Setup::new(&config(&fake)).env("DATABASE_URL", &url).start().await;
    let before = house.chat("m").await;
    house.logged(before.id()).await;
    open.send(false).unwrap();
    let mut ids = Vec::new();
    let spool = house.data().join("requests.spool");
    eventually("records are on disk", async || {
        let answer = house.chat("m").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        ids.push(answer.id().to_owned());
        let text = std::fs::read_to_string(&spool).unwrap_or_default();
        ids.iter().any(|id| text.contains(id)).then_some(())
    })
    .await;
    let kept: Vec<String> = {
        let text = std::fs::read_to_string(&spool).unwrap();
        ids.into_iter().filter(|id| text.contains(id)).collect()
    };
    house.kill().await;
    open.send(true).unwrap();
    house.run().await;
    for id in &kept {
        assert_eq!(house.logged(id).await["status"], 200);
    }
    eventually("nothing is left on disk", async || {
        (std::fs::metadata(&spool).unwrap().len() == 0).then_some(())
    })
    .await;
    agree(&mut house).await;
}

#[tokio::test]
async fn requests_are_found_and_exported_by_what_went_wrong() {
    let fake = fake().await;
    let mut up = config(&fake);
    up["providers"][0]["keys"] = json!(["refused", "good"]);
    let mut house = House::start(up).await;
    let answer = house.chat("m").await;
    let logged = house.logged(answer.id()).await;
    let refused = logged["attempts"][0]["key"].clone();
    assert_eq!(logged["attempts"][0]["status"], 403);
    let missing = house.chat("no-such-model").await;
    house.logged(missing.id()).await;
    for (query, id) in [
        ("attempt_status=403", answer.id()),
        ("error=KEY%20is%20not", answer.id()),
        ("status=4xx", missing.id()),
        ("outcome=ok&provider=up", answer.id()),
    ] {
        let found = house.requests(query).await;
        assert_eq!(found.iter().map(|one| one["id"].as_str().unwrap()).collect::<Vec<_>>(), [id], "{query}");
    }
    let csv = house.manage("GET", "/api/v1/requests/export?attempt_status=403").await;
    assert_eq!(csv.text().lines().count(), 2, "{}", csv.text());
    assert!(csv.text().contains(answer.id()));
    let keys = house.manage("GET", "/api/v1/requests/failed-keys?status=403").await.json();
    assert_eq!(keys, json!([{ "provider": "up", "key": refused, "attempts": 1 }]));
    for (path, code) in [
        ("requests?status=9xx", "invalid_status"),
        ("requests?from=soon", "invalid_time"),
        ("usage?group_by=colour", "invalid_group_by"),
        ("usage?interval=1w", "invalid_interval"),
        ("usage?group_by=user,provider_key", "usage_mixed_groups"),
        ("dashboard?range=1y", "invalid_range"),
        ("requests/export?format=xml", "invalid_format"),
    ] {
        let answer = house.manage("GET", &format!("/api/v1/{path}")).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (400, Some(code)), "{path}");
    }
}

#[tokio::test]
async fn the_dashboard_tells_what_is_used_most_and_prices_tell_their_source() {
    let fake = fake().await;
    let mut house = House::start(config(&fake)).await;
    let id = house.chat("m").await.id().to_owned();
    house.logged(&id).await;
    let dashboard = house.manage("GET", "/api/v1/dashboard").await.json();
    assert_eq!(
        (dashboard["now"]["requests"].as_i64(), dashboard["series"].as_array().unwrap().len()),
        (Some(1), 24)
    );
    assert_eq!(dashboard["top_models"][0]["name"], "m");
    assert_eq!(dashboard["key_stats"]["available"], 1);
    let prices = house.manage("GET", "/api/v1/prices?q=up").await.json();
    assert_eq!(prices[0]["prices"], json!({ "input": 2.0, "output": 8.0 }));
    assert_eq!(prices[0]["source"], "catalogue");
    let built_in = house.manage("GET", "/api/v1/prices/catalogue?q=gpt-4o-mini").await.json();
    assert!(built_in[0]["source"].as_str().unwrap().contains("http"), "{built_in}");
}

#[tokio::test]
async fn tokens_that_nobody_counts_are_estimated_also_for_streams() {
    let text = "委员会在星期四上午开会，讨论新图书馆的计划。".repeat(20);
    let said = text.clone();
    let fake = Fake::new(move |_| {
        let event = json!({ "choices": [{ "index": 0, "delta": { "content": said } }] });
        let end = json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] });
        let body = format!("data: {event}\n\ndata: {end}\n\ndata: [DONE]\n\n");
        Reply::body(200, "text/event-stream", body)
    })
    .await;
    let mut house = House::start(config(&fake)).await;
    let answer = Dialect::Chat.ask(house.client(), roundhouse_tests::house::KEY, "m", true).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let logged = house.logged(answer.id()).await;
    assert_eq!(logged["estimated"], true);
    let tokens = logged["usage"]["output"].as_u64().unwrap();
    // What o200k makes of it: 13 tokens a sentence and 20 of them (tiktoken-rs 0.12.1).
    assert!((230..=330).contains(&tokens), "{tokens}");
    assert!(logged["usage"]["input"].as_u64().unwrap() > 0 && logged["cost_nanousd"].as_i64().unwrap() > 0);
}

#[tokio::test]
async fn bodies_are_kept_only_where_that_is_asked_for_and_without_credentials() {
    let fake = fake().await;
    let mut with = config(&fake);
    with["providers"][0]["capture"] = json!({ "request": true, "response": true, "max_bytes": 4096 });
    with["requests"] = json!({ "capture": { "redact": ["secret-\\d+"] } });
    let mut house = House::start(with).await;
    let ask = json!({ "model": "m", "messages": [{ "role": "user", "content": "secret-42 sk-abcdefghijklmnopqrstuvwx" }] });
    let answer = house.post("/v1/chat/completions").json(&ask).send().await;
    let path = format!("/api/v1/requests/{}/bodies", answer.id());
    house.logged(answer.id()).await;
    let token = house.administrator().await;
    let client = house.client().clone();
    let bodies = eventually("the bodies are kept", async || {
        let answer = client.get(&path).bearer(&token).send().await;
        (answer.status == 200).then(|| answer.json())
    })
    .await;
    let request = bodies["request"]["text"].as_str().unwrap();
    assert!(request.contains("[redacted] [redacted]"), "{request}");
    assert!(bodies["response"]["text"].as_str().unwrap().contains("hello"));
    let audit = house.manage("GET", "/api/v1/audit?action=requests.read_bodies").await;
    assert!(audit.text().contains(answer.id()), "{}", audit.text());

    let mut house = House::start(config(&fake)).await;
    let answer = house.post("/v1/chat/completions").json(&ask).send().await;
    assert_eq!(house.logged(answer.id()).await["has_bodies"], false);
}
