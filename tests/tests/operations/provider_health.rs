//! Providers that fall ill and recover, end to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use roundhouse_tests::{Dialect, Fake, House, Reply, eventually, provider};
use serde_json::{Value, json};

/// A provider that serves, or answers 500 to everything.
async fn moody() -> (Fake, Arc<AtomicBool>) {
    let well = Arc::new(AtomicBool::new(true));
    let mood = well.clone();
    let fake = Fake::new(move |seen| {
        if !mood.load(Ordering::SeqCst) {
            return Reply::json(500, &json!({ "error": { "message": "out of order" } }));
        }
        if seen.target.ends_with("/models") {
            return Reply::json(
                200,
                &json!({ "object": "list", "data": [{ "id": "m", "object": "model" }] }),
            );
        }
        Dialect::answer(seen, "hello")
    })
    .await;
    (fake, well)
}

async fn manage(house: &mut House, method: &str, path: &str) -> Value {
    let answer = house.manage(method, path).await;
    assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.text());
    answer.json()
}

#[tokio::test]
async fn a_provider_that_fails_its_checks_gets_no_requests_until_it_passes_one() {
    let (fake, well) = moody().await;
    let mut house = House::start(json!({
        "providers": [provider("up", "openai", &fake.url(), &["key-1"], &["m"])],
        "health": { "interval": "1h", "disable_after": 2, "recheck_interval": "1s" },
    }))
    .await;
    let tested = manage(&mut house, "POST", "/api/v1/providers/up/test").await;
    assert_eq!((&tested["works"], &tested["status"]), (&json!(true), &json!("healthy")));
    assert_eq!(tested["checks"][0]["address"], json!(format!("{}/v1", fake.url())));
    assert_eq!(house.chat("m").await.status, 200);

    well.store(false, Ordering::SeqCst);
    let first = manage(&mut house, "POST", "/api/v1/providers/up/test").await;
    assert_eq!((&first["status"], &first["disabled_by_health"]), (&json!("unhealthy"), &json!(false)));
    assert!(first["reason"].as_str().unwrap().contains("out of order"), "{first}");
    let second = manage(&mut house, "POST", "/api/v1/providers/up/test").await;
    assert_eq!(second["disabled_by_health"], json!(true));
    let refused = house.chat("m").await;
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (503, &json!("providers_unhealthy")));

    let overview = manage(&mut house, "GET", "/api/v1/health-overview").await;
    assert_eq!((&overview["unhealthy"], &overview["disabled_by_health"]), (&json!(1), &json!(1)));

    well.store(true, Ordering::SeqCst);
    eventually("the provider is back by itself", async || {
        (house.chat("m").await.status == 200).then_some(())
    })
    .await;
    let page = manage(&mut house, "GET", "/api/v1/providers/up/health?limit=500").await;
    assert_eq!(
        (&page["health"]["status"], &page["health"]["disabled_by_health"]),
        (&json!("healthy"), &json!(false))
    );
    let day = &page["health"]["statistics"][0];
    assert_eq!(day["window"], json!("24h"));
    let uptime = day["uptime"].as_f64().unwrap();
    assert!(uptime > 0.0 && uptime < 1.0, "{uptime}");
    let outcomes: Vec<_> = page["checks"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes.first(), Some(&"works"));
    assert!(outcomes.contains(&"failed"));
    house.restart().await;
    assert_eq!(house.chat("m").await.status, 200);
}

#[tokio::test]
async fn all_providers_are_checked_as_a_job_and_trouble_with_keys_is_a_warning() {
    let (fake, _well) = moody().await;
    let refusing = Fake::new(|_| Reply::json(401, &json!({ "error": { "message": "bad key" } }))).await;
    let mut house = House::start(json!({
        "providers": [
            provider("up", "openai", &fake.url(), &["key-1"], &["m"]),
            provider("locked", "openai", &refusing.url(), &["key-2"], &["n"]),
        ],
        "health": { "interval": 0 },
    }))
    .await;
    let started = manage(&mut house, "POST", "/api/v1/health/check-all").await;
    let path = format!("/api/v1/jobs/{}", started["job_id"].as_str().unwrap());
    let token = house.administrator().await;
    let job = eventually("the job is done", async || {
        let job = house.client().get(&path).bearer(&token).send().await.json();
        (job["state"] == json!("done")).then_some(job)
    })
    .await;
    assert_eq!(job["kind"], json!("health.check"));
    assert_eq!(job["result"], json!({ "checked": 2, "not_healthy": ["locked"] }));
    assert_eq!((&job["progress"]["done"], &job["progress"]["total"]), (&json!(2), &json!(2)));
    let events = house.client().get(&format!("{path}/events")).bearer(&token).send().await;
    assert_eq!(events.status, 200);
    assert!(events.text().starts_with("event: job\ndata: {"), "{}", events.text());
    let overview = manage(&mut house, "GET", "/api/v1/health-overview").await;
    assert_eq!((&overview["healthy"], &overview["warning"]), (&json!(1), &json!(1)));
    assert_eq!(house.manage("POST", "/api/v1/providers/none/test").await.status, 404);
    assert_eq!(house.manage("GET", "/api/v1/providers/none/health").await.status, 404);
}
