//! A pool of 100,000 keys.

use std::fmt::Write;

use roundhouse_tests::{Dialect, Fake, House, Reply, Setup, provider};
use serde_json::{Value, json};

const KEYS: usize = 100_000;

/// The first three keys are bad ones: two are refused, one is limited.
fn keys_file(first: [&str; 3]) -> String {
    let mut text = first.join("\n");
    for number in first.len()..KEYS {
        write!(text, "\nsk-of-many-{number:08}").unwrap();
    }
    text
}

async fn key_stats(house: &House) -> Value {
    house.client().get("/health").send().await.json()["key_stats"].take()
}

fn stats(total: usize, failed: usize, cooling: usize) -> Value {
    let available = total - failed - cooling;
    json!({ "total": total, "available": available, "failed": failed, "cooling": cooling, "disabled": 0 })
}

#[tokio::test]
async fn a_file_of_a_hundred_thousand_keys_serves_and_a_changed_line_keeps_all_other_states() {
    let fake = Fake::new(|seen| match seen.credential() {
        "refused-1" | "refused-2" => Reply::json(401, &json!({ "error": { "message": "no" } })),
        "limited" => {
            Reply::json(429, &json!({ "error": { "message": "slow down" } })).header("retry-after", "1800")
        }
        _ => Dialect::answer(seen, "hello"),
    })
    .await;
    let mut up = provider("up", "openai", &fake.url(), &[], &["m"]);
    up.as_object_mut().unwrap().remove("keys");
    up["keys_file"] = "keys.txt".into();
    let config = json!({ "providers": [up], "gateway": { "probes": { "interval": "0s" } } });
    let mut house = House::prepare(Setup::new(&config));
    let file = house.folder().join("keys.txt");
    std::fs::write(&file, keys_file(["refused-1", "refused-2", "limited"])).unwrap();
    house.run().await;
    assert_eq!(key_stats(&house).await, stats(KEYS, 0, 0));

    let answer = house.chat("m").await;
    assert_eq!((answer.status, answer.header("x-roundhouse-attempts")), (200, "4"), "{}", answer.text());
    // Not the last call: refused keys are probed meanwhile.
    assert!(fake.seen().iter().any(|seen| seen.credential() == "sk-of-many-00000003"));
    house.await_keys("up", "invalid", 2).await;
    assert_eq!(key_stats(&house).await, stats(KEYS, 2, 1));

    // As careful editors do: half a file is never seen.
    let fresh = house.folder().join("keys.new");
    std::fs::write(&fresh, keys_file(["refused-1", "replaced", "limited"])).unwrap();
    std::fs::rename(&fresh, &file).unwrap();
    house.await_keys("up", "invalid", 1).await;
    assert_eq!(key_stats(&house).await, stats(KEYS, 1, 1));
    for _ in 0..3 {
        let answer = house.chat("m").await;
        assert_eq!((answer.status, answer.header("x-roundhouse-attempts")), (200, "1"), "{}", answer.text());
    }
    assert!(fake.seen().iter().any(|seen| seen.credential() == "replaced"));
    house.restart().await;
    assert_eq!(key_stats(&house).await, stats(KEYS, 1, 1), "states outlive a restart");
}
