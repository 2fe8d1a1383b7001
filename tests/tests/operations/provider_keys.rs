//! Provider keys over the management API, and what becomes of them in the data plane.

use std::collections::HashSet;
use std::fmt::Write;

use roundhouse_tests::client::Answer;
use roundhouse_tests::proxies::{Language, Proxy};
use roundhouse_tests::{Dialect, Fake, House, Reply, eventually, provider};
use serde_json::{Value, json};

/// Answers; keys that begin with `bad` are refused.
async fn upstream() -> Fake {
    Fake::new(|seen| {
        if seen.credential().starts_with("bad") {
            let told = format!("no such key: {}", seen.credential());
            Reply::json(401, &json!({ "error": { "message": told } }))
        } else if seen.method == "GET" {
            Reply::json(200, &json!({ "data": [] }))
        } else {
            Dialect::answer(seen, "hello")
        }
    })
    .await
}

/// A house with a provider `up` that has no keys but those that people give it.
struct Keyed {
    house: House,
    fake: Fake,
}

impl Keyed {
    async fn start(more: Value) -> Self {
        let fake = upstream().await;
        let mut up = provider("up", "openai", &fake.url(), &[], &["m"]);
        roundhouse_tests::house::merge(&mut up, &more);
        let mut other = provider("other", "openai", &fake.url(), &[], &["other-model"]);
        other["keys"] = json!(["declared-key-of-other-1"]);
        let config = json!({ "providers": [up, other], "gateway": { "probes": { "interval": "0s" } } });
        Self { house: House::start(config).await, fake }
    }

    async fn ask(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        let token = self.house.administrator().await;
        let method = method.parse().unwrap();
        self.house.client().ask(method, &format!("/api/v1{path}")).bearer(&token).json(body).send().await
    }

    async fn get(&mut self, path: &str) -> Value {
        let answer = self.house.manage("GET", &format!("/api/v1{path}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    async fn add(&mut self, text: &str) -> Value {
        let answer = self.ask("POST", "/providers/up/keys", &json!({ "text": text })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// The ids of the keys of `up`, in their order.
    async fn ids(&mut self) -> Vec<String> {
        let page = self.get("/providers/up/keys?limit=500").await;
        let ids = page["items"].as_array().unwrap().iter();
        ids.map(|key| key["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Which credentials `count` calls go out with.
    async fn used(&mut self, count: usize) -> HashSet<String> {
        let before = self.fake.count();
        for _ in 0..count {
            assert_eq!(self.house.chat("m").await.status, 200);
        }
        self.fake.seen()[before..].iter().map(|seen| seen.credential().to_owned()).collect()
    }

    async fn job(&mut self, id: &str) -> Value {
        self.get(&format!("/jobs/{id}")).await
    }

    /// A job that has ended, however long that takes.
    async fn ended(&mut self, id: &str) -> Value {
        loop {
            let job = self.job(id).await;
            if !["waiting", "running"].contains(&job["state"].as_str().unwrap()) {
                return job;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }

    async fn audit(&mut self, action: &str) -> Vec<Value> {
        self.get(&format!("/audit?action={action}")).await["items"].as_array().unwrap().clone()
    }
}

fn set(names: &[&str]) -> HashSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn keys_that_people_add_serve_at_once_are_masked_everywhere_and_outlive_restarts() {
    let mut keyed = Keyed::start(json!({})).await;
    let added =
        keyed.add("# mine\nsk-planted-first-0001, sk-planted-second-02\n- \"sk-planted-first-0001\"\n").await;
    assert_eq!(added, json!({ "added": 2, "ignored": 1, "total": 2 }));
    let again = keyed.add(r#"["sk-planted-second-02", "sk-planted-third-003"]"#).await;
    assert_eq!(again, json!({ "added": 1, "ignored": 1, "total": 3 }));
    let all = set(&["sk-planted-first-0001", "sk-planted-second-02", "sk-planted-third-003"]);
    assert_eq!(keyed.used(6).await, all);

    let page = keyed.get("/providers/up/keys?limit=2").await;
    assert_eq!(page["items"][0]["masked_key"], "sk-p****0001");
    assert_eq!(
        (&page["items"][0]["status"], &page["items"][0]["declared"]),
        (&json!("active"), &json!(false))
    );
    let next = page["next_cursor"].as_str().unwrap().to_owned();
    let rest = keyed.get(&format!("/providers/up/keys?limit=2&cursor={next}")).await;
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    let exact = keyed.get("/providers/up/keys?key=sk-planted-second-02").await;
    assert_eq!(exact["items"][0]["masked_key"], "sk-p****d-02");
    let counts = keyed.get("/providers/up/keys/counts").await;
    assert_eq!(counts, json!({ "total": 3, "active": 3, "cooling": 0, "invalid": 0, "disabled": 0 }));

    keyed.house.restart().await;
    assert_eq!(keyed.used(6).await, all);
    for text in [keyed.house.log(), page.to_string(), keyed.house.metrics().await] {
        assert!(!text.contains("sk-planted"), "{text}");
    }
    for file in ["roundhouse.db", "roundhouse.db-wal"] {
        let bytes = std::fs::read(keyed.house.data().join(file)).unwrap_or_default();
        assert!(!bytes.windows(10).any(|window| window == b"sk-planted"), "{file}");
    }
}

#[tokio::test]
async fn a_key_at_its_limit_is_never_sent_and_callers_are_told_when_to_come_back() {
    let mut keyed = Keyed::start(json!({ "key_limits": { "requests_per_minute": 1 } })).await;
    keyed.add("key-one key-two").await;
    let ids = keyed.ids().await;
    let limits = json!({ "limits": { "requests_per_minute": 3 }, "weight": 30 });
    let changed = keyed.ask("PATCH", &format!("/provider-keys/{}", ids[1]), &limits).await;
    assert_eq!((changed.status, &changed.json()["limits"]["requests_per_minute"]), (200, &json!(3)));
    let before = keyed.fake.count();
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(keyed.house.chat("m").await.status);
    }
    assert_eq!(statuses, [200, 200, 200, 200, 429, 429]);
    let seen = keyed.fake.seen();
    let sent = |name: &str| seen[before..].iter().filter(|seen| seen.credential() == name).count();
    assert_eq!((sent("key-one"), sent("key-two")), (1, 3));
    let refused = keyed.house.chat("m").await;
    Dialect::Chat.assert_error(&refused, 429, "rate_limit_error");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=63).contains(&wait), "{wait}");
    let page = keyed.get("/providers/up/keys").await;
    assert_eq!(page["items"][1]["used"]["requests_today"], 3);
    // More room is in force when the call answers.
    let more = json!({ "limits": { "requests_per_minute": 4 } });
    keyed.ask("PATCH", &format!("/provider-keys/{}", ids[1]), &more).await;
    assert_eq!(keyed.used(1).await, set(&["key-two"]));
    assert_eq!(keyed.house.chat("m").await.status, 429);
}

#[tokio::test]
async fn a_key_with_a_proxy_of_its_own_goes_through_it_and_others_do_not() {
    let mut keyed = Keyed::start(json!({})).await;
    let proxy = Proxy::new(Language::Socks5).await;
    keyed.add("direct-key proxied-key").await;
    let ids = keyed.ids().await;
    let change = json!({ "proxy": format!("socks5://{}", proxy.address()), "note": "by the back door" });
    let changed = keyed.ask("PATCH", &format!("/provider-keys/{}", ids[1]), &change).await;
    assert_eq!(changed.json()["proxy"], format!("socks5://{}", proxy.address()));
    let before = keyed.fake.count();
    assert_eq!(keyed.used(4).await, set(&["direct-key", "proxied-key"]));
    assert_eq!(keyed.fake.count() - before, 4);
    assert_eq!(proxy.asked().len(), 1, "one connection, kept");
    let wrong =
        keyed.ask("PATCH", &format!("/provider-keys/{}", ids[1]), &json!({ "proxy": "back door" })).await;
    assert_eq!((wrong.status, &wrong.json()["code"]), (400, &json!("invalid_field")));
    let gone = keyed.ask("PATCH", &format!("/provider-keys/{}", ids[1]), &json!({ "proxy": null })).await;
    assert_eq!(gone.json()["proxy"], Value::Null);
    keyed.used(4).await;
    assert_eq!(proxy.asked().len(), 1);
}

#[tokio::test]
async fn revealing_and_exporting_keys_is_audited_and_bounded() {
    let mut keyed = Keyed::start(json!({})).await;
    keyed.add("sk-planted-one-11111\nsk-planted-two-22222").await;
    let ids = keyed.ids().await;
    let reveal = format!("/provider-keys/{}/reveal", ids[0]);
    let revealed = keyed.ask("POST", &reveal, &json!({})).await;
    assert_eq!((revealed.status, revealed.json()), (200, json!({ "key": "sk-planted-one-11111" })));
    let entries = keyed.audit("provider_keys.reveal").await;
    assert_eq!((entries.len(), &entries[0]["object_id"]), (1, &json!(ids[0])));
    assert!(!entries[0].to_string().contains("planted"));
    keyed.ask("PATCH", &format!("/provider-keys/{}", ids[1]), &json!({ "enabled": false })).await;
    let file = keyed.house.manage("GET", "/api/v1/providers/up/keys/export?status=active").await;
    assert_eq!(file.text(), "sk-planted-one-11111\n");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"keys-up-active.txt\"");
    let file = keyed.house.manage("GET", "/api/v1/providers/up/keys/export").await;
    assert_eq!(file.text(), "sk-planted-one-11111\nsk-planted-two-22222\n");
    assert_eq!(keyed.audit("provider_keys.export").await.len(), 2);
    let mut refused = None;
    for _ in 0..31 {
        let answer = keyed.ask("POST", &reveal, &json!({})).await;
        refused = Some(answer).filter(|answer| answer.status != 200);
    }
    assert_eq!(refused.unwrap().json()["code"], "too_many_reveals");
    assert!(!keyed.house.log().contains("sk-planted"));
}

#[tokio::test]
async fn a_key_is_tested_restored_switched_off_and_removed() {
    let mut keyed = Keyed::start(json!({})).await;
    keyed.add("bad-planted-key-0001 good-planted-key-02").await;
    let ids = keyed.ids().await;
    let (bad, good) = (format!("/provider-keys/{}", ids[0]), format!("/provider-keys/{}", ids[1]));
    let tested = keyed.ask("POST", &format!("{bad}/test"), &json!({})).await.json();
    assert_eq!((&tested["result"], &tested["status"]), (&json!("refused"), &json!(401)));
    assert_eq!(tested["error"], "no such key: bad-****0001");
    assert_eq!(keyed.get(&bad).await["status"], "invalid");
    let tested = keyed.ask("POST", &format!("{good}/test"), &json!({})).await.json();
    assert_eq!((&tested["result"], &tested["error"]), (&json!("works"), &Value::Null));
    assert_eq!(keyed.used(3).await, set(&["good-planted-key-02"]));
    let listed = eventually("the state is stored", async || {
        let page = keyed.get("/providers/up/keys?status=invalid").await;
        (page["items"].as_array().unwrap().len() == 1).then_some(page)
    })
    .await;
    assert_eq!(listed["items"][0]["id"], ids[0]);
    let restored = keyed.ask("POST", &format!("{bad}/restore"), &json!({})).await.json();
    assert_eq!((&restored["status"], &restored["failures"]), (&json!("active"), &json!(0)));

    let off = keyed.ask("PATCH", &good, &json!({ "enabled": false })).await.json();
    assert_eq!((&off["status"], &off["enabled"]), (&json!("disabled"), &json!(false)));
    let answer = keyed.house.chat("m").await;
    assert!(answer.status >= 429, "the only key left is refused: {}", answer.status);
    let on = keyed.ask("PATCH", &good, &json!({ "enabled": true })).await.json();
    assert_eq!(on["status"], "active");
    assert_eq!(keyed.house.manage("DELETE", &format!("/api/v1{bad}")).await.status, 204);
    assert_eq!(keyed.house.manage("DELETE", &format!("/api/v1{bad}")).await.status, 404);
    assert_eq!(keyed.used(2).await, set(&["good-planted-key-02"]));
    let actions: Vec<_> =
        keyed.audit("provider_keys.").await.iter().rev().map(|entry| entry["action"].clone()).collect();
    let expected =
        ["add", "restore", "update", "update", "delete"].map(|verb| json!(format!("provider_keys.{verb}")));
    assert_eq!(actions, expected);
}

#[tokio::test]
async fn many_keys_are_switched_copied_and_removed_by_ids_and_by_filter() {
    let mut keyed = Keyed::start(json!({})).await;
    keyed.add("key-aaaa-0001 key-bbbb-0002 key-cccc-0003 key-dddd-0004").await;
    let ids = keyed.ids().await;
    let batch = "/providers/up/keys/batch";
    let off = keyed.ask("POST", batch, &json!({ "action": "disable", "ids": ids[..2] })).await;
    assert_eq!((off.status, &off.json()["changed"]), (200, &json!(2)));
    assert_eq!(keyed.used(4).await, set(&["key-cccc-0003", "key-dddd-0004"]));
    let copy = json!({ "action": "copy", "to": "other", "filter": { "status": "disabled" } });
    let copied = keyed.ask("POST", batch, &copy).await.json();
    assert_eq!((&copied["matched"], &copied["changed"]), (&json!(2), &json!(2)));
    let copied = keyed.ask("POST", batch, &copy).await.json();
    assert_eq!((&copied["changed"], &copied["skipped"]), (&json!(0), &json!(2)));
    assert_eq!(keyed.get("/providers/other/keys/counts").await["active"], 3);
    let tested = keyed.ask("POST", batch, &json!({ "action": "test", "filter": {} })).await.json();
    assert_eq!((&tested["matched"], &tested["works"]), (&json!(4), &json!(4)));
    let gone =
        keyed.ask("POST", batch, &json!({ "action": "delete", "filter": { "q": "0003" } })).await.json();
    assert_eq!((&gone["matched"], &gone["changed"]), (&json!(1), &json!(1)));
    assert_eq!(keyed.used(3).await, set(&["key-dddd-0004"]));
    let both = keyed.ask("POST", batch, &json!({ "action": "delete" })).await;
    assert_eq!((both.status, &both.json()["code"]), (400, &json!("invalid_field")));
    // Declared keys are not people's to remove, but theirs to switch off.
    let other = "/providers/other/keys/batch";
    let gone = keyed.ask("POST", other, &json!({ "action": "delete", "filter": {} })).await.json();
    assert_eq!((&gone["changed"], &gone["skipped"]), (&json!(2), &json!(1)));
    let off = keyed.ask("POST", other, &json!({ "action": "disable", "filter": {} })).await.json();
    assert_eq!(off["changed"], 1);
    assert_eq!(keyed.house.chat("other-model").await.status, 503);
}

#[tokio::test]
async fn bad_input_changes_nothing_and_says_what_to_do() {
    let mut keyed = Keyed::start(json!({})).await;
    let cases = [
        ("POST", "/providers/up/keys", json!({ "text": "# nothing\n" }), 400, "no_keys"),
        ("POST", "/providers/up/keys", json!({ "text": "schlüssel" }), 400, "no_keys"),
        ("POST", "/providers/up/keys", json!({ "txt": "a" }), 400, "invalid_body"),
        ("POST", "/providers/none/keys", json!({ "text": "a" }), 404, "provider_not_found"),
        ("PATCH", "/provider-keys/none", json!({}), 404, "not_found"),
    ];
    for (method, path, body, status, code) in cases {
        let answer = keyed.ask(method, path, &body).await;
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{path} {body}");
    }
    keyed.add("key-aaaa-0001").await;
    let path = format!("/provider-keys/{}", keyed.ids().await[0]);
    let wrong = [
        json!({ "weight": 1_001 }),
        json!({ "note": "x".repeat(501) }),
        json!({ "tags": [""] }),
        json!({ "limits": { "concurrent": 0 } }),
    ];
    for body in wrong {
        let answer = keyed.ask("PATCH", &path, &body).await;
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("invalid_field")), "{body}");
    }
    let listed = keyed.house.manage("GET", "/api/v1/providers/up/keys?status=asleep").await;
    assert_eq!((listed.status, &listed.json()["code"]), (400, &json!("invalid_status")));
}

fn hundred_thousand() -> String {
    (0..100_000).fold(String::new(), |mut text, number| {
        writeln!(text, "sk-of-many-{number:08}").unwrap();
        text
    })
}

#[tokio::test]
async fn an_import_of_a_hundred_thousand_keys_can_be_cancelled_half_way_and_taken_up_again() {
    let mut keyed = Keyed::start(json!({})).await;
    let began = std::time::Instant::now();
    let answer = keyed.ask("POST", "/providers/up/keys", &json!({ "text": hundred_thousand() })).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let job = answer.json()["job_id"].as_str().unwrap().to_owned();
    eventually("some keys are there", async || {
        let done = keyed.job(&job).await["progress"]["done"].as_u64().unwrap();
        (done >= 2_000).then_some(())
    })
    .await;
    keyed.ask("POST", &format!("/jobs/{job}/cancel"), &json!({})).await;
    let ended = keyed.ended(&job).await;
    assert_eq!(ended["state"], "cancelled", "{ended}");
    let total = keyed.get("/providers/up/keys/counts").await["total"].as_u64().unwrap();
    assert!(total > 0 && total < 100_000 && total % 1_000 == 0, "{total}");
    assert_eq!(keyed.house.keys("up", "active").await as u64, total);
    let file = keyed.house.manage("GET", "/api/v1/providers/up/keys/export").await;
    assert_eq!(file.text().lines().count() as u64, total);
    assert!(file.text().starts_with("sk-of-many-00000000\nsk-of-many-00000001\n"));

    keyed.ask("POST", &format!("/jobs/{job}/retry"), &json!({})).await;
    let done = keyed.ended(&job).await;
    assert_eq!(done["result"], json!({ "added": 100_000, "ignored": 0, "total": 100_000 }), "{done}");
    println!("100,000 keys imported, once cancelled, in {:?}", began.elapsed());
    assert_eq!(keyed.house.keys("up", "active").await, 100_000);
    assert_eq!(keyed.used(3).await.len(), 3);
    let off =
        keyed.ask("POST", "/providers/up/keys/batch", &json!({ "action": "disable", "filter": {} })).await;
    assert_eq!(off.status, 202);
    let done = keyed.ended(off.json()["job_id"].as_str().unwrap()).await;
    assert_eq!(done["result"]["changed"], 100_000, "{done}");
    assert_eq!(keyed.house.keys("up", "disabled").await, 100_000);
    assert!(!keyed.house.log().contains("sk-of-many"));
}
