//! Trouble with what the server stands on: each gets a clear word, and nothing is lost.

use roundhouse_tests::{Dialect, Fake, House, Setup, eventually, provider};
use serde_json::{Value, json};

/// Starts a server that cannot start; returns what it says, which is one line for people.
async fn refusal(house: &mut House) -> String {
    let (code, log) = house.run_to_end().await;
    assert_eq!(code, Some(1), "{log}");
    assert!(!log.contains("panicked") && !log.contains("RUST_BACKTRACE"), "{log}");
    log
}

#[tokio::test]
async fn an_occupied_port_is_named() {
    let mut house = House::prepare(Setup::new(&json!({})));
    let _other = tokio::net::TcpListener::bind(("127.0.0.1", house.port())).await.unwrap();
    let said = refusal(&mut house).await;
    assert!(
        said.contains(&format!("cannot listen on 127.0.0.1:{}", house.port())) && said.contains("--listen"),
        "{said}"
    );
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_made_is_named() {
    let mut house = House::prepare(Setup::new(&json!({})));
    std::fs::write(house.data(), "a file in the way").unwrap();
    let said = refusal(&mut house).await;
    assert!(said.contains("data") && said.lines().count() == 1, "{said}");
}

#[tokio::test]
async fn all_problems_of_a_configuration_are_told_at_once_with_their_lines() {
    let mut house = House::prepare(Setup::new(&json!({})));
    let text = "server: { lisen: 1.2.3.4:80 }\ngateway:\n  max_attempts: -1\nproviders:\n  - name: UP\n  - name: up\n    kind: openai\n    keys_file: nowhere.txt\n";
    house.write_config(text);
    let said = refusal(&mut house).await;
    for expected in
        ["listen", "max_attempts", "roundhouse.yaml:1:", "roundhouse.yaml:3:", "roundhouse.yaml:5:"]
    {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert!(
        !house.data().join("roundhouse.db").exists(),
        "nothing is made before the configuration is right"
    );
}

#[tokio::test]
async fn a_database_of_another_master_key_is_refused() {
    let mut house = Setup::new(&json!({})).start().await;
    assert_eq!(house.terminate().await, Some(0));
    let secret = std::fs::read_dir(house.data()).unwrap().map(|entry| entry.unwrap().path());
    let key = secret
        .into_iter()
        .find(|path| path.to_string_lossy().contains("key") && !path.to_string_lossy().contains("access"))
        .expect("a key file");
    std::fs::remove_file(key).unwrap();
    house
        .configure(&json!({ "security": { "encryption_key": "another key than the one before, and long" } }));
    let before = house.log().len();
    let said = refusal(&mut house).await;
    assert!(said[before..].to_lowercase().contains("key"), "{said}");
}

#[tokio::test]
async fn a_full_disk_stops_no_request_and_loses_no_record() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let config = json!({ "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m"])] });
    // Without the signal a write beyond the limit fails as on a full disk.
    let mut house = Setup::new(&config).under("trap '' XFSZ").start().await;
    assert_eq!(house.chat("m").await.status, 200);
    house.limit_files(Some(4_096));
    let mut ids = Vec::new();
    eventually("the log says that records wait", async || {
        let answer = house.chat("m").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        ids.push(answer.id().to_owned());
        house.log().contains("records wait").then_some(())
    })
    .await;
    assert_eq!(house.client().get("/health").send().await.status, 200);
    assert!(house.metric("roundhouse_request_records_queued").await.unwrap() > 0.0);
    house.limit_files(None);
    for id in ids {
        assert_eq!(house.logged(&id).await["status"], 200);
    }
    assert_eq!(house.metric("roundhouse_request_records_dropped_total").await, Some(0.0));
    assert_eq!(house.terminate().await, Some(0));
}

#[tokio::test]
async fn a_keys_file_that_goes_away_keeps_the_keys_in_force() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut up = provider("up", "openai", &fake.url(), &[], &["m"]);
    up.as_object_mut().unwrap().remove("keys");
    up["keys_file"] = "keys.txt".into();
    let mut house = House::prepare(Setup::new(&json!({ "providers": [up] })));
    std::fs::write(house.folder().join("keys.txt"), "a\n").unwrap();
    house.run().await;
    std::fs::remove_file(house.folder().join("keys.txt")).unwrap();
    eventually("the missing file is told", async || {
        (house.metric("roundhouse_config_valid").await == Some(0.0)).then_some(())
    })
    .await;
    assert_eq!(house.chat("m").await.status, 200);
    let settings: Value = house.manage("GET", "/api/v1/settings").await.json();
    assert!(settings["status"]["problems"].to_string().contains("keys.txt"), "{settings}");
}
