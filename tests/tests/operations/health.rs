//! What the server tells about itself.

use std::collections::HashMap;

use roundhouse_tests::{Dialect, Fake, House, KEY, Reply, Setup, provider};
use serde_json::{Value, json};

#[tokio::test]
async fn health_is_told_on_every_usual_path() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house =
        House::start(json!({ "providers": [provider("up", "openai", &fake.url(), &["a", "b"], &["m"])] }))
            .await;
    for path in ["/health", "/healthz", "/api/health", "/api/v1/health"] {
        let answer = house.client().get(path).send().await;
        assert_eq!(answer.status, 200, "{path}");
        let health = answer.json();
        assert_eq!(
            (
                &health["status"],
                &health["key_stats"]["total"],
                &health["key_stats"]["available"],
                &health["key_stats"]["failed"]
            ),
            (&json!("healthy"), &json!(2), &json!(2), &json!(0))
        );
        assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    }
    let ready = house.client().get("/ready").send().await;
    assert_eq!(
        (ready.status, ready.json()),
        (200, json!({ "ready": true, "database": "ok", "configuration": "ok" }))
    );
}

#[tokio::test]
async fn every_answer_carries_its_own_request_id() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house =
        House::start(json!({ "providers": [provider("up", "openai", &fake.url(), &["a"], &["m"])] })).await;
    let mut ids = std::collections::HashSet::new();
    for path in [
        "/health",
        "/ready",
        "/metrics",
        "/v1/models",
        "/v1/models/none",
        "/v1beta/models",
        "/api/v1/settings",
        "/openapi.json",
        "/nothing",
        "/",
    ] {
        let answer = house.client().get(path).header("x-request-id", "mine").send().await;
        assert_eq!(answer.id().len(), 36, "{path}: {}", answer.status);
        assert!(ids.insert(answer.id().to_owned()), "{path}");
    }
    for model in ["m", "none"] {
        assert!(ids.insert(house.chat(model).await.id().to_owned()));
    }
}

#[tokio::test]
async fn metrics_are_prometheus_text_with_bounded_labels() {
    let fake = Fake::new(|seen| match seen.credential() {
        "bad" => Reply::json(500, &json!({ "error": { "message": "down" } })),
        _ => Dialect::answer(seen, "hello"),
    })
    .await;
    let all = [
        provider("bad", "openai", &fake.url(), &["bad"], &["m"]),
        provider("good", "openai", &fake.url(), &["good"], &["m"]),
    ];
    let routes = json!([roundhouse_tests::route("m", "ordered", &[("bad", 1), ("good", 1)])]);
    let house = House::start(json!({ "providers": all, "routes": routes })).await;
    for stream in [false, true] {
        assert_eq!(Dialect::Chat.ask(house.client(), KEY, "m", stream).send().await.status, 200);
    }
    let before = house.metrics().await.lines().count();
    // Whatever callers invent becomes no label.
    for number in 0..50 {
        let ask = Dialect::Chat
            .ask(house.client(), KEY, &format!("invented-{number}"), false)
            .header("user-agent", &format!("agent-{number}"));
        assert_eq!(ask.send().await.status, 404);
        house.client().get(&format!("/v1/invented/{number}")).send().await;
    }
    let metrics = house.metrics().await;
    assert!(metrics.lines().count() <= before + 1, "{metrics}");
    let mut kinds = HashMap::new();
    for line in metrics.lines().filter(|line| !line.is_empty()) {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(kinds.insert(name.to_owned(), kind.to_owned()).is_none(), "{name} twice");
        } else if !line.starts_with('#') {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(value.parse::<f64>().is_ok(), "{line}");
            let base = name.split('{').next().unwrap();
            let base = ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|end| base.strip_suffix(end))
                .filter(|base| kinds.contains_key(*base))
                .unwrap_or(base);
            assert!(kinds.contains_key(base), "{line} has no type");
            if kinds[base] == "counter" {
                assert!(base.ends_with("_total"), "{line}");
            }
        }
    }
    for (name, value) in [
        ("roundhouse_requests_total{outcome=\"ok\"}", 2.0),
        ("roundhouse_requests_total{outcome=\"caller_fault\"}", 50.0),
        ("roundhouse_attempts_total{provider=\"bad\",verdict=\"provider_fault\"}", 2.0),
        ("roundhouse_attempts_total{provider=\"good\",verdict=\"ok\"}", 2.0),
        ("roundhouse_tokens_total{provider=\"good\",kind=\"input\"}", 22.0),
        ("roundhouse_tokens_total{provider=\"good\",kind=\"output\"}", 14.0),
        ("roundhouse_requests_in_flight", 0.0),
        ("roundhouse_request_duration_seconds_count", 52.0),
    ] {
        assert_eq!(house.metric(name).await, Some(value), "{name}\n{metrics}");
    }
    assert!(house.metric("process_resident_memory_bytes").await.unwrap() > 1e6);
}

#[tokio::test]
async fn metrics_can_be_kept_for_administrators_or_moved_to_a_listener_of_their_own() {
    let mut house = House::start(json!({ "server": { "metrics_public": false } })).await;
    assert_eq!(house.client().get("/metrics").send().await.status, 401);
    assert_eq!(house.get("/metrics").send().await.status, 401, "an access key is no login");
    assert_eq!(house.manage("GET", "/metrics").await.status, 200);
    let port = roundhouse_tests::fake::Vacant::new();
    let address = format!("127.0.0.1:{}", port.port());
    let house = House::start(json!({ "server": { "metrics_listen": address } })).await;
    assert_eq!(house.client().get("/metrics").send().await.status, 404);
    let own = roundhouse_tests::Client::new(port.url());
    let metrics = own.get("/metrics").send().await;
    assert!(metrics.status == 200 && metrics.text().contains("roundhouse_config_valid 1"));
    assert_eq!(own.get("/v1/models").send().await.status, 404);
}

#[tokio::test]
async fn log_lines_are_json_with_one_line_a_request() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house =
        House::start(json!({ "providers": [provider("up", "openai", &fake.url(), &["a"], &["m"])] })).await;
    let mut ids = Vec::new();
    for (model, stream) in [("m", false), ("m", true), ("none", false)] {
        ids.push(Dialect::Chat.ask(house.client(), KEY, model, stream).send().await.id().to_owned());
    }
    assert_eq!(house.terminate().await, Some(0));
    let log = house.log();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    for line in &lines {
        assert!(
            line["timestamp"].is_string() && line["level"].is_string() && line["message"].is_string(),
            "{line}"
        );
    }
    for id in &ids {
        let told: Vec<_> = lines.iter().filter(|line| line["request_id"] == **id).collect();
        assert_eq!(told.len(), 1, "{id}: {told:?}");
        assert_eq!((&told[0]["message"], &told[0]["access_key"]), (&json!("request"), &json!("test")));
    }
    let last = lines.iter().find(|line| line["request_id"] == *ids[0]).unwrap();
    assert_eq!(
        (
            &last["provider"],
            &last["status"],
            &last["attempts"],
            &last["input_tokens"],
            &last["output_tokens"]
        ),
        (&json!("up"), &json!(200), &json!(1), &json!(11), &json!(7))
    );
}

#[tokio::test]
async fn text_logs_and_log_files_are_a_choice() {
    let setup = Setup::new(&json!({ "log": { "format": "text", "file": "logs/roundhouse.log" } }));
    let mut house = setup.start().await;
    let id = house.chat("none").await.id().to_owned();
    assert_eq!(house.terminate().await, Some(0));
    let text = std::fs::read_to_string(house.folder().join("logs/roundhouse.log")).unwrap();
    assert!(text.lines().any(|line| line.contains(&id) && line.contains(" INFO ")), "{text}");
    assert_eq!(house.log(), "");
}

#[tokio::test]
async fn the_document_and_its_page_are_served() {
    let house = House::start(json!({})).await;
    let document = house.client().get("/openapi.json").send().await.json();
    for path in [
        "/api/v1/auth/login",
        "/api/v1/requests",
        "/api/v1/access-keys/{id}",
        "/api/v1/settings",
        "/admin/reload-keys",
        "/health",
    ] {
        assert!(document["paths"][path].is_object(), "{path}");
    }
    let page = house.client().get("/docs/").send().await;
    assert!(page.status == 200 && page.header("content-type").starts_with("text/html"), "{}", page.status);
}
