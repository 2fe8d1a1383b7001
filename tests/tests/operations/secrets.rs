//! No secret of the configuration is ever told: not in answers, logs, metrics, or what is stored.

use std::path::{Path, PathBuf};

use roundhouse_tests::house::{EMAIL, PASSWORD};
use roundhouse_tests::{Dialect, Fake, KEY, Reply, Setup, eventually, provider};
use serde_json::json;

const SECRETS: [&str; 9] = [
    KEY,
    PASSWORD,
    "sk-planted-provider-key-one-1111",
    "sk-planted-provider-key-two-2222",
    "sk-planted-key-of-a-file-333333",
    "planted-proxy-password-4444",
    "planted-secret-key-of-sessions-5555",
    "planted-encryption-key-of-data-6666",
    "sk-planted-key-of-a-later-file-7777",
];

fn assert_untold(place: &str, bytes: &[u8]) {
    for secret in SECRETS {
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(
            !found,
            "{secret} is told in {place}: {}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(4_000)])
        );
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// A provider that tells the credential wherever it can, and fails in many ways.
fn tactless(seen: &roundhouse_tests::Seen) -> Reply {
    let told = format!("you sent {}, a bad key", seen.credential());
    match seen.model().as_str() {
        "refused" => Reply::json(401, &json!({ "error": { "message": told } })),
        "limited" => Reply::json(429, &json!({ "error": { "message": told, "code": seen.credential() } })),
        "wrong" => Reply::json(400, &json!({ "error": { "message": told } })),
        "page" => Reply::body(500, "text/html", told),
        "inside" => Reply::json(200, &json!({ "error": { "message": told } })),
        "late" => {
            let mut events = Dialect::Chat.stream("one two")[..2].to_vec();
            events.push(format!("data: {}\n\n", json!({ "error": { "message": told } })));
            Reply::events(events)
        }
        "split" => {
            let mut events = Dialect::Chat.stream("one two")[..2].to_vec();
            let error = format!("data: {}\n\n", json!({ "error": { "message": told } }));
            let (start, end) = error.split_at(error.find(seen.credential()).unwrap_or_default() + 9);
            events.extend([start.to_owned(), end.to_owned()]);
            Reply::events(events).paced(std::time::Duration::from_millis(20))
        }
        _ => Dialect::answer(seen, "hello"),
    }
}

#[tokio::test]
async fn no_secret_is_told_anywhere() {
    let fake = Fake::new(tactless).await;
    let models = ["fine", "refused", "limited", "wrong", "page", "inside", "late", "split"];
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys.txt");
    std::fs::write(&keys, format!("{}\n", SECRETS[4])).unwrap();
    let mut by_file = provider("by-file", "openai", &fake.url(), &[], &models);
    by_file.as_object_mut().unwrap().remove("keys");
    by_file["keys_file"] = keys.to_str().unwrap().into();
    let mut by_proxy = provider("by-proxy", "openai", &fake.url(), &[SECRETS[3]], &["proxied"]);
    by_proxy["proxy"] = format!("http://me:{}@127.0.0.1:9", SECRETS[5]).into();
    let config = json!({
        "log": { "format": "json", "level": "debug" },
        "security": { "secret_key": SECRETS[6], "encryption_key": SECRETS[7] },
        "providers": [provider("listed", "openai", &fake.url(), &[SECRETS[2], SECRETS[3]], &models), by_file, by_proxy],
        "gateway": { "cooldowns": { "rate_limit": "1ms" }, "breaker": { "failures": 0 } },
    });
    let mut house = Setup::new(&config).start().await;

    let login = json!({ "email": EMAIL, "password": "wrong-password" });
    let mut answers = vec![house.client().post("/api/v1/auth/login").json(&login).send().await];
    for model in models.iter().chain(&["proxied", "none"]) {
        for stream in [false, true] {
            let answer = Dialect::Chat.ask(house.client(), KEY, model, stream).send().await;
            house.logged(answer.id()).await;
            answers.push(answer);
        }
        answers.push(
            house
                .post("/proxy/listed/v1/chat/completions")
                .json(&Dialect::Chat.request(model, false))
                .send()
                .await,
        );
    }
    for path in ["/health", "/ready", "/metrics", "/openapi.json", "/v1/models"] {
        answers.push(house.get(path).send().await);
    }
    for path in ["/api/v1/settings", "/api/v1/requests?limit=500", "/api/v1/access-keys", "/api/v1/auth/me"] {
        answers.push(house.manage("GET", path).await);
    }
    // A broken file is told with its problems: they quote names, not values.
    let mut broken = config.clone();
    broken["providers"][0]["keys"] = json!([{ "key": SECRETS[2] }]);
    broken["providers"][2]["proxy"] = json!(["http", SECRETS[5]]);
    broken["security"]["secret_key"] = json!([SECRETS[6]]);
    house.configure(&broken);
    eventually("the broken file is refused", async || (house.reloads("refused").await > 0.0).then_some(()))
        .await;
    answers.push(house.manage("GET", "/api/v1/settings").await);
    std::fs::write(&keys, format!("{}\n", SECRETS[8])).unwrap();
    house.reconfigure(&config).await;
    assert_eq!(house.chat("fine").await.status, 200);

    for answer in &answers {
        assert_untold("an answer", &answer.body);
        assert_untold("a header", format!("{:?}", answer.headers).as_bytes());
    }
    assert_untold("the log of a running server", house.log().as_bytes());
    house.kill().await;
    let stored = files(&house.data());
    assert!(stored.iter().any(|path| path.ends_with("roundhouse.db")), "{stored:?}");
    for path in stored {
        assert_untold(&path.display().to_string(), &std::fs::read(&path).unwrap());
    }
    house.run().await;
    assert_eq!(house.terminate().await, Some(0));
    assert_untold("the log", house.log().as_bytes());
}
